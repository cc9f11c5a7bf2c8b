/* SPDX-License-Identifier: MIT */
/* A rate card by time class: `by part { part | price ; support | rate(role) ; otherwise | rate(role) times 1.5 }` is one fee for
 * each row, of the part of the time inside that calendar; `otherwise` is what lies outside all of them. */
#include "compiler/charge.h"

static const struct node *parts_table(const struct node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        bool by_part = s != NULL && s->kind == N_CSLOT && s->op == OP_BY_TABLE && s->n > 0 && s->kid[0] != NULL && s->kid[0]->kind == N_NAME && str_eq(s->kid[0]->text, STR("part"));
        if (by_part) { return s; }
    }
    return NULL;
}

static struct node *make(struct unit *u, uint16_t kind, uint16_t op, struct span span, uint32_t n)
{
    struct node *x = ARENA_NEW(u->arena, struct node);
    *x = (struct node){ .kind = kind, .op = op, .span = span, .name_span = span, .kid = ARENA_ARRAY(u->arena, struct node *, n + 1), .n = n };
    return x;
}

/* The only thing in a cell; NULL, and said. */
static struct node *only(struct unit *u, const struct node *row, uint32_t cell, const char *what, const char *help)
{
    const struct node *c = row->n > cell ? row->kid[cell] : NULL;
    if (c != NULL && c->n == 1 && c->kid[0] != NULL) { return c->kid[0]; }
    struct diag *d = diag(u->diags, E1004_TIERS, c != NULL && c->n > 0 ? c->span : row->span, "%s", what);
    diag_help(d, "%s", help);
    return NULL;
}

static bool is_otherwise(const struct node *row) { return row->n > 0 && row->kid[0]->n == 1 && row->kid[0]->kid[0] != NULL && row->kid[0]->kid[0]->kind == N_OTHERWISE; }

/* All calendars of the table together. */
static struct node *any_of(struct unit *u, const struct node *table)
{
    struct node *all = NULL;
    for (uint32_t i = 2; i < table->n; i++) {
        const struct node *row = table->kid[i];
        if (row == NULL || row->kind != N_ROW || is_otherwise(row) || row->n == 0 || row->kid[0]->n != 1) { continue; }
        struct node *one = row->kid[0]->kid[0];
        if (all == NULL) { all = one; continue; }
        struct node *both = make(u, N_CALSET, OP_CAL_OR, span_join(all->span, one->span), 2);
        both->kid[0] = all;
        both->kid[1] = one;
        all = both;
    }
    return all;
}

/* The fee of one row: its slots, the part, and the row's price in the place of the table. */
static struct node *fee_of_row(struct unit *u, const struct node *n, const struct node *table, const struct node *row)
{
    struct node *cal = only(u, row, 0, "a calendar is expected here", "the first column names calendars; `otherwise` is the rest"), *price = only(u, row, 1, "a price is expected here", "write `USD 228.00 per hour` or `rate(role) times 1.5`");
    if (cal == NULL || price == NULL) { return NULL; }
    bool rest = is_otherwise(row);
    struct node *x = make(u, N_CHARGE, n->op, n->span, 0), *part = make(u, N_CSLOT, rest ? OP_PART_OUTSIDE : OP_PART_INSIDE, row->span, 1);
    struct node **kid = ARENA_ARRAY(u->arena, struct node *, n->n + 2);
    uint32_t count = 0;
    part->kid[0] = rest ? any_of(u, table) : cal;
    if (part->kid[0] == NULL) {
        diag_help(diag(u->diags, E1004_TIERS, row->span, "there is nothing that this is outside of"), "name a calendar in a row before it");
        return NULL;
    }
    bool charged = false;
    for (uint32_t i = 0; i < n->n; i++) { charged = charged || (n->kid[i] != NULL && n->kid[i]->kind == N_CSLOT && n->kid[i]->op == OP_CHARGING); }
    for (uint32_t i = 0; i < n->n; i++) {
        struct node *s = n->kid[i];
        if (s == table) {
            kid[count++] = part;
            if (charged) { continue; }
            s = make(u, N_CSLOT, OP_PRICE, price->span, 1);
            s->kid[0] = price;
        } else if (s != NULL && s->kind == N_CSLOT && s->op == OP_CHARGING && (s->n < 2 || s->kid[1] == NULL)) {
            struct node *with = make(u, N_CSLOT, OP_CHARGING, s->span, s->n < 2 ? 2 : s->n);
            for (uint32_t k = 0; k < s->n; k++) { with->kid[k] = s->kid[k]; }
            with->kid[1] = price;
            s = with;
        }
        kid[count++] = s;
    }
    x->kid = kid;
    x->n = count;
    x->name_span = n->name_span;
    x->text = n->text;
    x->clause = n->clause;
    x->clause_span = n->clause_span;
    struct str class = rest ? STR("otherwise") : str_trim(source_text(u->sources, cal->span));
    x->title = str_printf(u->arena, "%.*s, %.*s", STR_ARG(n->title.n > 0 ? n->title : n->text), STR_ARG(class));
    return x;
}

struct charge_info *charge_declare_parts(struct unit *u, struct symbol *s)
{
    const struct node *n = s->node, *table = parts_table(n);
    if (table == NULL || node_broken(n)) { return charge_declare(u, s); }
    struct charge_info *first = NULL, *last = NULL;
    for (uint32_t i = 2; i < table->n; i++) {
        const struct node *row = table->kid[i];
        struct node *of = row != NULL && row->kind == N_ROW ? fee_of_row(u, n, table, row) : NULL;
        if (of == NULL) { continue; }
        struct charge_info *c = charge_declare(u, s);
        c->node = of;
        c->part_of_first = first;
        if (last != NULL) { last->successor = c; }
        if (first == NULL) { first = c; }
        last = c;
    }
    if (first != NULL) { return first; }
    first = charge_declare(u, s);
    first->broken = true; /* it was said */
    return first;
}
