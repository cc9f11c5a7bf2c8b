/* SPDX-License-Identifier: MIT */
#include "cli/options.h"
#include "cli/cli.h"
#include <string.h>

#define C(NAME) (1u << CMD_##NAME)
#define C_ALL (~0u)
#define COMMAND(NAME, word_, args_, fewest_, most_, summary_, text_, example_) \
    [CMD_##NAME] = {.word = word_, .arguments = args_, .summary = summary_, .text = text_, .example = example_, .fewest = fewest_, .most = most_},
#define OPTION(NAME, commands_, letter_, word_, arg_, help_)
const struct command_info command_info[CMD_COUNT] = {
#include "cli/options.def"
};
#undef COMMAND
#undef OPTION
#define COMMAND(NAME, word_, args_, fewest_, most_, summary_, text_, example_)
#define OPTION(NAME, commands_, letter_, word_, arg_, help_) \
    [OPT_##NAME] = {.commands = commands_, .letter = letter_, .word = word_, .argument = arg_, .help = help_},
const struct option_info option_info[OPT_COUNT] = {
#include "cli/options.def"
};
#undef COMMAND
#undef OPTION

enum command command_find(const char *word)
{
    for (int c = 0; c < CMD_COUNT; c++) {
        if (strcmp(command_info[c].word, word) == 0) { return (enum command)c; }
    }
    return CMD_COUNT;
}

/* Edit distance with neighbours exchanged counting once; at most 31 bytes a word. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), row[3][32];
    if (n > 31 || m > 31) { return SIZE_MAX; }
    for (size_t j = 0; j <= m; j++) { row[0][j] = j; }
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t d = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < d) { d = last[j] + 1; }
            if (now[j - 1] + 1 < d) { d = now[j - 1] + 1; }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < d) { d = before[j - 2] + 1; }
            now[j] = d;
        }
    }
    return row[n % 3][m];
}

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
    const char *best = NULL;
    size_t least = strlen(word) < 4 ? 2 : 3;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, words[i]);
        if (d < least) {
            least = d;
            best = words[i];
        }
    }
    return best;
}

static bool unknown(enum command c, const char *given, const char *word)
{
    const char *words[OPT_COUNT];
    size_t n = 0;
    for (int i = 0; i < OPT_COUNT; i++) {
        if (option_info[i].commands & 1u << c) { words[n++] = option_info[i].word; }
    }
    const char *near = word ? nearest_word(word, words, n) : NULL;
    if (near) {
        cli_error("`msa %s` has no option %s; did you mean --%s?", command_info[c].word, given, near);
    } else {
        cli_error("`msa %s` has no option %s; see `msa help %s`", command_info[c].word, given, command_info[c].word);
    }
    return false;
}

static int find_option(enum command c, const char *word, size_t n, char letter)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        const struct option_info *o = &option_info[i];
        if (!(o->commands & 1u << c)) { continue; }
        if (word ? strlen(o->word) == n && memcmp(o->word, word, n) == 0 : o->letter && o->letter == letter) { return i; }
    }
    return -1;
}

/* One argument that begins with a dash; *at is the next one. */
static bool take(struct options *o, const char *arg, int argc, char **argv, int *at)
{
    const char *value = NULL;
    int i;
    if (arg[1] == '-') {
        const char *word = arg + 2;
        size_t n = strcspn(word, "=");
        char copy[32];
        snprintf(copy, sizeof copy, "%.*s", (int)n, word);
        i = find_option(o->command, word, n, 0);
        if (i < 0) { return unknown(o->command, arg, copy); }
        if (word[n] == '=') { value = word + n + 1; }
    } else {
        i = find_option(o->command, NULL, 0, arg[1]);
        if (i < 0) { return unknown(o->command, arg, NULL); }
        if (arg[2]) { value = arg + 2; }
    }
    const char *wants = option_info[i].argument;
    if (!wants && value) {
        cli_error("--%s takes no value", option_info[i].word);
        return false;
    }
    if (wants && wants[0] != '=' && !value) {
        if (*at >= argc) {
            cli_error("--%s needs a value: --%s %s", option_info[i].word, option_info[i].word, wants);
            return false;
        }
        value = argv[(*at)++];
    }
    if (o->value[i] && i != OPT_VERBOSE && i != OPT_HELP) {
        cli_error("--%s is given twice", option_info[i].word);
        return false;
    }
    o->value[i] = value ? value : "";
    return true;
}

bool options_parse(struct options *o, enum command c, int argc, char **argv)
{
    *o = (struct options){.command = c, .args = argv};
    bool only_args = false;
    for (int at = 1; at < argc;) {
        char *arg = argv[at++];
        if (!only_args && strcmp(arg, "--") == 0) {
            only_args = true;
        } else if (!only_args && arg[0] == '-' && arg[1]) {
            if (!take(o, arg, argc, argv, &at)) { return false; }
        } else {
            o->args[o->n_args++] = arg;
        }
    }
    const struct command_info *info = &command_info[c];
    if (o->value[OPT_HELP]) { return true; }
    if (o->n_args < info->fewest || (info->most >= 0 && o->n_args > info->most)) {
        cli_error("%s: msa %s %s", o->n_args < info->fewest ? "something is missing" : "too many arguments", info->word, info->arguments);
        return false;
    }
    return true;
}

/* ---- help ---- */

/* Words in lines of at most 100 columns, the lines after the first indented. */
static void wrapped(struct sb *b, const char *text, size_t indent)
{
    size_t column = indent;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, " ");
        if (column > indent && column + 1 + n > 100) {
            sb_char(b, '\n');
            sb_fill(b, ' ', indent);
            column = indent;
        } else if (column > indent) {
            sb_char(b, ' ');
            column++;
        }
        sb_put(b, str_make(p, n));
        column += n;
        p += n;
        while (*p == ' ') { p++; }
    }
    sb_char(b, '\n');
}

static void exit_statuses(struct sb *b)
{
    sb_puts(b, "\nExit status:\n");
    for (size_t i = 0; i < cli_n_exits; i++) { sb_printf(b, "  %2d  %s\n", cli_exits[i].status, cli_exits[i].meaning); }
}

/* Of `check: ...|eval: ...` the part of one command; a help without parts as it is. */
static const char *help_for(enum command c, const char *help, char *room, size_t size)
{
    size_t n = strlen(command_info[c].word);
    for (const char *p = help; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL) {
        if (strncmp(p, command_info[c].word, n) == 0 && p[n] == ':') {
            snprintf(room, size, "%.*s", (int)strcspn(p + n + 2, "|"), p + n + 2);
            return room;
        }
    }
    return help;
}

void help_command(struct sb *b, enum command c)
{
    const struct command_info *info = &command_info[c];
    sb_printf(b, "msa %s%s%s [OPTION...]: %s\n\n%s\n\nOptions:\n", info->word, *info->arguments ? " " : "", info->arguments, info->summary, info->text);
    for (int i = 0; i < OPT_COUNT; i++) {
        const struct option_info *o = &option_info[i];
        if (!(o->commands & 1u << c)) { continue; }
        char left[80], letter[8] = "    ", piece[400];
        if (o->letter) { snprintf(letter, sizeof letter, "-%c, ", o->letter); }
        bool optional = o->argument && o->argument[0] == '=';
        snprintf(left, sizeof left, "  %s--%s%s%s%s", letter, o->word, !o->argument ? "" : optional ? "[" : "=", o->argument ? o->argument : "", optional ? "]" : "");
        sb_printf(b, "%-27s ", left);
        if (strlen(left) > 27) {
            sb_char(b, '\n');
            sb_fill(b, ' ', 28);
        }
        wrapped(b, help_for(c, o->help, piece, sizeof piece), 28);
    }
    sb_printf(b, "\nExample:\n  %s\n", info->example);
    if (c == CMD_EVAL) {
        sb_puts(b, "\nFields of results (--columns):\n");
        fields_help(b);
    }
    exit_statuses(b);
}

void help_all(struct sb *b)
{
    sb_puts(b, "msa COMMAND [ARGUMENT...]: managed services agreements, judged to the second and explained\n\n");
    for (int c = 0; c < CMD_COUNT; c++) { sb_printf(b, "  %-14s %s\n", command_info[c].word, command_info[c].summary); }
    sb_puts(b, "\nA first look:\n"
               "  msa check acme.msa                                 is it in order?\n"
               "  msa test acme.msa                                  do its own examples hold?\n"
               "  msa eval acme.msa events.ndjson --summary          how did the month go?\n"
               "  msa explain acme.msa events.ndjson --ticket T1002  and why was that one late?\n\n"
               "`msa help COMMAND` says more, with an example.\n");
    exit_statuses(b);
}
