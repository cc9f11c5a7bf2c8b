/* SPDX-License-Identifier: MIT */
/* Adapters: how the rows of an export become events. Here: what an adapter says about its file; rules are in adapter_rule.c. */
#include "compiler/adapter.h"

/* ---- columns ---- */

bool adapter_is_missing(const struct adapter_info *a, struct str text)
{
    for (size_t i = 0; i < a->missing.n; i++) {
        if (str_eq(a->missing.p[i], text)) { return true; }
    }
    return text.n == 0;
}

static struct adapter_column *column_new(struct unit *u, struct adapter_info *a, struct str name, uint32_t position, struct str local)
{
    struct adapter_column *c = ARENA_NEW(u->arena, struct adapter_column);
    *c = (struct adapter_column){ .name = name, .position = position, .local = local, .index = NO_COLUMN };
    vec_push(&a->columns, u->arena, c);
    return c;
}

struct adapter_column *adapter_column(struct unit *u, struct adapter_info *a, const struct node *n)
{
    struct adapter_column *c = NULL;
    for (size_t i = 0; i < a->columns.n && c == NULL; i++) {
        if (a->columns.p[i]->local.n > 0 && str_eq(a->columns.p[i]->local, n->text)) { c = a->columns.p[i]; }
    }
    for (size_t i = 0; i < a->columns.n && c == NULL; i++) {
        if (a->columns.p[i]->position == NO_COLUMN && str_eq(a->columns.p[i]->name, n->text)) { c = a->columns.p[i]; }
    }
    if (c == NULL) { c = column_new(u, a, n->text, NO_COLUMN, (struct str){ "", 0 }); }
    if (span_is_none(c->read)) { c->read = n->span; }
    return c;
}

static void column_declared(struct unit *u, struct adapter_info *a, const struct node *n)
{
    for (size_t i = 0; i < a->columns.n; i++) {
        if (!str_eq(a->columns.p[i]->local, n->text)) { continue; }
        diag(u->diags, E0816_ADAPTER_TWICE, n->span, "the column `%.*s` is declared twice", STR_ARG(n->text));
        return;
    }
    bool by_name = n->n > 0 && n->kid[0] != NULL;
    (void)column_new(u, a, by_name ? n->kid[0]->text : n->text, by_name ? NO_COLUMN : (uint32_t)(n->number - 1), n->text);
}

/* Columns that are known from the future, or for another reason must not be read. */
static void column_unused(struct unit *u, struct adapter_info *a, const struct node *slot)
{
    for (uint32_t i = 0; i < slot->n; i++) {
        const struct node *n = slot->kid[i];
        for (size_t k = 0; n != NULL && k < a->columns.n; k++) {
            struct adapter_column *c = a->columns.p[k];
            if (span_is_none(c->read) || !(str_eq(c->name, n->text) || str_eq(c->local, n->text))) { continue; }
            struct diag *d = diag(u->diags, E0811_UNUSED_COLUMN, c->read, "the column `%.*s` is said to be unused", STR_ARG(n->text));
            diag_label(d, n->span, "it is said here");
            diag_help(d, "take it out of `unused`, or do not read it");
        }
    }
}

/* ---- slots ---- */

static void entity_slot(struct unit *u, struct adapter_info *a, const struct node *n)
{
    struct source_module *m = a->symbol->module;
    if (a->said_entity) { diag(u->diags, E0816_ADAPTER_TWICE, n->span, "what the rows are about is said twice"); return; }
    a->said_entity = true;
    struct symbol *s = symbol_need(u, m, SYM_ENTITY, n->text, span_is_none(n->name_span) ? n->span : n->name_span);
    if (s != NULL) { a->entity = s->info; }
    if (n->n > 0 && n->kid[0] != NULL) { a->key = adapter_column(u, a, n->kid[0]); }
}

static void slot(struct unit *u, struct adapter_info *a, const struct node *n)
{
    switch (n->op) {
    case OP_CSV: case OP_NDJSON:
        if (a->said_format) { diag(u->diags, E0816_ADAPTER_TWICE, n->span, "what the adapter reads is said twice"); }
        a->said_format = true;
        a->format = n->op == OP_CSV ? ADAPTER_CSV : ADAPTER_NDJSON;
        break;
    case OP_ADAPTER_MISSING:
        for (uint32_t i = 0; i < n->n; i++) {
            if (n->kid[i]->text.n > 0) { vec_push(&a->missing, u->arena, n->kid[i]->text); }
        }
        break;
    case OP_ADAPTER_ENTITY: entity_slot(u, a, n); break;
    case OP_ADAPTER_STREAM: if (n->n > 0 && n->kid[0] != NULL) { a->sequence = adapter_column(u, a, n->kid[0]); } break;
    case OP_ADAPTER_SKIP_DUPLICATES: a->flags |= ADAPTER_SKIP_DUPLICATE_ROWS; break;
    case OP_ADAPTER_COLUMN: column_declared(u, a, n); break;
    default: break;
    }
}

static void map(struct unit *u, struct adapter_info *a, const struct node *n)
{
    if (adapter_map_find(a, n->text) != NULL) {
        diag(u->diags, E0816_ADAPTER_TWICE, n->name_span, "the map `%.*s` is declared twice", STR_ARG(n->text));
        return;
    }
    (void)adapter_map_check(u, a, n, n->text, n->kid, n->n, false);
}

/* Names first, so that a rule may stand before what it names. */
static void adapter(struct unit *u, struct symbol *s)
{
    struct adapter_info *a = ARENA_NEW(u->arena, struct adapter_info);
    const struct node *n = s->node;
    *a = (struct adapter_info){ .symbol = s, .node = n, .index = NO_REF };
    s->info = a;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i]->kind == N_ADAPTERSLOT && n->kid[i]->op == OP_ADAPTER_COLUMN) { slot(u, a, n->kid[i]); }
    }
    bool broken = false;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k->kind == N_ADAPTERSLOT && k->op != OP_ADAPTER_COLUMN) { slot(u, a, k); }
        if (k->kind == N_ADAPTERTIME) { adapter_time_check(u, a, k); }
        if (k->kind == N_ADAPTERMAP) { map(u, a, k); }
        broken |= k->kind == N_BROKEN;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i]->kind == N_ADAPTERRULE) { adapter_rule_check(u, a, n->kid[i]); }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i]->kind == N_ADAPTERSLOT && n->kid[i]->op == OP_UNUSED) { column_unused(u, a, n->kid[i]); }
    }
    if (broken) { return; }
    struct span at = span_is_none(n->name_span) ? n->span : n->name_span;
    if (!a->said_entity) {
        struct diag *d = diag(u->diags, E0801_ADAPTER_ENTITY, at, "the adapter `%.*s` does not say what its rows are about", STR_ARG(s->name));
        diag_help(d, "name the thing and the column with its id: `entity ticket from number`");
    } else if (!a->said_format) {
        struct diag *d = diag(u->diags, E0802_ADAPTER_FORMAT, at, "the adapter `%.*s` does not say what it reads", STR_ARG(s->name));
        diag_help(d, "write `reads csv` or `reads ndjson`");
    }
}

/* ---- inputs { … } ---- */

static const struct node *inputs_of(const struct node *file, uint32_t *i, uint32_t *k)
{
    for (; *i < file->n; (*i)++, *k = 0) {
        const struct node *n = file->kid[*i];
        if (n->kind == N_INPUTSDECL && *k == 0) { *k = 1; return n; }
        for (; n->kind == N_SECTION && *k < n->n;) {
            const struct node *d = n->kid[(*k)++];
            if (d->kind == N_INPUTSDECL) { return d; }
        }
    }
    return NULL;
}

static void check_inputs(struct unit *u)
{
    const struct node *first = NULL, *n;
    uint32_t i = 0, k = 0;
    if (u->main->file == NULL) { return; }
    while ((n = inputs_of(u->main->file, &i, &k)) != NULL) {
        if (first != NULL) {
            struct diag *d = diag(u->diags, E0815_INPUTS, n->span, "the files are named twice");
            diag_label(d, first->span, "the first is here");
            diag_help(d, "put all adapters in one `inputs { … }`, in the order of the files on the command line");
        }
        first = n;
        for (uint32_t j = 0; j < n->n; j++) {
            if (n->kid[j]->kind == N_NAME) { (void)symbol_need(u, u->main, SYM_ADAPTER, n->kid[j]->text, n->kid[j]->span); }
        }
    }
}

void unit_check_adapters(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_ADAPTER) { adapter(u, u->all.p[i]); }
    }
    check_inputs(u);
}

void unit_emit_adapters(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_ADAPTER) { adapter_emit(u, u->all.p[i]->info); }
    }
    const struct node *n;
    uint32_t i = 0, k = 0;
    while (u->main->file != NULL && (n = inputs_of(u->main->file, &i, &k)) != NULL) {
        for (uint32_t j = 0; j < n->n; j++) {
            struct symbol *s = n->kid[j]->kind == N_NAME ? symbol_find(u, u->main, SYM_ADAPTER, n->kid[j]->text) : NULL;
            if (s != NULL) { mb_add_inputs(u->mb, (struct m_inputs){ ((struct adapter_info *)s->info)->index }); }
        }
    }
}
