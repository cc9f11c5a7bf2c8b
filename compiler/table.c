/* SPDX-License-Identifier: MIT */
/* Decision tables: columns, hit policy, gaps, overlaps, rows that never match. */
#include "base/hash.h"
#include "compiler/charge.h"
#include "compiler/classes.h"
#include "compiler/unit.h"
#include <string.h>

#define TABLE_CELLS_MAX (1u << 20)
/* Pairs of a row and a cell that it matches: what laying out costs. Rows that exclude each other have no more than cells. */
#define TABLE_MATCHES_MAX (1u << 24)

/* ---- which entity a table is about: the first that knows all of its inputs ---- */

static bool knows(struct unit *u, struct source_module *m, struct entity_info *e, struct symbol *self, struct str name)
{
    if (attr_named(e, name) != NULL) { return true; }
    for (size_t i = 0; i < e->spans.n; i++) {
        if (str_eq(e->spans.p[i]->name, name)) { return true; }
    }
    struct symbol *s = symbol_find(u, m, SYM_TABLE, name);
    if (s != NULL && s != self) { return true; }
    return symbol_find(u, m, SYM_VALUE, name) != NULL;
}

static struct entity_info *entity_for(struct unit *u, struct source_module *m, struct symbol *self, const struct node *inputs)
{
    struct entity_info *best = u->entities.n > 0 ? u->entities.p[0] : NULL;
    uint32_t most = 0;
    for (size_t i = 0; i < u->entities.n; i++) {
        uint32_t k = 0;
        for (uint32_t j = 0; j < inputs->n; j++) { k += inputs->kid[j]->kind != N_NAME || knows(u, m, u->entities.p[i], self, inputs->kid[j]->text); }
        if (k > most) { most = k; best = u->entities.p[i]; }
    }
    return best;
}

/* ---- what an output column holds ---- */

static struct scale_info *scale_with(struct unit *u, struct source_module *m, const struct table_info *t, uint32_t column, bool all)
{
    for (size_t i = 0; i < u->scales.n; i++) {
        struct scale_info *s = u->scales.p[i];
        uint32_t names = 0, hits = 0;
        for (uint32_t r = 0; r < t->n_rows; r++) {
            const struct node *cell = t->row[r]->kid[column];
            for (uint32_t k = 0; k < cell->n; k++) {
                if (cell->kid[k]->kind != N_NAME && cell->kid[k]->kind != N_TEXT) { continue; }
                names++;
                hits += scale_value(s, cell->kid[k]->text) != NONE;
            }
        }
        if (names > 0 && (all ? hits == names : hits > 0)) {
            (void)m;
            return s;
        }
    }
    return NULL;
}

static const struct node *first_value(const struct table_info *t, uint32_t column)
{
    for (uint32_t r = 0; r < t->n_rows; r++) {
        const struct node *cell = t->row[r]->kid[column];
        for (uint32_t k = 0; k < cell->n; k++) {
            if (cell->kid[k]->kind != N_NONE && cell->kid[k]->kind != N_MISSING && cell->kid[k]->kind != N_BROKEN) { return cell->kid[k]; }
        }
    }
    return NULL;
}

static struct type output_type(struct unit *u, struct source_module *m, struct table_info *t, struct str name, uint32_t column)
{
    struct symbol *s = symbol_find(u, m, SYM_SCALE, name);
    if (s != NULL) { return (struct type){ VT_SCALE, s->info }; }
    const struct attr_info *a = attr_named(t->entity, name);
    if (a != NULL) { return a->type; }
    const struct node *v = first_value(t, column);
    if (v == NULL) { return TYPE(VT_TEXT); }
    switch ((enum node_kind)v->kind) {
    case N_YESNO: return TYPE(VT_FLAG);
    case N_PERCENT: return TYPE(VT_PERCENT);
    case N_DATE: return TYPE(VT_DATE);
    case N_TIME: return TYPE(VT_TIME);
    case N_MONEY: case N_PER: case N_PERCENTOF: case N_PERSTEP: case N_LINESUM: case N_FIGURES: case N_ARITH: return TYPE(VT_EXACT);
    case N_COUNTED: case N_TARGETMODE: return TYPE(VT_DURATION);
    case N_CALSET: case N_LOCALTO: return TYPE(VT_CALENDAR);
    case N_NUMBER:
        for (uint32_t r = 0; r < t->n_rows; r++) {
            const struct node *cell = t->row[r]->kid[column];
            if (cell->n == 1 && cell->kid[0]->kind == N_NUMBER && cell->kid[0]->number % 1000000 != 0) { return TYPE(VT_NUMBER); }
        }
        return TYPE(VT_COUNT);
    case N_NAME: {
        if (str_eq(v->text, STR("24x7")) || symbol_find(u, m, SYM_CALENDAR, v->text) != NULL) { return TYPE(VT_CALENDAR); }
        struct scale_info *k = scale_with(u, m, t, column, true);
        if (k == NULL) { k = scale_with(u, m, t, column, false); }
        return k != NULL ? (struct type){ VT_SCALE, k } : TYPE(VT_TEXT);
    }
    default: return TYPE(VT_TEXT);
    }
}

static bool output_cell(struct unit *u, const struct scope *sc, struct output_info *o, const struct node *cell, struct cell_value *v)
{
    *v = (struct cell_value){ .span = cell->span, .scalar = NONE };
    if (cell->n == 0) {
        struct diag *d = diag(u->diags, E0402_BLANK_CELL, cell->span, "this cell is blank");
        diag_help(d, "only the row that begins with `otherwise` may leave its tests blank; write the value, `none` or `missing`");
        return false;
    }
    const struct node *e = cell->kid[0];
    if (e->kind == N_BROKEN) { return false; }
    v->given = true;
    if (e->kind == N_NONE || e->kind == N_MISSING) { v->none = true; return true; }
    if (cell->n > 1) {
        struct diag *d = diag(u->diags, E0403_ONE_VALUE, cell->span, "a result has one value");
        diag_help(d, "write one of them; for different cases write different rows");
        return false;
    }
    if (o->type.vt == VT_EXACT) {
        v->amount = amount_check(u, &(struct amount_scope){ .module = sc->module, .level = LEVEL_BY_DAY }, e);
        if (v->amount->type.base == AMOUNT_ERROR) { return false; }
        if (o->amount == NULL) { o->amount = v->amount; }
        if (o->amount->type.base == v->amount->type.base && str_eq(o->amount->type.per, v->amount->type.per)) { return true; }
        struct diag *d = diag(u->diags, E0313_UNITS, e->span, "the rows give different kinds of amounts");
        diag_label(d, e->span, "this is %.*s", STR_ARG(amount_word(u, v->amount->type)));
        diag_label(d, o->amount->span, "this is %.*s", STR_ARG(amount_word(u, o->amount->type)));
        return false;
    }
    if (o->type.vt == VT_CALENDAR) {
        v->expr = calendar_check(u, sc, e);
        return v->expr->type.vt != VT_ERROR;
    }
    return literal_check(u, sc->module, e, o->type, &v->scalar, &v->text);
}

/* A column of target words ("15 min", "2 business days, end of day") is a column of targets; if all are exact lengths it can be
 * read as lengths of time as well. */
static bool column_has_days(const struct table_info *t, uint32_t column)
{
    for (uint32_t r = 0; r < t->n_rows; r++) {
        const struct node *cell = t->row[r]->kid[column];
        for (uint32_t k = 0; k < cell->n; k++) {
            if (cell->kid[k]->kind == N_TARGETMODE || (cell->kid[k]->kind == N_COUNTED && cell->kid[k]->number2 == NONE)) { return true; }
        }
    }
    return false;
}

static bool outputs(struct unit *u, const struct scope *sc, struct table_info *t)
{
    bool ok = true;
    for (uint32_t o = 0; o < t->n_outputs; o++) {
        struct output_info *out = &t->output[o];
        uint32_t column = t->n_inputs + o;
        out->is_counted_in = str_eq(out->name, STR("counted in"));
        out->type = out->is_counted_in ? TYPE(VT_CALENDAR) : output_type(u, sc->module, t, out->name, column);
        out->value = ARENA_ARRAY(u->arena, struct cell_value, t->n_rows);
        out->is_target = str_eq(out->name, STR("within")) || (out->type.vt == VT_DURATION && column_has_days(t, column));
        for (uint32_t r = 0; r < t->n_rows; r++) {
            const struct node *cell = t->row[r]->kid[column];
            struct cell_value *v = &out->value[r];
            if (out->is_counted_in && (cell->n == 0 || cell->kid[0]->kind == N_ANY || cell->kid[0]->kind == N_NONE)) { v->span = cell->span; continue; }
            if (!out->is_target) { ok = output_cell(u, sc, out, cell, v) && ok; continue; }
            v->span = cell->span;
            v->given = true;
            v->target = ARENA_NEW(u->arena, struct target_val);
            ok = target_check(u, sc, cell, v->target) && ok;
            v->none = v->target->none;
        }
    }
    return ok;
}

/* ---- rows into cells ---- */

struct layout {
    struct table_info *t; struct accepted *accept; /* of row r and column c at r * n_inputs + c */
    uint32_t *stride;            /* cells from a class of a column to the next */
    uint32_t *first, *second;    /* of each cell: the first rows that match it; NO_REF */
    uint32_t *from, *rows;       /* where all rows are asked for: those of cell k are rows[from[k]] up to rows[from[k + 1]] */
    uint64_t matches; const struct node *overlap_a, *overlap_b; uint32_t overlap_cell, gap_cell; bool gap, overlap; bool *used; int32_t otherwise;
};

static bool is_otherwise(const struct node *row) { return row->n > 0 && row->kid[0]->n == 1 && row->kid[0]->kid[0]->kind == N_OTHERWISE; }

static struct str witness(struct unit *u, const struct table_info *t, uint32_t cell)
{
    struct sb b = { .arena = u->arena };
    uint32_t div = t->n_cells;
    for (uint32_t c = 0; c < t->n_inputs; c++) {
        div /= t->input[c].n_classes;
        uint32_t k = cell / div % t->input[c].n_classes;
        sb_printf(&b, "%s%.*s %.*s", c == 0 ? "" : ", ", STR_ARG(t->input[c].name), STR_ARG(classes_witness(u, t->input[c].classes, k)));
    }
    return sb_str(&b);
}

/* Calls back for each cell that a row matches, ascending, until `each` says no. */
static bool matched(struct layout *l, uint32_t row, uint32_t column, uint32_t cell, bool (*each)(struct layout *l, uint32_t row, uint32_t cell))
{
    const struct accepted *a = &l->accept[(size_t)row * l->t->n_inputs + column];
    for (uint32_t i = 0; i < a->n; i++) {
        for (uint32_t k = a->p[i].from; k < a->p[i].to; k++) {
            uint32_t at = cell + k * l->stride[column];
            if (column + 1 < l->t->n_inputs ? !matched(l, row, column + 1, at, each) : !each(l, row, at)) { return false; }
        }
    }
    return true;
}

static bool mark(struct layout *l, uint32_t row, uint32_t cell)
{
    if (l->first[cell] == NO_REF) { l->first[cell] = row; }
    else if (l->second[cell] == NO_REF) { l->second[cell] = row; }
    if (l->from != NULL) { l->from[cell + 1]++; }
    return ++l->matches <= TABLE_MATCHES_MAX;
}

/* from[cell + 1] is where the next row of the cell goes. */
static bool place(struct layout *l, uint32_t row, uint32_t cell)
{
    l->rows[l->from[cell + 1]++] = row;
    return true;
}

/* The rows of each cell, one list behind the other: what `collect` gives. */
static void collect_rows(struct unit *u, struct layout *l)
{
    uint32_t before = 0;
    for (uint32_t cell = 0; cell < l->t->n_cells; cell++) { /* from numbers to places */
        uint32_t n = l->from[cell + 1];
        l->from[cell + 1] = before;
        before += n;
    }
    l->rows = ARENA_ARRAY(u->arena, uint32_t, before);
    for (uint32_t r = 0; r < l->t->n_rows; r++) {
        if ((int32_t)r != l->otherwise) { (void)matched(l, r, 0, 0, place); }
    }
}

/* Outcomes by the rows they are made of. */
struct outcome_index { uint32_t *slot /* outcome + 1 */; size_t n_slots; };

static uint32_t outcome_of(struct unit *u, struct table_info *t, struct outcome_index *x, const uint32_t *rows, uint32_t n)
{
    size_t mask = x->n_slots - 1, at = (size_t)hash_64(rows, n * sizeof *rows) & mask;
    for (; x->slot[at] != 0; at = (at + 1) & mask) {
        const struct outcome *o = &t->outcomes.p[x->slot[at] - 1];
        if (o->rows.n == n && (n == 0 || memcmp(o->rows.p, rows, n * sizeof *rows) == 0)) { return x->slot[at] - 1; }
    }
    struct outcome o = { { 0 } };
    for (uint32_t k = 0; k < n; k++) { vec_push(&o.rows, u->arena, rows[k]); }
    vec_push(&t->outcomes, u->arena, o);
    x->slot[at] = (uint32_t)t->outcomes.n;
    return (uint32_t)t->outcomes.n - 1;
}

/* False after a message. */
static bool fill(struct unit *u, struct layout *l)
{
    struct table_info *t = l->t;
    struct outcome_index x = { .n_slots = 2 };
    while (x.n_slots < (size_t)t->n_cells * 2) { x.n_slots *= 2; } /* a cell has one outcome, so half is free */
    x.slot = ARENA_ARRAY(u->arena, uint32_t, x.n_slots);
    t->cell = ARENA_ARRAY(u->arena, uint32_t, t->n_cells);
    l->first = ARENA_ARRAY(u->arena, uint32_t, t->n_cells);
    l->second = ARENA_ARRAY(u->arena, uint32_t, t->n_cells);
    for (uint32_t cell = 0; cell < t->n_cells; cell++) { l->first[cell] = l->second[cell] = NO_REF; }
    if (t->hit == HIT_COLLECT) { l->from = ARENA_ARRAY(u->arena, uint32_t, t->n_cells + 1); }
    bool all = true;
    for (uint32_t r = 0; r < t->n_rows && all; r++) { all = (int32_t)r == l->otherwise || matched(l, r, 0, 0, mark); }
    if (!all && t->hit != HIT_UNIQUE) { /* unique rows that match so often overlap, which is said below */
        struct diag *d = diag(u->diags, E0407_TABLE_LARGE, t->node->kid[0]->span, "the rows of this table match millions of cases, many of them several times");
        diag_help(d, "split it into two tables, the result of the first being an input of the second");
        return false;
    }
    if (t->hit == HIT_COLLECT) { collect_rows(u, l); }
    for (uint32_t cell = 0; cell < t->n_cells; cell++) {
        uint32_t n = l->first[cell] != NO_REF, otherwise = (uint32_t)l->otherwise, *rows = &l->first[cell];
        if (t->hit == HIT_COLLECT) {
            rows = l->rows + l->from[cell];
            n = l->from[cell + 1] - l->from[cell];
        }
        if (l->second[cell] != NO_REF && t->hit == HIT_UNIQUE && !l->overlap) {
            l->overlap = true;
            l->overlap_cell = cell;
            l->overlap_a = t->row[l->first[cell]];
            l->overlap_b = t->row[l->second[cell]];
        }
        if (n == 0 && l->otherwise >= 0) { rows = &otherwise; n = 1; }
        for (uint32_t k = 0; k < n; k++) { l->used[rows[k]] = true; }
        bool empty_is_zero = t->collect == OP_COLLECT_SUM || t->collect == OP_COLLECT_COUNT;
        t->cell[cell] = n == 0 && !empty_is_zero ? NO_REF : outcome_of(u, t, &x, rows, n);
        if (n > 0 || l->gap || t->hit == HIT_COLLECT) { continue; }
        bool missing = false;
        for (uint32_t c = 0; c < t->n_inputs; c++) { missing = missing || cell / l->stride[c] % t->input[c].n_classes == t->input[c].n_classes - 1; }
        if (!missing) { l->gap = true; l->gap_cell = cell; }
    }
    return true;
}

static void report(struct unit *u, struct layout *l, const struct node *node)
{
    struct table_info *t = l->t;
    const struct node *by = node->kid[0];
    struct span head = node->text.n == 0 ? span_join(by->kid[0]->span, by->kid[by->n - 1]->span) : node->name_span;
    for (uint32_t c = 0; c < by->n; c++) { l->gap = l->gap && !name_unreadable(u, t->input[c].name); }
    if (l->gap) {
        struct diag *d = diag(u->diags, E0404_TABLE_GAP, head, "no row matches %.*s", STR_ARG(witness(u, t, l->gap_cell)));
        diag_help(d, "add a row for it, or a last row that begins with `otherwise` (its value may be `none`)");
    }
    if (l->overlap) {
        struct diag *d = diag(u->diags, E0405_TABLE_OVERLAP, l->overlap_b->span, "two rows match %.*s", STR_ARG(witness(u, t, l->overlap_cell)));
        diag_label(d, l->overlap_a->span, "the other row is here");
        diag_help(d, "make the rows differ, or write `first match` behind the table's inputs if the upper row shall win");
        return;
    }
    for (uint32_t r = 0; r < t->n_rows; r++) {
        if (l->used[r]) { continue; }
        struct diag *d = diag(u->diags, E0406_ROW_NEVER, t->row[r]->span, (int32_t)r == l->otherwise ? "nothing is left for `otherwise`" : "this row can never match");
        diag_help(d, "the rows above it take every case; take it out or narrow them");
    }
}

static bool classify(struct unit *u, const struct scope *sc, struct table_info *t)
{
    uint64_t cells = 1;
    for (uint32_t c = 0; c < t->n_inputs; c++) {
        const struct node **column = ARENA_ARRAY(u->arena, const struct node *, t->n_rows);
        for (uint32_t r = 0; r < t->n_rows; r++) { column[r] = t->row[r]->kid[c]; }
        t->input[c].classes = classes_make(u, sc->module, t->input[c].type, column, t->n_rows);
        if (t->input[c].classes == NULL) { return false; }
        t->input[c].n_classes = t->input[c].classes->n;
        cells *= t->input[c].n_classes;
        if (cells > TABLE_CELLS_MAX) {
            struct diag *d = diag(u->diags, E0407_TABLE_LARGE, t->node->kid[0]->span, "the table tells more than a million cases apart");
            diag_help(d, "split it into two tables, the result of the first being an input of the second");
            return false;
        }
    }
    t->n_cells = (uint32_t)cells;
    return true;
}

static bool rows(struct unit *u, const struct scope *sc, struct table_info *t)
{
    struct layout l = { .t = t, .otherwise = -1 };
    l.stride = ARENA_ARRAY(u->arena, uint32_t, t->n_inputs);
    for (uint32_t c = t->n_inputs, cells = 1; c-- > 0;) { l.stride[c] = cells; cells *= t->input[c].n_classes; }
    l.accept = ARENA_ARRAY(u->arena, struct accepted, (size_t)t->n_rows * t->n_inputs);
    l.used = ARENA_ARRAY(u->arena, bool, t->n_rows);
    bool ok = true;
    for (uint32_t r = 0; r < t->n_rows; r++) {
        if (is_otherwise(t->row[r])) {
            if (r + 1 < t->n_rows) {
                struct diag *d = diag(u->diags, E0408_OTHERWISE_LAST, t->row[r]->span, "the `otherwise` row is not the last");
                diag_help(d, "it takes what all other rows leave; move it down");
                ok = false;
            }
            l.otherwise = (int32_t)r;
            continue;
        }
        for (uint32_t c = 0; c < t->n_inputs; c++) {
            const struct node *cell = t->row[r]->kid[c];
            if (cell->n == 0) {
                struct diag *d = diag(u->diags, E0402_BLANK_CELL, cell->span, "this cell is blank");
                diag_help(d, "write `any` if the row holds whatever `%.*s` is", STR_ARG(t->input[c].name));
                ok = false;
                continue;
            }
            ok = classes_accept(u, sc->module, t->input[c].classes, cell, &l.accept[(size_t)r * t->n_inputs + c]) && ok;
        }
    }
    if (!ok) { return false; }
    if (!fill(u, &l)) { return false; }
    report(u, &l, t->node);
    return true;
}

/* ---- headings ---- */

static bool widths(struct unit *u, struct table_info *t, const struct node *heading)
{
    bool ok = true;
    for (uint32_t r = 0; r < t->n_rows; r++) {
        if (t->row[r]->n == heading->n) { continue; }
        struct diag *d = diag(u->diags, E0409_ROW_WIDTH, t->row[r]->span, "this row has %u cells, the heading has %u", t->row[r]->n, heading->n);
        diag_label(d, heading->span, "the heading");
        diag_help(d, t->row[r]->n < heading->n ? "put `|` between all cells; where it does not matter, write `any`" : "take a cell out, or give its column a heading");
        ok = false;
    }
    return ok;
}

static struct str input_name(const struct node *e) { return e->text; }

/* The heading names the inputs first, in the order of `by`. */
static bool headings(struct unit *u, const struct node *inputs, const struct node *heading)
{
    if (heading->n <= inputs->n) {
        struct diag *d = diag(u->diags, E0410_HEADING, heading->span, "the heading has no column for the result");
        diag_help(d, "columns: the inputs, then at least one result");
        return false;
    }
    for (uint32_t c = 0; c < inputs->n; c++) {
        if (inputs->kid[c]->kind != N_NAME || str_eq(heading->kid[c]->text, input_name(inputs->kid[c]))) { continue; }
        struct diag *d = diag(u->diags, E0410_HEADING, heading->kid[c]->span, "column %u is headed `%.*s`, but the table is by `%.*s`", c + 1, STR_ARG(heading->kid[c]->text), STR_ARG(input_name(inputs->kid[c])));
        diag_label(d, inputs->kid[c]->span, "the inputs in their order");
        diag_help(d, "columns: the inputs in this order, then the results");
        return false;
    }
    return true;
}

/* `impact / urgency | high | medium` : one row for each cell of the cross. */
static bool cross(struct unit *u, struct table_info *t, const struct node *node, const struct node *inputs, const struct node *heading)
{
    if (inputs->n != 2) {
        diag(u->diags, E0410_HEADING, heading->span, "a cross table has two inputs");
        return false;
    }
    struct str rest, first = str_trim(str_cut(heading->kid[0]->text, '/', &rest));
    rest = str_trim(rest);
    if (!str_eq(first, input_name(inputs->kid[0])) || !str_eq(rest, input_name(inputs->kid[1]))) {
        struct diag *d = diag(u->diags, E0410_HEADING, heading->kid[0]->span, "the corner says `%.*s`, but the table is by `%.*s`, `%.*s`", STR_ARG(heading->kid[0]->text), STR_ARG(input_name(inputs->kid[0])), STR_ARG(input_name(inputs->kid[1])));
        diag_help(d, "rows are the first input, columns the second: `%.*s / %.*s`", STR_ARG(input_name(inputs->kid[0])), STR_ARG(input_name(inputs->kid[1])));
        return false;
    }
    uint32_t across = heading->n - 1, down = node->n - 2;
    t->n_rows = across * down;
    t->row = ARENA_ARRAY(u->arena, const struct node *, t->n_rows);
    for (uint32_t r = 0; r < down; r++) {
        const struct node *row = node->kid[2 + r];
        if (row->n != heading->n) {
            struct diag *d = diag(u->diags, E0409_ROW_WIDTH, row->span, "this row has %u cells, the heading has %u", row->n, heading->n);
            diag_label(d, heading->span, "the heading");
            return false;
        }
        for (uint32_t c = 0; c < across; c++) {
            struct node *x = ARENA_NEW(u->arena, struct node);
            *x = *row;
            x->n = 3;
            x->kid = ARENA_ARRAY(u->arena, struct node *, 3);
            x->kid[0] = row->kid[0];
            x->kid[1] = heading->kid[1 + c];
            x->kid[2] = row->kid[1 + c];
            x->span = row->kid[1 + c]->span;
            t->row[r * across + c] = x;
        }
    }
    t->n_outputs = 1;
    t->output = ARENA_NEW(u->arena, struct output_info);
    t->output[0] = (struct output_info){ .name = t->name, .heading = heading->kid[0] };
    return true;
}

static bool columns(struct unit *u, struct table_info *t, const struct node *node)
{
    const struct node *inputs = node->kid[0], *heading = node->kid[1];
    if (heading == NULL || node->n < 3) {
        struct diag *d = diag(u->diags, E0411_NO_ROWS, node->span, "the table has no rows");
        diag_help(d, "write a heading line and at least one row, cells separated by `|`");
        return false;
    }
    for (uint32_t r = 1; r < node->n; r++) { /* the heading, then the rows; the parser has said what is wrong */
        if (node->kid[r]->kind == N_BROKEN || node->kid[r]->n == 0) { return false; }
    }
    if (node->number2 == 1) { return cross(u, t, node, inputs, heading); }
    if (!headings(u, inputs, heading)) { return false; }
    t->n_rows = node->n - 2;
    t->row = ARENA_ARRAY(u->arena, const struct node *, t->n_rows);
    for (uint32_t r = 0; r < t->n_rows; r++) { t->row[r] = node->kid[2 + r]; }
    t->n_outputs = heading->n - inputs->n;
    t->output = ARENA_ARRAY(u->arena, struct output_info, t->n_outputs);
    for (uint32_t o = 0; o < t->n_outputs; o++) {
        t->output[o] = (struct output_info){ .name = heading->kid[inputs->n + o]->text, .heading = heading->kid[inputs->n + o] };
    }
    return widths(u, t, heading);
}

struct table_info *table_check(struct unit *u, const struct scope *sc, const struct node *node, struct symbol *symbol)
{
    struct table_info *t = ARENA_NEW(u->arena, struct table_info);
    const struct node *inputs = node->kid[0];
    *t = (struct table_info){ .name = node->text, .symbol = symbol, .node = node, .entity = sc->entity, .index = NO_REF };
    t->hit = node->op == OP_FIRST_MATCH ? HIT_FIRST : node->op >= OP_COLLECT && node->op <= OP_COLLECT_COUNT ? HIT_COLLECT : HIT_UNIQUE;
    t->collect = node->op;
    t->from_event = node->number == 1;
    t->n_inputs = inputs->n;
    t->input = ARENA_ARRAY(u->arena, struct column_info, inputs->n);
    bool ok = true;
    for (uint32_t c = 0; c < inputs->n; c++) {
        struct tex *x = expr_check(u, sc, inputs->kid[c], TYPE(VT_FREE));
        t->input[c] = (struct column_info){ .name = inputs->kid[c]->kind == N_NAME ? inputs->kid[c]->text : source_text(u->sources, inputs->kid[c]->span), .type = x->type, .input = x };
        ok = ok && x->type.vt != VT_ERROR;
        if (x->type.vt == VT_CALENDAR) { diag(u->diags, E0302_TYPE, x->span, "a calendar cannot be an input of a table"); ok = false; }
    }
    if (!ok || !columns(u, t, node)) { return NULL; }
    ok = classify(u, sc, t) && rows(u, sc, t);
    return outputs(u, sc, t) && ok ? t : NULL;
}

struct table_info *table_get(struct unit *u, struct symbol *s)
{
    if (s->state == 2) { return s->info; }
    if (s->state == 1) {
        struct diag *d = diag(u->diags, E0211_CIRCULAR, s->node->name_span, "the %s `%.*s` depends on itself", symbol_kind_word[s->kind], STR_ARG(s->name));
        diag_help(d, "one of its inputs is worked out from it; give that one another source");
        return NULL;
    }
    s->state = 1;
    struct scope sc = { s->module, entity_for(u, s->module, s, s->node->kid[0]), NULL };
    u->deep += 4;
    struct table_info *t = table_check(u, &sc, s->node, s);
    u->deep -= 4;
    s->info = t;
    s->state = 2;
    if (t != NULL) { vec_push(&u->tables, u->arena, t); }
    return t;
}

void unit_check_tables(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_TABLE) { (void)table_get(u, u->all.p[i]); }
    }
}

struct value_info *value_get(struct unit *u, struct symbol *s)
{
    if (s->state == 2) { return s->info; }
    if (s->state == 1) {
        struct diag *d = diag(u->diags, E0211_CIRCULAR, s->node->name_span, "the value `%.*s` depends on itself", STR_ARG(s->name));
        diag_help(d, "one of the values that it is worked out from is worked out from it; give that one another source");
        return NULL;
    }
    s->state = 1;
    struct value_info *v = ARENA_NEW(u->arena, struct value_info);
    *v = (struct value_info){ .name = s->name, .symbol = s };
    if (s->node->kid[0] != NULL) {
        struct symbol *e = symbol_need(u, s->module, SYM_ENTITY, s->node->kid[0]->text, s->node->kid[0]->span);
        if (e != NULL) { v->entity = e->info; }
    }
    u->deep += 4;
    v->expr = expr_check(u, &(struct scope){ s->module, v->entity, NULL }, s->node->kid[1], TYPE(VT_FREE));
    u->deep -= 4;
    if (v->expr->type.vt == VT_MISSING) { diag(u->diags, E0302_TYPE, v->expr->span, "`missing` alone is no value"); }
    s->state = 2;
    s->info = v->expr->type.vt == VT_ERROR ? NULL : v;
    if (s->info != NULL) { vec_push(&u->values, u->arena, v); }
    return s->info;
}

void unit_check_values(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_VALUE) { (void)value_get(u, u->all.p[i]); }
    }
}
