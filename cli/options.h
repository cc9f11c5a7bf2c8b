/* SPDX-License-Identifier: MIT */
/* The command line, parsed by the lists in options.def. */
#ifndef MSA_CLI_OPTIONS_H
#define MSA_CLI_OPTIONS_H
#include "base/str.h"

enum command {
#define COMMAND(NAME, word, args, fewest, most, summary, text, example) CMD_##NAME,
#define OPTION(NAME, commands, letter, word, arg, help)
#include "cli/options.def"
#undef COMMAND
#undef OPTION
    CMD_COUNT
};
enum option {
#define COMMAND(NAME, word, args, fewest, most, summary, text, example)
#define OPTION(NAME, commands, letter, word, arg, help) OPT_##NAME,
#include "cli/options.def"
#undef COMMAND
#undef OPTION
    OPT_COUNT
};

struct command_info { const char *word, *arguments, *summary, *text, *example; int fewest, most; };
struct option_info { unsigned commands; char letter; const char *word, *argument, *help; };
extern const struct command_info command_info[CMD_COUNT];
extern const struct option_info option_info[OPT_COUNT];

struct options {
    enum command command;
    const char *value[OPT_COUNT]; /* NULL: not given; "" where nothing belongs to it */
    char **args;                  /* what is no option, in order */
    int n_args;
};

/* argv[0] is the word of the command. Moves arguments to the front of argv. False: a message has been printed. */
bool options_parse(struct options *o, enum command c, int argc, char **argv);
/* CMD_COUNT when there is none of this name. */
enum command command_find(const char *word);
/* "did you mean" for one word among many; NULL when nothing is near. */
const char *nearest_word(const char *word, const char *const *words, size_t n);
void help_command(struct sb *b, enum command c);
void help_all(struct sb *b);
#endif
