/* SPDX-License-Identifier: MIT */
/* Every declaration gets a symbol. Each kind of thing has names of its own, so that an event, a table, a scale and an
 * attribute may all be called `priority`, as people do. What a file declares comes before what it uses. */
#include "compiler/duty.h"
#include <string.h>

const char *const symbol_kind_word[SYM_KIND_COUNT] = {
    [SYM_SCALE] = "scale", [SYM_ENTITY] = "entity", [SYM_EVENT] = "event", [SYM_SPANS] = "state", [SYM_CALENDAR] = "calendar",
    [SYM_HOLIDAYS] = "list of holidays", [SYM_TABLE] = "table", [SYM_VALUE] = "value", [SYM_CLOCK] = "clock",
    [SYM_MEASURE] = "measure", [SYM_ADAPTER] = "adapter", [SYM_PARTY] = "party", [SYM_RATE] = "rate", [SYM_QUANTITY] = "quantity",
    [SYM_SERIES] = "series", [SYM_CHARGE] = "charge", [SYM_AMOUNT] = "amount",
    [SYM_ACCOUNT] = "account",
};

struct symbol_table { struct names *names; VEC(struct symbol *) first[SYM_KIND_COUNT]; };

static int kind_of(const struct node *n)
{
    switch ((enum node_kind)n->kind) {
    case N_SCALE: case N_CHOICE: return SYM_SCALE;
    case N_ENTITY: return SYM_ENTITY;
    case N_EVENT: return SYM_EVENT;
    case N_SPANS: return SYM_SPANS;
    case N_CALENDAR: return SYM_CALENDAR;
    case N_HOLIDAYS: return SYM_HOLIDAYS;
    case N_TABLE: return SYM_TABLE;
    case N_VALUE: return SYM_VALUE;
    case N_CLOCK: case N_CHAIN: return SYM_CLOCK;
    case N_MEASURE: return SYM_MEASURE;
    case N_ADAPTER: return SYM_ADAPTER;
    case N_PARTY: return SYM_PARTY;
    case N_RATE: return SYM_RATE;
    case N_QUANTITY: return SYM_QUANTITY;
    case N_SERIES: return SYM_SERIES;
    case N_CHARGE: return SYM_CHARGE;
    case N_AMOUNTDECL: return SYM_AMOUNT;
    case N_ACCOUNT: return SYM_ACCOUNT;
    default: return -1;
    }
}

/* Is m the module that may replace declarations of `other` (use other with { … })? */
static const struct node *override_in(struct unit *u, const struct source_module *other, enum symbol_kind kind, struct str name)
{
    for (size_t i = 0; i < u->modules.n; i++) {
        const struct node *file = u->modules.p[i]->file;
        for (uint32_t k = 0; file != NULL && k < file->n; k++) {
            const struct node *n = file->kid[k];
            if (n->kind != N_USE || !str_eq(n->text, other->path)) { continue; }
            for (uint32_t j = 0; j < n->n; j++) {
                if (kind_of(n->kid[j]) == (int)kind && str_eq(n->kid[j]->text, name)) { return n->kid[j]; }
            }
        }
    }
    return NULL;
}

void symbol_add(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    int kind = kind_of(n);
    if (kind < 0 || n->text.n == 0) { return; }
    struct symbol_table *t = u->symbols;
    const struct node *replaced = m->is_library ? override_in(u, m, (enum symbol_kind)kind, n->text) : NULL;
    if (replaced != NULL) { n = replaced; }
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = (enum symbol_kind)kind, .name = n->text, .module = m, .node = n, .section = section, .clause = NO_REF };
    uint32_t id = names_id(t->names, n->text);
    while (t->first[kind].n <= id) { vec_push(&t->first[kind], u->arena, NULL); }
    for (struct symbol *o = t->first[kind].p[id]; o != NULL; o = o->next_same) {
        if (o->module != m) { continue; }
        struct diag *d = diag(u->diags, E0204_DECLARED_TWICE, n->name_span, "the %s `%.*s` is declared twice", symbol_kind_word[kind], STR_ARG(n->text));
        diag_label(d, o->node->name_span, "the first is here");
        diag_help(d, "give one of them another name");
        return;
    }
    s->next_same = t->first[kind].p[id];
    t->first[kind].p[id] = s;
    vec_push(&u->all, u->arena, s);
}

/* Clause numbers: "4.1" inside section "4", ascending, unique. Compared part by part: 5.10 comes after 5.9. */
static int number_cmp(struct str a, struct str b)
{
    while (a.n > 0 || b.n > 0) {
        struct str ra, rb;
        struct str pa = str_cut(a, '.', &ra), pb = str_cut(b, '.', &rb);
        if (pa.n != pb.n) { return pa.n < pb.n ? -1 : 1; }
        int c = str_cmp(pa, pb);
        if (c != 0) { return c; }
        a = ra;
        b = rb;
    }
    return 0;
}

static void check_number(struct unit *u, const struct node *section, const struct node *n, const struct node **last)
{
    if (n->clause.n == 0 || n->kind == N_BROKEN) { return; }
    struct str rest, head = str_cut(n->clause, '.', &rest);
    if (section != NULL && !str_eq(head, section->clause) && section->clause.n > 0) {
        struct diag *d = diag(u->diags, E0205_CLAUSE_NUMBER, n->clause_span, "clause %.*s stands in section %.*s", STR_ARG(n->clause), STR_ARG(section->clause));
        diag_help(d, "a clause of section %.*s is numbered %.*s.1, %.*s.2, …", STR_ARG(section->clause), STR_ARG(section->clause), STR_ARG(section->clause));
        return;
    }
    if (*last != NULL && number_cmp((*last)->clause, n->clause) >= 0) {
        bool same = number_cmp((*last)->clause, n->clause) == 0;
        struct diag *d = diag(u->diags, E0205_CLAUSE_NUMBER, n->clause_span, same ? "clause number %.*s is used twice" : "clause %.*s comes after a higher number", STR_ARG(n->clause));
        diag_label(d, (*last)->clause_span, same ? "the first is here" : "this one is higher");
        diag_help(d, "clause numbers rise and none is used twice: every result names its clause by it");
        return;
    }
    *last = n;
}

static void collect(struct unit *u, struct source_module *m)
{
    const struct node *last = NULL, *last_section = NULL;
    for (uint32_t i = 0; m->file != NULL && i < m->file->n; i++) {
        const struct node *n = m->file->kid[i];
        if (n->kind == N_AMENDMENT) { /* what it replaces has its symbol (amend.c) */
            for (uint32_t k = 0; k < n->n; k++) {
                const struct node *a = n->kid[k];
                if (a != NULL && a->kind == N_AMEND && a->op == OP_ADD && a->n > 0 && a->kid[0] != NULL) { symbol_add(u, m, a->kid[0], n); }
            }
            continue;
        }
        if (n->kind != N_SECTION) {
            symbol_add(u, m, n, NULL);
            check_number(u, NULL, n, &last);
            continue;
        }
        check_number(u, NULL, n, &last_section);
        for (uint32_t k = 0; k < n->n; k++) {
            symbol_add(u, m, n->kid[k], n);
            check_number(u, n, n->kid[k], &last);
        }
    }
}

/* `use itil with { scale priority: … }`: the module must have what is put in another's place. */
static void check_replaced(struct unit *u, const struct node *n)
{
    const struct source_module *m = NULL;
    for (size_t i = 0; i < u->modules.n && m == NULL; i++) { m = str_eq(u->modules.p[i]->path, n->text) ? u->modules.p[i] : NULL; }
    for (uint32_t k = 0; m != NULL && k < n->n; k++) {
        int kind = kind_of(n->kid[k]);
        if (kind < 0 || n->kid[k]->text.n == 0) { continue; }
        bool there = false;
        struct suggestion g;
        suggest_start(&g, n->kid[k]->text);
        for (size_t i = 0; i < u->all.n; i++) {
            const struct symbol *o = u->all.p[i];
            if (o->module != m || o->kind != (enum symbol_kind)kind) { continue; }
            there = there || str_eq(o->name, n->kid[k]->text);
            suggest_offer(&g, o->name);
        }
        if (there) { continue; }
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, n->kid[k]->name_span, "`%.*s` has no %s `%.*s` that this could replace", STR_ARG(n->text), symbol_kind_word[kind], STR_ARG(n->kid[k]->text));
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        else { diag_help(d, "declare it outside of `use … with { … }`"); }
    }
}

void unit_collect(struct unit *u)
{
    u->symbols = ARENA_NEW(u->arena, struct symbol_table);
    u->symbols->names = names_make(u->arena);
    for (size_t i = 0; i < u->modules.n; i++) { collect(u, u->modules.p[i]); }
    for (size_t i = 0; i < u->modules.n; i++) {
        const struct node *file = u->modules.p[i]->file;
        for (uint32_t k = 0; file != NULL && k < file->n; k++) {
            if (file->kid[k]->kind == N_USE) { check_replaced(u, file->kid[k]); }
        }
    }
}

/* 3: own, 2: of a module this one uses, 1: of any other module (a library may be used by another), 0: not meant. */
static int rank(const struct source_module *m, const struct symbol *s, struct str qualifier)
{
    if (qualifier.n > 0) {
        if (str_eq(s->module->qualifier, qualifier) || str_eq(s->module->path, qualifier)) { return 2; }
        return 0;
    }
    if (s->module == m) { return 3; }
    for (size_t i = 0; i < m->uses.n; i++) {
        if (m->uses.p[i] == s->module) { return 2; }
    }
    return 1;
}

static struct symbol *find(struct unit *u, const struct source_module *m, enum symbol_kind kind, struct str name, struct symbol **other)
{
    struct str qualifier = { "", 0 };
    for (size_t i = name.n; i > 0; i--) {
        if (name.p[i - 1] == '.') {
            qualifier = str_slice(name, 0, i - 1);
            name = str_slice(name, i, name.n);
            break;
        }
    }
    *other = NULL;
    uint32_t id = names_find(u->symbols->names, name);
    if (id == 0 || id >= u->symbols->first[kind].n) { return NULL; }
    struct symbol *best = NULL;
    int best_rank = 0;
    for (struct symbol *s = u->symbols->first[kind].p[id]; s != NULL; s = s->next_same) {
        int r = rank(m, s, qualifier);
        if (r > best_rank) { best = s; best_rank = r; *other = NULL; }
        else if (r == best_rank && r > 0) { *other = s; }
    }
    return best;
}

struct symbol *symbol_find(struct unit *u, const struct source_module *m, enum symbol_kind kind, struct str name)
{
    struct symbol *other;
    struct symbol *s = find(u, m, kind, name, &other);
    return other != NULL ? NULL : s;
}

struct symbol *symbol_need(struct unit *u, const struct source_module *m, enum symbol_kind kind, struct str name, struct span at)
{
    struct symbol *other;
    struct symbol *s = find(u, m, kind, name, &other);
    if (other != NULL) {
        struct diag *d = diag(u->diags, E0206_AMBIGUOUS, at, "two modules have a %s `%.*s`", symbol_kind_word[kind], STR_ARG(name));
        diag_help(d, "say which: `%.*s.%.*s` or `%.*s.%.*s`", STR_ARG(s->module->qualifier), STR_ARG(name), STR_ARG(other->module->qualifier), STR_ARG(name));
        return s;
    }
    if (s != NULL) { return s; }
    if (name_unreadable(u, name)) { return NULL; }
    struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, at, "there is no %s `%.*s`", symbol_kind_word[kind], STR_ARG(name));
    struct suggestion g;
    suggest_start(&g, name);
    for (size_t i = 0; i < u->all.n; i++) {
        const struct symbol *o = u->all.p[i];
        if (o->kind != kind) { continue; }
        suggest_offer(&g, o->name);
        if (memchr(name.p, '.', name.n) != NULL) { suggest_offer(&g, str_printf(u->arena, "%.*s.%.*s", STR_ARG(o->module->qualifier), STR_ARG(o->name))); }
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else if (kind == SYM_EVENT || kind == SYM_ENTITY) { diag_help(d, "declare it, or write `use itil` for the events of a ticket system"); }
    else { diag_help(d, "declare it, or name the module that has it with `use`"); }
    return NULL;
}

struct symbol *symbol_of(struct unit *u, const struct node *decl)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->node == decl) { return u->all.p[i]; }
    }
    return NULL;
}

struct source_module *module_at(struct unit *u, struct span span)
{
    const struct source *s = source_of(u->sources, span.from);
    for (size_t i = 0; i < u->modules.n; i++) {
        if (u->modules.p[i]->source == s) { return u->modules.p[i]; }
    }
    return u->main;
}

uint32_t place_of(struct unit *u, struct span span)
{
    if (span_is_none(span)) { return 0; }
    struct place a = source_place(u->sources, span.from);
    struct place b = source_place(u->sources, span.to > span.from ? span.to : span.from);
    /* FILE record 0 is "none"; files follow in the order of the sources (emit.c adds them so). */
    return mb_place(u->mb, (struct m_place){ .file = a.file->index + 1, .line = a.line, .column = a.column, .end_line = b.line, .end_column = b.column });
}

/* What a clause without number and name goes by: its title, else where it stands: "rule at line 12", and in a file that is
 * used "rule at line 12 of desk.msa". Without folders, so that ids of results do not depend on where a file lies. */
static uint32_t stand_in(struct unit *u, const struct node *decl, const char *word)
{
    if (decl->title.n > 0) { return emit_str(u, decl->title); }
    struct place at = source_place(u->sources, decl->span.from);
    struct str file = at.file->name;
    for (size_t i = file.n; i-- > 0;) {
        if (file.p[i] == '/') { file = str_slice(file, i + 1, file.n); break; }
    }
    if (at.file->index == 0) { return emit_str(u, str_printf(u->arena, "%s at line %u", word, (unsigned)at.line)); }
    return emit_str(u, str_printf(u->arena, "%s at line %u of %.*s", word, (unsigned)at.line, STR_ARG(file)));
}

uint32_t clause_for(struct unit *u, const struct node *decl, const struct node *section, const char *word, struct str name)
{
    struct m_clause c = {
        .number = emit_str(u, decl->clause), .name = emit_str(u, name), .title = emit_str(u, decl->title),
        .section = section != NULL ? emit_str(u, section->title) : 0, .word = mb_string(u->mb, str_of(word)),
        .place = place_of(u, span_is_none(decl->name_span) ? decl->span : decl->name_span),
    };
    if (decl->kind == N_PROSE) {
        c.flags = decl->op == OP_GIVEN ? CLAUSE_MANUAL : CLAUSE_TEXT;
        c.text = emit_str(u, decl->text);
        c.name = 0;
    } else if (c.number == 0 && c.name == 0 && !span_is_none(decl->span)) {
        c.name = stand_in(u, decl, word);
    }
    return mb_add_clause(u->mb, c);
}

const char *symbol_word(const struct symbol *s)
{
    bool made = (s->node->kind == N_CLOCK || s->node->kind == N_CHARGE || s->node->kind == N_MEASURE) && (s->node->number & DUTY_MADE);
    if (made || s->node->kind == N_DUTY) { return "duty"; }
    if (s->kind != SYM_CHARGE) { return symbol_kind_word[s->kind]; }
    return s->node->op == OP_CREDIT ? "credit" : s->node->op == OP_DISCOUNT ? "discount" : s->node->op == OP_TAX ? "tax" : "fee";
}

uint32_t clause_of(struct unit *u, struct symbol *s)
{
    if (s->clause == NO_REF) { s->clause = clause_for(u, s->node, s->section, symbol_word(s), s->name); }
    return s->clause;
}
