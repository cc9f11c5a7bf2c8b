/* SPDX-License-Identifier: MIT */
/* Fees, credits, discounts and taxes: when they are charged, how much, and what may change that. */
#include "compiler/charge.h"
#include <string.h>

static void twice(struct unit *u, const struct node *s, const char *what)
{
    struct diag *d = diag(u->diags, E1005_SAID_TWICE, s->span, "it is said twice %s", what);
    diag_help(d, "take one of the two out, or make two clauses of them");
}

/* ---- when ---- */

static void on_events(struct unit *u, struct charge_info *c, const struct node *slot)
{
    c->fact = fact_new(u, c->symbol->module, c->symbol->name, c->symbol, c->node, c->symbol->section);
    fact_events(u, c->fact, slot);
    c->trigger = TRIGGER_FACT;
    if (c->fact->on.n == 0) { c->fact = NULL; return; }
    if (c->entity == NULL) { c->entity = c->fact->entity; }
}

static void on_verdict(struct unit *u, struct charge_info *c, const struct node *slot)
{
    if (slot->number == OP_REFILLED) { account_refilled(u, c, slot); return; }
    c->trigger = TRIGGER_FACT;
    struct symbol *s = symbol_need(u, c->symbol->module, SYM_CLOCK, slot->text, span_is_none(slot->name_span) ? slot->span : slot->name_span);
    if (s == NULL || s->info == NULL) { return; }
    struct fact_info *f = fact_new(u, c->symbol->module, c->symbol->name, c->symbol, c->node, c->symbol->section);
    f->clock = s->info;
    f->entity = f->clock->entity;
    f->verdict = slot->number == OP_MET ? FACT_ON_MET : FACT_ON_BREACHED;
    if (f->entity == NULL) { return; }
    if (f->clock->target.form == FORM_NONE && f->clock->flags & CLOCK_MEASURED_ONLY) { /* else the target had a message */
        struct diag *d = diag(u->diags, E0702_NO_VERDICTS, slot->span, "the clock `%.*s` is measured only: it is never met or missed", STR_ARG(f->clock->name));
        diag_help(d, "give it a target, or name another clock");
    }
    const struct node *when = slot->n > 0 ? slot->kid[0] : NULL;
    if (when != NULL) { f->when = condition_check(u, &(struct scope){ f->module, f->entity, NULL }, when->kind == N_WHEN ? when->kid[0] : when); }
    c->fact = f;
    if (c->entity == NULL) { c->entity = f->entity; }
}

static void once(struct unit *u, struct charge_info *c, const struct node *slot)
{
    const struct node *k = slot->n > 0 ? slot->kid[0] : NULL;
    if (k == NULL) { return; }
    if (k->kind == N_PHRASE) {
        bool of_each = c->entity != NULL;
        on_events(u, c, slot);
        c->flags |= CHARGE_ONCE;
        if (!of_each || c->fact == NULL) { return; }
        struct diag *d = diag(u->diags, W1001_NOT_JUDGED, slot->span, "this version charges the first event of all, not that of each %.*s", STR_ARG(c->entity->name));
        diag_help(d, "leave out `of %.*s` when one charge is meant; for one each, give the event a condition that holds once: `on EVENT when …`", STR_ARG(c->entity->name));
        return;
    }
    c->trigger = TRIGGER_DATE;
    c->on = k->kind == N_DATE ? k->number : NONE;
    if (k->kind == N_NAME && u->effective == NONE && u->agreement != NULL) {
        struct diag *d = diag(u->diags, E1006_NO_DATE, slot->span, "the agreement does not say when it takes effect");
        diag_help(d, "write a line `effective 2026-01-01` in it");
    }
}

/* Slots that say when; true when it was one. */
static bool trigger(struct unit *u, struct charge_info *c, const struct node *s)
{
    switch (s->op) {
    case OP_EVERY: case OP_ONCE: case OP_ONCE_END: case OP_ONCE_OVERDUE: case OP_ON_EVENTS: case OP_ON_VERDICT: break;
    default: return false;
    }
    if (c->said_when) { twice(u, s, "when this is charged"); return true; }
    c->said_when = true;
    switch (s->op) {
    case OP_EVERY:
        c->trigger = TRIGGER_EVERY;
        c->period = exact_period(s->number2);
        c->period_n = s->number > 0 ? (uint32_t)s->number : 1;
        break;
    case OP_ONCE: once(u, c, s); break;
    case OP_ONCE_END: c->trigger = TRIGGER_END; break;
    case OP_ONCE_OVERDUE: /* on: the day after due on which it is charged */
        c->trigger = TRIGGER_OVERDUE;
        c->on = s->number > 0 ? s->number : s->number < 0 ? 0 : 1; /* 0: when a suspension ended */
        break;
    case OP_ON_VERDICT: on_verdict(u, c, s); break;
    default: on_events(u, c, s); break;
    }
    return true;
}

static void part(struct unit *u, struct charge_info *c, const struct node *s)
{
    struct scope sc = { c->symbol->module, c->fact != NULL ? c->fact->entity : NULL, NULL };
    struct tex *x = calendar_check(u, &sc, s->kid[0]);
    if (c->part_node != NULL) { twice(u, s, "which part of the time counts"); return; }
    c->part_node = s;
    c->flags |= s->op == OP_PART_INSIDE ? CHARGE_PART_INSIDE : CHARGE_PART_OUTSIDE;
    if (x->type.vt == VT_ERROR) { return; }
    c->part_of = tex_calendar(x);
    if (c->part_of == NULL) { diag(u->diags, E0611_STEP_CALENDAR, s->kid[0]->span, "the part of a calendar needs the calendar by name"); return; }
    if (c->fact != NULL && c->fact->clock == NULL && c->fact->has_time) { return; }
    struct diag *d = diag(u->diags, E1007_NO_INTERVAL_HERE, s->span, "what happens here has no length that could be divided");
    diag_help(d, "the event needs a field `time : duration` (and perhaps `start : instant`); or ask `when open(…, at)`");
}

/* Slots that need no formula. */
static void plain_slot(struct unit *u, struct charge_info *c, const struct node *s)
{
    static const struct { uint16_t op; uint8_t level; } counts[] = { { OP_COUNT_FIRST, LEVEL_FIRST_DAY }, { OP_COUNT_LAST, LEVEL_LAST_DAY }, { OP_COUNT_PEAK, LEVEL_PEAK },
        { OP_COUNT_AVERAGE, LEVEL_AVERAGE }, { OP_COUNT_BY_DAY, LEVEL_BY_DAY } };
    for (size_t i = 0; i < countof(counts); i++) {
        if (s->op != counts[i].op) { continue; }
        if (c->said_level) { twice(u, s, "how the quantity is counted"); }
        c->said_level = true;
        c->level = counts[i].level;
    }
    if (s->op == OP_PRORATED_DAY || s->op == OP_PRORATED_THIRTIETHS || s->op == OP_NOT_PRORATED) {
        if (c->said_proration) { twice(u, s, "how a part of a period counts"); }
        c->said_proration = true;
        c->flags |= s->op == OP_PRORATED_DAY ? CHARGE_BY_DAY : s->op == OP_PRORATED_THIRTIETHS ? CHARGE_BY_THIRTIETHS : 0;
    }
    switch (s->op) {
    case OP_ADVANCE: c->flags |= CHARGE_ADVANCE; break;
    case OP_PART_INSIDE: case OP_PART_OUTSIDE: part(u, c, s); break;
    case OP_FROM_DATE: if (c->first == NONE || s->kid[0]->number > c->first) { c->first = s->kid[0]->number; } break;
    case OP_UNTIL_DATE: if (c->last == NONE || s->kid[0]->number < c->last) { c->last = s->kid[0]->number; } break;
    case OP_SPREAD: c->spread = (uint32_t)(s->kid[0]->number / 1000000) * (str_eq(s->kid[0]->text, STR("year")) ? 12 : 1); break;
    case OP_WAIVED: /* for good, or through a date: then it is charged from the day after */
        if (s->n == 0 || s->kid[0] == NULL) { c->flags |= CHARGE_WAIVED; }
        else if (c->first == NONE || s->kid[0]->number + 1 > c->first) { c->first = s->kid[0]->number + 1; }
        break;
    case OP_PAID_BACK: c->paid_back = s; break;
    case OP_CLAIMED: c->claim_days = s->kid[0]->number / 1000000 * (str_eq(s->kid[0]->text, STR("week")) ? 7 : 1); break;
    case OP_UNUSED_CREDITS: c->leftover |= (uint32_t)s->number; break;
    case OP_SURVIVES: c->flags |= CHARGE_SURVIVES; c->survives = s; break;
    case OP_ROUND_LINES: c->flags |= CHARGE_ROUND_LINES; break;
    case OP_INCLUDED: c->flags |= CHARGE_INCLUDED; break;
    default: break;
    }
}

/* ---- how much ---- */

static struct amount_scope scope_of(struct charge_info *c)
{
    struct amount_scope sc = { .module = c->symbol->module, .fact = c->fact, .charge = c, .level = c->level };
    if (c->trigger == TRIGGER_OVERDUE && c->on > 0) { /* what is open of the invoice */
        sc.units = STR("debt");
        sc.units_type = AMOUNT(AMOUNT_MONEY);
    }
    return sc;
}

/* The name of the unit of q, for a line to show. */
static struct str unit_of(struct unit *u, const struct amount *q)
{
    if (q->type.base == AMOUNT_TIME) { return STR("h"); }
    if (q->type.base == AMOUNT_UNIT) { return q->type.unit; }
    if (q->type.base == AMOUNT_MONEY) { return u->currency; }
    return q->op == EX_FACT || q->op == EX_NAMED ? q->text : (struct str){ "", 0 };
}

/* So much per unit: of how many? */
static void per_unit(struct unit *u, const struct amount_scope *sc, struct charge_info *c, struct amount *x)
{
    struct amount *q = NULL;
    struct quantity_info *of = amount_quantity(u, x->type.per);
    struct account_info *account = of == NULL ? account_of_unit(u, x->type.per) : NULL;
    if (c->account != NULL && str_eq(x->type.per, c->account->type.base == AMOUNT_TIME ? STR("h") : c->account->type.unit)) { q = amount_new(u, EX_UNITS, c->account->type, x->span); }
    else if (str_eq(x->type.per, STR("h")) && c->fact != NULL && c->fact->has_time) { q = amount_new(u, EX_TIME, AMOUNT(AMOUNT_TIME), x->span); }
    else if (of != NULL) {
        q = amount_new(u, EX_LEVEL, AMOUNT(AMOUNT_UNIT), x->span);
        q->type.unit = of->symbol->name;
        q->ref = of;
        q->mode = c->level;
    } else if (c->fact != NULL && c->fact->clock == NULL && c->fact->on.n > 0) {
        struct field_info *f = fact_field(c->fact->on.p[0]->event, str_c(u->arena, x->type.per));
        if (f == NULL) { f = fact_field(c->fact->on.p[0]->event, str_c(u->arena, str_printf(u->arena, "%.*ss", STR_ARG(x->type.per)))); }
        if (f != NULL) {
            struct node name = { .kind = N_NAME, .span = x->span, .text = f->name };
            q = amount_of_fact(u, sc, &name, TYPE(VT_FREE));
        }
    }
    if (q == NULL && account != NULL && c->fact != NULL) { q = amount_const(u, account->type, 1, 1, x->span); } /* each event is one */
    for (size_t i = 0; q == NULL && c->trigger == TRIGGER_EVERY && i < u->entities.n; i++) {
        if (!str_eq(u->entities.p[i]->name, x->type.per) || (of = quantity_of_things(u, u->entities.p[i])) == NULL) { continue; }
        q = amount_new(u, EX_LEVEL, AMOUNT(AMOUNT_UNIT), x->span);
        q->type.unit = x->type.per;
        q->ref = of;
        q->mode = c->level;
    }
    if (q == NULL) {
        struct diag *d = diag(u->diags, E0313_UNITS, x->span, "how many `%.*s` is not known here", STR_ARG(x->type.per));
        diag_help(d, "declare it: `quantity %.*ss from …`; or give the event a field of that name; or write `charge … at …`", STR_ARG(x->type.per));
        return;
    }
    c->units = q;
    c->unit = unit_of(u, q);
    c->price = x;
}

/* `USD 4,500.00 per month`: the parser has told that this is said by `every` (E0123). */
static bool per_time(const struct node *e)
{
    static const char *const times[] = { "month", "quarter", "year", "week" };
    for (size_t i = 0; e->kind == N_PER && e->kid[0]->kind == N_MONEY && i < countof(times); i++) {
        if (str_eq(e->text, str_of(times[i]))) { return true; }
    }
    return false;
}

static void priced(struct unit *u, struct charge_info *c, const struct node *s)
{
    struct amount_scope sc = scope_of(c);
    struct amount *x = amount_check(u, &sc, s->kid[0]);
    if (per_time(s->kid[0]) && amount_quantity(u, x->type.per) == NULL) { u->untold++; return; }
    if (x->type.base == AMOUNT_MONEY && x->type.per.n > 0) { per_unit(u, &sc, c, x); return; }
    if (x->type.base == AMOUNT_MONEY || x->type.base == AMOUNT_ERROR) { c->amount = x; return; }
    c->amount = amount_want(u, &sc, s->kid[0], AMOUNT_MONEY);
}

static struct amount *charge_step(struct unit *u, const struct amount_scope *sc, struct charge_info *c, const struct node *k, struct amount **price, struct amount **total, struct amount *q)
{
    struct amount *x = k->n > 0 && k->kid[0] != NULL ? amount_check(u, sc, k->kid[0]) : NULL;
    if (k->op == OP_AT_END) { c->flags |= CHARGE_STEPS_AT_END; return q; }
    if (x == NULL || x->type.base == AMOUNT_ERROR) { return q; }
    bool money = x->type.base == AMOUNT_MONEY && x->type.per.n == 0;
    if (q->type.base == AMOUNT_UNIT && x->type.base == AMOUNT_NUMBER && k->op != OP_TIMES && k->op != OP_COUNTS_TIMES) { x->type = q->type; }
    switch (k->op) {
    case OP_TIMES:
        if (*total == NULL && *price != NULL) { *price = amount_product(u, k->span, *price, x); return q; }
        if (*total != NULL) { *total = amount_product(u, k->span, *total, x); return q; }
        return amount_product(u, k->span, q, x);
    case OP_COUNTS_TIMES: return amount_product(u, k->span, q, x);
    case OP_STEPS_OF: case OP_MINIMUM: case OP_MAXIMUM:
        if (money && k->op != OP_STEPS_OF && q->type.base != AMOUNT_MONEY) {
            if (*price == NULL) { break; }
            if (*total == NULL) { *total = amount_product(u, k->span, *price, amount_new(u, EX_UNITS, q->type, k->span)); }
            if ((*total)->type.base == AMOUNT_ERROR) { return q; }
            *total = amount_two(u, k->op == OP_MINIMUM ? EX_MAX : EX_MIN, x->type, k->span, *total, x);
            return q;
        }
        if (x->type.base != q->type.base || x->type.per.n > 0) { break; }
        struct amount *y = amount_two(u, k->op == OP_STEPS_OF ? EX_ROUND : k->op == OP_MINIMUM ? EX_MAX : EX_MIN, q->type, k->span, q, x);
        y->mode = k->op == OP_STEPS_OF ? 1 : 0;
        return y;
    default: return q;
    }
    struct diag *d = diag(u->diags, E0313_UNITS, k->span, "this does not fit what is charged");
    diag_label(d, q->span, "this is %.*s", STR_ARG(amount_word(u, q->type)));
    diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
    return q;
}

/* `charge time at rate(role) times 1.5, in steps of 15 min, minimum 1 h`: in the order written (A3). */
static void charging(struct unit *u, struct charge_info *c, const struct node *s)
{
    struct amount_scope sc = scope_of(c);
    struct amount *q = amount_check(u, &sc, s->kid[0]), *price = NULL, *total = NULL;
    struct amount *first = q;
    if (s->n > 1 && s->kid[1] != NULL && s->kid[1]->kind != N_CSTEP) { price = amount_check(u, &sc, s->kid[1]); }
    if (q->type.base == AMOUNT_ERROR || (price != NULL && price->type.base == AMOUNT_ERROR)) { c->amount = q; return; }
    for (uint32_t i = 1; i < s->n; i++) {
        if (s->kid[i] != NULL && s->kid[i]->kind == N_CSTEP) { q = charge_step(u, &sc, c, s->kid[i], &price, &total, q); }
    }
    if (price == NULL) {
        if (first->type.base == AMOUNT_MONEY && first->type.per.n > 0) { per_unit(u, &sc, c, q); return; }
        if (first->type.base != AMOUNT_MONEY && first->type.base != AMOUNT_ERROR) {
            struct diag *d = diag(u->diags, E0302_TYPE, first->span, "an amount of money is expected here");
            diag_label(d, first->span, "this is %.*s", STR_ARG(amount_word(u, first->type)));
            diag_help(d, "say at how much: `charge time at USD 150.00 per hour`");
        }
        c->amount = q;
        return;
    }
    c->units = q;
    c->unit = unit_of(u, first);
    c->price = price;
    c->amount = total;
    struct amount *units = amount_new(u, EX_UNITS, q->type, q->span);
    if (first->op == EX_FACT && first->type.base == AMOUNT_NUMBER) { units->op = EX_FACT; units->text = first->text; units->ref = first->ref; units->value = first->value; }
    if (total == NULL && amount_product(u, s->span, price, units)->type.base != AMOUNT_MONEY && price->type.base != AMOUNT_ERROR) {
        struct amount *x = amount_product(u, s->span, price, units);
        if (x->type.base == AMOUNT_ERROR) { return; }
        struct diag *d = diag(u->diags, E0302_TYPE, s->span, "this gives no money");
        diag_label(d, s->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
    }
}

static void limit(struct unit *u, struct charge_info *c, const struct amount_scope *sc, const struct node *s)
{
    bool least = s->op == OP_MINIMUM;
    if (s->kid[0]->kind == N_COUNTED) {
        struct diag *d = diag(u->diags, E0302_TYPE, s->kid[0]->span, "an amount of money is expected here");
        diag_label(d, s->kid[0]->span, "this is a length of time");
        diag_help(d, "a %s time stands behind what is charged: `charge time at …, %s %.*s`", least ? "least" : "longest", least ? "minimum" : "maximum", STR_ARG(str_trim(source_text(u->sources, s->kid[0]->span))));
        return;
    }
    struct amount *x = amount_want(u, sc, s->kid[0], AMOUNT_MONEY);
    if (s->number2 == 0) {
        struct amount **to = least ? &c->each_min : &c->each_max;
        if (*to != NULL) { twice(u, s, least ? "what is charged at least" : "what is charged at most"); }
        *to = x;
        return;
    }
    struct amount **to = least ? &c->sum_min : &c->sum_max;
    uint32_t period = exact_period(s->number2), n = s->number > 0 ? (uint32_t)s->number : 1;
    if (*to != NULL || ((c->sum_min != NULL || c->sum_max != NULL) && (c->sum_period != period || c->sum_period_n != n))) { twice(u, s, "in which period, and what, is charged in all"); return; }
    *to = x;
    c->sum_period = period;
    c->sum_period_n = n;
}

static void free_units(struct unit *u, struct charge_info *c, const struct node *s)
{
    const struct node *k = s->kid[0];
    struct amount *x = amount_literal(u, k);
    if (x == NULL || x->type.base == AMOUNT_ERROR) { return; }
    if (c->units == NULL && x->type.base != AMOUNT_MONEY) {
        struct diag *d = diag(u->diags, E0313_UNITS, s->span, "nothing is counted here that could be free");
        diag_help(d, "write what is charged by the unit: `charge time at …`");
        return;
    }
    bool fits = x->type.base == AMOUNT_NUMBER || c->units == NULL || x->type.base == c->units->type.base;
    if (!fits || (c->units != NULL && c->units->type.base == AMOUNT_TIME && x->type.base != AMOUNT_TIME)) {
        struct diag *d = diag(u->diags, E0313_UNITS, s->span, "this does not fit what is charged");
        diag_label(d, k->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
        if (c->units != NULL) { diag_label(d, c->units->span, "this is %.*s", STR_ARG(amount_word(u, c->units->type))); }
        return;
    }
    c->free = x;
    c->free_period = exact_period(s->number2);
    c->free_period_n = s->number > 0 ? (uint32_t)s->number : 1;
    if (s->n > 1 && s->kid[1] != NULL) { c->free_carry = (uint32_t)(s->kid[1]->number / 1000000) * (str_eq(s->kid[1]->text, STR("year")) ? 12 : 1); }
    if (c->trigger == TRIGGER_FACT && c->units != NULL) { account_free(u, c, s); return; }
    if (c->free_carry == 0) { return; }
    struct diag *d = diag(u->diags, E1020_ACCOUNT, s->kid[1]->span, "what is free here is of a period as a whole, and cannot carry over");
    diag_help(d, "charge the single events, `on EVENT`, from an account: `account included { 10 in each month ; unused carries over 2 months }`, `drawn from included`");
}

/* Without anything to measure no row of numbers holds, `otherwise` neither: nothing is credited, and the text should say so. */
static void no_data_unsaid(struct unit *u, const struct charge_info *c, const struct node *slot, const struct amount *x)
{
    if (c->kind != CHARGE_CREDIT || x->op != EX_CHOOSE || x->a == NULL || (x->a->op != EX_MEASURE && x->a->op != EX_FIGURES)) { return; }
    const struct measure_info *m = x->a->ref;
    if (m->kind == MEASURE_COUNT || m->kind == MEASURE_SUM) { return; }
    for (uint32_t i = 0; i < x->n_rows; i++) {
        if (x->row[i].flags & ROW_NO_DATA) { return; }
    }
    struct diag *d = diag(u->diags, W1002_NO_DATA_ROW, slot->kid[0]->span, "no row says what is owed when there is nothing to measure");
    diag_note(d, "such a period is `no data`, which is no number: no other row holds for it, and nothing is credited");
    diag_help(d, "add the row `no data | %.*s 0.00`, or what is to be credited then", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")));
}

static void price_slot(struct unit *u, struct charge_info *c, const struct node *s)
{
    struct amount_scope sc = scope_of(c);
    switch (s->op) {
    case OP_PRICE: case OP_CHARGING: case OP_GRADUATED: case OP_VOLUME: case OP_PACKAGE: case OP_STAIRSTEP: case OP_BY_TABLE: break;
    default: return;
    }
    if (s->op == OP_PRICE && lone_word(u, &sc, s->kid[0], false)) { return; }
    if (c->said_what && s->op == OP_PRICE && s->kid[0]->kind == N_NAME && !amount_name_known(u, &sc, s->kid[0]->text)) { (void)amount_check(u, &sc, s->kid[0]); return; }
    if (c->said_what) { twice(u, s, "how much this is"); return; }
    c->said_what = true;
    if (s->op == OP_PRICE) { priced(u, c, s); }
    else if (s->op == OP_CHARGING) { charging(u, c, s); }
    else if (s->op == OP_BY_TABLE) {
        size_t mistakes = unit_mistakes(u);
        struct amount *x = bands_check(u, &sc, s);
        if (x->type.base == AMOUNT_MONEY && x->type.per.n > 0) { per_unit(u, &sc, c, x); }
        else { c->amount = x; }
        if (unit_mistakes(u) == mistakes) { no_data_unsaid(u, c, s, x); }
        if (x->type.base != AMOUNT_ERROR && x->type.base != AMOUNT_MONEY) {
            struct diag *d = diag(u->diags, E0302_TYPE, s->span, "the rows of this table are no amounts of money");
            diag_label(d, s->n > 2 ? s->kid[2]->span : s->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
            diag_help(d, "a percentage says of what: `5%% of base`");
        }
    } else { c->amount = tiers_check(u, &sc, c, s); }
}

/* `added up for each day`, `… for each ticket`: steps and minimum are of all its entries together. */
static void added_up(struct unit *u, struct charge_info *c, const struct node *s)
{
    bool day = str_eq(s->text, STR("day"));
    if (c->trigger != TRIGGER_FACT || c->units == NULL || !amount_reads(c->units, EX_TIME) || c->flags & CHARGE_ONCE) {
        struct diag *d = diag(u->diags, E0313_UNITS, s->span, "there is no time of several entries that could be added up");
        diag_help(d, "it is for `on EVENT` with `charge time at …`");
        return;
    }
    if (!day && (c->fact == NULL || c->fact->entity == NULL || !str_eq(c->fact->entity->name, s->text))) {
        struct diag *d = diag(u->diags, E0123_PLACE, s->name_span, "entries are not of a `%.*s`", STR_ARG(s->text));
        if (c->fact != NULL && c->fact->entity != NULL) { diag_help(d, "write `added up for each %.*s` or `for each day`", STR_ARG(c->fact->entity->name)); }
        else { diag_help(d, "write `added up for each day`"); }
        return;
    }
    c->flags |= day ? CHARGE_DAY_TOGETHER : CHARGE_THING_TOGETHER;
}

static void other_slot(struct unit *u, struct charge_info *c, const struct node *s)
{
    struct amount_scope sc = scope_of(c);
    switch (s->op) {
    case OP_FREE: free_units(u, c, s); break;
    case OP_DRAWN: account_draw(u, c, s); break;
    case OP_ADDED_UP: added_up(u, c, s); break;
    case OP_MINIMUM: case OP_MAXIMUM: limit(u, c, &sc, s); break;
    case OP_NOTHING_UNLESS: c->unless_above = amount_want(u, &sc, s->kid[0], AMOUNT_MONEY); break;
    case OP_FACTOR: {
        struct amount *x = amount_want(u, &sc, s->kid[0], AMOUNT_NUMBER);
        c->factor = c->factor == NULL ? x : amount_product(u, s->span, c->factor, x);
        break;
    }
    case OP_WHEN_PERIOD: case OP_REQUIRES: {
        struct amount *x = amount_condition(u, &sc, s->kid[0]->kind == N_WHEN ? s->kid[0]->kid[0] : s->kid[0]);
        if (s->op == OP_REQUIRES && c->kind == CHARGE_FEE && c->trigger == TRIGGER_FACT) { c->required = amount_all(u, c->required, x); } /* what is not given is told */
        else { c->asked = amount_all(u, c->asked, x); }
        c->when = amount_all(u, c->when, x);
        break;
    }
    default: break;
    }
}

/* A single sum is written as it is paid: USD 10.50, not JPY 10.5. */
static void payable(struct unit *u, const struct amount *x)
{
    if (x == NULL || x->op != EX_CONST || x->type.base != AMOUNT_MONEY || x->type.per.n > 0) { return; }
    uint32_t decimals = 0;
    for (size_t i = 0; i < x->decimal.n; i++) { decimals = x->decimal.p[i] == '.' ? (uint32_t)(x->decimal.n - i - 1) : decimals; }
    if (decimals <= u->places) { return; }
    struct diag *d = diag(u->diags, E1002_FINE_AMOUNT, x->span, "%.*s is paid with %u decimals, and this has %u", STR_ARG(u->currency), u->places, decimals);
    diag_help(d, "write an amount that can be paid; prices of a unit may be finer: `charge … at …`");
}

/* Dates between which nothing can be charged: an end before the beginning, or days outside a term that does not renew. */
static void never_in_force(struct unit *u, const struct charge_info *c)
{
    int64_t last = u->term_renews == NONE ? u->term_last : NONE;
    const char *why = NULL;
    bool until = false; /* written here: an amendment may end what has not begun */
    for (uint32_t i = 0; i < c->node->n; i++) { until = until || (c->node->kid[i] != NULL && c->node->kid[i]->kind == N_CSLOT && c->node->kid[i]->op == OP_UNTIL_DATE); }
    if (c->successor != NULL) { return; }
    if (until && c->first != NONE && c->last != NONE && c->first > c->last) { why = "ends before it begins"; }
    else if (c->first != NONE && last != NONE && c->first > last) { why = "begins after the last day of the term"; }
    else if (until && c->last != NONE && u->effective != NONE && c->last < u->effective) { why = "ends before the agreement takes effect"; }
    else if (c->trigger == TRIGGER_DATE && c->on != NONE && ((u->effective != NONE && c->on < u->effective) || (last != NONE && c->on > last))) { why = "falls on a day outside the term"; }
    if (why == NULL) { return; }
    struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, c->node->name_span, "the %s `%.*s` can never be charged: it %s", symbol_word(c->symbol), STR_ARG(c->symbol->name), why);
    diag_help(d, "look at its dates, and at `effective` and `term` of the agreement");
}

/* A fee that was waived is owed on the last day when the customer leaves before so many months: in full, or for the months left. */
static void paid_back(struct unit *u, struct charge_info *c)
{
    const struct node *s = c->paid_back;
    int64_t months = s->kid[0]->number / 1000000 * (str_eq(s->kid[0]->text, STR("year")) ? 12 : 1);
    bool whole = (str_eq(s->kid[0]->text, STR("year")) || str_eq(s->kid[0]->text, STR("month"))) && months > 0 && months <= TERM_MONTHS_MAX;
    if (!(c->flags & CHARGE_WAIVED) || c->trigger != TRIGGER_DATE || !whole || u->effective == NONE) {
        struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, s->span, "only a single fee that is waived can be paid back, and by whole months of the term");
        diag_help(d, "write `once on effective ; USD 7,500.00 ; waived, paid back in full when it ends before 36 months`");
        return;
    }
    c->flags &= ~(uint32_t)CHARGE_WAIVED;
    c->trigger = TRIGGER_END;
    date start = (date)u->effective, last = civil_add_months(start, (int)months) - 1;
    struct amount *left = amount_new(u, EX_STATE, AMOUNT(AMOUNT_FLAG), s->span), *day = amount_new(u, EX_STATE, AMOUNT(AMOUNT_NUMBER), s->span);
    left->mode = STATE_LEFT_BY_CUSTOMER;
    day->mode = STATE_TERM_DAY;
    struct amount *before = amount_two(u, EX_LT, AMOUNT(AMOUNT_FLAG), s->span, day, amount_const(u, AMOUNT(AMOUNT_NUMBER), last - start, 1, s->span));
    c->when = amount_all(u, c->when, amount_all(u, left, before));
    if (s->number != 2) { return; }
    struct amount *month = amount_new(u, EX_PERIOD_NUMBER, AMOUNT(AMOUNT_NUMBER), s->span), *all = amount_const(u, AMOUNT(AMOUNT_NUMBER), months, 1, s->span);
    month->mode = PERIOD_CONTRACT_MONTH;
    struct amount *rest = amount_two(u, EX_DIV, AMOUNT(AMOUNT_NUMBER), s->span, amount_two(u, EX_SUB, AMOUNT(AMOUNT_NUMBER), s->span, all, month), all);
    c->factor = c->factor == NULL ? rest : amount_product(u, s->span, c->factor, rest);
}

/* A tax within the prices: 21 % of a price without it are 21/121 of the price with it. */
static void included(struct unit *u, struct charge_info *c)
{
    const struct node *of = NULL, *slot = c->node;
    for (uint32_t i = 0; i < c->node->n; i++) {
        const struct node *s = c->node->kid[i];
        if (s == NULL || s->kind != N_CSLOT) { continue; }
        if (s->op == OP_PRICE) { of = s->kid[0]; }
        if (s->op == OP_INCLUDED) { slot = s; }
    }
    if (c->kind == CHARGE_TAX && of != NULL && of->kind == N_PERCENTOF && of->kid[0]->kind == N_PERCENT && c->amount != NULL) {
        struct amount *whole = amount_const(u, AMOUNT(AMOUNT_NUMBER), of->kid[0]->number + 100000000, 100000000, of->span);
        c->amount = amount_two(u, EX_DIV, AMOUNT(AMOUNT_MONEY), of->span, c->amount, whole);
        return;
    }
    struct diag *d = diag(u->diags, E0302_TYPE, slot->span, "only a tax that is a percentage can be within the prices");
    diag_help(d, "write `tax vat { 21%% of (charges less credits) ; included in the prices }`");
}

static void charge(struct unit *u, struct charge_info *c)
{
    const struct node *n = c->node;
    size_t errors = unit_mistakes(u);
    bool is_broken = node_broken(n);
    if (n->n > 0 && n->kid[0] != NULL && n->kid[0]->kind == N_NAME) {
        struct symbol *e = symbol_need(u, c->symbol->module, SYM_ENTITY, n->kid[0]->text, n->kid[0]->span);
        if (e != NULL) { c->entity = e->info; }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] != NULL && n->kid[i]->kind == N_CSLOT) { (void)trigger(u, c, n->kid[i]); }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] != NULL && n->kid[i]->kind == N_CSLOT) { plain_slot(u, c, n->kid[i]); }
    }
    if (c->said_when && c->trigger == TRIGGER_FACT && c->fact == NULL) { return; }
    if (c->survives != NULL && c->trigger != TRIGGER_FACT) {
        struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, c->survives->span, "only what is charged for something that happens can survive the end");
        diag_help(d, "periods and dates end with the agreement; write `on worked when …`");
        return;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] != NULL && n->kid[i]->kind == N_CSLOT) { price_slot(u, c, n->kid[i]); }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] != NULL && n->kid[i]->kind == N_CSLOT) { other_slot(u, c, n->kid[i]); }
    }
    if (c->flags & CHARGE_INCLUDED) { included(u, c); }
    payable(u, c->amount);
    bool of_invoice = c->kind == CHARGE_TAX || c->kind == CHARGE_DISCOUNT;
    if (unit_mistakes(u) != errors || is_broken) { return; }
    if (!c->said_when && !of_invoice) {
        struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, n->name_span, "the %s `%.*s` does not say when it is charged", symbol_word(c->symbol), STR_ARG(c->symbol->name));
        diag_help(d, "write `every month`, `once on effective`, `on worked when …`");
        return;
    }
    if (!c->said_what) {
        struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, n->name_span, "the %s `%.*s` does not say how much it is", symbol_word(c->symbol), STR_ARG(c->symbol->name));
        diag_help(d, "write the amount, `USD 4,500.00`, or `charge … at …`");
        return;
    }
    if (c->paid_back != NULL) { paid_back(u, c); }
    never_in_force(u, c);
    charge_never(u, c);
    charge_figures(u, c);
    bool levels = amount_reads(c->units, EX_LEVEL) || amount_reads(c->amount, EX_LEVEL);
    if (c->trigger == TRIGGER_EVERY && levels && c->level == LEVEL_BY_DAY) { c->flags |= CHARGE_LEVELS; }
    /* A4: parts of a period are charged by day; what is worked out from the period itself is no sum for all of it. */
    bool of_period = amount_reads(c->amount, EX_LINES) || amount_reads(c->amount, EX_MEASURE) || amount_reads(c->units, EX_MEASURE) || amount_reads(c->amount, EX_EVENTS) || amount_reads(c->amount, EX_FIGURES);
    if (c->trigger == TRIGGER_EVERY && !c->said_proration && c->kind == CHARGE_FEE && !of_period) { c->flags |= CHARGE_BY_DAY; }
}

/* ---- exceptions ---- */

static struct charge_info *charge_numbered(struct unit *u, struct str number)
{
    for (size_t i = 0; number.n > 0 && i < u->money->charges.n; i++) {
        if (str_eq(u->money->charges.p[i]->node->clause, number)) { return u->money->charges.p[i]; }
    }
    return NULL;
}

bool exception_is_to_charge(struct unit *u, const struct node *n) { return charge_numbered(u, n->text) != NULL; }

static void exception(struct unit *u, struct charge_info *c, const struct node *n, const struct node *section)
{
    struct amount_scope sc = scope_of(c);
    struct charge_exception x = { .node = n, .section = section, .effect = UINT32_MAX };
    size_t errors = unit_mistakes(u);
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_WHEN) { x.when = amount_all(u, x.when, amount_condition(u, &sc, k->kid[0])); continue; }
        if (k->kind != N_EFFECT) { continue; }
        if (k->op == OP_FIRST_MONTHS) {
            if (u->effective == NONE) {
                struct diag *d = diag(u->diags, E1006_NO_DATE, k->span, "the agreement does not say when its term begins");
                diag_help(d, "write a line `effective 2026-01-01` in it");
                continue;
            }
            struct amount *month = amount_new(u, EX_PERIOD_NUMBER, AMOUNT(AMOUNT_NUMBER), k->span);
            month->mode = PERIOD_CONTRACT_MONTH;
            struct amount *last = amount_const(u, AMOUNT(AMOUNT_NUMBER), k->number > 0 ? k->number : 1, 1, k->span);
            x.when = amount_all(u, x.when, amount_two(u, EX_LE, AMOUNT(AMOUNT_FLAG), k->span, month, last));
            continue;
        }
        if (k->op == OP_PRICE && lone_word(u, &sc, k->kid[0], true)) { continue; }
        if (x.effect != UINT32_MAX) { twice(u, k, "what the exception does"); continue; }
        x.effect = k->op == OP_NO_CHARGE ? EFFECT_NO_CHARGE : k->op == OP_FACTOR ? EFFECT_FACTOR : EFFECT_AMOUNT;
        if (k->op != OP_NO_CHARGE) { x.value = amount_want(u, &sc, k->kid[0], k->op == OP_FACTOR ? AMOUNT_NUMBER : AMOUNT_MONEY); }
    }
    if (unit_mistakes(u) != errors || node_broken(n)) { return; }
    if (x.effect == UINT32_MAX) {
        struct diag *d = diag(u->diags, E0621_EXCEPTION_EMPTY, n->span, "the exception changes nothing");
        diag_help(d, "write `no charge`, `times 2` or another amount");
        return;
    }
    vec_push(&c->exceptions, u->arena, x);
}

/* ---- all ---- */

struct charge_info *charge_declare(struct unit *u, struct symbol *s)
{
    struct charge_info *c = ARENA_NEW(u->arena, struct charge_info);
    uint16_t op = s->node->op;
    *c = (struct charge_info){ .symbol = s, .node = s->node, .on = NONE, .first = NONE, .last = NONE, .claim_days = NONE, .level = LEVEL_BY_DAY, .index = NO_REF,
        .period = PERIOD_MONTH, .period_n = 1, .sum_period = PERIOD_MONTH, .sum_period_n = 1, .free_period = PERIOD_MONTH, .free_period_n = 1,
        .kind = op == OP_CREDIT ? CHARGE_CREDIT : op == OP_DISCOUNT ? CHARGE_DISCOUNT : op == OP_TAX ? CHARGE_TAX : CHARGE_FEE };
    vec_push(&u->money->charges, u->arena, c);
    return c;
}

void unit_declare_money(struct unit *u)
{
    struct money *m = u->money = ARENA_NEW(u->arena, struct money);
    *m = (struct money){ .terms = NULL };
    for (size_t i = 0; i < u->all.n; i++) {
        struct symbol *s = u->all.p[i];
        switch (s->kind) {
        case SYM_QUANTITY: {
            struct quantity_info *q = ARENA_NEW(u->arena, struct quantity_info);
            *q = (struct quantity_info){ .symbol = s, .initial = STR("0") };
            for (uint32_t k = 1; k < s->node->n; k++) {
                if (s->node->kid[k] != NULL && s->node->kid[k]->kind == N_QSLOT && s->node->kid[k]->op == OP_UNIT) { q->unit = s->node->kid[k]->text; }
                if (s->node->kid[k] != NULL && s->node->kid[k]->kind == N_QSLOT && s->node->kid[k]->op == OP_STARTS_AT) { q->share = s->node->kid[k]->kid[0]->kind == N_PERCENT; }
            }
            s->info = q;
            vec_push(&m->quantities, u->arena, q);
            break;
        }
        case SYM_SERIES: {
            struct series_info *x = ARENA_NEW(u->arena, struct series_info);
            *x = (struct series_info){ .symbol = s };
            s->info = x;
            vec_push(&m->series, u->arena, x);
            break;
        }
        case SYM_CHARGE: s->info = charge_declare_parts(u, s); break;
        case SYM_ACCOUNT: account_declare(u, s); break;
        default: break;
        }
    }
    for (size_t i = 0; i < u->all.n; i++) {
        struct symbol *s = u->all.p[i];
        if (s->kind != SYM_RATE || s->node->n == 0) { continue; }
        struct amount *a = amount_check(u, &(struct amount_scope){ .module = s->module, .level = LEVEL_BY_DAY }, s->node->kid[0]);
        if (a->type.base == AMOUNT_ERROR) { continue; }
        if (a->type.base != AMOUNT_MONEY) {
            struct diag *d = diag(u->diags, E0302_TYPE, a->span, "a rate is so much money per unit");
            diag_label(d, a->span, "this is %.*s", STR_ARG(amount_word(u, a->type)));
            diag_help(d, "write `USD 150.00 per hour`");
            continue;
        }
        struct rate_info *r = ARENA_NEW(u->arena, struct rate_info);
        *r = (struct rate_info){ s, a };
        s->info = r;
        vec_push(&m->rates, u->arena, r);
    }
    amend_declarations(u);
}

void each_declaration(struct unit *u, void (*f)(struct unit *, struct source_module *, const struct node *, const struct node *))
{
    for (size_t i = 0; i < u->modules.n; i++) {
        struct source_module *m = u->modules.p[i];
        for (uint32_t k = 0; m->file != NULL && k < m->file->n; k++) {
            const struct node *n = m->file->kid[k];
            f(u, m, n, NULL);
            for (uint32_t j = 0; n->kind == N_SECTION && j < n->n; j++) { f(u, m, n->kid[j], n); }
        }
    }
}

static void exceptions(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    (void)m;
    for (struct charge_info *c = n->kind == N_EXCEPTION ? charge_numbered(u, n->text) : NULL; c != NULL; c = c->successor) { exception(u, c, n, section); }
}

void unit_check_money(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->quantities.n; i++) { quantity_define(u, m->quantities.p[i]); }
    quantity_circles(u);
    for (size_t i = 0; i < m->series.n; i++) { series_check(u, m->series.p[i]); }
    accounts_check(u);
    for (size_t i = 0; i < m->charges.n; i++) {
        struct charge_info *c = m->charges.p[i];
        size_t mistakes = unit_mistakes(u);
        if (c->broken || (c->part_of_first != NULL && c->part_of_first->broken)) { continue; } /* the same mistakes, told with the first row */
        charge(u, c);
        c->broken = unit_mistakes(u) != mistakes;
    }
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_AMOUNT) { (void)amount_named(u, u->all.p[i], u->all.p[i]->node->name_span); }
    }
    each_declaration(u, exceptions);
    terms_check(u);
}
