/* SPDX-License-Identifier: MIT */
/* How an adapter reads what stands in a column: times by pattern and zone, values by map. */
#include "base/zone.h"
#include "compiler/adapter.h"
#include <string.h>

/* ---- times ---- */

/* What the letters of a pattern give (runtime/adapter_time.c reads them). */
enum { GIVES_YEAR = 1, GIVES_MONTH = 2, GIVES_DAY = 4, GIVES_HOUR = 8, GIVES_HOUR12 = 16, GIVES_HALF = 32, GIVES_MINUTE = 64, GIVES_OFFSET = 128, GIVES_REST = 256 };
static const struct { char letter; int gives; } letters[] = {
    { 'y', GIVES_YEAR }, { 'u', GIVES_YEAR }, { 'M', GIVES_MONTH }, { 'd', GIVES_DAY }, { 'H', GIVES_HOUR }, { 'h', GIVES_HOUR12 },
    { 'a', GIVES_HALF }, { 'm', GIVES_MINUTE }, { 's', GIVES_REST }, { 'S', GIVES_REST }, { 'E', GIVES_REST }, { 'z', GIVES_OFFSET },
    { 'Z', GIVES_OFFSET }, { 'X', GIVES_OFFSET }, { 'x', GIVES_OFFSET },
};

static int letter_gives(char c)
{
    for (size_t i = 0; i < countof(letters); i++) {
        if (letters[i].letter == c) { return letters[i].gives; }
    }
    return 0;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* `TT.MM.JJJJ`, `JJ/MM/AAAA`, `DD.MM.YYYY`: the same in the letters of patterns; false when it is none of these. */
static bool other_language(struct str s, struct sb *out)
{
    bool day = false, year = false, german = memchr(s.p, 'T', s.n) != NULL;
    for (size_t i = 0, n = 1; i < s.n; i += n) {
        for (n = 1; i + n < s.n && s.p[i + n] == s.p[i]; n++) { }
        char c = s.p[i];
        bool is_year = (c == 'J' && (german || n == 4)) || c == 'A' || c == 'Y', is_day = c == 'T' || c == 'D' || (c == 'J' && !is_year);
        if ((is_year || is_day) && n < 2) { return false; }
        year |= is_year || c == 'y';
        day |= is_day || c == 'd';
        for (size_t k = 0; k < n; k++) { sb_char(out, is_year ? 'y' : is_day ? 'd' : c); }
    }
    return day && year && memchr(s.p, '\'', s.n) == NULL;
}

static void unknown_letter(struct unit *u, const struct node *n, char c)
{
    struct sb anew = { .arena = u->arena };
    if (other_language(n->text, &anew)) {
        struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "in a pattern the day is `dd`, the month `MM` and the year `yyyy`");
        diag_fix(d, n->span, "\"%.*s\"", STR_ARG(sb_str(&anew)));
        return;
    }
    struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "the letter `%c` says nothing in a pattern for times", c);
    switch (c) {
    case 'Y': diag_help(d, "the year is `yyyy`"); break;
    case 'D': diag_help(d, "the day of the month is `d` or `dd`"); break;
    case 'T': diag_help(d, "a letter that stands in the file as it is goes between quotes: `'T'`"); break;
    default: diag_help(d, "letters are yyyy MM dd HH mm ss SSS, `h a` for hours with am and pm, E for the weekday, X Z z for the zone; others go between quotes: `'%c'`", c); break;
    }
}

/* What is wrong with a pattern that lacks a part of the date, or an hour. */
static void check_parts(struct unit *u, const struct node *n, int gives)
{
    const char *lacks = !(gives & GIVES_YEAR) ? "year" : !(gives & GIVES_MONTH) ? "month" : !(gives & GIVES_DAY) ? "day" : NULL;
    if (lacks != NULL) {
        struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "the pattern `%.*s` has no %s", STR_ARG(n->text), lacks);
        if (!(gives & GIVES_MONTH) && (gives & GIVES_MINUTE)) { diag_help(d, "`m` is minutes; the month is `M`"); }
        else { diag_help(d, "a time needs its date: `yyyy-MM-dd HH:mm`"); }
    } else if ((gives & GIVES_HOUR12) && !(gives & GIVES_HALF)) {
        struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "`h` counts to 12, and the pattern does not say which half of the day is meant");
        diag_help(d, "hours from 0 to 23 are `H`; with am or pm behind them they are `h` and `a`");
    } else if ((gives & GIVES_MINUTE) && !(gives & (GIVES_HOUR | GIVES_HOUR12))) {
        struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "the pattern `%.*s` has minutes but no hour", STR_ARG(n->text));
        diag_help(d, "hours are `H`; `m` is minutes and `M` the month");
    }
}

/* Sets *offset when what it reads says its own offset. */
static void check_pattern(struct unit *u, const struct node *n, bool *offset)
{
    struct str s = n->text;
    int gives = 0;
    if (str_eq(s, STR("iso")) || str_eq(s, STR("ISO"))) { *offset = true; return; }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'') {
            size_t j = i + 1;
            while (j < s.n && s.p[j] != '\'') { j++; }
            if (j == s.n) {
                struct diag *d = diag(u->diags, E0808_TIME_PATTERN, n->span, "a quote in the pattern `%.*s` has no end", STR_ARG(s));
                diag_help(d, "write another `'` behind the letters that stand in the file as they are");
                return;
            }
            i = j;
            continue;
        }
        if (!is_letter(s.p[i])) { continue; }
        int g = letter_gives(s.p[i]);
        if (g == 0) { unknown_letter(u, n, s.p[i]); return; }
        gives |= g;
    }
    *offset = (gives & GIVES_OFFSET) != 0;
    check_parts(u, n, gives);
}

static struct str zone_named(struct unit *u, const struct node *n)
{
    if (zone_load(str_c(u->arena, n->text)) == NULL) {
        struct diag *d = diag(u->diags, E0809_ADAPTER_ZONE, n->span, "there is no time zone \"%.*s\"", STR_ARG(n->text));
        diag_help(d, "zones are named as in the IANA list: \"Europe/Berlin\", \"America/New_York\", \"UTC\"");
    }
    return n->text;
}

void adapter_time_check(struct unit *u, struct adapter_info *a, const struct node *n)
{
    struct adapter_time *t = ARENA_NEW(u->arena, struct adapter_time);
    *t = (struct adapter_time){ .name = n->text, .node = n, .index = NO_REF };
    for (size_t i = 0; i < a->times.n; i++) {
        if (!str_eq(a->times.p[i]->name, n->text)) { continue; }
        diag(u->diags, E0816_ADAPTER_TWICE, n->name_span, "the time `%.*s` is declared twice", STR_ARG(n->text));
        return;
    }
    vec_push(&a->times, u->arena, t);
    const struct node *bare = NULL;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        bool offset = true;
        if (k->kind == N_TEXT) {
            vec_push(&t->patterns, u->arena, k->text);
            check_pattern(u, k, &offset);
            if (!offset && bare == NULL) { bare = k; }
        }
        if (k->kind != N_TIMEMOD) { continue; }
        switch (k->op) {
        case OP_IN_ZONE: t->zone = zone_named(u, k); break;
        case OP_SHOWN_IN: t->shown_in = zone_named(u, k); break;
        case OP_TAKEN_AS: t->taken_as = zone_named(u, k); break;
        case OP_REPEATED_LATER: t->repeated = 1; break;
        case OP_REPEATED_REJECT: t->repeated = 2; break;
        default: break;
        }
    }
    if (bare == NULL || t->zone.n > 0) { return; }
    struct diag *d = diag(u->diags, E0809_ADAPTER_ZONE, span_is_none(n->name_span) ? n->span : n->name_span, "it is not said in which zone the times of `%.*s` are", STR_ARG(n->text));
    diag_label(d, bare->span, "what this reads carries no offset");
    diag_help(d, "say whose clock wrote them: `time %.*s = \"%.*s\" in \"Europe/Berlin\"`", STR_ARG(n->text), STR_ARG(bare->text));
}

static struct adapter_time *time_find(struct adapter_info *a, struct str name)
{
    for (size_t i = 0; i < a->times.n; i++) {
        if (str_eq(a->times.p[i]->name, name)) { return a->times.p[i]; }
    }
    return NULL;
}

struct adapter_time *adapter_time_need(struct unit *u, struct adapter_info *a, struct str name, struct span at)
{
    if (name.n > 0) {
        struct adapter_time *t = time_find(a, name);
        if (t != NULL || name_unreadable(u, name)) { return t; }
        struct diag *d = diag(u->diags, E0806_TIME_READING, at, "there is no time `%.*s` in this adapter", STR_ARG(name));
        struct suggestion g;
        suggest_start(&g, name);
        for (size_t i = 0; i < a->times.n; i++) { suggest_offer(&g, a->times.p[i]->name); }
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        else { diag_help(d, "declare how it is written: `time %.*s = \"yyyy-MM-dd HH:mm\" in \"Europe/Berlin\"`", STR_ARG(name)); }
        return NULL;
    }
    if (a->times.n == 0) { return NULL; }
    if (a->times.n == 1) { return a->times.p[0]; }
    struct adapter_time *x = a->times.p[0], *y = a->times.p[1];
    struct diag *d = diag(u->diags, E0806_TIME_READING, at, "the adapter reads times in %zu ways, and it is not said which is meant here", a->times.n);
    diag_label(d, x->node->name_span, "this is one");
    diag_label(d, y->node->name_span, "this is another");
    diag_help(d, "write `as %.*s` or `as %.*s` behind the column", STR_ARG(x->name), STR_ARG(y->name));
    return NULL;
}

/* ---- maps ---- */

struct adapter_map *adapter_map_find(struct adapter_info *a, struct str name)
{
    for (size_t i = 0; i < a->maps.n; i++) {
        if (a->maps.p[i]->name.n > 0 && str_eq(a->maps.p[i]->name, name)) { return a->maps.p[i]; }
    }
    return NULL;
}

struct adapter_map *adapter_map_need(struct unit *u, struct adapter_info *a, struct str name, struct span at)
{
    struct adapter_map *m = adapter_map_find(a, name);
    if (m != NULL) { return m; }
    if (name_unreadable(u, name)) { return NULL; }
    struct diag *d = diag(u->diags, E0807_UNKNOWN_MAP, at, "there is no map `%.*s` in this adapter", STR_ARG(name));
    struct suggestion g;
    suggest_start(&g, name);
    for (size_t i = 0; i < a->maps.n; i++) { suggest_offer(&g, a->maps.p[i]->name); }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else if (time_find(a, name) != NULL) { diag_help(d, "`%.*s` is a time: it is for dates with times only", STR_ARG(name)); }
    else { diag_help(d, "declare it: `map %.*s { \"…\" | … }`", STR_ARG(name)); }
    return NULL;
}

static bool is_word(const struct node *n, const char *word) { return n != NULL && n->kind == N_NAME && str_eq(n->text, str_of(word)); }

/* What a cell gives; alternatives (`met or running`) are joined as the runtime reads them. */
static struct str value_of(struct unit *u, const struct node *v, bool recorded)
{
    if (v == NULL || v->kind == N_MISSING || is_word(v, "skip")) { return (struct str){ "", 0 }; }
    if (v->kind == N_NONE) { return recorded ? STR("no target") : STR("none"); } /* as results call that state */
    if (v->kind == N_YESNO) { return v->number ? STR("yes") : STR("no"); }
    if (v->kind != N_LIST) { return v->text.n > 0 || v->kind == N_TEXT ? v->text : source_text(u->sources, v->span); }
    struct sb b = { .arena = u->arena };
    for (uint32_t i = 0; i < v->n; i++) { sb_printf(&b, "%s%.*s", i == 0 ? "" : " or ", STR_ARG(value_of(u, v->kid[i], recorded))); }
    return sb_str(&b);
}

static void check_state(struct unit *u, const struct node *v)
{
    static const char *const states[] = { "met", "breached", "cancelled", "running", "paused", "stopped", "none" };
    if (v->kind == N_LIST) {
        for (uint32_t i = 0; i < v->n; i++) { check_state(u, v->kid[i]); }
        return;
    }
    if (v->kind == N_MISSING || v->kind == N_NONE || v->kind == N_BROKEN || is_word(v, "skip")) { return; }
    for (size_t i = 0; i < countof(states); i++) {
        if (str_eq(v->text, str_of(states[i]))) { return; }
    }
    struct diag *d = diag(u->diags, E0814_RECORDED, v->span, "`%.*s` is no state of a clock", STR_ARG(value_of(u, v, true)));
    struct suggestion g;
    suggest_start(&g, v->text);
    for (size_t i = 0; i < countof(states); i++) { suggest_offer(&g, str_of(states[i])); }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    diag_note(d, "states are met, breached, cancelled, running, paused, stopped and none; `met or running` is either");
}

static void otherwise(struct unit *u, struct adapter_map *m, const struct node *row, const struct node *v, bool recorded)
{
    if (m->complete) { diag(u->diags, E0805_MAP_ROW, row->span, "`otherwise` stands twice in this map"); return; }
    m->complete = true;
    if (is_word(v, "reject")) { m->otherwise = OTHERWISE_REJECT; return; }
    if (v == NULL || is_word(v, "skip") || v->kind == N_MISSING) { m->otherwise = OTHERWISE_SKIP; return; }
    if (is_word(v, "same")) { m->otherwise = OTHERWISE_SAME; return; }
    m->otherwise = OTHERWISE_TEXT;
    m->otherwise_text = value_of(u, v, recorded);
    m->otherwise_value = v;
}

static void map_row(struct unit *u, struct adapter_map *m, const struct node *row, bool recorded)
{
    if (row->n < 1 || row->kid[0] == NULL) { return; }
    const struct node *left = row->kid[0], *right = row->n > 1 ? row->kid[1] : NULL;
    const struct node *v = right != NULL && right->kind == N_CELL ? (right->n > 0 ? right->kid[0] : NULL) : right;
    for (uint32_t i = 0; left->kind == N_CELL && i < left->n; i++) {
        if (left->kid[i]->kind == N_OTHERWISE) { otherwise(u, m, row, v, recorded); return; }
    }
    if (m->complete) {
        struct diag *d = diag(u->diags, E0805_MAP_ROW, row->span, "no value reaches this row: `otherwise` stands before it");
        diag_help(d, "`otherwise` is the last row");
        return;
    }
    if (is_word(v, "reject") || is_word(v, "same")) {
        struct diag *d = diag(u->diags, E0805_MAP_ROW, v->span, "`%.*s` is for `otherwise` only", STR_ARG(v->text));
        if (is_word(v, "reject")) { diag_help(d, "leave the row out: `otherwise | reject` rejects what is in no row"); }
        return;
    }
    if (v != NULL && v->kind == N_LIST && !recorded) {
        struct diag *d = diag(u->diags, E0805_MAP_ROW, v->span, "a row of a map has one value");
        diag_help(d, "`or` is for what the export recorded about a clock: `\"true\" | met or running`");
        return;
    }
    struct map_row r = { .to = value_of(u, v, recorded), .value = v };
    for (uint32_t i = 0; i < (left->kind == N_CELL ? left->n : 1); i++) {
        const struct node *k = left->kind == N_CELL ? left->kid[i] : left;
        struct str from = k->kind == N_MISSING ? STR("") : k->kind == N_TEXT ? k->text : source_text(u->sources, k->span);
        uint32_t known = names_count(m->from);
        if (names_id(m->from, from) <= known) {
            diag(u->diags, E0805_MAP_ROW, k->span, from.n > 0 ? "the value \"%.*s\" stands twice in this map" : "`missing%.*s` stands twice in this map", STR_ARG(from));
        }
        vec_push(&r.from, u->arena, from);
    }
    if (recorded && v != NULL) { check_state(u, v); }
    vec_push(&m->rows, u->arena, r);
}

struct adapter_map *adapter_map_check(struct unit *u, struct adapter_info *a, const struct node *at, struct str name, struct node *const *row, uint32_t n, bool recorded)
{
    struct adapter_map *m = ARENA_NEW(u->arena, struct adapter_map);
    *m = (struct adapter_map){ .name = name, .node = at, .from = names_make(u->arena), .index = NO_REF };
    bool broken = false;
    for (uint32_t i = 0; i < n; i++) {
        if (row[i] == NULL) { continue; }
        if (row[i]->kind == N_ROW) { map_row(u, m, row[i], recorded); }
        broken |= row[i]->kind == N_BROKEN;
    }
    if (recorded && m->otherwise_value != NULL) { check_state(u, m->otherwise_value); }
    vec_push(&a->maps, u->arena, m);
    if (m->complete || broken) { return m; }
    struct diag *d = diag(u->diags, E0810_MAP_OTHERWISE, span_is_none(at->name_span) ? at->span : at->name_span, "the map does not say what becomes of other values");
    diag_help(d, "end it with `otherwise | reject`, `otherwise | skip`, `otherwise | same` or a value");
    return m;
}

static void value_fits(struct unit *u, struct adapter_info *a, const struct node *v, struct type t)
{
    int64_t scalar;
    struct str text;
    if (v == NULL || v->kind == N_MISSING || v->kind == N_BROKEN || is_word(v, "skip")) { return; }
    (void)literal_check(u, a->symbol->module, v, t, &scalar, &text);
}

void adapter_map_fits(struct unit *u, struct adapter_info *a, struct adapter_map *m, struct type t)
{
    if (m == NULL || t.vt == VT_ERROR) { return; }
    for (size_t i = 0; i < m->rows.n; i++) { value_fits(u, a, m->rows.p[i].value, t); }
    value_fits(u, a, m->otherwise_value, t);
}
