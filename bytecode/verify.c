/* SPDX-License-Identifier: MIT */
/* The proof over records; code is verify_code.c's. Each function below checks one kind of record and says in its refusals
 * what it found and what it wanted. The order is that of sections.def; what a record relies on may come later. */
#include "bytecode/verify.h"
#include "base/calendar.h"
#include "bytecode/disasm.h"
#include "bytecode/verify_code.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct verified_module { const struct module *m; struct module_facts facts; };

const struct module *verified_get(const struct verified_module *v) { return v->m; }
const struct module_facts *verified_facts(const struct verified_module *v) { return &v->facts; }

bool verify_refuse(struct verifier *v, uint32_t section, uint32_t index, uint32_t place, const char *fmt, ...) {
    struct verify_error *e = v->e;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    if (place && place < v->m->n_place && n >= 0 && (size_t)n < sizeof e->text) {
        const struct m_place *p = &v->m->place[place];
        snprintf(e->text + n, sizeof e->text - (size_t)n, " (from %.200s:%u:%u)", module_str(v->m, v->m->file[p->file].name).p, p->line, p->column);
    }
    e->section = section;
    e->index = index;
    e->func = e->pc = NO_REF;
    e->place = place;
    return false;
}

/* REQUIRE(condition, SECTION, i, place, format…): the message is put behind the section's name and index. */
#define REQUIRE(what, NAME, i, at, fmt, ...) \
    do { if (!(what)) return verify_refuse(v, SEC_##NAME, (i), (at), #NAME " %u: " fmt, (uint32_t)(i), __VA_ARGS__); } while (0)
#define IN_RUN(i, first, n) ((i) >= (first) && (i) - (first) < (n))

static bool is_empty(const struct m_clause *c) {
    return !c->number && !c->name && !c->title && !c->section && !c->word && !c->flags && !c->text && !c->place;
}

/* Absent, or such that days can be counted from it and not overflow: dates are those of the years 1 to 9999 and a term more. */
static bool is_date(int64_t d) { return d == NONE || (d > -1000000 && d < 4000000); }
static bool is_term(int64_t n) { return n == NONE || (n != 0 && n >= -TERM_MONTHS_MAX && n <= TERM_DAYS_MAX); }

static bool verify_always_there(struct verifier *v) {
    const struct module *m = v->m;
    REQUIRE(m->n_agreement == 1, AGREEMENT, 0, 0, "there are %u; a module has one", m->n_agreement);
    const struct m_agreement *a = &m->agreement[0];
    REQUIRE(is_date(a->effective) && is_date(a->term_last), AGREEMENT, 0, a->place, "effective %lld, last day of the term %lld", (long long)a->effective, (long long)a->term_last);
    REQUIRE(is_term(a->term_length) && is_term(a->term_renews) && is_term(a->term_notice), AGREEMENT, 0, a->place, "term %lld, renews %lld, notice %lld", (long long)a->term_length,
            (long long)a->term_renews, (long long)a->term_notice);
    REQUIRE(a->term_length != NONE || (a->term_last == NONE && a->term_renews == NONE), AGREEMENT, 0, a->place, "it has the last day %lld of no term", (long long)a->term_last);
    REQUIRE(m->n_file && !m->file[0].name && !m->file[0].digest, FILE, 0, 0, "it is not the empty one; there are %u", m->n_file);
    REQUIRE(m->n_place && !m->place[0].file && !m->place[0].line && !m->place[0].column && !m->place[0].end_line && !m->place[0].end_column, PLACE, 0, 0,
            "it is not the empty one; there are %u", m->n_place);
    REQUIRE(m->n_clause && is_empty(&m->clause[0]), CLAUSE, 0, 0, "it is not the empty one; there are %u", m->n_clause);
    REQUIRE(m->n_calendar_rec > 1 && m->calendar_rec[0].kind == CAL_ALWAYS && m->calendar_rec[1].kind == CAL_NEVER, CALENDAR, 0, 0,
            "calendars 0 and 1 are not 24x7 and never; there are %u", m->n_calendar_rec);
    for (uint32_t i = 1; i < m->n_place; i++) {
        const struct m_place *p = &m->place[i];
        REQUIRE(p->line && p->column, PLACE, i, 0, "line %u, column %u; both count from 1", p->line, p->column);
        REQUIRE(p->end_line > p->line || (p->end_line == p->line && p->end_column >= p->column), PLACE, i, 0, "it ends before it begins, on line %u", p->line);
    }
    for (uint32_t i = 1; i < m->n_clause; i++)
        REQUIRE(!(m->clause[i].flags & ~(uint32_t)(CLAUSE_MANUAL | CLAUSE_TEXT)), CLAUSE, i, m->clause[i].place, "flags %u", m->clause[i].flags);
    for (uint32_t i = 0; i < m->n_scale; i++) {
        REQUIRE(m->scale[i].ordered <= 1, SCALE, i, 0, "ordered is %u", m->scale[i].ordered);
        REQUIRE(m->scale[i].n_values, SCALE, i, 0, "it has %u values", 0U);
    }
    return true;
}

/* Type and scale belong together, and a value of that type is one: initial values and table columns. */
bool verify_good_type(uint32_t type, uint32_t scale) { return type < VT_COUNT_ && (type == VT_SCALE) == (scale != NO_REF); }

static bool good_value(const struct module *m, uint32_t type, uint32_t scale, int64_t value, uint32_t text) {
    if (type == VT_TEXT) return value == NONE || value == 0;
    if (text) return false;
    if (value == NONE) return true;
    if (type == VT_FLAG) return value == 0 || value == 1;
    if (type == VT_SCALE) return value >= 0 && value < m->scale[scale].n_values;
    if (type == VT_CALENDAR) return value >= 0 && value < m->n_calendar_rec;
    if (type == VT_EXACT) return value >= 0 && value < m->n_exact;
    if (type == VT_TARGET) return value >= 0 && value < m->n_target;
    if (type == VT_TIME) return value >= 0 && value <= 86400;
    if (type == VT_DATE) return value >= INT32_MIN && value <= INT32_MAX;
    return true;
}

/* Slots of a run: each bank is numbered 0 to n - 1 without repetition. */
struct slotted { uint32_t type, slot; };
static bool dense_slots(struct arena *a, const struct slotted *s, uint32_t n, struct slot_counts *counts, uint32_t *bad) {
    struct arena_mark mark = arena_mark(a);
    uint8_t *seen = ARENA_ARRAY(a, uint8_t, (size_t)n * 2);
    bool ok = true;
    *counts = (struct slot_counts){ 0 };
    for (uint32_t i = 0; i < n; i++) ++*(s[i].type == VT_TEXT ? &counts->texts : &counts->scalars);
    for (uint32_t i = 0; ok && i < n; i++) {
        bool text = s[i].type == VT_TEXT;
        ok = s[i].slot < (text ? counts->texts : counts->scalars) && !seen[(text ? n : 0) + s[i].slot];
        if (ok) seen[(text ? n : 0) + s[i].slot] = 1;
        else *bad = i;
    }
    arena_release(a, mark);
    return ok && counts->scalars <= 0x10000 && counts->texts <= 0x10000;
}

static bool verify_entities(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_attr; i++) v->attr_entity[i] = NO_REF;
    for (uint32_t i = 0; i < m->n_attr; i++) {
        const struct m_attr *t = &m->attr[i];
        REQUIRE(verify_good_type(t->type, t->scale), ATTR, i, 0, "type %u with scale %d", t->type, (int)t->scale);
        REQUIRE(good_value(m, t->type, t->scale, t->initial, t->initial_text), ATTR, i, 0, "the initial value %lld is no %s", (long long)t->initial, value_type_name(t->type));
        REQUIRE(!(t->flags & ~(uint32_t)ATTR_DERIVED), ATTR, i, 0, "flags %u", t->flags);
    }
    for (uint32_t i = 0; i < m->n_entity; i++) {
        const struct m_entity *e = &m->entity[i];
        uint32_t place = m->clause[e->clause].place, bad = 0;
        REQUIRE(e->n_clocks <= 256 && e->n_spans <= 256, ENTITY, i, place, "%u clocks and %u spans; 256 each are allowed", e->n_clocks, e->n_spans);
        REQUIRE(e->forget_after == NONE || e->forget_after >= 0, ENTITY, i, place, "forgotten after %lld", (long long)e->forget_after);
        struct arena_mark mark = arena_mark(v->a);
        struct slotted *s = ARENA_ARRAY(v->a, struct slotted, e->n_attrs);
        for (uint32_t k = 0; k < e->n_attrs; k++) {
            uint32_t at = e->attrs + k;
            REQUIRE(v->attr_entity[at] == NO_REF, ATTR, at, place, "it belongs to two entities, %u and %u", v->attr_entity[at], i);
            v->attr_entity[at] = i;
            s[k] = (struct slotted){ m->attr[at].type, m->attr[at].slot };
        }
        REQUIRE(dense_slots(v->a, s, e->n_attrs, &v->entity[i], &bad), ATTR, e->attrs + bad, place, "slot %u is out of order or taken", m->attr[e->attrs + bad].slot);
        arena_release(v->a, mark);
    }
    for (uint32_t i = 0; i < m->n_attr; i++) REQUIRE(v->attr_entity[i] != NO_REF, ATTR, i, 0, "it belongs to none of %u entities", m->n_entity);
    return true;
}

static bool verify_events(struct verifier *v) {
    const struct module *m = v->m;
    struct arena_mark all = arena_mark(v->a);
    uint8_t *owned = ARENA_ARRAY(v->a, uint8_t, m->n_event_field);
    for (uint32_t i = 0; i < m->n_event_field; i++) {
        const struct m_event_field *f = &m->event_field[i];
        REQUIRE(verify_good_type(f->type, f->scale), EVENT_FIELD, i, 0, "type %u with scale %d", f->type, (int)f->scale);
        REQUIRE(good_value(m, f->type, f->scale, f->initial, f->initial_text), EVENT_FIELD, i, 0, "the initial value %lld is no %s", (long long)f->initial, value_type_name(f->type));
        REQUIRE(f->flags <= FIELD_CHECKED, EVENT_FIELD, i, 0, "flags %u", f->flags);
    }
    for (uint32_t i = 0; i < m->n_event; i++) {
        const struct m_event *e = &m->event[i];
        uint32_t place = m->clause[e->clause].place, bad = 0;
        REQUIRE(!(e->flags & ~(uint32_t)(EVENT_CREATES | EVENT_ENDS | EVENT_CANCELS)), EVENT, i, place, "flags %u", e->flags);
        REQUIRE(!e->flags || e->entity != NO_REF, EVENT, i, place, "flags %u speak of an entity, and it has none", e->flags);
        if (e->handler != NO_REF) {
            const struct m_func *f = &m->func[e->handler];
            REQUIRE(f->kind == FUNC_HANDLER && f->event == i, EVENT, i, place, "function %u is not a handler of this event", e->handler);
        }
        struct arena_mark mark = arena_mark(v->a);
        struct slotted *s = ARENA_ARRAY(v->a, struct slotted, e->n_fields);
        uint32_t n = 0;
        for (uint32_t k = 0; k < e->n_fields; k++) {
            uint32_t at = e->fields + k;
            REQUIRE(!owned[at], EVENT_FIELD, at, place, "it belongs to two events, the second is %u", i);
            owned[at] = 1;
            if (m->event_field[at].flags & FIELD_CHECKED) {
                REQUIRE(!m->event_field[at].slot, EVENT_FIELD, at, place, "a field that is only checked has the slot %u", m->event_field[at].slot);
                continue;
            }
            REQUIRE(k == n, EVENT_FIELD, at, place, "field %u of the event stands behind fields that are only checked", k);
            s[n++] = (struct slotted){ m->event_field[at].type, m->event_field[at].slot };
        }
        REQUIRE(dense_slots(v->a, s, n, &v->event[i], &bad), EVENT_FIELD, e->fields + bad, place, "slot %u is out of order or taken", m->event_field[e->fields + bad].slot);
        arena_release(v->a, mark);
    }
    for (uint32_t i = 0; i < m->n_event_field; i++) REQUIRE(owned[i], EVENT_FIELD, i, 0, "it belongs to none of %u events", m->n_event);
    arena_release(v->a, all);
    return true;
}

static bool good_day(uint32_t month, uint32_t day) {
    static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool good_year(uint32_t year) { return year <= 9999; }

static bool verify_daterule(struct verifier *v, uint32_t i) {
    const struct m_date_rule *d = &v->m->date_rule[i];
    static const struct daterule base; /* for the sizes of its arrays */
    bool nth = d->kind == DR_NTH, day = d->kind == DR_FIXED || d->kind == DR_ON_OR_AFTER || d->kind == DR_BEFORE || d->kind == DR_YEARLY;
    bool weekday = nth || d->kind == DR_ON_OR_AFTER || d->kind == DR_BEFORE, dates = d->kind == DR_DATE || d->kind == DR_RANGE;
    REQUIRE(d->kind < DR_KIND_COUNT, DATERULE, i, 0, "kind %u", d->kind);
    REQUIRE(d->month <= 12 && d->month2 <= 12 && d->day <= 31 && d->day2 <= 31 && d->weekday <= 6, DATERULE, i, 0, "month %u, day %u, weekday %u", d->month, d->day, d->weekday);
    REQUIRE(!day || good_day(d->month, d->day), DATERULE, i, 0, "there is no day %u in month %u", d->day, d->month);
    REQUIRE(d->kind != DR_YEARLY || good_day(d->month2, d->day2), DATERULE, i, 0, "there is no day %u in month %u", d->day2, d->month2);
    REQUIRE(!nth || (d->month && (d->nth == -1 || (d->nth >= 1 && d->nth <= 5))), DATERULE, i, 0, "number %lld of a weekday in month %u", (long long)d->nth, d->month);
    REQUIRE(nth || !weekday || (d->nth >= -5 && d->nth <= 5), DATERULE, i, 0, "number %lld of a weekday", (long long)d->nth);
    REQUIRE(d->nth >= INT8_MIN && d->nth <= INT8_MAX && d->offset >= -400 && d->offset <= 400, DATERULE, i, 0, "an offset of %lld days", (long long)d->offset);
    REQUIRE(!dates || (d->first >= INT32_MIN && d->first <= INT32_MAX), DATERULE, i, 0, "the date %lld", (long long)d->first);
    REQUIRE(d->kind != DR_RANGE || (d->last >= d->first && d->last <= INT32_MAX), DATERULE, i, 0, "it ends at %lld, before it begins", (long long)d->last);
    REQUIRE(good_year(d->from_year) && good_year(d->to_year) && (!d->to_year || d->from_year <= d->to_year), DATERULE, i, 0, "from %u to %u", d->from_year, d->to_year);
    REQUIRE(d->n_observed <= countof(base.observed) && d->n_unless <= countof(base.unless), DATERULE, i, 0, "%u observations, %u years", d->n_observed, d->n_unless);
    for (uint32_t k = d->observed; k < d->observed + d->n_observed; k++) {
        const struct m_observed_rule *o = &v->m->observed_rule[k];
        REQUIRE(o->from <= 6 && o->to <= 6 && o->back <= 1 && o->instead <= 1, OBSERVED, k, 0, "from %u to %u", o->from, o->to);
    }
    for (uint32_t k = d->unless; k < d->unless + d->n_unless; k++) REQUIRE(good_year(v->m->year[k].year), YEAR, k, 0, "year %u", v->m->year[k].year);
    return true;
}

static bool verify_calendar_rule(struct verifier *v, uint32_t i) {
    const struct m_calendar_rule *r = &v->m->calendar_rule[i];
    REQUIRE(r->kind < CR_KIND_COUNT, CALRULE, i, r->place, "kind %u", r->kind);
    REQUIRE(r->weekdays <= 127 && r->cut_tail <= 1 && r->group <= UINT16_MAX, CALRULE, i, r->place, "weekdays %u, group %u", r->weekdays, r->group);
    REQUIRE(r->n_hours <= UINT16_MAX && r->n_dates <= UINT16_MAX, CALRULE, i, r->place, "%u hours, %u dates", r->n_hours, r->n_dates);
    REQUIRE((r->kind == CR_WEEKLY) == !r->n_dates, CALRULE, i, r->place, "kind %u with %u dates", r->kind, r->n_dates);
    REQUIRE(r->kind != CR_WEEKLY || (r->n_hours && r->weekdays), CALRULE, i, r->place, "weekly hours on weekdays %u, %u hours", r->weekdays, r->n_hours);
    for (uint32_t k = r->hours; k < r->hours + r->n_hours; k++) {
        const struct m_hour_range *h = &v->m->hour_range[k];
        bool closed = r->kind == CR_CLOSED;
        REQUIRE(h->from >= 0 && h->to > h->from && h->from < (closed ? 172800 : 86400) && (closed ? h->to <= INT32_MAX : h->to - h->from <= 86400), HOURS, k, r->place,
                "seconds %lld to %lld of a day", (long long)h->from, (long long)h->to);
    }
    return true;
}

static bool verify_calendars(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_date_rule; i++)
        if (!verify_daterule(v, i)) return false;
    for (uint32_t i = 0; i < m->n_calendar_rule; i++)
        if (!verify_calendar_rule(v, i)) return false;
    for (uint32_t i = 0; i < m->n_calendar_rec; i++) {
        const struct m_calendar_rec *c = &m->calendar_rec[i];
        uint32_t place = m->clause[c->clause].place;
        REQUIRE(c->kind < CAL_KIND_COUNT, CALENDAR, i, place, "kind %u", c->kind);
        bool of_two = c->kind == CAL_AND || c->kind == CAL_OR || c->kind == CAL_EXCEPT;
        REQUIRE(c->local <= 1 && !(c->local && c->zone), CALENDAR, i, place, "local is %u, and it names a zone", c->local);
        REQUIRE(c->local || c->zone || c->kind != CAL_RULES || m->agreement[0].zone, CALENDAR, i, place, "neither it nor the agreement names a zone (local %u)", c->local);
        REQUIRE(c->service_day >= 0, CALENDAR, i, place, "a service day of %lld", (long long)c->service_day);
        REQUIRE(c->kind == CAL_RULES || !c->n_rules, CALENDAR, i, place, "kind %u with rules", c->kind);
        REQUIRE(of_two == (c->a != NO_REF) && of_two == (c->b != NO_REF), CALENDAR, i, place, "kind %u with operands %d and %d", c->kind, (int)c->a, (int)c->b);
        REQUIRE(!of_two || (c->a < i && c->b < i), CALENDAR, i, place, "it is made of calendars %u and %u, which do not come before it", c->a, c->b);
        REQUIRE(c->n_rules <= UINT16_MAX, CALENDAR, i, place, "%u rules", c->n_rules);
    }
    return true;
}

static bool verify_classifiers(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_classifier; i++) {
        const struct m_classifier *c = &m->classifier[i];
        REQUIRE(c->kind <= CLASS_BREAKS, CLASSIFIER, i, 0, "kind %u", c->kind);
        REQUIRE(c->classes >= 2, CLASSIFIER, i, 0, "%u classes", c->classes);
        REQUIRE((c->kind == CLASS_TEXTS || !c->n_texts) && (c->kind == CLASS_BREAKS || !c->n_breaks), CLASSIFIER, i, 0, "kind %u with texts or breaks of another", c->kind);
        REQUIRE(c->kind != CLASS_BREAKS || c->classes - 2 == c->n_breaks, CLASSIFIER, i, 0, "%u classes for %u breaks", c->classes, c->n_breaks);
        for (uint32_t k = 0; k < c->n_texts; k++) {
            const struct m_class_text *t = &m->class_text[c->texts + k];
            REQUIRE(t->class < c->classes - 1, CLASS_TEXT, c->texts + k, 0, "class %u of %u", t->class, c->classes);
            REQUIRE(!k || str_cmp(module_str(m, t[-1].text), module_str(m, t->text)) < 0, CLASS_TEXT, c->texts + k, 0, "the texts of classifier %u are not in ascending order", i);
        }
        for (uint32_t k = 1; k < c->n_breaks; k++) {
            const struct m_class_break *b = &m->class_break[c->breaks + k];
            REQUIRE(b[-1].at < b->at, CLASS_BREAK, c->breaks + k, 0, "the breaks of classifier %u are not in ascending order", i);
        }
    }
    return true;
}

static bool verify_input(struct verifier *v, uint32_t i) {
    const struct module *m = v->m;
    const struct m_table_input *in = &m->table_input[i];
    const struct m_classifier *c = &m->classifier[in->classifier];
    REQUIRE(verify_good_type(in->type, in->scale), TABLE_INPUT, i, 0, "type %u with scale %d", in->type, (int)in->scale);
    REQUIRE((in->type == VT_TEXT) == (c->kind == CLASS_TEXTS), TABLE_INPUT, i, 0, "a %s classified by kind %u", value_type_name(in->type), c->kind);
    if (c->kind != CLASS_SCALE) return true;
    REQUIRE(in->type == VT_SCALE || in->type == VT_FLAG, TABLE_INPUT, i, 0, "a %s is its own class", value_type_name(in->type));
    uint32_t values = in->type == VT_FLAG ? 2 : m->scale[in->scale].n_values;
    REQUIRE(c->classes == values + 1, TABLE_INPUT, i, 0, "%u classes for %u values", c->classes, values);
    return true;
}

static bool verify_table(struct verifier *v, uint32_t i) {
    const struct module *m = v->m;
    const struct m_table *t = &m->table[i];
    uint32_t place = m->clause[t->clause].place;
    uint64_t cells = 1;
    REQUIRE(t->hit <= HIT_COLLECT, TABLE, i, place, "hit policy %u", t->hit);
    REQUIRE(t->n_inputs <= 256, TABLE, i, place, "%u inputs", t->n_inputs);
    for (uint32_t k = t->inputs; k < t->inputs + t->n_inputs; k++) {
        cells *= m->classifier[m->table_input[k].classifier].classes;
        REQUIRE(cells <= t->n_cells, TABLE, i, place, "%u cells, its inputs have more classes", t->n_cells);
    }
    REQUIRE(cells == t->n_cells, TABLE, i, place, "%u cells for %llu combinations of classes", t->n_cells, (unsigned long long)cells);
    for (uint32_t k = t->cells; k < t->cells + t->n_cells; k++)
        REQUIRE(m->table_cell[k].outcome == NO_REF || IN_RUN(m->table_cell[k].outcome, t->outcomes, t->n_outcomes), TABLE_CELL, k, place,
                "outcome %u is not one of table %u", m->table_cell[k].outcome, i);
    for (uint32_t k = t->outcomes; k < t->outcomes + t->n_outcomes; k++) REQUIRE(m->table_outcome[k].n_rows || t->hit == HIT_COLLECT, TABLE_OUTCOME, k, place, "no row gives it (table %u)", i);
    for (uint32_t k = t->outputs; k < t->outputs + t->n_outputs; k++) {
        const struct m_table_output *o = &m->table_output[k];
        REQUIRE(v->column_table[k] == NO_REF, TABLE_OUTPUT, k, place, "it belongs to two tables, %u and %u", v->column_table[k], i);
        v->column_table[k] = i;
        REQUIRE(verify_good_type(o->type, o->scale), TABLE_OUTPUT, k, place, "type %u with scale %d", o->type, (int)o->scale);
        REQUIRE(o->n_values == t->n_outcomes, TABLE_OUTPUT, k, place, "%u values for %u outcomes", o->n_values, t->n_outcomes);
        for (uint32_t n = o->values; n < o->values + o->n_values; n++)
            REQUIRE(good_value(m, o->type, o->scale, m->output_value[n].scalar, m->output_value[n].text), OUTPUT_VALUE, n, place, "%lld is no %s",
                    (long long)m->output_value[n].scalar, value_type_name(o->type));
    }
    return true;
}

static bool verify_tables(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_table_input; i++)
        if (!verify_input(v, i)) return false;
    for (uint32_t i = 0; i < m->n_table_output; i++) v->column_table[i] = NO_REF;
    for (uint32_t i = 0; i < m->n_table; i++)
        if (!verify_table(v, i)) return false;
    for (uint32_t i = 0; i < m->n_table_output; i++) REQUIRE(v->column_table[i] != NO_REF, TABLE_OUTPUT, i, 0, "it belongs to none of %u tables", m->n_table);
    return true;
}

static bool good_second(int64_t s) { return s >= -1 && s <= 86400; }

static bool verify_targets(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_target; i++) {
        const struct m_target *t = &m->target[i];
        REQUIRE(t->kind <= TARGET_RECORD, TARGET, i, t->place, "kind %u", t->kind);
        REQUIRE(!(t->flags & ~(uint32_t)(TARGET_BELOW | TARGET_DYNAMIC_CALENDAR)), TARGET, i, t->place, "flags %u", t->flags);
        bool record = t->kind == TARGET_RECORD, dates = t->kind == TARGET_BUSINESS_DAYS || t->kind == TARGET_DAYS || t->kind == TARGET_MONTHS;
        REQUIRE(record == (t->attr != NO_REF), TARGET, i, t->place, "kind %u with attribute %d", t->kind, (int)t->attr);
        REQUIRE(!record || m->attr[t->attr].type == VT_INSTANT, TARGET, i, t->place, "attribute %u is no instant", t->attr);
        REQUIRE(record || (t->amount >= 0 && t->amount <= (dates ? INT32_MAX : INT64_MAX)), TARGET, i, t->place, "an amount of %lld", (long long)t->amount);
        REQUIRE(!dates || t->mode <= DAY_BY, TARGET, i, t->place, "mode %u", t->mode);
        REQUIRE(!dates || (good_second(t->by) && good_second(t->cutoff)), TARGET, i, t->place, "by second %lld, cut off at %lld", (long long)t->by, (long long)t->cutoff);
        REQUIRE(!dates || t->mode != DAY_BY || t->by >= 0, TARGET, i, t->place, "by second %lld", (long long)t->by);
        bool needs = t->kind == TARGET_OPEN || t->kind == TARGET_BUSINESS_DAYS;
        REQUIRE(!needs || t->calendar != NO_REF || t->flags & TARGET_DYNAMIC_CALENDAR, TARGET, i, t->place, "kind %u without a calendar", t->kind);
    }
    return true;
}

bool verify_runs_for(const struct module *m, uint32_t func, uint32_t entity) {
    return m->func[func].event == NO_REF && (m->func[func].entity == NO_REF || m->func[func].entity == entity);
}

bool verify_gives(const struct module *m, uint32_t func, uint32_t type) {
    uint32_t kind = m->func[func].kind;
    return type == VT_TEXT ? kind == FUNC_VALUE_TEXT : type == VT_FLAG ? kind == FUNC_PREDICATE || kind == FUNC_VALUE : kind == FUNC_VALUE;
}

static bool verify_values(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_value_of; i++) {
        const struct m_value_of *o = &m->value_of[i];
        REQUIRE(verify_good_type(o->type, o->scale), VALUE_OF, i, 0, "type %u with scale %d", o->type, (int)o->scale);
        REQUIRE(verify_gives(m, o->value, o->type), VALUE_OF, i, 0, "function %u does not give a %s", o->value, value_type_name(o->type));
    }
    for (uint32_t i = 0; i < m->n_recipient; i++) {
        const struct m_recipient *r = &m->recipient[i];
        REQUIRE((r->text != 0) != (r->value != NO_REF), RECIPIENT, i, 0, "text %u and function %d; it is one of them", r->text, (int)r->value);
        REQUIRE(r->value == NO_REF || m->func[r->value].kind == FUNC_VALUE_TEXT, RECIPIENT, i, 0, "function %u does not give a text", r->value);
    }
    return true;
}

static bool verify_step(struct verifier *v, uint32_t clock, uint32_t i) {
    const struct module *m = v->m;
    const struct m_step *s = &m->step[i];
    const struct m_clock *c = &m->clock[clock];
    REQUIRE(s->kind <= STEP_AFTER_START, STEP, i, s->place, "kind %u", s->kind);
    REQUIRE(!(s->flags & ~(uint32_t)(STEP_IN_DAYS | STEP_PLAIN | STEP_CALENDAR_DAYS)) && !(s->flags & (s->flags - 1)), STEP, i, s->place, "flags %u", s->flags);
    REQUIRE(s->amount >= 0, STEP, i, s->place, "an amount of %lld", (long long)s->amount);
    REQUIRE(s->kind != STEP_PERCENT || s->per > 0, STEP, i, s->place, "a share of %lld", (long long)s->per);
    REQUIRE(s->kind != STEP_PERCENT || !s->flags, STEP, i, s->place, "a share with flags %u", s->flags);
    REQUIRE(s->kind == STEP_AFTER_START || c->target != NO_REF, STEP, i, s->place, "clock %u has no target to count it from", clock);
    if (s->when != NO_REF)
        REQUIRE(m->func[s->when].kind == FUNC_PREDICATE && verify_runs_for(m, s->when, c->entity), STEP, i, s->place, "function %u is no condition on the clock's entity", s->when);
    for (uint32_t k = s->recipients; k < s->recipients + s->n_recipients; k++)
        REQUIRE(m->recipient[k].value == NO_REF || verify_runs_for(m, m->recipient[k].value, c->entity), RECIPIENT, k, s->place, "function %u is not about the clock's entity", m->recipient[k].value);
    return true;
}

static bool verify_clocks(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_clock; i++) {
        const struct m_clock *c = &m->clock[i];
        const struct m_entity *e = &m->entity[c->entity];
        uint32_t place = m->clause[c->clause].place;
        REQUIRE(IN_RUN(i, e->clocks, e->n_clocks), CLOCK, i, place, "entity %u does not have it among its clocks", c->entity);
        REQUIRE(c->slot == i - e->clocks, CLOCK, i, place, "slot %u; its position among its entity's clocks is %u", c->slot, i - e->clocks);
        REQUIRE(c->flags < CLOCK_DUTY * 2, CLOCK, i, place, "flags %u", c->flags);
        REQUIRE(c->target != NO_REF || c->flags & (CLOCK_MEASURED_ONLY | CLOCK_CHAIN), CLOCK, i, place, "it has no target and is not measured only (flags %u)", c->flags);
        if (c->target != NO_REF)
            REQUIRE(m->func[c->target].kind == FUNC_TARGET && verify_runs_for(m, c->target, c->entity), CLOCK, i, place, "function %u does not give targets for its entity", c->target);
        if (c->excused != NO_REF)
            REQUIRE(m->func[c->excused].kind == FUNC_PREDICATE && verify_runs_for(m, c->excused, c->entity), CLOCK, i, place, "function %u is no condition on its entity", c->excused);
        if (c->pause != NO_REF)
            REQUIRE(m->func[c->pause].kind == FUNC_PREDICATE && verify_runs_for(m, c->pause, c->entity), CLOCK, i, place, "function %u is no condition on its entity", c->pause);
        for (uint32_t k = c->by; k < c->by + c->n_by; k++)
            REQUIRE(verify_runs_for(m, m->value_of[k].value, c->entity), VALUE_OF, k, place, "function %u is not about the clock's entity", m->value_of[k].value);
        for (uint32_t k = c->steps; k < c->steps + c->n_steps; k++)
            if (!verify_step(v, i, k)) return false;
    }
    for (uint32_t i = 0; i < m->n_entity; i++)
        for (uint32_t k = m->entity[i].clocks; k < m->entity[i].clocks + m->entity[i].n_clocks; k++)
            REQUIRE(m->clock[k].entity == i, CLOCK, k, m->clause[m->clock[k].clause].place, "entity %u has it among its clocks, it says %u", i, m->clock[k].entity);
    return true;
}

static bool verify_measures(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_measure; i++) {
        const struct m_measure *me = &m->measure[i];
        uint32_t place = m->clause[me->clause].place;
        REQUIRE(me->kind <= MEASURE_MEAN && me->source <= SOURCE_SPANS && me->period <= PERIOD_ALL, MEASURE, i, place, "kind %u, source %u, period %u", me->kind, me->source, me->period);
        REQUIRE(me->flags < MEASURE_HIDDEN * 2, MEASURE, i, place, "flags %u", me->flags);
        bool takes_off = me->less != NO_REF && me->less < m->n_measure && (m->measure[me->less].flags & MEASURE_HIDDEN) && m->measure[me->less].entity == me->entity && m->measure[me->less].source == me->source;
        REQUIRE(me->less == NO_REF || (takes_off && me->less > i && !(me->flags & MEASURE_HIDDEN)), MEASURE, i, place, "it takes measure %d off its whole", (int)me->less);
        REQUIRE(me->period_n || me->period == PERIOD_ALL, MEASURE, i, place, "period %u taken %u times", me->period, me->period_n);
        REQUIRE((me->source == SOURCE_CLOCK) == (me->clock != NO_REF), MEASURE, i, place, "source %u with clock %d", me->source, (int)me->clock);
        REQUIRE(me->source == SOURCE_CLOCK || !(me->flags & (MEASURE_MET | MEASURE_BREACHED)), MEASURE, i, place, "source %u has no verdicts", me->source);
        REQUIRE(me->source != SOURCE_SPANS || me->entity != NO_REF, MEASURE, i, place, "spans of no entity (source %u)", me->source);
        REQUIRE(me->kind != MEASURE_UPTIME || me->source == SOURCE_SPANS, MEASURE, i, place, "uptime from source %u", me->source);
        if (me->clock != NO_REF)
            REQUIRE(me->entity == NO_REF || me->entity == m->clock[me->clock].entity, MEASURE, i, place, "entity %u is not that of its clock", me->entity);
        bool summed = me->kind == MEASURE_SUM || me->kind == MEASURE_MEAN || me->kind == MEASURE_RATIO || me->kind == MEASURE_SHARE;
        REQUIRE(me->source != SOURCE_EVENT || !summed || me->part != NO_REF, MEASURE, i, place, "kind %u of events, and nothing says what of them", me->kind);
        REQUIRE(me->type < VT_TEXT, MEASURE, i, place, "type %u", me->type);
        bool ratio = me->kind == MEASURE_RATIO;
        REQUIRE(me->whole == NO_REF || ratio, MEASURE, i, place, "kind %u with a whole", me->kind);
        REQUIRE(me->source != SOURCE_EVENT || !ratio || me->whole != NO_REF, MEASURE, i, place, "a ratio of events without a whole (kind %u)", me->kind);
        if (me->whole != NO_REF)
            REQUIRE(m->func[me->whole].kind == FUNC_PREDICATE || m->func[me->whole].kind == FUNC_VALUE, MEASURE, i, place, "function %u gives no number", me->whole);
        if (me->where != NO_REF) REQUIRE(m->func[me->where].kind == FUNC_PREDICATE, MEASURE, i, place, "function %u is no condition", me->where);
        if (me->part != NO_REF)
            REQUIRE(m->func[me->part].kind == FUNC_PREDICATE || m->func[me->part].kind == FUNC_VALUE, MEASURE, i, place, "function %u gives no number", me->part);
        if (me->source == SOURCE_EVENT) continue; /* functions: where it is fed, meas.event */
        uint32_t entity = me->clock != NO_REF ? m->clock[me->clock].entity : me->entity;
        REQUIRE(me->where == NO_REF || verify_runs_for(m, me->where, entity), MEASURE, i, place, "function %u is not about its entity", me->where);
        REQUIRE(me->part == NO_REF || verify_runs_for(m, me->part, entity), MEASURE, i, place, "function %u is not about its entity", me->part);
        REQUIRE(me->whole == NO_REF || verify_runs_for(m, me->whole, entity), MEASURE, i, place, "function %u is not about its entity", me->whole);
        for (uint32_t k = me->by; k < me->by + me->n_by; k++)
            REQUIRE(verify_runs_for(m, m->value_of[k].value, entity), VALUE_OF, k, place, "function %u is not about the measure's entity", m->value_of[k].value);
    }
    return true;
}

static bool good_column(const struct m_adapter *a, uint32_t column) { return column == NO_COLUMN || column < a->n_columns; }
static bool own_time(const struct m_adapter *a, uint32_t time) { return time == NO_REF || IN_RUN(time, a->times, a->n_times); }
static bool own_map(const struct m_adapter *a, uint32_t map) { return map == NO_REF || IN_RUN(map, a->maps, a->n_maps); }

static bool verify_adapter_rule(struct verifier *v, const struct m_adapter *a, uint32_t i) {
    const struct module *m = v->m;
    const struct m_adapter_rule *r = &m->adapter_rule[i];
    REQUIRE(r->kind <= RULE_UNUSED && r->aspect <= ASPECT_STOPPED, ADAPTER_RULE, i, r->place, "kind %u, aspect %u", r->kind, r->aspect);
    REQUIRE(!(r->flags & ~(uint32_t)(RECORDED_AS_OF_EACH_ROW | RECORDED_WITHIN)), ADAPTER_RULE, i, r->place, "flags %u", r->flags);
    REQUIRE(good_column(a, r->time_column) && good_column(a, r->end_column) && good_column(a, r->column), ADAPTER_RULE, i, r->place, "a column that is none of %u", a->n_columns);
    REQUIRE(own_time(a, r->time) && own_time(a, r->end_time) && own_map(a, r->map), ADAPTER_RULE, i, r->place, "a time or map that is none of its adapter's (kind %u)", r->kind);
    REQUIRE(r->event == NO_REF || m->event[r->event].entity == NO_REF || m->event[r->event].entity == a->entity, ADAPTER_RULE, i, r->place, "event %u is about another entity", r->event);
    REQUIRE(r->end_event == NO_REF || m->event[r->end_event].entity == NO_REF || m->event[r->end_event].entity == a->entity, ADAPTER_RULE, i, r->place, "event %u is about another entity",
            r->end_event);
    REQUIRE(r->attr == NO_REF || v->attr_entity[r->attr] == a->entity, ADAPTER_RULE, i, r->place, "attribute %u is another entity's", r->attr);
    REQUIRE(r->clock == NO_REF || m->clock[r->clock].entity == a->entity, ADAPTER_RULE, i, r->place, "clock %u is another entity's", r->clock);
    for (uint32_t k = r->conditions; k < r->conditions + r->n_conditions; k++)
        REQUIRE(m->adapter_condition[k].kind <= COND_WAS && m->adapter_condition[k].column < a->n_columns, ADAPTER_CONDITION, k, r->place, "kind %u, column %u",
                m->adapter_condition[k].kind, m->adapter_condition[k].column);
    for (uint32_t k = r->values; k < r->values + r->n_values; k++) {
        const struct m_adapter_value *o = &m->adapter_value[k];
        REQUIRE(good_column(a, o->column) && own_time(a, o->time) && own_map(a, o->map), ADAPTER_VALUE, k, r->place, "column %d, or a time or map, is none of its adapter's", (int)o->column);
        REQUIRE(o->field, ADAPTER_VALUE, k, r->place, "it names no field (column %d)", (int)o->column);
    }
    return true;
}

static bool verify_adapters(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_adapter_map; i++) REQUIRE(m->adapter_map[i].otherwise <= OTHERWISE_SAME, ADAPTER_MAP, i, 0, "otherwise %u", m->adapter_map[i].otherwise);
    for (uint32_t i = 0; i < m->n_adapter; i++) {
        const struct m_adapter *a = &m->adapter[i];
        uint32_t place = m->clause[a->clause].place;
        REQUIRE(a->format <= ADAPTER_NDJSON && !(a->flags & ~(uint32_t)ADAPTER_SKIP_DUPLICATE_ROWS), ADAPTER, i, place, "format %u, flags %u", a->format, a->flags);
        REQUIRE(good_column(a, a->key_column) && good_column(a, a->sequence_column), ADAPTER, i, place, "a column that is none of %u", a->n_columns);
        for (uint32_t k = a->rules; k < a->rules + a->n_rules; k++)
            if (!verify_adapter_rule(v, a, k)) return false;
    }
    return true;
}

static bool verify_examples(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_expect; i++) {
        const struct m_expect *x = &m->expect[i];
        REQUIRE(x->kind <= EXPECT_CLAIM && x->flags < EXPECT_NO_DATA * 2, EXPECT, i, x->place, "kind %u, flags %u", x->kind, x->flags);
        REQUIRE(x->clock != NO_REF || (x->kind != EXPECT_CLOCK && x->kind != EXPECT_NO_CLOCK), EXPECT, i, x->place, "kind %u without a clock", x->kind);
        REQUIRE(x->measure != NO_REF || x->kind != EXPECT_MEASURE, EXPECT, i, x->place, "kind %u without a measure", x->kind);
        REQUIRE(x->calendar != NO_REF || x->kind != EXPECT_OPEN, EXPECT, i, x->place, "kind %u without a calendar", x->kind);
        REQUIRE(x->func != NO_REF || x->kind != EXPECT_VALUE, EXPECT, i, x->place, "kind %u without a function", x->kind);
        REQUIRE(x->charge != NO_REF || x->kind != EXPECT_CHARGE, EXPECT, i, x->place, "kind %u without a charge", x->kind);
        REQUIRE((x->quantity != NO_REF) + (x->account != NO_REF) == (x->kind == EXPECT_LEVEL), EXPECT, i, x->place, "kind %u without a quantity", x->kind);
        REQUIRE(x->right != NO_REF || x->kind != EXPECT_RIGHT, EXPECT, i, x->place, "kind %u without a right", x->kind);
        REQUIRE((x->day == NONE || (x->day >= -200000 && x->day < 5000000)) && (x->day_last == NONE || (x->day_last >= -200000 && x->day_last < 5000000)),
                EXPECT, i, x->place, "day %lld is outside the years that calendars know", (long long)x->day);
        if (x->func != NO_REF) {
            uint32_t kind = m->func[x->func].kind;
            REQUIRE((kind == FUNC_PREDICATE || kind == FUNC_VALUE || kind == FUNC_VALUE_TEXT) && m->func[x->func].event == NO_REF, EXPECT, i, x->place,
                    "function %u gives no value outside an event", x->func);
        }
    }
    return true;
}

const struct verified_module *module_verify(struct arena *a, const struct module *m, struct verify_error *e) {
    struct module_error broken;
    *e = (struct verify_error){ .section = SEC_COUNT, .index = NO_REF, .func = NO_REF, .pc = NO_REF };
    if (!module_check(m, &broken)) {
        memcpy(e->text, broken.text, sizeof broken.text);
        e->section = broken.section;
        e->index = broken.index;
        return NULL;
    }
    struct arena_mark mark = arena_mark(a);
    struct verified_module *out = ARENA_NEW(a, struct verified_module);
    struct verifier v = { .m = m, .a = a, .e = e };
    v.entity = ARENA_ARRAY(a, struct slot_counts, m->n_entity);
    v.event = ARENA_ARRAY(a, struct slot_counts, m->n_event);
    v.attr_entity = ARENA_ARRAY(a, uint32_t, m->n_attr);
    v.column_table = ARENA_ARRAY(a, uint32_t, m->n_table_output);
    bool ok = verify_always_there(&v) && verify_entities(&v) && verify_events(&v) && verify_calendars(&v) && verify_classifiers(&v) && verify_tables(&v) &&
              verify_targets(&v) && verify_values(&v) && verify_clocks(&v) && verify_measures(&v) && verify_adapters(&v) && verify_examples(&v) && verify_money(&v) && verify_code(&v);
    if (!ok) {
        arena_release(a, mark);
        return NULL;
    }
    out->m = m;
    out->facts = (struct module_facts){ .entity = v.entity, .event = v.event, .attr_entity = v.attr_entity, .column_table = v.column_table };
    for (uint32_t i = 0; i < m->n_func; i++) {
        if (m->func[i].scalars > out->facts.max_scalars) out->facts.max_scalars = m->func[i].scalars;
        if (m->func[i].texts > out->facts.max_texts) out->facts.max_texts = m->func[i].texts;
    }
    return out;
}
