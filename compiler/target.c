/* SPDX-License-Identifier: MIT */
/* Targets: the words of a cell or slot, and where a clock's target comes from (T6, T7). */
#include "compiler/target.h"
#include "compiler/unit.h"

#define MILLION 1000000
__extension__ typedef __int128 wide;

static bool is_unit(struct str unit, const char *word) { return str_eq(unit, str_of(word)); }

/* The length itself: "15 min", "10 business days", "2 months". */
static bool amount(struct unit *u, const struct node *e, struct target_val *v)
{
    if (v->amount != NONE) {
        struct diag *d = diag(u->diags, E0403_ONE_VALUE, e->span, "a target has one length");
        diag_help(d, "write one of them; for different cases write different rows");
        return false;
    }
    if (e->number <= 0) {
        struct diag *d = diag(u->diags, E0601_TARGET_ZERO, e->span, "a target of nothing is due before anyone can act");
        diag_help(d, "write `none` if there is no target here");
        return false;
    }
    if (e->number2 != NONE && !is_unit(e->text, "service day")) {
        v->kind = TARGET_OPEN;
        v->amount = e->number2;
        return true;
    }
    if (is_unit(e->text, "service day")) {
        v->kind = TARGET_SERVICE;
        v->amount = e->number; /* in millionths of a service day until the calendar is known */
        return true;
    }
    if (e->number % MILLION != 0) {
        struct diag *d = diag(u->diags, E0304_WHOLE_NUMBER, e->span, "days, weeks and months are counted whole");
        diag_help(d, "an exact length is said in hours");
        return false;
    }
    int64_t n = e->number / MILLION;
    if (n > 100000) {
        struct diag *d = diag(u->diags, E0602_TARGET_LARGE, e->span, "a target so long never falls due");
        diag_help(d, "look at the number and its unit; if there is no target on purpose, write `none`");
        return false;
    }
    bool months = is_unit(e->text, "month") || is_unit(e->text, "year");
    v->kind = is_unit(e->text, "business day") ? TARGET_BUSINESS_DAYS : months ? TARGET_MONTHS : TARGET_DAYS;
    v->amount = n * (is_unit(e->text, "week") ? 7 : is_unit(e->text, "year") ? 12 : 1);
    return true;
}

static bool item(struct unit *u, const struct node *e, struct target_val *v, bool *mode_given)
{
    switch ((enum node_kind)e->kind) {
    case N_NONE: v->none = true; return true;
    case N_COUNTED: return amount(u, e, v);
    case N_BAND:
        if (e->kid[0] != NULL || e->kid[1] == NULL || e->kid[1]->kind != N_COUNTED) { break; }
        v->below = e->number2 == 0;
        return amount(u, e->kid[1], v);
    case N_TARGETMODE:
        switch (e->op) {
        case OP_END_OF_DAY: v->mode = DAY_END; *mode_given = true; return true;
        case OP_SAME_TIME: v->mode = DAY_SAME_TIME; *mode_given = true; return true;
        case OP_BY_TIME: v->mode = DAY_BY; v->by = e->number; *mode_given = true; return true;
        case OP_CUT_OFF: v->cutoff = e->number; return true;
        case OP_BELOW_TARGET: v->below = true; return e->n == 0 || amount(u, e->kid[0], v);
        default: return e->n == 0 || amount(u, e->kid[0], v);
        }
    case N_NUMBER: {
        struct diag *d = diag(u->diags, E0305_UNIT_MISSING, e->span, "%.*s of what?", STR_ARG(e->text));
        diag_help(d, "write the unit: `%.*s min`, `%.*s h`, `%.*s business day%s, end of day`", STR_ARG(e->text), STR_ARG(e->text), STR_ARG(e->text), e->number == MILLION ? "" : "s");
        return false;
    }
    case N_BROKEN: return false;
    default: break;
    }
    struct diag *d = diag(u->diags, E0603_TARGET_WORDS, e->span, "this is not a target");
    diag_help(d, "write a length such as `4 h`, `2 business days, end of day`, `30 days`, or `none`");
    return false;
}

bool target_check(struct unit *u, const struct scope *sc, const struct node *cell, struct target_val *v)
{
    (void)sc;
    bool mode_given = false;
    *v = (struct target_val){ .amount = NONE, .by = -1, .cutoff = -1, .text = str_trim(cell->text.n > 0 ? cell->text : source_text(u->sources, cell->span)), .span = cell->span, .mode = DAY_SAME_TIME };
    if (cell->n == 0) {
        struct diag *d = diag(u->diags, E0604_NO_TARGET, cell->span, "no target is given here");
        diag_help(d, "write a length such as `4 h`, or `none` if there is no target on purpose");
        return false;
    }
    for (uint32_t i = 0; i < cell->n; i++) {
        if (!item(u, cell->kid[i], v, &mode_given)) { return false; }
    }
    if (v->none) { return true; }
    if (v->amount == NONE) {
        diag(u->diags, E0603_TARGET_WORDS, cell->span, "the length is missing");
        return false;
    }
    if (v->kind == TARGET_BUSINESS_DAYS && !mode_given) {
        struct diag *d = diag(u->diags, E0605_DAY_MODE, cell->span, "due at what time of that day?");
        diag_help(d, "write `%.*s, end of day` or `%.*s, same time of day` or `%.*s, by 16:00`", STR_ARG(v->text), STR_ARG(v->text), STR_ARG(v->text));
        return false;
    }
    if (mode_given && v->kind != TARGET_BUSINESS_DAYS && v->kind != TARGET_DAYS && v->kind != TARGET_MONTHS) {
        struct diag *d = diag(u->diags, E0603_TARGET_WORDS, cell->span, "a length of time has no time of day; that belongs to targets in days");
        diag_help(d, "write the length alone, or a target in days: `1 business day, end of day`");
        return false;
    }
    if (v->cutoff >= 0 && v->kind != TARGET_BUSINESS_DAYS) {
        struct diag *d = diag(u->diags, E0603_TARGET_WORDS, cell->span, "`cut-off` belongs to targets in business days");
        diag_help(d, "take it out, or count in business days: `3 business days, end of day, cut-off 14:00`");
        return false;
    }
    return true;
}

/* The calendar a target is counted in, checked against its kind (T4, T6). */
bool target_calendar_check(struct unit *u, struct target_val *v, struct tex *calendar)
{
    if (v->none) { return true; }
    bool needs = v->kind == TARGET_OPEN || v->kind == TARGET_BUSINESS_DAYS || v->kind == TARGET_SERVICE;
    if (calendar == NULL && needs) {
        struct diag *d = diag(u->diags, E0606_WHICH_CALENDAR, v->span, "`%.*s`, counted on which calendar?", STR_ARG(v->text));
        diag_help(d, "write `in support` for the open hours of a calendar, `in 24x7` for plain time (in a table: a column `counted in`)");
        return false;
    }
    if (calendar == NULL) { return true; }
    if (calendar->type.vt == VT_ERROR) { return false; }
    struct calendar_info *c = tex_calendar(calendar);
    if (v->kind == TARGET_SERVICE) {
        if (c == NULL || c->def->service_day == 0) {
            struct diag *d = diag(u->diags, E0608_SERVICE_DAY, v->span, c == NULL ? "service days need a calendar by name" : "the calendar `%.*s` does not say what a service day is", STR_ARG(c != NULL ? c->name : STR("")));
            if (c != NULL && !span_is_none(c->node != NULL ? c->node->name_span : SPAN_NONE)) { diag_label(d, c->node->name_span, "write `a service day is 8 h` in it"); }
            return false;
        }
        v->kind = TARGET_OPEN;
        v->amount = (int64_t)((wide)v->amount * c->def->service_day / MILLION);
    }
    if (c != NULL && c->index != 0 && (v->kind == TARGET_DAYS || v->kind == TARGET_MONTHS)) {
        struct diag *d = diag(u->diags, W0601_DAYS_COUNTED_IN, v->span, "`%.*s` counts every day, also those on which `%.*s` is closed", STR_ARG(v->text), STR_ARG(c->name));
        diag_help(d, "for the days on which it opens write business days, such as `2 business days, end of day`; for calendar days leave the calendar away");
    }
    if (c != NULL && !(c->node != NULL && node_broken(c->node)) && calendar_never_opens(u, c)) {
        struct diag *d = diag(u->diags, E0503_NEVER_OPEN, calendar->span, "the calendar `%.*s` is never open, so that this would never fall due", STR_ARG(c->name));
        if (c->node != NULL) { diag_label(d, c->node->span, "its hours"); }
        return false;
    }
    return true;
}

/* A column of calendars is headed `counted in`; false when it bears a name that people give it instead. */
static bool counted_in_named(struct unit *u, const struct node *table)
{
    static const char *const others[] = { "calendar", "calendars", "calender", "hours", "service hours", "counted", "counts in", "count in", "measured in", "in" };
    const struct node *inputs = table->kid[0], *heading = table->n > 1 ? table->kid[1] : NULL, *column = NULL;
    if (heading == NULL || heading->kind != N_HEADING) { return true; }
    for (uint32_t c = inputs->n; c < heading->n; c++) {
        struct str name = heading->kid[c]->text;
        if (str_eq(name, STR("counted in"))) { return true; }
        for (size_t i = 0; i < countof(others); i++) {
            if (str_eq(name, str_of(others[i]))) { column = heading->kid[c]; }
        }
    }
    if (column == NULL) { return true; }
    struct diag *d = diag(u->diags, E0410_HEADING, column->span, "the column of calendars is headed `counted in`");
    diag_fix(d, column->span, "counted in");
    return false;
}

static bool by_table(struct unit *u, const struct scope *sc, const struct node *n, struct target_info *t)
{
    t->form = FORM_TABLE;
    if (!counted_in_named(u, n->kid[0])) { t->table = NULL; return false; }
    t->table = table_check(u, sc, n->kid[0], NULL);
    t->counted_in = t->column = NO_REF;
    if (t->table == NULL) { return false; }
    for (uint32_t i = 0; i < t->table->n_outputs; i++) {
        if (t->table->output[i].is_counted_in) { t->counted_in = i; }
        if (t->table->output[i].is_target) { t->column = i; }
    }
    if (t->column == NO_REF) {
        struct diag *d = diag(u->diags, E0410_HEADING, n->kid[0]->kid[1]->span, "the table has no column `within`");
        diag_help(d, "columns: the inputs, then `within`, then `counted in`");
        return false;
    }
    return true;
}

static bool by_column(struct unit *u, const struct scope *sc, const struct node *n, struct target_info *t)
{
    const struct node *name = n->kid[0];
    struct str table = name->text, column = { NULL, 0 };
    for (size_t i = name->text.n; i > 1; i--) {
        if (name->text.p[i - 1] != '.') { continue; }
        table = str_slice(name->text, 0, i - 1);
        column = str_slice(name->text, i, name->text.n);
        break;
    }
    struct symbol *s = symbol_need(u, sc->module, SYM_TABLE, table, name->span);
    t->form = FORM_COLUMN;
    t->table = s != NULL ? table_get(u, s) : NULL;
    t->column = t->counted_in = NO_REF;
    if (t->table == NULL) { return false; }
    for (uint32_t i = 0; i < t->table->n_outputs; i++) {
        if (str_eq(t->table->output[i].name, column)) { t->column = i; }
        if (t->table->output[i].is_counted_in) { t->counted_in = i; }
    }
    if (t->column != NO_REF && t->table->entity == sc->entity) {
        struct output_info *o = &t->table->output[t->column];
        bool ok = true;
        for (uint32_t r = 0; r < t->table->n_rows; r++) {
            if (o->value[r].target != NULL) { continue; }
            o->value[r].target = ARENA_NEW(u->arena, struct target_val);
            ok = target_check(u, sc, t->table->row[r]->kid[t->table->n_inputs + t->column], o->value[r].target) && ok;
        }
        return ok;
    }
    if (t->column == NO_REF) {
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, name->span, "table `%.*s` has no column `%.*s`", STR_ARG(table), STR_ARG(column));
        struct suggestion g;
        suggest_start(&g, column);
        for (uint32_t i = 0; i < t->table->n_outputs; i++) { suggest_offer(&g, t->table->output[i].name); }
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s.%.*s`?", STR_ARG(table), STR_ARG(g.best)); }
    } else {
        diag(u->diags, E0310_OTHER_ENTITY, name->span, "table `%.*s` is about a %.*s", STR_ARG(table), STR_ARG(t->table->entity->name));
    }
    return false;
}

static bool by_record(struct unit *u, const struct scope *sc, const struct node *n, struct target_info *t)
{
    struct tex *a = expr_check(u, sc, n->kid[0], TYPE(VT_INSTANT));
    t->form = FORM_SINGLE;
    t->single = ARENA_NEW(u->arena, struct target_val);
    *t->single = (struct target_val){ .kind = TARGET_RECORD, .missing_none = n->number == 1, .text = source_text(u->sources, n->kid[0]->span), .span = n->span, .by = -1, .cutoff = -1 };
    if (a->type.vt == VT_ERROR) { return false; }
    if (a->kind != X_ATTR) {
        struct diag *d = diag(u->diags, E0609_TARGET_ATTRIBUTE, n->kid[0]->span, "a due time from the record is an attribute of %.*s", STR_ARG(sc->entity->name));
        diag_help(d, "name the attribute itself: `target due_at of %.*s, missing none`", STR_ARG(sc->entity->name));
        return false;
    }
    t->single->attr = a->ref;
    return true;
}

/* Each row's calendar: its own `counted in`, else that of the whole target. */
struct tex *target_row_calendar(const struct target_info *t, uint32_t row)
{
    if (t->table == NULL || t->counted_in == NO_REF) { return t->calendar; }
    struct tex *own = t->table->output[t->counted_in].value[row].expr;
    return t->calendar != NULL ? t->calendar : own;
}

bool target_info_check(struct unit *u, const struct scope *sc, const struct node *n, struct target_info *t)
{
    *t = (struct target_info){ .node = n, .column = NO_REF, .counted_in = NO_REF };
    const struct node *calendar = n->n > 1 ? n->kid[1] : NULL;
    bool ok = true;
    if (n->kid[0]->kind == N_TABLE) { ok = by_table(u, sc, n, t); calendar = NULL; }
    else if (n->op == OP_NAMED) { ok = by_column(u, sc, n, t); }
    else if (n->op == OP_AT) { ok = by_record(u, sc, n, t); }
    else {
        t->form = FORM_SINGLE;
        t->single = ARENA_NEW(u->arena, struct target_val);
        ok = target_check(u, sc, n->kid[0], t->single);
    }
    if (calendar != NULL) { t->calendar = calendar_check(u, sc, calendar); }
    if (!ok) { t->form = FORM_NONE; t->table = NULL; return false; }
    if (t->form == FORM_SINGLE) { return target_calendar_check(u, t->single, t->calendar) && ok; }
    vec_push(&t->table->uses, u->arena, t);
    if (n->kid[0]->kind == N_TABLE) { vec_push(&u->tables, u->arena, t->table); }
    /* Rows of a shared table are targets of this clock only: each use has its own copies, with its own calendar. */
    for (uint32_t r = 0; r < t->table->n_rows; r++) {
        struct target_val v = *t->table->output[t->column].value[r].target;
        ok = target_calendar_check(u, &v, target_row_calendar(t, r)) && ok;
    }
    return ok;
}
