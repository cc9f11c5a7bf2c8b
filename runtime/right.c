/* SPDX-License-Identifier: MIT */
/* Powers of the parties (A6): to suspend, to terminate. A power arises when its condition holds at the end of a day; a notice
 * uses it; the notice's last day is counted from the day after it (A7), and the effect is at that day's end. */
#include "runtime/right.h"
#include <string.h>

static void touch_clocks(struct ledger *l, const struct m_right *r, int change)
{
    for (uint32_t i = 0; i < r->n_pauses; i++) {
        uint32_t clock = l->m->right_clock[r->pauses + i].clock;
        l->paused[clock] += (uint32_t)change;
        engine_suspend(l->e, clock, l->paused[clock] != 0);
    }
}

struct msa_result *right_tell(struct ledger *l, enum msa_result_kind kind, const struct m_right *r, date day, const char *state, date last)
{
    struct msa_result *x = ledger_result(l, kind, day, r->clause);
    if (kind == MSA_STATE) { x->at = day_begin(l, day + 1); } /* the effect is at the end of the day (A7) */
    x->standing = result_text(str_of(state));
    x->title = result_text(module_str(l->m, r->title));
    x->last_day = last;
    struct str clause = result_clause_name(l->e, r->clause);
    x->id = result_text(str_printf(&l->e->scratch, "%.*s/%s/%.*s", STR_ARG(clause), state, STR_ARG(date_words(l, day))));
    return x;
}

struct at_hand ledger_on_day(date day, instant horizon)
{
    return (struct at_hand){.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = horizon, .time = NONE};
}

bool right_holds(struct ledger *l, const struct m_right *r, date day, instant horizon)
{
    struct at_hand h = ledger_on_day(day, horizon);
    return (r->when == NO_REF || formula_yes_of_any(l, &h, r->when)) && (r->requires == NO_REF || formula_yes_of_any(l, &h, r->requires));
}

static bool over(struct ledger *l, const struct m_right *r, date day, instant horizon)
{
    struct at_hand h = ledger_on_day(day, horizon);
    return r->until != NO_REF && formula_yes(l, &h, r->until);
}

/* ---- notices ---- */

static bool same_word(struct str a, const char *b) { return str_eq(a, str_of(b)); }

static bool meant(const struct ledger *l, const struct m_right *r, struct str of)
{
    if (!of.n) { return true; }
    if (str_eq(of, result_clause_name(l->e, r->clause)) || str_eq(of, module_str(l->m, r->title))) { return true; }
    if (r->kind == RIGHT_SUSPEND) { return same_word(of, "suspension") || same_word(of, "suspend"); }
    return same_word(of, "termination") || same_word(of, "terminate") || (r->flags & RIGHT_CONVENIENCE && same_word(of, "convenience")) || (r->flags & RIGHT_CAUSE && same_word(of, "cause"));
}

/* The last day on which notice prevents the next renewal; that of the term where no time is asked for. */
static date last_notice(const struct ledger *l)
{
    int64_t notice = l->m->agreement[0].term_notice;
    return notice == NONE ? l->term_last : civil_before_length(l->term_last + 1, notice) - 1;
}

/* The term is over on another day, or only some of its fees are. */
void right_end_on(struct ledger *l, const struct m_right *r, date last)
{
    if (!r->n_ends) {
        billing_ends(l, last);
        l->ending = r;
        return;
    }
    date from = last;
    for (uint32_t i = 0; i < r->n_ends; i++) {
        date *end = &l->charge_end[l->m->lines_charge[r->ends + i].charge];
        if (*end < from) { from = *end; }
        *end = last;
    }
    vec_push(&l->partings, l->arena, ((struct parting){.right = r, .last = last}));
    billing_stopped(l, from + 1);
}

/* A length after the start: its last date, as that of a term (A7). */
static date length_after_start(const struct ledger *l, uint32_t months, uint32_t days)
{
    return months ? civil_add_months(l->start, (int)months) - 1 : l->start + (date)days - 1;
}

date right_not_before(const struct ledger *l, const struct m_right *r)
{
    return r->not_before || r->not_before_days ? length_after_start(l, r->not_before, r->not_before_days) : NO_DATE;
}

date right_notice_from(const struct ledger *l, const struct m_right *r)
{
    return r->notice_from || r->notice_from_days ? length_after_start(l, r->notice_from, r->notice_from_days) + 1 : l->start;
}

date right_notice_ends(const struct ledger *l, const struct m_right *r, date received, date told)
{
    date last = received + (date)r->notice, earliest = right_not_before(l, r);
    if (r->notice_in != NO_REF) { last = calendar_next_business_date(calendars_at(l->e->calendars, r->notice_in), received, (int32_t)r->notice); }
    if (r->notice_months) { last = civil_add_months(received, (int)r->notice_months); }
    if (r->cure && received + (date)r->cure > last) { last = received + (date)r->cure; }
    if (r->flags & RIGHT_AT_ONCE) { last = received; }
    if (told != NO_DATE && told > last) { last = told; }
    if (earliest != NO_DATE && last < earliest) { last = earliest; }
    if (!r->ends_on) { return last; }
    return r->ends_on == PERIOD_ALL + 1 ? (l->term_last > last ? l->term_last : last) : period_of_kind(l, r->ends_on - 1, 1, last).last;
}

struct str right_notice_words(struct ledger *l, const struct m_right *r)
{
    struct arena *a = &l->e->scratch;
    if (r->notice_months) { return str_printf(a, "%u months", r->notice_months); }
    if (r->notice_in != NO_REF) { return str_printf(a, "%u business days", r->notice); }
    return str_printf(a, "%u days", r->cure > r->notice ? r->cure : r->notice);
}

/* Received when it says so; else as many days after it was sent as the clause says. */
static date received_on(const struct ledger *l, const struct m_right *r, const struct fact *f)
{
    if (l->m->fact[f->kind].n_values > 2 && f->value[2] != NONE) { return f->value[2] > f->day ? (date)f->value[2] : f->day; }
    return f->day + (date)r->received;
}

/* Did what it arises from happen on this day? */
static bool happened_on(struct ledger *l, const struct m_right *r, date day, instant horizon)
{
    if (r->event == NO_REF) { return false; }
    size_t mark = l->temp.n;
    struct at_hand h = ledger_on_day(day, horizon);
    mpq_ptr days = ledger_number(l);
    bool today = formula(l, &h, r->event, days) && mpq_sgn(days) == 0;
    l->temp.n = mark;
    return today;
}

/* Can it be used on this day? What has lapsed cannot, though its condition holds on. */
bool right_is_there(struct ledger *l, uint32_t i, date day, instant horizon)
{
    const struct m_right *r = &l->m->right[i];
    const struct right_state *s = &l->right[i];
    if ((r->first != NONE && day < r->first) || (r->last != NONE && day > r->last)) { return false; }
    if (r->when == NO_REF || (s->phase == RIGHT_ARISEN && (!r->within || day <= s->arose + (date)r->within))) { return true; }
    bool lapsed = r->within && s->holds && !happened_on(l, r, day, horizon);
    return !lapsed && right_holds(l, r, day, horizon);
}

static void notice(struct ledger *l, const struct fact *f, uint32_t i)
{
    const struct m_right *r = &l->m->right[i];
    struct right_state *s = &l->right[i];
    date told = l->m->fact[f->kind].n_values > 1 && f->value[1] != NONE ? (date)f->value[1] : NO_DATE;
    date received = received_on(l, r, f), last = right_notice_ends(l, r, received, told);
    s->phase = RIGHT_NOTICED;
    s->noticed = f->day;
    s->last_day = last;
    struct msa_result *x = right_tell(l, MSA_RIGHT, r, f->day, "notice", last);
    if (received != f->day) { x->reason = result_text(str_printf(&l->e->scratch, "received on %.*s", STR_ARG(date_words(l, received)))); }
    if (told != NO_DATE && told < last) { x->reason = result_text(str_printf(&l->e->scratch, "%.*s was asked for; the notice is longer", STR_ARG(date_words(l, told)))); }
    x->at = f->at;
    x->line = f->line;
    if (f->file < l->e->n_files) { x->file = result_text(l->e->files[f->file]); }
    result_give(l->e);
    if (r->kind == RIGHT_TERMINATE && !r->cure) { right_end_on(l, r, last); }
}

void right_fact(struct ledger *l, const struct fact *f, uint32_t role)
{
    if (role == ROLE_INCIDENT) {
        limit_fact(l, f);
        return;
    }
    if (role != ROLE_NOTICE) { return; }
    int64_t by = l->m->fact[f->kind].n_values ? f->value[0] : NONE;
    if (same_word(f->text, "renewal") || same_word(f->text, "non-renewal")) {
        date latest = last_notice(l);
        if (l->m->agreement[0].term_renews == NONE || l->term_last == FAR_DATE) {
            ledger_refuse(l, f, 0, (struct str){0}, STR("the agreement does not renew"));
        } else if (f->day > latest) {
            ledger_refuse(l, f, 0, (struct str){0}, str_printf(&l->e->scratch, "the last day for this notice was %.*s", STR_ARG(date_words(l, latest))));
        } else {
            l->no_renewal = true;
            billing_ends(l, l->term_last);
        }
        return;
    }
    uint32_t other = NO_REF;
    date early = NO_DATE;
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct m_right *r = &l->m->right[i];
        struct right_state *s = &l->right[i];
        if ((by != NONE && by != r->party) || !meant(l, r, f->text)) { continue; }
        other = i;
        if (s->phase == RIGHT_NOTICED || s->phase == RIGHT_IN_FORCE || s->phase == RIGHT_DONE || f->day > l->end) { continue; }
        if (!right_is_there(l, i, f->day, f->at + 1)) { continue; }
        if (f->day < right_notice_from(l, r)) {
            early = right_notice_from(l, r);
            continue;
        }
        notice(l, f, i);
        return;
    }
    uint32_t clause = other == NO_REF ? 0 : l->m->right[other].clause;
    struct str why = other == NO_REF ? STR("no clause gives this power") : STR("what the clause asks for is not given");
    if (other != NO_REF && f->day > l->end) { why = STR("the agreement has ended"); }
    if (early != NO_DATE) { why = str_printf(&l->e->scratch, "the first day for this notice is %.*s", STR_ARG(date_words(l, early))); }
    ledger_refuse(l, f, clause, (struct str){0}, why);
}

/* ---- days ---- */

/* Of the suspensions in force, the first day; NO_DATE. */
static date suspended_since(const struct ledger *l)
{
    date first = NO_DATE;
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct right_state *s = &l->right[i];
        if (l->m->right[i].kind == RIGHT_SUSPEND && s->phase == RIGHT_IN_FORCE && (first == NO_DATE || s->in_force < first)) { first = s->in_force; }
    }
    return first;
}

static void suspend_day(struct ledger *l, const struct m_right *r, struct right_state *s, date day, instant horizon)
{
    if (s->phase == RIGHT_NOTICED && over(l, r, day, horizon)) {
        s->phase = RIGHT_IDLE;
        right_tell(l, MSA_RIGHT, r, day, "cured", NO_DATE);
        result_give(l->e);
    } else if (s->phase == RIGHT_NOTICED && day >= s->last_day) {
        s->phase = RIGHT_IN_FORCE;
        s->in_force = day;
        l->suspended_since = suspended_since(l);
        right_tell(l, MSA_STATE, r, day, "suspended", NO_DATE);
        result_give(l->e);
        touch_clocks(l, r, 1);
        vec_push(&l->stops, l->arena, ((struct stop){.days = {day + 1, FAR_DATE}, .right = r}));
        billing_stopped(l, day + 1);
    } else if (s->phase == RIGHT_IN_FORCE && over(l, r, day, horizon)) {
        s->phase = RIGHT_IDLE;
        l->suspended_since = suspended_since(l);
        for (size_t i = 0; i < l->stops.n; i++) {
            if (l->stops.p[i].right == r && l->stops.p[i].days.last == FAR_DATE) { l->stops.p[i].days.last = day; }
        }
        right_tell(l, MSA_STATE, r, day, "restored", NO_DATE);
        result_give(l->e);
        touch_clocks(l, r, -1);
        billing_stopped(l, day + 1);
    }
}

/* The fees that end by it, each once; empty: all. */
static struct str part_words(struct ledger *l, const struct m_right *r)
{
    struct sb b = {.arena = &l->e->scratch};
    struct str before = {0};
    for (uint32_t i = 0; i < r->n_ends; i++) {
        struct str name = module_str(l->m, l->m->charge[l->m->lines_charge[r->ends + i].charge].name);
        if (str_eq(name, before)) { continue; } /* its successor by an amendment */
        if (b.n) { sb_puts(&b, ", "); }
        sb_put(&b, name);
        before = name;
    }
    return b.n ? sb_str(&b) : (struct str){0};
}

static void terminate_day(struct ledger *l, const struct m_right *r, struct right_state *s, date day, instant horizon)
{
    if (s->phase != RIGHT_NOTICED || day < s->last_day) { return; }
    if (r->cure && !right_holds(l, r, day, horizon)) {
        s->phase = RIGHT_IDLE;
        right_tell(l, MSA_RIGHT, r, day, "cured", NO_DATE);
        result_give(l->e);
        return;
    }
    if (r->cure) { right_end_on(l, r, day); }
    s->phase = RIGHT_DONE;
    struct msa_result *x = right_tell(l, MSA_STATE, r, day, r->n_ends ? "ended in part" : "terminated", day);
    x->charge = result_text(part_words(l, r));
    result_give(l->e);
}

static void arises(struct ledger *l, const struct m_right *r, struct right_state *s, date day, instant horizon)
{
    if (r->when == NO_REF) { return; } /* it is always there */
    bool now = (r->first == NONE || day >= r->first) && (r->last == NONE || day <= r->last) && right_holds(l, r, day, horizon);
    if (s->phase == RIGHT_ARISEN && now && happened_on(l, r, day, horizon)) { s->arose = day; } /* once more: the time for the notice begins again */
    if (s->phase == RIGHT_IDLE && now && day < l->end && (!s->holds || happened_on(l, r, day, horizon))) {
        s->phase = RIGHT_ARISEN;
        s->arose = day;
        right_tell(l, MSA_RIGHT, r, day, "arisen", r->within ? day + (date)r->within : NO_DATE);
        result_give(l->e);
    } else if (s->phase == RIGHT_ARISEN && r->within ? day > s->arose + (date)r->within : s->phase == RIGHT_ARISEN && !now) {
        s->phase = RIGHT_IDLE;
        right_tell(l, MSA_RIGHT, r, day, "lapsed", NO_DATE);
        result_give(l->e);
    }
    s->holds = now;
}

static void term_day(struct ledger *l, date day)
{
    const struct m_agreement *a = &l->m->agreement[0];
    if (day != l->term_last || l->end < l->term_last) { return; }
    struct msa_result *r;
    if (!l->no_renewal && a->term_renews != NONE) {
        l->renewals++;
        /* Months are counted from the first day: a term from the 31st does not move to the 28th for good. */
        l->term_last = (a->term_length < 0 && a->term_renews < 0 ? civil_add_length(l->start, a->term_length + a->term_renews * l->renewals) : civil_add_length(day + 1, a->term_renews)) - 1;
        r = ledger_result(l, MSA_STATE, day, 0);
        r->standing = result_text(STR("renewed"));
    } else {
        billing_ends(l, day);
        r = ledger_result(l, MSA_STATE, day, 0);
        r->standing = result_text(STR("ended"));
    }
    r->last_day = l->term_last;
    r->id = result_text(str_printf(&l->e->scratch, "term/%.*s", STR_ARG(date_words(l, day))));
    result_give(l->e);
}

void right_day(struct ledger *l, date day)
{
    instant horizon = day_begin(l, day + 1);
    term_day(l, day);
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct m_right *r = &l->m->right[i];
        struct right_state *s = &l->right[i];
        if (r->kind == RIGHT_SUSPEND) {
            suspend_day(l, r, s, day, horizon);
        } else {
            terminate_day(l, r, s, day, horizon);
        }
        arises(l, r, s, day, horizon);
    }
}

/* ---- what falls due next ---- */

void ledger_deadline(struct ledger *l, uint32_t clause, date last, struct str what, struct str id)
{
    struct msa_result *r = ledger_result(l, MSA_DEADLINE, last, clause);
    r->last_day = last;
    r->reason = result_text(what);
    r->final = false;
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/deadline/%.*s", STR_ARG(result_clause_name(l->e, clause)), STR_ARG(id)));
    result_give(l->e);
}

/* The first day on which it could be used if nothing changes, within a year; NO_DATE. */
static date right_first_day(struct ledger *l, uint32_t i)
{
    enum { AHEAD = 366 };
    const struct m_right *r = &l->m->right[i];
    date from = right_notice_from(l, r) > l->today ? right_notice_from(l, r) : l->today;
    instant now = l->e->now == NEVER ? NEVER : l->e->now + 1;
    for (date d = from; d <= from + AHEAD && d <= l->end; d++) {
        if (right_is_there(l, i, d, now)) { return d; }
        if (l->right[i].holds) { return NO_DATE; } /* it has lapsed */
    }
    return NO_DATE;
}

/* Powers that nobody has used: when they arise, and what a notice could bring about at the earliest. */
static void report_possible(struct ledger *l, uint32_t i)
{
    const struct m_right *r = &l->m->right[i];
    const struct right_state *s = &l->right[i];
    if (l->closed || (s->phase != RIGHT_IDLE && s->phase != RIGHT_ARISEN) || (r->kind == RIGHT_TERMINATE && !r->n_ends && l->ending)) { return; }
    date first = right_first_day(l, i);
    if (first == NO_DATE) { return; }
    struct str day = date_words(l, first);
    bool suspends = r->kind == RIGHT_SUSPEND;
    if (first > l->today) {
        ledger_deadline(l, r->clause, first, str_printf(&l->e->scratch, "first day for a notice to %s, if nothing changes", suspends ? "suspend" : "terminate"), STR("possible"));
    }
    date last = right_notice_ends(l, r, first + (date)r->received, NO_DATE);
    if (last >= l->end) { return; }
    const char *what = suspends ? "first possible day of a suspension, at its end" : r->n_ends ? "first possible last day of a part" : "first possible last day";
    ledger_deadline(l, r->clause, last, str_printf(&l->e->scratch, "%s, by a notice on %.*s", what, STR_ARG(day)), STR("earliest"));
}

void right_report(struct ledger *l)
{
    const struct m_agreement *a = &l->m->agreement[0];
    date today = l->today - 1;
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        if (v->open > 0 && v->due != NO_DATE && v->due >= today) {
            ledger_deadline(l, ledger_terms(l)->clause, v->due, str_printf(&l->e->scratch, "invoice %.*s is due, %.*s open", STR_ARG(v->name), STR_ARG(minor_words(l, v->open))), v->name);
        }
    }
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        date latest = debt_dispute_until(l, v);
        if (v->open > 0 && latest < FAR_DATE && latest > today) {
            ledger_deadline(l, ledger_terms(l)->clause, latest, str_printf(&l->e->scratch, "last day to dispute invoice %.*s", STR_ARG(v->name)), str_printf(&l->e->scratch, "dispute/%.*s", STR_ARG(v->name)));
        }
    }
    billing_claims(l, today + 1);
    balance_report(l, today);
    quantity_report(l, today);
    rises_report(l, today);
    duty_report(l, today + 1);
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct m_right *r = &l->m->right[i];
        const struct right_state *s = &l->right[i];
        if (s->phase == RIGHT_ARISEN && r->within) { ledger_deadline(l, r->clause, s->arose + (date)r->within, STR("last day for the notice"), STR("notice")); }
        report_possible(l, i);
        if (s->phase == RIGHT_NOTICED) { ledger_deadline(l, r->clause, s->last_day, r->kind == RIGHT_SUSPEND ? STR("suspension begins at the end of this day") : STR("last day of the agreement"), STR("effect")); }
    }
    if (l->term_last < FAR_DATE && l->end >= l->term_last && !l->closed) {
        if (a->term_renews != NONE && a->term_notice != NONE) {
            date latest = last_notice(l);
            if (latest >= today) { ledger_deadline(l, 0, latest, STR("last day for notice that the agreement does not renew"), STR("renewal")); }
        }
        ledger_deadline(l, 0, l->term_last, a->term_renews != NONE ? STR("last day of the term; it renews") : STR("last day of the term"), STR("term"));
    }
}
