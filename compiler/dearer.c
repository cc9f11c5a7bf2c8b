/* SPDX-License-Identifier: MIT */
/* A better value of a scale (Gold before Silver, P1 before P2) that is served later or credited less than a worse one, all else being
 * equal: such a table has two of its rows the wrong way round. */
#include "compiler/doubts.h"
#include "compiler/target.h"

enum { MOST_CELLS = 100000 };

/* The row that decides a cell; NO_REF: none, or several. */
static uint32_t row_of(const struct table_info *t, uint32_t cell)
{
    if (t->hit == HIT_COLLECT || t->cell[cell] == NO_REF) { return NO_REF; }
    const struct outcome *w = &t->outcomes.p[t->cell[cell]];
    return w->rows.n > 0 ? w->rows.p[0] : NO_REF;
}

static bool is_always(struct unit *u, const struct tex *calendar) { return calendar == NULL || tex_calendar(calendar) == calendar_always(u); }

/* Is the target of row a later than that of row b, for certain? */
static bool slower(struct unit *u, const struct target_info *t, uint32_t a, uint32_t b)
{
    const struct target_val *x = t->table->output[t->column].value[a].target, *y = t->table->output[t->column].value[b].target;
    struct tex *in_x = target_row_calendar(t, a), *in_y = target_row_calendar(t, b);
    if (x == NULL || y == NULL || x->none || y->none || x->kind != y->kind || x->kind == TARGET_RECORD) { return false; }
    if (x->mode != y->mode || x->by != y->by || x->cutoff != y->cutoff) { return false; }
    bool same = in_x == in_y || (in_x != NULL && in_y != NULL && (tex_same(in_x, in_y) || (tex_calendar(in_x) != NULL && tex_calendar(in_x) == tex_calendar(in_y))));
    if (same) { return x->amount > y->amount; }
    return x->kind == TARGET_OPEN && is_always(u, in_y) && x->amount >= y->amount; /* open time is never shorter than plain time */
}

static bool credited_less(const struct table_info *t, uint32_t output, uint32_t a, uint32_t b)
{
    struct part x, y;
    if (!amount_part(t->output[output].value[a].amount, &x) || !amount_part(t->output[output].value[b].amount, &y)) { return false; }
    return part_same_whole(x.of, y.of) && part_is_below(x, y);
}

static void told(struct unit *u, const struct table_info *t, uint32_t column, uint32_t better, uint32_t worse, uint32_t a, uint32_t b, const char *what)
{
    struct type type = t->input[column].type;
    struct diag *d = diag(u->diags, W1013_DEARER_WORSE, t->row[a]->span, "`%.*s` %s `%.*s`", STR_ARG(value_words(u, type, better)), what, STR_ARG(value_words(u, type, worse)));
    diag_label(d, t->row[b]->span, "this row is for `%.*s`", STR_ARG(value_words(u, type, worse)));
    diag_note(d, "the values of `%.*s` stand with the best or most urgent first", STR_ARG(type.scale->name));
    diag_help(d, "look whether two rows have changed places, or whether the scale begins with the other end");
}

/* Cells that differ in one column of an ordered scale alone. One message for a table. */
static void compare(struct unit *u, const struct table_info *t, const struct target_info *target, uint32_t output)
{
    uint32_t div = t->n_cells;
    if (t->cell == NULL || t->n_cells > MOST_CELLS) { return; }
    for (uint32_t c = 0; c < t->n_inputs; c++) {
        div /= t->input[c].n_classes;
        const struct type type = t->input[c].type;
        if (type.vt != VT_SCALE || !type.scale->ordered || type.scale->is_party) { continue; }
        for (uint32_t cell = 0; cell < t->n_cells; cell++) {
            uint32_t better = cell / div % t->input[c].n_classes, a = row_of(t, cell);
            if (a == NO_REF || better >= type.scale->n) { continue; }
            for (uint32_t worse = better + 1; worse < type.scale->n; worse++) {
                uint32_t b = row_of(t, cell + (worse - better) * div);
                if (b == NO_REF || a == b) { continue; }
                bool is = target != NULL ? slower(u, target, a, b) : credited_less(t, output, a, b);
                if (!is) { continue; }
                told(u, t, c, better, worse, a, b, target != NULL ? "has a later target than" : "is credited less than");
                return;
            }
        }
    }
}

void dearer_and_worse(struct unit *u)
{
    for (size_t i = 0; i < u->clocks.n; i++) {
        const struct target_info *t = &u->clocks.p[i]->target;
        if (t->table != NULL && t->column != NO_REF && t->table->output[t->column].is_target) { compare(u, t->table, t, 0); }
    }
    for (size_t i = 0; i < u->money->charges.n; i++) {
        const struct charge_info *c = u->money->charges.p[i];
        const struct amount *x = c->kind == CHARGE_CREDIT ? c->amount : NULL;
        const struct fact_info *f = x != NULL && x->op == EX_FACT ? x->ref : NULL;
        const struct tex *by = f != NULL && x->value < f->values.n ? f->values.p[x->value].by[0] : NULL;
        if (by != NULL && by->kind == X_TABLE && by->type.vt == VT_EXACT) { compare(u, by->ref, NULL, (uint32_t)by->number); }
    }
}
