/* SPDX-License-Identifier: MIT */
/* Tables of prices: tiers over a quantity, and bands of a value. Bounds are compared exactly: a gap or an overlap is shown by
 * one value that lies in it. */
#include "compiler/charge.h"
#include "compiler/money.h"
#include <stdlib.h>

__extension__ typedef __int128 wide;

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

/* ---- bounds ---- */

static int order(const struct amount *a, const struct amount *b)
{
    wide x = (wide)a->number * b->per, y = (wide)b->number * a->per;
    return x < y ? -1 : x > y;
}

/* Where the band begins and ends: before its bound (the bound is in) or behind it. */
struct edge { const struct amount *at; bool behind; };   /* at NULL: without end */
static int edges(struct edge a, struct edge b)
{
    int c = order(a.at, b.at);
    return c != 0 ? c : (int)a.behind - (int)b.behind;
}

static struct edge lower(const struct amount_row *r) { return (struct edge){ r->from, !(r->flags & ROW_FROM_IN) }; }
static struct edge upper(const struct amount_row *r) { return (struct edge){ r->to, (r->flags & ROW_TO_IN) != 0 }; }

/* n / per in the unit of the column, with as many digits as it takes. */
static struct str bound_words(struct unit *u, int64_t n, int64_t per, const struct node *like)
{
    bool percent = like != NULL && like->kind == N_PERCENT, time = like != NULL && like->kind == N_COUNTED;
    struct sb b = { .arena = u->arena };
    if (time) { return str_printf(u->arena, "%.*s", STR_ARG(value_words(u, TYPE(VT_DURATION), n))); }
    wide v = (wide)n * (percent ? 100 : 1);
    if (v < 0) { sb_char(&b, '-'); v = -v; }
    sb_u64(&b, (uint64_t)(v / per));
    wide rest = v % per;
    if (rest > 0) { sb_char(&b, '.'); }
    for (int i = 0; i < 12 && rest > 0; i++) {
        rest *= 10;
        sb_char(&b, (char)('0' + (int)(rest / per)));
        rest %= per;
    }
    if (percent) { sb_char(&b, '%'); }
    return sb_str(&b);
}

/* A value between two edges, in words. */
static struct str witness(struct unit *u, struct edge from, struct edge to, const struct node *like)
{
    if (from.at == NULL) { return bound_words(u, to.at->number - (to.behind ? 0 : to.at->per), to.at->per, like); }
    if (!from.behind) { return bound_words(u, from.at->number, from.at->per, like); }
    if (to.at == NULL) { return bound_words(u, from.at->number + from.at->per / 100, from.at->per, like); }
    if (to.behind) { return bound_words(u, to.at->number, to.at->per, like); }
    return bound_words(u, from.at->number + to.at->number, from.at->per * 2, like);
}

static int by_lower(const void *a, const void *b)
{
    const struct amount_row *x = *(const struct amount_row *const *)a, *y = *(const struct amount_row *const *)b;
    if (x->from == NULL || y->from == NULL) { return x->from == NULL ? (y->from == NULL ? 0 : -1) : 1; }
    return edges(lower(x), lower(y));
}

/* Does a whole number lie between two edges? *at: the first. */
static bool has_whole(struct edge from, struct edge to, struct amount *at)
{
    int64_t n = from.at->number / from.at->per; /* of numbers from 0 on */
    if (from.behind || n * from.at->per != from.at->number) { n++; }
    *at = (struct amount){ .number = n, .per = 1 };
    return to.at == NULL || edges((struct edge){ at, false }, to) < 0;
}

/* False: nothing that can come lies in it; what is counted is a whole number. */
static bool gap(struct unit *u, const struct node *slot, struct edge from, struct edge to, const struct node *like, bool counted)
{
    struct amount first;
    if (counted && !has_whole(from, to, &first)) { return false; }
    if (counted) { from = (struct edge){ &first, false }; }
    const struct node *by = slot->kid[0];
    struct diag *d = diag(u->diags, E0404_TABLE_GAP, by->span, "no row matches %.*s %.*s", STR_ARG(str_trim(source_text(u->sources, by->span))), STR_ARG(witness(u, from, to, like)));
    diag_help(d, "let the rows touch: `from 90%% to below 95%%`, then `at least 95%%`; or add a last row that begins with `otherwise`");
    return true;
}

/* Bands of numbers from 0 on (percentages of a whole up to 100 %): every value in one row. */
static void check_bands(struct unit *u, const struct node *slot, struct amount_row *row, uint32_t n, const struct node *like, bool otherwise, bool to_all, bool counted)
{
    struct amount_row **sorted = ARENA_ARRAY(u->arena, struct amount_row *, n + 1);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!(row[i].flags & (ROW_NO_DATA | ROW_OTHERWISE))) { sorted[k++] = &row[i]; }
    }
    if (k == 0) { return; }
    qsort(sorted, k, sizeof *sorted, by_lower);
    bool percent = like != NULL && like->kind == N_PERCENT;
    struct amount zero = { .number = 0, .per = 1 }, all = { .number = 1, .per = 1 };
    struct edge first = { &zero, false };
    if (!otherwise && sorted[0]->from != NULL && edges(lower(sorted[0]), first) > 0 && gap(u, slot, first, lower(sorted[0]), like, counted)) { return; }
    struct edge reached = upper(sorted[0]);
    for (uint32_t i = 1; i < k; i++) {
        struct edge next = sorted[i]->from != NULL ? lower(sorted[i]) : first;
        int c = reached.at == NULL ? 1 : edges(reached, next);
        if (c > 0) {
            struct edge end = reached.at == NULL ? upper(sorted[i]) : sorted[i]->to != NULL && edges(upper(sorted[i]), reached) < 0 ? upper(sorted[i]) : reached;
            struct diag *d = diag(u->diags, E0405_TABLE_OVERLAP, sorted[i]->span, "two rows match %.*s %.*s", STR_ARG(str_trim(source_text(u->sources, slot->kid[0]->span))), STR_ARG(witness(u, next, end, like)));
            diag_label(d, sorted[i - 1]->span, "the other row is here");
            diag_help(d, "a bound belongs to one row: `at least` and `at most` take it in, `below` and `above` leave it out");
            return;
        }
        if (c < 0 && !otherwise && gap(u, slot, reached, next, like, counted)) { return; }
        reached = upper(sorted[i]);
    }
    struct edge last = percent && to_all ? (struct edge){ &all, true } : (struct edge){ NULL, true };
    bool open = reached.at != NULL && (last.at == NULL || edges(reached, last) < 0);
    if (open && !otherwise) { (void)gap(u, slot, reached, last, like, counted); }
}

/* ---- by value { bands } ---- */

static bool bound(struct unit *u, const struct node *e, struct amount_type t, struct amount **out)
{
    struct amount *x = e->kind == N_NEGATE ? NULL : amount_literal(u, e);
    if (x != NULL && x->type.base == AMOUNT_ERROR) { return false; }
    bool fits = x != NULL && (x->type.base == t.base || (t.base == AMOUNT_UNIT && x->type.base == AMOUNT_NUMBER));
    if (!fits) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "%.*s is expected here", STR_ARG(amount_word(u, t)));
        if (x != NULL) { diag_label(d, e->span, "this is %.*s", STR_ARG(amount_word(u, x->type))); }
        return false;
    }
    *out = x;
    return true;
}

static bool band(struct unit *u, const struct node *e, struct amount_type t, struct amount_row *r, const struct node **like)
{
    if (e->kind == N_NODATA || e->kind == N_MISSING) { r->flags = ROW_NO_DATA; return true; }
    if (e->kind == N_OTHERWISE || e->kind == N_ANY) { r->flags = ROW_OTHERWISE; return true; }
    if (e->kind == N_BROKEN) { return false; }
    if (e->kind == N_BAND || e->kind == N_RANGE) {
        bool range = e->kind == N_RANGE;
        const struct node *any = e->kid[0] != NULL ? e->kid[0] : e->kid[1];
        *like = *like == NULL ? any : *like;
        r->flags = (range || e->number == 1 ? ROW_FROM_IN : 0) | (range || e->number2 == 1 ? ROW_TO_IN : 0);
        if (e->kid[0] != NULL && !bound(u, e->kid[0], t, &r->from)) { return false; }
        if (e->kid[1] != NULL && !bound(u, e->kid[1], t, &r->to)) { return false; }
        if (r->from == NULL) { r->flags &= ~(uint32_t)ROW_FROM_IN; }
        if (r->to == NULL) { r->flags &= ~(uint32_t)ROW_TO_IN; }
        if (r->from != NULL && r->to != NULL && edges(lower(r), upper(r)) >= 0) {
            struct diag *d = diag(u->diags, E0307_EMPTY_RANGE, e->span, "nothing lies in `%.*s`", STR_ARG(source_text(u->sources, e->span)));
            diag_help(d, "the smaller end comes first");
            return false;
        }
        return true;
    }
    *like = *like == NULL ? e : *like;
    r->flags = ROW_FROM_IN | ROW_TO_IN;
    if (!bound(u, e, t, &r->from)) { return false; }
    r->to = r->from;
    return true;
}

/* The table of a kind of thing rather than of numbers: a decision table whose result is an amount, asked by the handler. */
static struct amount *chosen_by_table(struct unit *u, const struct amount_scope *sc, const struct node *slot)
{
    struct node *table = ARENA_NEW(u->arena, struct node), *inputs = ARENA_NEW(u->arena, struct node);
    *inputs = (struct node){ .kind = N_INPUTS, .span = slot->kid[0]->span, .kid = slot->kid, .n = 1 };
    *table = *slot;
    table->kind = N_TABLE;
    table->op = OP_UNIQUE;
    table->text = (struct str){ "", 0 };
    table->number = table->number2 = 0;
    table->kid = ARENA_ARRAY(u->arena, struct node *, slot->n);
    for (uint32_t i = 0; i < slot->n; i++) { table->kid[i] = i == 0 ? inputs : slot->kid[i]; }
    return amount_of_table(u, sc, table);
}

struct amount *bands_check(struct unit *u, const struct amount_scope *sc, const struct node *slot)
{
    const struct node *heading = slot->n > 1 ? slot->kid[1] : NULL;
    if (heading == NULL || slot->n < 3) {
        struct diag *d = diag(u->diags, E0411_NO_ROWS, slot->span, "the table has no rows");
        diag_help(d, "write a heading line and at least one row, cells separated by `|`");
        return broken(u, slot->span);
    }
    struct type leaf = amount_leaf_type(u, sc, slot->kid[0]);
    if (leaf.vt == VT_SCALE || leaf.vt == VT_TEXT || leaf.vt == VT_FLAG || amount_is_kind(u, sc, slot->kid[0])) { return chosen_by_table(u, sc, slot); }
    struct amount *by = amount_check(u, sc, slot->kid[0]);
    if (by->type.base == AMOUNT_ERROR) { return by; }
    VEC(struct amount_row) rows = { 0 };
    const struct node *like = NULL;
    struct amount_type t = AMOUNT(AMOUNT_ERROR);
    bool ok = true, otherwise = false;
    for (uint32_t i = 2; i < slot->n; i++) {
        const struct node *row = slot->kid[i];
        if (row->kind == N_BROKEN || heading->kind == N_BROKEN) { u->untold++; return broken(u, slot->span); }
        if (row->n != 2) {
            struct diag *d = diag(u->diags, E0409_ROW_WIDTH, row->span, "this row has %u cells, and a price needs two", row->n);
            diag_help(d, "the first cell says when, the second how much");
            ok = false;
            continue;
        }
        if (row->kid[1]->n != 1 || row->kid[0]->n == 0) {
            struct diag *d = diag(u->diags, E0402_BLANK_CELL, row->kid[row->kid[0]->n == 0 ? 0 : 1]->span, "this cell is blank");
            diag_help(d, "write the amount, `USD 0.00` for nothing");
            ok = false;
            continue;
        }
        struct amount *x = amount_check(u, sc, row->kid[1]->kid[0]);
        if (x->type.base == AMOUNT_ERROR) { ok = false; continue; }
        if (t.base == AMOUNT_ERROR) { t = x->type; }
        else if (t.base != x->type.base || !str_eq(t.per, x->type.per)) {
            struct diag *d = diag(u->diags, E0313_UNITS, row->kid[1]->span, "the rows give different kinds of amounts");
            diag_label(d, row->kid[1]->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
            diag_label(d, slot->kid[2]->span, "this is %.*s", STR_ARG(amount_word(u, t)));
            ok = false;
            continue;
        }
        for (uint32_t k = 0; k < row->kid[0]->n; k++) {
            struct amount_row r = { .amount = x, .span = row->span };
            ok = band(u, row->kid[0]->kid[k], by->type, &r, &like) && ok;
            otherwise = otherwise || (r.flags & ROW_OTHERWISE);
            vec_push(&rows, u->arena, r);
        }
    }
    if (!ok) { return broken(u, slot->span); }
    const struct measure_info *m = by->op == EX_MEASURE || by->op == EX_FIGURES ? by->ref : NULL;
    bool counted = m != NULL && m->kind == MEASURE_COUNT && (by->op == EX_MEASURE || by->mode / FIGURES_WAY == FIGURES_SUM);
    check_bands(u, slot, rows.p, (uint32_t)rows.n, like, otherwise, by->op != EX_UNITS, counted); /* a change can be above 100 % */
    struct amount *x = amount_two(u, EX_CHOOSE, t, slot->span, by, NULL);
    x->row = rows.p;
    x->n_rows = (uint32_t)rows.n;
    return x;
}

/* ---- tiers ---- */

/* A price of a tier: what is owed for its units and what once. False after a message. */
static bool tier_price(struct unit *u, const struct amount_scope *sc, const struct node *e, struct amount_row *r, bool whole)
{
    if (e->kind == N_ARITH && e->op == OP_PLUS) { return tier_price(u, sc, e->kid[0], r, whole) && tier_price(u, sc, e->kid[1], r, whole); }
    struct amount *x = amount_check(u, sc, e);
    if (x->type.base == AMOUNT_ERROR) { return false; }
    if (x->type.per.n > 0) {
        struct amount *of = amount_new(u, EX_UNITS, sc->units_type, e->span);
        if (of->type.base == AMOUNT_NUMBER) { of->type = AMOUNT(AMOUNT_UNIT); of->type.unit = x->type.per; }
        x = amount_product(u, e->span, x, of);
        if (x->type.base == AMOUNT_ERROR) { return false; }
    }
    if (x->type.base != AMOUNT_MONEY || x->type.per.n > 0) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "an amount of money is expected here");
        diag_label(d, e->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
        diag_help(d, "write what the units of this row cost: `USD 79.00 per seat`, `USD 500.00`, `2%% of amount`");
        return false;
    }
    bool once = whole || !amount_reads(x, EX_UNITS);
    struct amount **to = once ? &r->flat : &r->amount;
    *to = *to == NULL ? x : amount_two(u, EX_ADD, x->type, e->span, *to, x);
    return true;
}

static struct amount *tier_end(struct unit *u, const struct amount_scope *sc, const struct node *tier, const struct amount *so_far)
{
    const struct node *k = tier->n > 0 ? tier->kid[0] : NULL;
    struct amount *n = NULL;
    if (k == NULL || !bound(u, k, sc->units_type, &n)) { return NULL; }
    if (n->number <= 0) { diag(u->diags, E0307_EMPTY_RANGE, k->span, "no units lie in `%.*s`", STR_ARG(source_text(u->sources, tier->span))); return NULL; }
    struct amount *end = amount_const(u, sc->units_type, n->number, n->per, k->span);
    if (tier->op == OP_NEXT_UNITS && so_far != NULL) {
        if (so_far->per != n->per) {
            diag(u->diags, E1004_TIERS, k->span, "the rows do not count in parts of one size");
            return NULL;
        }
        end->number += so_far->number;
    }
    return end;
}

static int64_t whole_units(struct unit *u, const struct node *e)
{
    struct amount *n = e->kind == N_NUMBER ? amount_literal(u, e) : NULL;
    bool whole = n != NULL && n->type.base != AMOUNT_ERROR && n->per > 0 && n->number % n->per == 0 && n->number / n->per <= 1000000000;
    return whole ? n->number / n->per : -1;
}

/* Where the units of a row end that is written as a band (`1 to 40`, `at most 40`) or as a tier, in whole units; 0: it has no end,
 * -1: that cannot be read off it. */
static int64_t band_end(struct unit *u, const struct node *row, int64_t so_far)
{
    if (row->kind == N_BROKEN || row->n < 1 || row->kid[0]->n != 1) { return -1; }
    const struct node *e = row->kid[0]->kid[0], *to = NULL;
    if (e->kind == N_OTHERWISE || e->kind == N_ANY || (e->kind == N_TIER && e->op == OP_BEYOND)) { return 0; }
    if (e->kind == N_TIER && e->n > 0) { to = e->kid[0]; }
    else if (e->kind == N_RANGE || (e->kind == N_BAND && (e->kid[1] == NULL || e->number2 == 1))) { to = e->kid[1]; }
    else { return -1; }
    bool up_to = e->kind == N_RANGE && e->kid[0] != NULL && e->kid[0]->kind == N_NAME && str_eq(e->kid[0]->text, STR("up"));
    if (e->kind != N_TIER && e->kid[0] != NULL && !up_to) {
        int64_t from = whole_units(u, e->kid[0]);
        if (from != so_far && from != so_far + 1) { return -1; }
    }
    if (to == NULL) { return 0; }
    int64_t end = whole_units(u, to);
    return end > 0 && e->kind == N_TIER && e->op == OP_NEXT_UNITS ? end + so_far : end > 0 ? end : -1;
}

/* A row that says which quantities it is for, where it has to say how many units: the whole column is shown as it is to be. */
static void not_a_tier(struct unit *u, const struct node *slot, const struct node *row)
{
    struct sb b = { .arena = u->arena };
    int64_t so_far = 0;
    bool beyond = false, known = true;
    for (uint32_t i = 2; i < slot->n && known; i++) {
        int64_t end = beyond ? -1 : band_end(u, slot->kid[i], so_far);
        known = end == 0 ? i > 2 : end > so_far;
        beyond = end == 0;
        if (i > 2) { sb_puts(&b, ", "); }
        if (beyond) { sb_puts(&b, "`beyond`"); }
        else if (known) { sb_puts(&b, i == 2 ? "`first " : "`next "); sb_u64(&b, (uint64_t)(end - so_far)); sb_puts(&b, "`"); }
        so_far = beyond ? so_far : end;
    }
    struct diag *d = diag(u->diags, E1004_TIERS, row->kid[0]->span, "`%.*s` does not say how many units the row is for", STR_ARG(str_trim(source_text(u->sources, row->kid[0]->span))));
    if (known && !beyond) { sb_puts(&b, ", `beyond`"); }
    diag_note(d, "the rows of prices count units, each from the end of the one above it");
    if (known) { diag_help(d, "begin the rows with %.*s", STR_ARG(sb_str(&b))); }
    else { diag_help(d, "begin the first row with `first N`, those below it with `next N`, and the last with `beyond`"); }
}

/* ---- volume prices ---- */

/* What so many units cost in a row whose prices are constants, in millionths of the currency; false: that cannot be said. */
static bool cost_of(const struct amount *x, int64_t units, wide *out)
{
    if (x == NULL) { *out = 0; return true; }
    wide a, b;
    switch ((enum exact_op)x->op) {
    case EX_CONST: *out = (wide)x->number * 1000000 / x->per; return x->per > 0;
    case EX_UNITS: *out = (wide)units * 1000000; return true;
    case EX_NAMED: return cost_of(x->a, units, out);
    case EX_ADD: if (!cost_of(x->a, units, &a) || !cost_of(x->b, units, &b)) { return false; } *out = a + b; return true;
    case EX_MUL: if (!cost_of(x->a, units, &a) || !cost_of(x->b, units, &b)) { return false; } *out = a * b / 1000000; return true;
    default: return false;
    }
}

/* Prices for all units by the row reached are not monotone where a row begins cheaper than the one before it ends. */
static void fewer_cost_more(struct unit *u, const struct charge_info *c, const struct node *slot, const struct amount *x)
{
    for (uint32_t i = 0; i < c->node->n; i++) {
        if (c->node->kid[i] != NULL && c->node->kid[i]->kind == N_CSLOT && c->node->kid[i]->op == OP_MAY_COST_MORE) { return; }
    }
    for (uint32_t i = 0; i + 1 < x->n_rows; i++) {
        const struct amount_row *r = &x->row[i], *next = &x->row[i + 1];
        if (r->to == NULL || r->to->per <= 0 || r->to->number % r->to->per != 0) { continue; }
        int64_t n = r->to->number / r->to->per;
        wide a, flat, b, next_flat;
        if (n > 1000000000 || !cost_of(r->amount, n, &a) || !cost_of(r->flat, n, &flat) || !cost_of(next->amount, n + 1, &b) || !cost_of(next->flat, n + 1, &next_flat)) { continue; }
        wide few = a + flat, more = b + next_flat, scale = 1;
        for (uint32_t k = 0; k < u->places + 3; k++) { scale *= 10; }
        if (more >= few || few * scale / 1000000 > INT64_MAX) { continue; }
        struct str is = money_words(u, (int64_t)(few * scale / 1000000)), then = money_words(u, (int64_t)(more * scale / 1000000)), unit = str_trim(source_text(u->sources, slot->kid[0]->span));
        struct diag *d = diag(u->diags, W1020_FEWER_COST_MORE, next->span, "fewer %.*s cost more: %lld cost %.*s, and %lld only %.*s", STR_ARG(unit), (long long)n, STR_ARG(is), (long long)n + 1, STR_ARG(then));
        diag_label(d, r->span, "the price of all units up to %lld", (long long)n);
        diag_help(d, "`graduated by` prices the units of each row for themselves; where it is meant so, write `fewer units may cost more`");
        return;
    }
}

struct amount *tiers_check(struct unit *u, const struct amount_scope *sc, struct charge_info *c, const struct node *slot)
{
    const struct node *heading = slot->n > 1 ? slot->kid[1] : NULL;
    if (heading == NULL || slot->n < 3) {
        struct diag *d = diag(u->diags, E0411_NO_ROWS, slot->span, "the table has no rows");
        diag_help(d, "write a heading line and at least one row, cells separated by `|`");
        return broken(u, slot->span);
    }
    struct amount *q = amount_check(u, sc, slot->kid[0]);
    if (q->type.base == AMOUNT_ERROR) { return q; }
    struct amount_scope in = *sc;
    in.units = slot->kid[0]->kind == N_NAME ? (q->type.base == AMOUNT_UNIT ? q->type.unit : slot->kid[0]->text) : str_trim(source_text(u->sources, slot->kid[0]->span));
    in.units_type = q->type;
    bool volume = slot->op == OP_VOLUME || slot->op == OP_STAIRSTEP, whole = slot->op == OP_PACKAGE || slot->op == OP_STAIRSTEP;
    struct amount *x = amount_two(u, volume ? EX_VOLUME : EX_GRADUATED, AMOUNT(AMOUNT_MONEY), slot->span, amount_new(u, EX_UNITS, q->type, slot->kid[0]->span), NULL);
    x->n_rows = slot->n - 2;
    x->row = ARENA_ARRAY(u->arena, struct amount_row, x->n_rows);
    struct amount *so_far = NULL;
    bool ok = true;
    for (uint32_t i = 0; i < x->n_rows; i++) {
        const struct node *row = slot->kid[i + 2];
        struct amount_row *r = &x->row[i];
        *r = (struct amount_row){ .span = row->span, .from = so_far, .flags = ROW_TO_IN };
        if (row->kind == N_BROKEN) { u->untold++; return broken(u, slot->span); }
        if (row->n != 2) {
            struct diag *d = diag(u->diags, E0409_ROW_WIDTH, row->span, "this row has %u cell%s, and a price needs two", row->n, row->n == 1 ? "" : "s");
            diag_help(d, "the first cell says for how many units, the second how much");
            return broken(u, slot->span);
        }
        if (row->kid[0]->n < 1 || row->kid[1]->n < 1) {
            struct diag *d = diag(u->diags, E0402_BLANK_CELL, row->kid[row->kid[0]->n < 1 ? 0 : 1]->span, "this cell is blank");
            diag_help(d, "write `first N`, `next N` or `beyond` in the first cell, the price in the second");
            return broken(u, slot->span);
        }
        const struct node *tier = row->kid[0]->kid[0];
        if (tier->kind != N_TIER || row->kid[0]->n > 1) {
            if (node_broken(row->kid[0])) { u->untold++; } else { not_a_tier(u, slot, row); }
            return broken(u, slot->span);
        }
        bool last = i + 1 == x->n_rows, beyond = tier->op == OP_BEYOND, first = tier->op == OP_FIRST_UNITS;
        if (beyond != last || first != (i == 0 && !beyond)) {
            struct diag *d = diag(u->diags, E1004_TIERS, row->span, !last ? "only the last row is `beyond`" : !beyond ? "it is not said what more units cost" : "only the first row is `first`");
            if (first && i > 0) { diag_help(d, "write `next`: a row counts from the end of the one above it"); }
            else { diag_help(d, "the rows are `first N`, then `next N` as often as needed, then `beyond`"); }
            return broken(u, slot->span);
        }
        if (!beyond) {
            r->to = so_far = tier_end(u, &in, tier, so_far);
            if (so_far == NULL) { ok = false; break; }
        } else {
            r->flags = 0;
        }
        ok = tier_price(u, &in, row->kid[1]->kid[0], r, whole) && ok;
    }
    x->row[0].from = amount_const(u, q->type, 0, 1, slot->kid[0]->span);
    x->row[0].flags |= ROW_FROM_IN;
    if (!ok) { return broken(u, slot->span); }
    if (volume) { fewer_cost_more(u, c, slot, x); }
    c->units = q;
    c->unit = q->type.base == AMOUNT_TIME ? STR("h") : q->type.base == AMOUNT_UNIT ? q->type.unit : q->type.base == AMOUNT_MONEY ? u->currency : in.units;
    return x;
}
