/* SPDX-License-Identifier: MIT */
/* Calendars and holidays: from lines to the definitions of base/calendar.h, and from those to records. */
#include "base/civil.h"
#include "compiler/unit.h"

typedef VEC(struct daterule) daterules;

/* ---- dates ---- */

static void modify(struct unit *u, struct daterule *r, const struct node *mod)
{
    struct observed sat = { 5, 4, true, mod->op == OP_MOVED_NEAREST }, sun = { 6, 0, false, mod->op == OP_MOVED_NEAREST };
    switch (mod->op) {
    case OP_OBSERVED: case OP_MOVED:
        if (r->n_observed == countof(r->observed)) { diag(u->diags, E0504_TOO_MANY, mod->span, "more than %zu substitutions for one holiday", countof(r->observed)); return; }
        r->observed[r->n_observed++] = (struct observed){ (uint8_t)mod->number2, (uint8_t)mod->number, false, mod->op == OP_MOVED };
        break;
    case OP_OBSERVED_NEAREST: case OP_MOVED_NEAREST:
        if (r->n_observed + 2u > countof(r->observed)) { diag(u->diags, E0504_TOO_MANY, mod->span, "more than %zu substitutions for one holiday", countof(r->observed)); return; }
        r->observed[r->n_observed++] = sat;
        r->observed[r->n_observed++] = sun;
        break;
    case OP_FROM_YEAR: r->from_year = (int16_t)mod->number; break;
    case OP_UNTIL_YEAR: r->to_year = (int16_t)mod->number; break;
    case OP_UNLESS_IN:
        for (uint32_t i = 0; i < mod->n; i++) {
            if (r->n_unless == countof(r->unless)) {
                diag_help(diag(u->diags, E0504_TOO_MANY, mod->span, "more than %zu exceptional years for one holiday", countof(r->unless)), "say `from` or `until` which year it holds, on several lines if need be");
                return;
            }
            r->unless[r->n_unless++] = (int16_t)(mod->kid[i]->number / 1000000);
        }
        break;
    case OP_PLUS: r->offset = (int16_t)mod->number; break;
    default: break;
    }
}

static void rules_of(struct unit *u, struct source_module *m, const struct node *list, daterules *out);

/* Another list of the circle that is being followed stands before this one. */
static bool declared_before(const struct unit *u, const struct symbol *s)
{
    for (size_t i = 0; i < u->all.n; i++) {
        const struct symbol *o = u->all.p[i];
        if (o->kind == SYM_HOLIDAYS && o->state == 1 && o->node->span.from < s->node->span.from) { return true; }
    }
    return false;
}

static void named(struct unit *u, struct source_module *m, const struct node *n, daterules *out)
{
    struct symbol *s = symbol_need(u, m, SYM_HOLIDAYS, n->text, n->span);
    if (s == NULL) { return; }
    if (s->state == 1) {
        if (declared_before(u, s)) { return; } /* the message comes when the circle is met from there */
        struct diag *d = diag(u->diags, E0211_CIRCULAR, n->span, "the holidays `%.*s` include themselves", STR_ARG(n->text));
        diag_help(d, "take one of the `include` lines of the circle out");
        return;
    }
    s->state = 1;
    rules_of(u, s->module, s->node, out);
    s->state = 0;
}

static void one(struct unit *u, struct source_module *m, const struct node *n, daterules *out)
{
    size_t first = out->n;
    struct daterule r = { 0 };
    r.name = n->title.p != NULL ? emit_str(u, n->title) : 0;
    switch (n->op) {
    case OP_FIXED: r.kind = DR_FIXED; r.month = (uint8_t)(n->number / 100); r.day = (uint8_t)(n->number % 100); break;
    case OP_NTH: r.kind = DR_NTH; r.nth = (int8_t)n->number; r.weekday = (uint8_t)(n->number2 / 100); r.month = (uint8_t)(n->number2 % 100); break;
    case OP_ON_OR_AFTER: case OP_BEFORE:
        r.kind = n->op == OP_BEFORE ? DR_BEFORE : DR_ON_OR_AFTER;
        r.weekday = (uint8_t)(n->number / 10);
        r.nth = (int8_t)(n->number % 10);
        r.month = (uint8_t)(n->number2 / 100);
        r.day = (uint8_t)(n->number2 % 100);
        break;
    case OP_EASTER: case OP_ORTHODOX: r.kind = n->op == OP_EASTER ? DR_EASTER : DR_ORTHODOX; r.offset = (int16_t)n->number; break;
    case OP_DATE: r.kind = DR_DATE; r.first = r.last = (date)n->number; break;
    case OP_RANGE:
        r.kind = DR_RANGE; r.first = (date)n->number; r.last = (date)n->number2;
        if (r.last < r.first) { return; } /* E0112 was said */
        break;
    case OP_YEARLY:
        r.kind = DR_YEARLY; r.month = (uint8_t)(n->number / 100); r.day = (uint8_t)(n->number % 100);
        r.month2 = (uint8_t)(n->number2 / 100); r.day2 = (uint8_t)(n->number2 % 100);
        break;
    case OP_NAMED: named(u, m, n, out); break;
    default: return;
    }
    if (n->op != OP_NAMED) { vec_push(out, u->arena, r); }
    for (size_t k = first; k < out->n; k++) {
        for (uint32_t i = 0; i < n->n; i++) {
            if (n->kid[i] != NULL && n->kid[i]->kind == N_DATEMOD) { modify(u, &out->p[k], n->kid[i]); }
        }
    }
}

static void rules_of(struct unit *u, struct source_module *m, const struct node *list, daterules *out)
{
    size_t first = out->n;
    for (uint32_t i = 0; i < list->n; i++) {
        if (list->kid[i]->kind == N_DATERULE) { one(u, m, list->kid[i], out); }
    }
    for (uint32_t i = 0; i < list->n; i++) {
        for (size_t k = first; list->kid[i]->kind == N_DATEMOD && k < out->n; k++) { modify(u, &out->p[k], list->kid[i]); }
    }
}

/* A list of holidays by dates alone that ends before the agreement does (language.md 8). */
static void check_ends(struct unit *u, const struct node *dates, const daterules *r)
{
    date last = INT32_MIN;
    bool named_list = false;
    for (uint32_t i = 0; i < dates->n; i++) { named_list = named_list || (dates->kid[i]->kind == N_DATERULE && dates->kid[i]->op == OP_NAMED); }
    for (size_t i = 0; i < r->n; i++) {
        date end = r->p[i].kind == DR_DATE || r->p[i].kind == DR_RANGE ? r->p[i].last : r->p[i].to_year != 0 ? civil_date(r->p[i].to_year, 12, 31) : INT32_MAX;
        if (end > last) { last = end; }
    }
    if (!named_list || r->n == 0 || u->term_last == NONE || last >= u->term_last) { return; }
    char a[CIVIL_TEXT_MAX], b[CIVIL_TEXT_MAX];
    int na = civil_write_date(a, last), nb = civil_write_date(b, (date)u->term_last);
    struct diag *d = diag(u->diags, W0502_HOLIDAYS_END, dates->span, "the list of holidays ends on %.*s, the term on %.*s", na, a, nb, b);
    diag_help(d, "give holidays by rule, such as `fourth thu of november`, so that they never run out");
}

/* ---- lines ---- */

struct lines { VEC(struct calrule) rule; VEC(struct span) span; };

static void hours_of(struct unit *u, const struct node *line, uint32_t from, struct calrule *r)
{
    struct hours *h = ARENA_ARRAY(u->arena, struct hours, line->n);
    for (uint32_t i = from; i < line->n; i++) {
        const struct node *n = line->kid[i];
        if (n == NULL || n->kind != N_HOURS) { continue; }
        struct hours x = { (int32_t)n->number, (int32_t)n->number2 };
        if (x.to <= x.from) {
            if (x.to == x.from) {
                struct diag *d = diag(u->diags, E0505_EMPTY_HOURS, n->span, "these hours are empty");
                diag_help(d, "a whole day is `00:00 to 24:00`");
            }
            x.to += 86400; /* past midnight */
        }
        for (uint32_t k = 0; k < r->n_hours; k++) {
            if (x.from < h[k].to && h[k].from < x.to) { diag(u->diags, E0506_HOURS_OVERLAP, n->span, "these hours overlap others of the same line"); break; }
        }
        h[r->n_hours++] = x;
    }
    r->hours = h;
}

static void push(struct unit *u, struct lines *l, struct calrule r, struct span span)
{
    vec_push(&l->rule, u->arena, r);
    vec_push(&l->span, u->arena, span);
}

static uint8_t days_of(const struct node *line) { return line->n > 0 && line->kid[0] != NULL && line->kid[0]->kind == N_DAYS ? (uint8_t)line->kid[0]->number : 0x7f; }

static void dated(struct unit *u, struct source_module *m, const struct node *line, struct calrule *r)
{
    daterules dates = { 0 };
    rules_of(u, m, line->kid[0], &dates);
    r->dates = dates.p;
    r->n_dates = (uint16_t)dates.n;
    r->weekdays = 0x7f;
    if (line->op == OP_CLOSED) { check_ends(u, line->kid[0], &dates); }
}

static void line(struct unit *u, struct calendar_info *c, const struct node *n, struct lines *l, uint16_t *group)
{
    struct source_module *m = c->symbol->module;
    struct calrule r = { 0 };
    switch (n->op) {
    case OP_WEEKLY:
        r.kind = CR_WEEKLY;
        r.weekdays = days_of(n);
        hours_of(u, n, 1, &r);
        push(u, l, r, n->span);
        return;
    case OP_CLOSED: case OP_OPEN: case OP_ALSO_OPEN:
        r.kind = n->op == OP_CLOSED ? CR_CLOSED : n->op == OP_OPEN ? CR_OPEN : CR_ALSO_OPEN;
        r.cut_tail = (n->number & 1) != 0;
        dated(u, m, n, &r);
        hours_of(u, n, 1, &r);
        push(u, l, r, n->span);
        return;
    case OP_DURING:
        ++*group;
        for (uint32_t i = 1; i < n->n; i++) {
            if (n->kid[i]->kind != N_CALLINE) { continue; }
            r = (struct calrule){ .kind = CR_DURING, .group = *group };
            dated(u, m, n, &r);
            r.weekdays = days_of(n->kid[i]);
            hours_of(u, n->kid[i], 1, &r);
            push(u, l, r, n->kid[i]->span);
        }
        return;
    case OP_SERVICE_DAY:
        if (n->kid[0]->number2 == NONE || n->kid[0]->number2 <= 0) {
            struct diag *d = diag(u->diags, E0306_NOT_A_LENGTH, n->kid[0]->span, "a service day is an amount of open time, such as `8 h`");
            diag_help(d, "write it in hours: a day on the clock has 24 of them, and in most the service is closed");
        } else {
            c->def->service_day = n->kid[0]->number2;
        }
        return;
    case OP_ZONE:
        if (zone_load(str_c(u->arena, n->text)) == NULL) {
            struct diag *d = diag(u->diags, E0507_NO_ZONE, n->span, "there is no time zone \"%.*s\"", STR_ARG(n->text));
            diag_help(d, "zones are named as in the IANA list: \"Europe/Berlin\", \"America/New_York\", \"UTC\"");
        } else {
            c->def->zone = str_c(u->arena, n->text);
        }
        return;
    case OP_LOCAL: c->local = n->kid[0]; c->def->local = true; return;
    default: return;
    }
}

static size_t index_of(const struct calendar_def *d, const struct calrule *r) { return (size_t)(r - d->rules); }

static void check_conflict(struct unit *u, struct calendar_info *c)
{
    const struct calrule *a, *b;
    date on;
    int first = u->effective != NONE ? civil_ymd((date)u->effective).year : 2000;
    if (!calendar_conflict(c->def, first - 10, first + 30, &a, &b, &on)) { return; }
    char text[CIVIL_TEXT_MAX];
    int n = civil_write_date(text, on);
    struct diag *d = diag(u->diags, E0508_CALENDAR_CONFLICT, c->rule_span[index_of(c->def, b)], "two lines disagree about the hours of %s %.*s, and neither comes before the other", civil_weekday_name[civil_weekday(on)], n, text);
    diag_label(d, c->rule_span[index_of(c->def, a)], "the other line is here");
    diag_help(d, "put several hours of one day in one line, separated by commas, or make the dates differ");
}

static void check_lines(struct unit *u, struct calendar_info *c)
{
    struct lines l = { { 0 }, { 0 } };
    uint16_t group = 0;
    c->def->kind = CAL_RULES;
    for (uint32_t i = 0; i < c->node->n; i++) {
        if (c->node->kid[i]->kind == N_CALLINE) { line(u, c, c->node->kid[i], &l, &group); }
    }
    c->def->rules = l.rule.p;
    c->def->n_rules = (uint16_t)l.rule.n;
    c->rule_span = l.span.p;
    check_conflict(u, c);
}

/* ---- calendars as values ---- */

static struct calendar_info *calendar_new(struct unit *u, struct str name, struct symbol *s, const struct node *n)
{
    struct calendar_info *c = ARENA_NEW(u->arena, struct calendar_info);
    *c = (struct calendar_info){ .name = name, .symbol = s, .node = n, .index = NO_REF, .parts = 1 };
    c->def = ARENA_NEW(u->arena, struct calendar_def);
    c->def->name = str_c(u->arena, name);
    vec_push(&u->calendars, u->arena, c);
    return c;
}

struct calendar_info *calendar_always(struct unit *u)
{
    for (size_t i = 0; i < u->calendars.n; i++) {
        if (u->calendars.p[i]->index == 0) { return u->calendars.p[i]; }
    }
    struct calendar_info *c = calendar_new(u, STR("24x7"), NULL, NULL);
    c->def->kind = CAL_ALWAYS;
    c->index = 0;
    return c;
}

static struct calendar_info *calendar_nothing(struct unit *u)
{
    for (size_t i = 0; i < u->calendars.n; i++) {
        if (u->calendars.p[i]->index == 1) { return u->calendars.p[i]; }
    }
    struct calendar_info *c = calendar_new(u, STR("never"), NULL, NULL);
    c->def->kind = CAL_NEVER;
    c->index = 1;
    return c;
}

struct calendar_info *calendar_local_twin(struct unit *u, struct calendar_info *c)
{
    if (c->def->local) { return c; }
    for (size_t i = 0; i < u->calendars.n; i++) {
        struct calendar_info *k = u->calendars.p[i];
        if (k->def->local && k->node == c->node && k->symbol == c->symbol && str_eq(k->name, c->name)) { return k; }
    }
    struct calendar_info *k = calendar_new(u, c->name, c->symbol, c->node);
    struct calendar_def *def = k->def;
    *k = *c;
    k->index = NO_REF;
    k->def = def;
    *def = *c->def;
    def->local = true;
    def->zone = NULL;
    return k;
}

/* a and b put together, as c; NULL after a message. What runs has each part as often as it is named, so that a few lines which
 * name the one before twice would fill any memory. */
static struct calendar_info *calendar_of(struct unit *u, uint8_t kind, struct calendar_info *a, struct calendar_info *b, struct str name, const struct node *e)
{
    uint32_t parts = a->parts + b->parts + 1;
    if (parts > CALENDAR_PARTS) {
        chain_too_long(u, e->span);
        return NULL;
    }
    struct calendar_info *c = calendar_new(u, name, NULL, e);
    c->def->kind = kind;
    c->parts = parts;
    c->a = a;
    c->b = b;
    c->def->a = a->def;
    c->def->b = b->def;
    return c;
}

static uint8_t set_kind(uint16_t op) { return op == OP_CAL_AND ? CAL_AND : op == OP_CAL_OR ? CAL_OR : CAL_EXCEPT; }

static struct calendar_info *calendar_made(struct unit *u, struct source_module *m, const struct node *e);
struct calendar_info *calendar_expr_info(struct unit *u, struct source_module *m, const struct node *e)
{
    if (u->deep >= STACK_DEPTH) {
        chain_too_long(u, e->span);
        return NULL;
    }
    u->deep++;
    struct calendar_info *c = calendar_made(u, m, e);
    u->deep--;
    return c;
}

static struct calendar_info *calendar_made(struct unit *u, struct source_module *m, const struct node *e)
{
    if (e->kind == N_NAME) {
        if (str_eq(e->text, STR("24x7"))) { return calendar_always(u); }
        if (str_eq(e->text, STR("never"))) { return calendar_nothing(u); }
        struct symbol *s = symbol_need(u, m, SYM_CALENDAR, e->text, e->span);
        return s != NULL ? calendar_get(u, s) : NULL;
    }
    if (e->kind == N_CHAINED && e->op == OP_NONE_GIVEN) { return NULL; } /* the parser has said so (E0118) */
    if (e->kind == N_CHAINED && e->n > 0) {
        struct calendar_info *x = calendar_expr_info(u, m, e->kid[0]);
        for (uint32_t i = 1; x != NULL && i < e->n; i++) {
            struct calendar_info *y = calendar_expr_info(u, m, e->kid[i]);
            if (y == NULL) { return NULL; }
            x = calendar_of(u, e->op == OP_ALL ? CAL_AND : CAL_OR, x, y, source_text(u->sources, e->span), e);
        }
        return x;
    }
    if (e->kind != N_CALSET) {
        if (e->kind != N_BROKEN) { diag(u->diags, E0302_TYPE, e->span, "a calendar is expected here"); }
        return NULL;
    }
    struct calendar_info *a = calendar_expr_info(u, m, e->kid[0]), *b = calendar_expr_info(u, m, e->kid[1]);
    if (a == NULL || b == NULL) { return NULL; }
    return calendar_of(u, set_kind(e->op), a, b, source_text(u->sources, e->span), e);
}

struct calendar_info *calendar_get(struct unit *u, struct symbol *s)
{
    if (s->state == 2) { return s->info; }
    if (s->state == 1) {
        struct diag *d = diag(u->diags, E0211_CIRCULAR, s->node->name_span, "the calendar `%.*s` is made of itself", STR_ARG(s->name));
        diag_help(d, "one of the calendars that it is made of is made of it; give that one hours of its own");
        return NULL;
    }
    s->state = 1;
    if (s->node->number == 1) {
        u->deep += 3;
        struct calendar_info *from = calendar_expr_info(u, s->module, s->node->kid[0]);
        u->deep -= 3;
        if (from != NULL) {
            struct calendar_info *c = calendar_new(u, s->name, s, s->node);
            if (from->symbol == NULL && from->index == NO_REF) {
                c->def->kind = from->def->kind;
                c->a = from->a;
                c->b = from->b;
                c->parts = from->parts;
            } else { /* another name of the same hours */
                c->def->kind = CAL_OR;
                c->a = from;
                c->b = calendar_nothing(u);
                c->parts = from->parts + 2;
            }
            c->def->a = c->a->def;
            c->def->b = c->b->def;
            s->info = c;
            if (c->parts > CALENDAR_PARTS) {
                chain_too_long(u, s->node->name_span);
                s->info = NULL;
            }
        }
    } else {
        struct calendar_info *c = calendar_new(u, s->name, s, s->node);
        s->info = c;
        check_lines(u, c);
    }
    s->state = 2;
    return s->info;
}

void unit_check_calendars(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_CALENDAR) { (void)calendar_get(u, u->all.p[i]); }
        if (u->all.p[i]->kind == SYM_HOLIDAYS) {
            daterules r = { 0 };
            rules_of(u, u->all.p[i]->module, u->all.p[i]->node, &r);
        }
    }
}

bool calendar_never_opens(struct unit *u, struct calendar_info *c)
{
    if (c->never == 0) {
        const struct zone *z = zone_load(str_c(u->arena, u->zone));
        struct calendar *k = calendar_open(c->def, z != NULL ? z : zone_load("UTC"));
        c->never = k != NULL && calendar_is_never(k) ? 2 : 1;
        if (k != NULL) { calendar_close(k); }
    }
    return c->never == 2;
}

/* ---- records ---- */

static void emit_daterule(struct unit *u, const struct daterule *r, uint32_t *first, bool is_first)
{
    struct m_date_rule x = { .kind = r->kind, .month = r->month, .day = r->day, .month2 = r->month2, .day2 = r->day2, .weekday = r->weekday, .nth = r->nth,
        .offset = r->offset, .first = r->first, .last = r->last, .from_year = (uint32_t)r->from_year, .to_year = (uint32_t)r->to_year, .name = r->name,
        .n_observed = r->n_observed, .n_unless = r->n_unless };
    for (uint32_t i = 0; i < r->n_observed; i++) {
        uint32_t k = mb_add_observed_rule(u->mb, (struct m_observed_rule){ r->observed[i].from, r->observed[i].to, r->observed[i].back, r->observed[i].instead });
        if (i == 0) { x.observed = k; }
    }
    for (uint32_t i = 0; i < r->n_unless; i++) {
        uint32_t k = mb_add_year(u->mb, (struct m_year){ (uint32_t)r->unless[i] });
        if (i == 0) { x.unless = k; }
    }
    uint32_t k = mb_add_date_rule(u->mb, x);
    if (is_first) { *first = k; }
}

static struct m_calendar_rule emit_rule(struct unit *u, const struct calrule *r, struct span span)
{
    struct m_calendar_rule x = { .kind = r->kind, .weekdays = r->weekdays, .cut_tail = r->cut_tail, .group = r->group, .n_hours = r->n_hours, .n_dates = r->n_dates, .place = place_of(u, span) };
    for (uint32_t i = 0; i < r->n_hours; i++) {
        uint32_t k = mb_add_hour_range(u->mb, (struct m_hour_range){ r->hours[i].from, r->hours[i].to });
        if (i == 0) { x.hours = k; }
    }
    for (uint32_t i = 0; i < r->n_dates; i++) { emit_daterule(u, &r->dates[i], &x.dates, i == 0); }
    return x;
}

static uint32_t emit_calendar(struct unit *u, struct calendar_info *c)
{
    if (c->index != NO_REF) { return c->index; }
    struct m_calendar_rec x = { .name = emit_str(u, c->name), .kind = c->def->kind, .local = c->def->local, .service_day = c->def->service_day, .a = NO_REF, .b = NO_REF };
    if (c->a != NULL) { x.a = emit_calendar(u, c->a); x.b = emit_calendar(u, c->b); }
    x.zone = c->def->zone != NULL ? mb_string(u->mb, str_of(c->def->zone)) : 0;
    x.clause = c->symbol != NULL ? clause_of(u, c->symbol) : 0;
    struct m_calendar_rule *rule = ARENA_ARRAY(u->arena, struct m_calendar_rule, c->def->n_rules);
    for (uint32_t i = 0; i < c->def->n_rules; i++) { rule[i] = emit_rule(u, &c->def->rules[i], c->rule_span[i]); }
    for (uint32_t i = 0; i < c->def->n_rules; i++) {
        uint32_t k = mb_add_calendar_rule(u->mb, rule[i]);
        if (i == 0) { x.rules = k; }
    }
    x.n_rules = c->def->n_rules;
    c->index = mb_add_calendar_rec(u->mb, x);
    return c->index;
}

void emit_calendars(struct unit *u)
{
    for (size_t i = 0; i < u->calendars.n; i++) { (void)emit_calendar(u, u->calendars.p[i]); }
}
