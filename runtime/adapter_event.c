/* SPDX-License-Identifier: MIT */
/* The events of a row: which rules hold for it, and what they make of its cells. */
#include "runtime/adapter.h"
#include "base/civil.h"
#include <stdio.h>

/* ---- conditions ---- */

static bool one_of(const struct plan_condition *c, struct str s)
{
    for (uint32_t i = 0; s.p && i < c->n; i++) {
        if (str_eq(c->text[i], s)) { return true; }
    }
    return false;
}

static bool same(struct str x, struct str y)
{
    return (x.p == NULL) == (y.p == NULL) && x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
}

static bool holds(const struct adapter *a, const struct plan_rule *p)
{
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        const struct plan_condition *c = &p->condition[i];
        struct str now = a->row[c->column];
        bool first, ok = false;
        struct str past = state_before(a, c->column, &first);
        switch ((enum adapter_condition_kind)c->kind) {
        case COND_BECOMES: ok = one_of(c, now) && (first || !one_of(c, past)); break;
        case COND_DIFFERS: ok = !first && !same(now, past); break;
        case COND_GIVEN: ok = now.p != NULL; break;
        case COND_NOT_GIVEN: ok = now.p == NULL; break;
        case COND_IS: ok = one_of(c, now); break;
        case COND_IS_NOT: ok = !one_of(c, now); break;
        case COND_WAS: ok = !first && one_of(c, past); break;
        }
        if (!ok) { return false; }
    }
    return true;
}

/* ---- making events ---- */

struct str adapter_column_name(const struct adapter *a, uint32_t column, char number[24])
{
    if (column >= a->n_columns) { return STR("?"); }
    if (a->column[column].name.n) { return a->column[column].name; }
    snprintf(number, 24, "column %u", a->column[column].position + 1);
    return str_of(number);
}

bool bad_cell(struct input *s, uint32_t column, const char *why)
{
    char number[24];
    struct str name = adapter_column_name(s->adapter, column, number);
    reject(s, 0, "`%.*s`: %s", STR_ARG(name), why);
    return false;
}

bool adapter_read_time(struct input *s, const struct time_plan *t, uint32_t column, struct str text, int64_t shift, instant *out)
{
    struct why why;
    const char *reason = "";
    *out = t ? time_plan_read(t, text, &why) : civil_read_instant(text.p, text.n, &reason);
    if (*out != NONE && ckd_add(out, *out, shift)) { *out = NONE; }
    if (*out != NONE) { return true; }
    return bad_cell(s, column, t ? why.text : reason);
}

/* A number of units, to the nearest microsecond: exports write hours with any number of decimals, and the twelfth of an
 * hour's is below a nanosecond. */
static bool scaled(struct str text, int64_t unit, int64_t *out, const char **why)
{
    __extension__ typedef __int128 wide;
    struct str decimals;
    struct str whole = str_cut(text, '.', &decimals);
    int64_t number, fraction = 0, power = 1;
    bool plain = decimals.n > 0;
    for (size_t i = 0; i < decimals.n; i++) {
        if (decimals.p[i] < '0' || decimals.p[i] > '9') { plain = false; break; }
        if (i < 12) {
            fraction = fraction * 10 + (decimals.p[i] - '0');
            power *= 10;
        }
    }
    if (!plain) { whole = text; fraction = 0; power = 1; } /* an exponent, or nothing behind the point */
    bool minus = whole.n > 0 && whole.p[0] == '-', bare = whole.n == 0 || (whole.n == 1 && (minus || whole.p[0] == '+'));
    if (bare && plain) { number = 0; }
    else if (!decode_decimal(whole.p, whole.n, &number, why)) { return false; }
    if (number > 1000000000000000 || number < -1000000000000000) { return *why = "is too large", false; }
    wide scale = (wide)USEC * power, exact = (wide)number * unit * power + (minus ? -1 : 1) * (wide)fraction * unit * USEC;
    exact = (exact + (exact < 0 ? -scale : scale) / 2) / scale;
    if (exact > INT64_MAX - 1 || exact < -INT64_MAX) { return *why = "is too large", false; }
    *out = (int64_t)exact;
    return true;
}

/* The value's text after its map; p NULL: absent. */
static bool value_text(struct input *s, const struct plan_value *v, uint32_t list, struct str element, const char *identity, struct str *out)
{
    struct adapter *a = s->adapter;
    *out = v->identity ? str_of(identity) : v->column == NO_COLUMN ? v->text : v->column == list ? element : a->row[v->column];
    if (v->map == NULL) { return true; }
    struct str got = *out;
    if (map_plan_get(v->map, got, out) != MAPPED_BAD) { return true; }
    char text[72], number[24];
    struct str name = adapter_column_name(a, v->column, number), map = map_plan_name(v->map);
    reject(s, 0, "`%.*s`: the map `%.*s` has no row for `%s`", STR_ARG(name), STR_ARG(map), shown(text, got));
    return false;
}

static bool set_field(struct input *s, const struct plan_value *v, const struct schema_field *f, struct str t, struct record *rec, char **text)
{
    int64_t *scalar = (int64_t *)(uintptr_t)rec->ev.scalar;
    struct why why;
    const char *reason = "";
    if (f->type == VT_TEXT) {
        if (t.n) { memcpy(*text, t.p, t.n); }
        ((struct str *)(uintptr_t)rec->ev.text)[f->slot] = str_make(*text, t.n);
        *text += t.n;
        return true;
    }
    if (v->time && (f->type == VT_INSTANT || f->type == VT_DURATION)) { return adapter_read_time(s, v->time, v->column, t, 0, &scalar[f->slot]); }
    if (v->unit && (f->type == VT_DURATION || f->type == VT_NUMBER)) {
        if (scaled(t, v->unit, &scalar[f->slot], &reason)) { return true; }
        char view[72];
        snprintf(why.text, sizeof why.text, "`%s` %s", shown(view, t), reason);
    } else {
        struct json_value j = { .p = t.p, .n = (uint32_t)t.n, .kind = 'x' };
        if (decode_scalar(&s->run->schema, (struct value_kind){ f->type, f->scale }, &j, &scalar[f->slot], &why)) { return true; }
    }
    if (v->column != NO_COLUMN) { return bad_cell(s, v->column, why.text); }
    reject(s, 0, "`%.*s`: %s", STR_ARG(f->name), why.text);
    return false;
}

static void finish(struct input *s, struct record *rec, char *end, struct str key)
{
    struct adapter *a = s->adapter;
    rec->ev.key = str_make(end, key.n);
    if (key.n) { memcpy(end, key.p, key.n); }
    rec->sequence = a->sequence;
    rec->fold = a->now->fold;
    record_done(s, rec, end + key.n);
    input_push(s, rec);
}

static bool make_event(struct input *s, const struct plan_rule *p, bool end, instant at, struct str key, uint32_t list, struct str element)
{
    struct adapter *a = s->adapter;
    const struct schema_event *e = end ? p->end_event : p->event;
    char identity[40], *text;
    snprintf(identity, sizeof identity, "row %u:%u", s->file + 1, s->place.line);
    size_t bytes = key.n;
    for (uint32_t i = 0; i < p->n_values; i++) {
        const struct plan_value *v = &p->value[i];
        a->resolved[i] = (struct str){ NULL, 0 };
        if ((end ? v->end_field : v->field) == NULL && !v->map) { continue; } /* the agreement does not use it */
        if (!value_text(s, v, list, element, identity, &a->resolved[i])) { return false; }
        bytes += a->resolved[i].n;
    }
    struct record *rec = record_start(s, e->n_scalars, e->n_texts, bytes, &text);
    rec->ev.type = e->index;
    rec->ev.at = at;
    rec->rank = e->rank;
    for (uint32_t i = 0; i < e->n_fields; i++) {
        const struct schema_field *f = &e->field[i];
        const struct plan_value *v = NULL;
        struct str t = { NULL, 0 };
        for (uint32_t j = 0; j < p->n_values; j++) {
            if ((end ? p->value[j].end_field : p->value[j].field) == f && a->resolved[j].p) {
                v = &p->value[j];
                t = a->resolved[j];
            }
        }
        if (v) {
            if (!set_field(s, v, f, t, rec, &text)) { return false; }
        } else if (f->flags & FIELD_REQUIRED) {
            reject(s, 0, "`%.*s` needs `%.*s`, which this row does not give", STR_ARG(e->name), STR_ARG(f->name));
            return false;
        } else if (f->type != VT_TEXT) {
            ((int64_t *)(uintptr_t)rec->ev.scalar)[f->slot] = f->initial;
        } else if (f->initial_text.n) {
            ((struct str *)(uintptr_t)rec->ev.text)[f->slot] = f->initial_text;
        }
    }
    finish(s, rec, text, e->entity == NO_REF ? STR("") : key);
    if (a->row_at == NONE || at > a->row_at) { a->row_at = at; }
    return true;
}

static bool each(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    uint32_t list = p->r->column != NO_COLUMN ? p->r->column : p->r->time_column;
    if (list == NO_COLUMN) { return true; }
    bool own_times = p->r->time_column == NO_COLUMN || p->r->time_column == list;
    instant at = NONE;
    struct str rest = a->row[list];
    if (rest.p == NULL) { return true; }
    if (!own_times) {
        struct str t = a->row[p->r->time_column];
        if (t.p == NULL) { return bad_cell(s, p->r->time_column, "the time of this event is missing"); }
        if (!adapter_read_time(s, p->time, p->r->time_column, t, p->r->shift, &at)) { return false; }
    }
    while ((rest = str_trim(rest)).n > 0) {
        struct str one = str_cut(rest, ' ', &rest);
        if (own_times && !adapter_read_time(s, p->time, list, one, p->r->shift, &at)) { return false; }
        if (!make_event(s, p, false, at, key, list, one)) { return false; }
    }
    return true;
}

static bool interval(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str from = a->row[p->r->time_column], to = p->r->end_column != NO_COLUMN ? a->row[p->r->end_column] : (struct str){ NULL, 0 };
    instant begin, end;
    if (from.p == NULL) { return to.p == NULL || bad_cell(s, p->r->time_column, "the interval has an end and no beginning"); }
    if (!adapter_read_time(s, p->time, p->r->time_column, from, p->r->shift, &begin)) { return false; }
    if (to.p && !adapter_read_time(s, p->end_time, p->r->end_column, to, p->r->end_shift, &end)) { return false; }
    if (to.p && end < begin) { return bad_cell(s, p->r->end_column, "the interval ends before it begins"); }
    if (!make_event(s, p, false, begin, key, NO_COLUMN, STR(""))) { return false; }
    return to.p == NULL || p->end_event == NULL || make_event(s, p, true, end, key, NO_COLUMN, STR(""));
}

static bool timed(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str t = a->row[p->r->time_column];
    instant at;
    /* In a list of states reached, a time that is not there yet is not a fault. */
    if (t.p == NULL) { return p->r->kind == RULE_ROW || bad_cell(s, p->r->time_column, "the time of this event is missing"); }
    return adapter_read_time(s, p->time, p->r->time_column, t, p->r->shift, &at) && make_event(s, p, false, at, key, NO_COLUMN, STR(""));
}

/* One value for the engine beside events: a fact without a time, or what the export itself recorded. */
static bool make_single(struct input *s, const struct plan_rule *p, uint32_t type, instant at, int64_t scalar, struct str t, struct str key)
{
    char *text;
    struct record *rec = record_start(s, 1, 1, t.n + key.n, &text);
    rec->ev.type = type;
    rec->ev.rule = p->index;
    rec->ev.at = at;
    rec->rank = type == EVENT_SET ? 0 : 2;
    ((int64_t *)(uintptr_t)rec->ev.scalar)[0] = scalar;
    if (t.n) { memcpy(text, t.p, t.n); }
    if (t.p) { ((struct str *)(uintptr_t)rec->ev.text)[0] = str_make(text, t.n); }
    finish(s, rec, text + t.n, key);
    return true;
}

static bool mapped_cell(struct input *s, const struct plan_rule *p, struct str *out)
{
    struct plan_value v = { .column = p->column, .map = p->map };
    if (p->column == NO_COLUMN) { v.text = p->n_values ? p->value[0].text : STR(""); }
    return value_text(s, &v, NO_COLUMN, STR(""), "", out);
}

static bool set_fact(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    bool first;
    if (p->column != NO_COLUMN) {
        struct str past = state_before(a, p->column, &first);
        if (!first && same(past, a->row[p->column])) { return true; } /* said already */
    } else if (a->now->last != NONE) {
        return true;
    }
    struct str t;
    if (!mapped_cell(s, p, &t)) { return false; }
    if (t.p == NULL || p->r->attr == NO_REF) { return true; }
    const struct m_attr *attr = &s->run->m->attr[p->r->attr];
    int64_t scalar = NONE;
    struct why why;
    struct json_value j = { .p = t.p, .n = (uint32_t)t.n, .kind = 'x' };
    if (attr->type != VT_TEXT && !decode_scalar(&s->run->schema, (struct value_kind){ attr->type, attr->scale }, &j, &scalar, &why)) {
        return bad_cell(s, p->column, why.text);
    }
    instant at = a->now->fold->opened != NONE ? a->now->fold->opened : a->row_at != NONE ? a->row_at : a->now->fold->first;
    return make_single(s, p, EVENT_SET, at == NONE ? NONE + 1 : at, scalar, t, key);
}

static bool recorded(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str t;
    if (!mapped_cell(s, p, &t)) { return false; }
    if (t.p == NULL) { return true; }
    instant at = a->row_at;
    uint32_t column = p->r->time_column != NO_COLUMN ? p->r->time_column : a->row_time_column;
    if (column != NO_COLUMN && a->row[column].p) {
        instant own;
        if (!adapter_read_time(s, p->r->time_column != NO_COLUMN ? p->time : a->row_time, column, a->row[column], p->r->time_column != NO_COLUMN ? p->r->shift : 0, &own)) { return false; }
        if (at == NONE || own > at) { at = own; }
    }
    if (at == NONE) { at = a->now->last; }
    if (at == NONE) { return true; } /* a row without any time says nothing about an instant */
    int64_t scalar = NONE;
    const char *reason = "";
    switch ((enum adapter_aspect)p->r->aspect) {
    case ASPECT_STATE: break;
    case ASPECT_DUE:
    case ASPECT_STOPPED:
        if (!adapter_read_time(s, p->time, p->column, t, 0, &scalar)) { return false; }
        break;
    case ASPECT_ELAPSED:
        if (p->unit ? !scaled(t, p->unit, &scalar, &reason) : !decode_duration(t, &scalar, &reason)) {
            char view[72];
            struct why why;
            snprintf(why.text, sizeof why.text, "`%s` %s", shown(view, t), reason);
            return bad_cell(s, p->column, why.text);
        }
        break;
    }
    return make_single(s, p, EVENT_RECORDED, at, scalar, t, key);
}

/* The words of an event that the agreement does not know are looked at all the same: the adapter asks for it. */
static bool check_words(struct input *s, const struct plan_rule *p)
{
    for (uint32_t i = 0; i < p->n_values; i++) {
        struct str t;
        if (p->value[i].map && p->r->kind != RULE_EACH && !value_text(s, &p->value[i], NO_COLUMN, STR(""), "", &t)) { return false; }
    }
    return true;
}

static bool apply_rule(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    switch ((enum adapter_rule_kind)p->r->kind) {
    case RULE_ONCE:
        if (a->now->last != NONE) { return true; }
        if (p->event == NULL) { return check_words(s, p); }
        return p->r->time_column == NO_COLUMN || timed(s, p, key);
    case RULE_ROW:
    case RULE_WHEN:
        if (p->event == NULL) { return check_words(s, p); }
        return p->r->time_column == NO_COLUMN || timed(s, p, key);
    case RULE_INTERVAL:
        if (p->event == NULL) { return check_words(s, p); }
        return p->r->time_column == NO_COLUMN || interval(s, p, key);
    case RULE_EACH: return p->event == NULL || each(s, p, key);
    case RULE_SET: return set_fact(s, p, key);
    case RULE_RECORDED: return recorded(s, p, key);
    case RULE_UNUSED: break;
    }
    return true;
}

static bool apply_counted(struct input *s, uint32_t i, struct str key)
{
    struct adapter *a = s->adapter;
    const struct plan_rule *p = &a->rule[i];
    if (!holds(a, p)) { return true; }
    size_t before = s->q_to;
    bool good = apply_rule(s, p, key);
    if (p->n_conditions || s->q_to > before || !good) { a->held[i]++; }
    return good;
}

bool adapter_apply_rules(struct input *s, struct str key)
{
    struct adapter *a = s->adapter;
    for (uint32_t i = 0; i < a->n_rules; i++) {
        if (a->rule[i].r->kind != RULE_RECORDED && !apply_counted(s, i, key)) { return false; }
    }
    /* What the export recorded is compared after all that the row says has happened. */
    for (uint32_t i = 0; i < a->n_rules; i++) {
        if (a->rule[i].r->kind == RULE_RECORDED && !apply_counted(s, i, key)) { return false; }
    }
    return true;
}
