/* SPDX-License-Identifier: MIT */
/* Powers of the parties (A6): to suspend, to terminate. A power arises when its condition holds at the end of a day; a notice
 * uses it; the notice's last day is counted from the day after it (A7), and the effect is at that day's end. */
#include "runtime/ledger_state.h"
#include <string.h>

static void touch_clocks(struct ledger *l, const struct m_right *r, int change)
{
    for (uint32_t i = 0; i < r->n_pauses; i++) {
        uint32_t clock = l->m->right_clock[r->pauses + i].clock;
        l->paused[clock] += (uint32_t)change;
        engine_suspend(l->e, clock, l->paused[clock] != 0);
    }
}

static struct msa_result *tell(struct ledger *l, enum msa_result_kind kind, const struct m_right *r, date day, const char *state, date last)
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

static struct at_hand on_day(date day, instant horizon)
{
    return (struct at_hand){.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = horizon, .time = NONE};
}

static bool holds(struct ledger *l, const struct m_right *r, date day, instant horizon)
{
    struct at_hand h = on_day(day, horizon);
    return (r->when == NO_REF || formula_yes(l, &h, r->when)) && (r->requires == NO_REF || formula_yes(l, &h, r->requires));
}

static bool over(struct ledger *l, const struct m_right *r, date day, instant horizon)
{
    struct at_hand h = on_day(day, horizon);
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

static date month_end(date day)
{
    struct ymd a = civil_ymd(day);
    return civil_date(a.year, a.month, civil_days_in_month(a.year, a.month));
}

/* The last day on which notice prevents the next renewal; that of the term where no time is asked for. */
static date last_notice(const struct ledger *l)
{
    int64_t notice = l->m->agreement[0].term_notice;
    return notice == NONE ? l->term_last : civil_before_length(l->term_last + 1, notice) - 1;
}

static void end_on(struct ledger *l, const struct m_right *r, date last)
{
    billing_ends(l, last);
    l->ending = r;
}

/* The last day of a notice given on `day`; `told`: the day that it names, NO_DATE none. */
static date notice_ends(const struct ledger *l, const struct m_right *r, date day, date told)
{
    date last = day + (date)r->notice;
    if (r->notice_months) { last = civil_add_months(day, (int)r->notice_months); }
    if (r->cure) { last = day + (date)(r->cure > r->notice ? r->cure : r->notice); }
    if (r->flags & RIGHT_AT_ONCE) { last = day; }
    if (told != NO_DATE && told > last) { last = told; }
    if (r->not_before) {
        date earliest = civil_add_months(l->start, (int)r->not_before) - 1;
        if (last < earliest) { last = earliest; }
    }
    return r->flags & RIGHT_MONTH_END ? month_end(last) : last;
}

static void notice(struct ledger *l, const struct fact *f, uint32_t i)
{
    const struct m_right *r = &l->m->right[i];
    struct right_state *s = &l->right[i];
    date told = l->m->fact[f->kind].n_values > 1 && f->value[1] != NONE ? (date)f->value[1] : NO_DATE;
    date last = notice_ends(l, r, f->day, told);
    s->phase = RIGHT_NOTICED;
    s->noticed = f->day;
    s->last_day = last;
    struct msa_result *x = tell(l, MSA_RIGHT, r, f->day, "notice", last);
    if (told != NO_DATE && told < last) { x->reason = result_text(str_printf(&l->e->scratch, "%.*s was asked for; the notice is longer", STR_ARG(date_words(l, told)))); }
    x->at = f->at;
    x->line = f->line;
    if (f->file < l->e->n_files) { x->file = result_text(l->e->files[f->file]); }
    result_give(l->e);
    if (r->kind == RIGHT_TERMINATE && !r->cure) { end_on(l, r, last); }
}

/* What a limit of liability leaves for a claim: claims use it up in order. */
static void incident(struct ledger *l, const struct fact *f)
{
    int64_t claimed = l->m->fact[f->kind].n_values && f->value[0] != NONE ? f->value[0] / 1000 : 0;
    const struct m_limit *limit = NULL;
    for (uint32_t i = 0; i < l->m->n_limit; i++) {
        const struct m_limit *x = &l->m->limit[i];
        struct str kind = module_str(l->m, x->kind);
        if (!kind.n && !limit) { limit = x; }
        if (kind.n && str_eq(kind, f->text)) { limit = x; }
    }
    if (!limit) { return; }
    if (claimed && f->value[0] % 1000) {
        ledger_refuse(l, f, limit->clause, (struct str){0}, STR("the amount is finer than the smallest unit of the currency, which nobody can pay"));
        return;
    }
    size_t index = (size_t)(limit - l->m->limit);
    struct msa_result *r;
    struct str clause = result_clause_name(l->e, limit->clause);
    int64_t most = MSA_NONE, left = claimed;
    if (!(limit->flags & LIMIT_NONE)) {
        size_t mark = l->n_temp;
        mpq_ptr v = ledger_number(l);
        date first = l->first_incident == NO_DATE ? f->day : l->first_incident;
        struct at_hand h = on_day(first, f->at == NEVER ? NEVER : f->at + 1);
        h.fact = f;
        if (!formula(l, &h, limit->amount, v) || !exact_minor(&most, v, l->places, l->rounding)) { most = 0; }
        l->n_temp = mark;
        int64_t room = most - (limit->flags & LIMIT_PER_CLAIM ? 0 : l->claimed[index]);
        if (room < 0) { room = 0; }
        left = claimed < room ? claimed : room;
    }
    if (l->first_incident == NO_DATE) { l->first_incident = f->day; }
    l->claimed[index] += left;
    r = ledger_result(l, MSA_LIABILITY, f->day, limit->clause);
    r->at = f->at;
    r->line = f->line;
    if (f->file < l->e->n_files) { r->file = result_text(l->e->files[f->file]); }
    r->total = most;
    r->amount = left;
    r->open = most == MSA_NONE ? MSA_NONE : most - l->claimed[index];
    r->standing = result_text(f->text.n ? f->text : STR("incident"));
    r->reason = result_text(most == MSA_NONE ? STR("not limited") : left < claimed ? str_printf(&l->e->scratch, "%.*s claimed", STR_ARG(minor_words(l, claimed))) : (struct str){0});
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/limit/%u", STR_ARG(clause), f->sequence + 1));
    result_give(l->e);
}

void right_fact(struct ledger *l, const struct fact *f, uint32_t role)
{
    if (role == ROLE_INCIDENT) {
        incident(l, f);
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
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct m_right *r = &l->m->right[i];
        struct right_state *s = &l->right[i];
        if ((by != NONE && by != r->party) || !meant(l, r, f->text)) { continue; }
        other = i;
        if (s->phase == RIGHT_NOTICED || s->phase == RIGHT_IN_FORCE || s->phase == RIGHT_DONE) { continue; }
        if (r->when != NO_REF && s->phase != RIGHT_ARISEN && !holds(l, r, f->day, f->at + 1)) { continue; }
        notice(l, f, i);
        return;
    }
    uint32_t clause = other == NO_REF ? 0 : l->m->right[other].clause;
    ledger_refuse(l, f, clause, (struct str){0}, other == NO_REF ? STR("no clause gives this power") : STR("what the clause asks for is not given"));
}

/* ---- what if ---- */

enum { FARTHEST_YEARS = 20 }; /* every day until then is worked out */

static bool asked_for(const struct m_right *r, const struct settle_question *q)
{
    unsigned both = RIGHT_CONVENIENCE | RIGHT_CAUSE, wanted = q->reason == MSA_FOR_CONVENIENCE ? RIGHT_CONVENIENCE : RIGHT_CAUSE;
    if (r->kind != RIGHT_TERMINATE || (q->by != MSA_BY_ANYONE && r->party != (q->by == MSA_BY_PROVIDER ? PARTY_PROVIDER : PARTY_CUSTOMER))) { return false; }
    return q->reason == MSA_FOR_ANY_REASON || r->flags & wanted || !(r->flags & both);
}

/* Why the day asked for cannot be the last one; the first that can is `last`. */
static struct str why_not(struct ledger *l, const struct m_right *r, date asked, date last)
{
    struct arena *a = &l->e->scratch;
    struct str today = date_words(l, l->today), first = date_words(l, last);
    if (r->flags & RIGHT_MONTH_END && last >= asked && last - asked < 31 && last - l->today > 31) {
        return str_printf(a, "it ends on the last day of a month; the first day from then on is %.*s", STR_ARG(first));
    }
    uint32_t days = r->cure > r->notice ? r->cure : r->notice;
    if (r->not_before && last == civil_add_months(l->start, (int)r->not_before) - 1) {
        return str_printf(a, "it ends not before %u months after the start; the first possible last day is %.*s", r->not_before, STR_ARG(first));
    }
    if (r->notice_months) { return str_printf(a, "the notice is %u months, and it would be given on %.*s; the first possible last day is %.*s", r->notice_months, STR_ARG(today), STR_ARG(first)); }
    return str_printf(a, "the notice is %u days, and it would be given on %.*s; the first possible last day is %.*s", days, STR_ARG(today), STR_ARG(first));
}

/* The answer where it is no: as of today, with the first day on which it could be yes. */
static instant no_way(struct ledger *l, uint32_t clause, struct str why, date last)
{
    struct msa_result *x = ledger_result(l, MSA_REFUSED, l->today, clause);
    x->at = l->e->now;
    x->line = 0;
    x->reason = result_text(why);
    x->last_day = last;
    x->standing = result_text(STR("settle"));
    x->id = result_text(str_printf(&l->e->scratch, "%.*s/refused/settle", STR_ARG(result_clause_name(l->e, clause))));
    result_give(l->e);
    return NONE;
}

instant ledger_leave(struct ledger *l, const struct settle_question *q)
{
    const struct m_right *closest = NULL;
    struct str why = {0};
    date first = NO_DATE;
    uint32_t given = NO_REF;
    ledger_begin(l, l->e->now);
    if (q->on > civil_add_months(l->today, 12 * FARTHEST_YEARS)) { return no_way(l, 0, STR("it is more than 20 years ahead"), NO_DATE); }
    if (l->end < FAR_DATE) { return no_way(l, l->ending ? l->ending->clause : 0, str_printf(&l->e->scratch, "the agreement ends on %.*s anyway", STR_ARG(date_words(l, l->end))), l->end); }
    bool renews = l->m->agreement[0].term_renews != NONE && !l->no_renewal;
    if (q->on > l->term_last && !renews) { return no_way(l, 0, str_printf(&l->e->scratch, "the term ends on %.*s", STR_ARG(date_words(l, l->term_last))), l->term_last); }
    for (uint32_t i = 0; i < l->m->n_right && given == NO_REF; i++) {
        const struct m_right *r = &l->m->right[i];
        if (!asked_for(r, q)) { continue; }
        date last = notice_ends(l, r, l->today, q->on);
        bool arisen = r->when == NO_REF || l->right[i].phase == RIGHT_ARISEN || holds(l, r, l->today, l->e->now + 1);
        if (arisen && last == q->on) { given = i; }
        if (given == NO_REF && (!closest || (arisen && (first == NO_DATE || last < first)))) {
            closest = r;
            first = arisen ? last : NO_DATE;
            why = arisen ? why_not(l, r, q->on, last) : str_printf(&l->e->scratch, "what the clause asks for is not given on %.*s", STR_ARG(date_words(l, l->today)));
        }
    }
    if (given == NO_REF && !closest) { return no_way(l, 0, STR("no clause gives this power"), NO_DATE); }
    if (given == NO_REF) { return no_way(l, closest->clause, why, first); }
    const struct m_right *r = &l->m->right[given];
    l->right[given] = (struct right_state){.phase = RIGHT_NOTICED, .arose = l->right[given].arose, .noticed = l->today, .last_day = q->on, .holds = l->right[given].holds, .in_force = NO_DATE};
    tell(l, MSA_RIGHT, r, l->today, "notice", q->on);
    result_give(l->e);
    if (!r->cure) { end_on(l, r, q->on); }
    return day_begin(l, q->on + 1);
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
        tell(l, MSA_RIGHT, r, day, "cured", NO_DATE);
        result_give(l->e);
    } else if (s->phase == RIGHT_NOTICED && day >= s->last_day) {
        s->phase = RIGHT_IN_FORCE;
        s->in_force = day;
        l->suspended_since = suspended_since(l);
        tell(l, MSA_STATE, r, day, "suspended", NO_DATE);
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
        tell(l, MSA_STATE, r, day, "restored", NO_DATE);
        result_give(l->e);
        touch_clocks(l, r, -1);
        billing_stopped(l, day + 1);
    }
}

static void terminate_day(struct ledger *l, const struct m_right *r, struct right_state *s, date day, instant horizon)
{
    if (s->phase != RIGHT_NOTICED || day < s->last_day) { return; }
    if (r->cure && !holds(l, r, day, horizon)) {
        s->phase = RIGHT_IDLE;
        tell(l, MSA_RIGHT, r, day, "cured", NO_DATE);
        result_give(l->e);
        return;
    }
    if (r->cure) { end_on(l, r, day); }
    s->phase = RIGHT_DONE;
    tell(l, MSA_STATE, r, day, "terminated", day);
    result_give(l->e);
}

static void arises(struct ledger *l, const struct m_right *r, struct right_state *s, date day, instant horizon)
{
    if (r->when == NO_REF) { return; } /* it is always there */
    bool now = holds(l, r, day, horizon);
    if (s->phase == RIGHT_IDLE && now && !s->holds) {
        s->phase = RIGHT_ARISEN;
        s->arose = day;
        tell(l, MSA_RIGHT, r, day, "arisen", r->within ? day + (date)r->within : NO_DATE);
        result_give(l->e);
    } else if (s->phase == RIGHT_ARISEN && r->within ? day > s->arose + (date)r->within : s->phase == RIGHT_ARISEN && !now) {
        s->phase = RIGHT_IDLE;
        tell(l, MSA_RIGHT, r, day, "lapsed", NO_DATE);
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

/* ---- the final account ---- */

static void settlement(struct ledger *l, date day, uint32_t clause, struct str title, int64_t amount, struct str state)
{
    struct msa_result *r = ledger_result(l, MSA_SETTLEMENT, day, clause);
    r->charge = result_text(title);
    r->standing = result_text(state);
    r->amount = amount;
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/settlement/%.*s", STR_ARG(result_clause_name(l->e, clause)), STR_ARG(title)));
    result_give(l->e);
}

/* What an item is called: its title, or the formula as written. */
static struct str title_of(const struct ledger *l, const struct m_settles *s)
{
    struct str title = module_str(l->m, s->title), formula_text = module_str(l->m, l->m->exact[s->amount].text);
    return title.n ? title : formula_text.n ? formula_text : STR("settlement");
}

void right_settle(struct ledger *l, struct invoice *v, date day, instant horizon)
{
    const struct m_right *r = l->ending;
    for (uint32_t i = 0; r && i < r->n_settles; i++) {
        const struct m_settles *s = &l->m->settles[r->settles + i];
        if (s->kind != SETTLE_AMOUNT) { continue; }
        size_t mark = l->n_temp;
        mpq_ptr amount = ledger_number(l);
        struct at_hand h = on_day(day, horizon);
        int64_t minor = 0;
        bool due = s->when == NO_REF || formula_yes(l, &h, s->when);
        if (due && formula(l, &h, s->amount, amount) && !exact_minor(&minor, amount, l->places, l->rounding)) { ledger_trap(l, NULL, s->clause, "an item of the final account is too large"); }
        l->n_temp = mark;
        if (!due || !minor) { continue; }
        struct line x = {.charge = NO_REF, .what = LINE_SETTLEMENT, .clause = s->clause, .period = {day, day}, .day = day, .amount = minor, .text = title_of(l, s), .account = NO_REF,
                         .horizon = horizon, .exact = s->amount};
        vec_push(&v->lines, l->arena, x);
    }
}

/* The final account: the last invoice, what is unpaid of others, what was paid and not used. */
void right_account(struct ledger *l, date day)
{
    if (!l->invoices.n) { return; }
    const struct invoice *last = &vec_last(&l->invoices);
    uint32_t clause = l->ending ? l->ending->clause : ledger_terms(l)->clause;
    int64_t sum = last->open, unpaid = 0, kept = 0;
    for (size_t i = 0; i + 1 < l->invoices.n; i++) { unpaid += l->invoices.p[i].open; }
    for (size_t i = 0; i < l->payments.n; i++) { kept += l->payments.p[i].left; }
    for (size_t i = 0; i < last->lines.n; i++) {
        const struct line *x = &last->lines.p[i];
        struct str name = x->charge == NO_REF ? x->text : module_str(l->m, l->m->charge[x->charge].name);
        settlement(l, day, x->clause, name, x->amount, STR("item"));
    }
    if (unpaid) { settlement(l, day, clause, STR("unpaid invoices"), unpaid, STR("item")); }
    if (kept) { settlement(l, day, clause, STR("paid and not used"), -kept, STR("item")); }
    sum = last->total + unpaid - kept - (last->total - last->open);
    settlement(l, day, clause, STR("final account"), sum, sum < 0 ? STR("owed to the customer") : STR("owed by the customer"));
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
    billing_claims(l, today + 1);
    for (uint32_t i = 0; i < l->m->n_right; i++) {
        const struct m_right *r = &l->m->right[i];
        const struct right_state *s = &l->right[i];
        if (s->phase == RIGHT_ARISEN && r->within) { ledger_deadline(l, r->clause, s->arose + (date)r->within, STR("last day for the notice"), STR("notice")); }
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
