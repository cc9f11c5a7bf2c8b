/* SPDX-License-Identifier: MIT */
/* Accounts worked out: in the order of days, on one day first what lapsed, then what comes in, then what is drawn in the order of
 * time. A pure function of facts and horizon. */
#include "runtime/balance.h"
#include <stdlib.h>
#include <string.h>

static mpq_ptr number(struct ledger *l, struct balance *b) { return numbers_next(l->arena, &b->numbers); }

/* Does it say the same whatever becomes known later? */
static bool is_fixed(const struct ledger *l, uint32_t node)
{
    if (node == NO_REF) { return true; }
    const struct m_exact *x = &l->m->exact[node];
    switch ((enum exact_op)x->op) {
    case EX_CONST: case EX_TIME: return true;
    case EX_FACT: return true; /* of its own; a formula among its values is a price, and units read none */
    case EX_NAMED: case EX_ADD: case EX_SUB: case EX_MUL: case EX_MIN: case EX_MAX: case EX_ROUND: case EX_LT: case EX_LE: case EX_EQ: case EX_AND: case EX_OR: case EX_NOT:
        return is_fixed(l, x->a) && is_fixed(l, x->b);
    default: return false;
    }
}

static bool reads_formulas(const struct ledger *l, const struct m_charge *c)
{
    const struct m_fact *f = &l->m->fact[c->fact];
    for (uint32_t i = f->values; i < f->values + f->n_values; i++) {
        if (l->m->fact_value[i].type == VT_EXACT) { return true; }
    }
    return false;
}

void balance_open(struct ledger *l)
{
    const struct module *m = l->m;
    l->units_of = ARENA_ARRAY(l->arena, struct units_of, m->n_charge);
    for (uint32_t i = 0; i < m->n_charge; i++) {
        const struct m_charge *c = &m->charge[i];
        bool together = c->flags & (CHARGE_DAY_TOGETHER | CHARGE_THING_TOGETHER);
        l->units_of[i].fixed = c->n_draws && c->fact != NO_REF && !c->n_exceptions && !together && !reads_formulas(l, c) && is_fixed(l, c->when) && is_fixed(l, c->units);
    }
    l->balances = ARENA_ARRAY(l->arena, struct balance, m->n_account);
    l->account_group = ARENA_ARRAY(l->arena, uint32_t, m->n_account + 1);
    l->notice_told = ARENA_ARRAY(l->arena, size_t, m->n_account_notice);
    l->stated = NO_DATE;
    module_account_groups(m, l->account_group);
}

void balance_close(struct ledger *l)
{
    for (uint32_t i = 0; l->units_of && i < l->m->n_charge; i++) {
        for (size_t k = 0; k < l->units_of[i].n; k++) {
            if (l->units_of[i].p[k] && l->units_of[i].p[k] != &l->nothing) { mpq_clear(*l->units_of[i].p[k]); }
        }
    }
    for (uint32_t i = 0; l->balances && i < l->m->n_account; i++) {
        for (size_t k = 0; k < l->balances[i].numbers.cap; k++) { mpq_clear(*l->balances[i].numbers.p[k]); }
    }
}

void balance_forget(struct ledger *l)
{
    l->gross = false;
    for (uint32_t i = 0; i < l->m->n_account; i++) { l->balances[i].running = l->balances[i].valid = false; }
}

/* ---- lots ---- */

static mpq_ptr balance_now(struct ledger *l, struct balance *b, uint32_t account)
{
    for (size_t i = b->moves.n; i-- > 0;) {
        if (b->moves.p[i].account == account) { return b->moves.p[i].balance; }
    }
    return number(l, b);
}

static struct movement *move(struct ledger *l, struct balance *b, uint32_t account, date day, enum movement_kind kind, uint32_t lot, mpq_srcptr amount)
{
    mpq_ptr after = number(l, b), how_much = number(l, b);
    mpq_set(how_much, amount);
    bool in = kind == MOVED_IN || kind == MOVED_REFILL;
    if (in) { mpq_add(after, balance_now(l, b, account), amount); } else { mpq_sub(after, balance_now(l, b, account), amount); }
    vec_push(&b->moves, l->arena, ((struct movement){.account = account, .day = day, .kind = kind, .lot = lot, .amount = how_much, .balance = after}));
    return &vec_last(&b->moves);
}

static date ends_after(const struct lot *x) { return x->cut < x->last ? x->cut : x->last; }

static void look_ahead(struct balance *b)
{
    b->next = FAR_DATE;
    for (size_t i = 0; i < b->live.n; i++) {
        date d = ends_after(&b->lots.p[b->live.p[i]]);
        if (d < b->next) { b->next = d; }
    }
}

static void drop_empty(struct balance *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->live.n; i++) {
        if (mpq_sgn(b->lots.p[b->live.p[i]].rest) > 0) { b->live.p[kept++] = b->live.p[i]; }
    }
    b->live.n = kept;
    look_ahead(b);
}

/* What comes in pays first for what was drawn beyond the lots. */
static void lot_in(struct ledger *l, struct balance *b, struct lot x, bool refill)
{
    mpq_ptr before = number(l, b), short_by = number(l, b);
    mpq_set(before, balance_now(l, b, x.account));
    x.rest = number(l, b);
    mpq_set(x.rest, x.amount);
    if (mpq_sgn(before) < 0) {
        mpq_neg(short_by, before);
        if (mpq_cmp(short_by, x.rest) > 0) { mpq_set(short_by, x.rest); }
        mpq_sub(x.rest, x.rest, short_by);
    }
    vec_push(&b->lots, l->arena, x);
    uint32_t index = (uint32_t)b->lots.n - 1, nth = 1;
    for (size_t i = 0; refill && i < b->moves.n; i++) { nth += b->moves.p[i].account == x.account && b->moves.p[i].kind == MOVED_REFILL; }
    struct movement *v = move(l, b, x.account, x.first, refill ? MOVED_REFILL : MOVED_IN, index, x.amount);
    v->fact = x.fact;
    v->nth = refill ? nth : 0;
    if (mpq_sgn(x.rest) > 0) { vec_push(&b->live, l->arena, index); }
    if (ends_after(&x) < b->next) { b->next = ends_after(&x); }
}

/* What is over before the day lapses: lots after their last day, and what may not carry over. */
static void lapse(struct ledger *l, struct balance *b, date day)
{
    while (b->next < day) {
        date at = b->next;
        for (size_t i = 0; i < b->live.n; i++) {
            struct lot *x = &b->lots.p[b->live.p[i]];
            if (ends_after(x) != at) { continue; }
            const struct m_account *a = &l->m->account[x->account];
            mpq_ptr lost = number(l, b), share = number(l, b);
            mpq_set(lost, x->rest);
            if (x->last > at) { /* its period is over: a share of it is kept */
                struct at_hand h = {.day = at, .period = x->period, .nominal = x->period, .horizon = b->horizon, .time = NONE};
                if (!formula(l, &h, a->carry_share, share)) { mpq_set_ui(share, 0, 1); }
                mpq_mul(share, share, x->amount);
                mpq_sub(lost, lost, share);
                x->cut = FAR_DATE;
            }
            if (mpq_sgn(lost) <= 0) { continue; }
            mpq_sub(x->rest, x->rest, lost);
            (void)move(l, b, x->account, at + 1 > x->first ? at + 1 : x->first, MOVED_LAPSED, b->live.p[i], lost);
        }
        drop_empty(b);
    }
}

static date lasts_until(const struct m_account *a, date day)
{
    if (a->expire_months) { return civil_add_months(day, (int)a->expire_months); }
    return a->expire_days ? day + (date)a->expire_days : FAR_DATE;
}

/* ---- what comes in and what is wanted, in the order of days ---- */

struct step {
    date day; instant at; uint32_t sequence;
    uint32_t account, source;       /* of what comes in or is taken; NO_REF: a charge draws */
    uint32_t charge, sub; date period;
    const struct fact *fact;
    struct days in;                 /* of LOT_PERIOD and LOT_REFILL */
    bool comes;
    mpq_ptr amount;
};
struct steps { struct ledger *l; struct balance *b; uint32_t group, charge; struct days nominal; VEC(struct step) p; };

static int in_order(const void *x, const void *y)
{
    const struct step *a = x, *b = y;
    if (a->day != b->day) { return a->day < b->day ? -1 : 1; }
    if (a->comes != b->comes) { return a->comes ? -1 : 1; }
    if (a->at != b->at) { return a->at < b->at ? -1 : 1; }
    if (a->sequence != b->sequence) { return a->sequence < b->sequence ? -1 : 1; }
    if (a->charge != b->charge) { return a->charge < b->charge ? -1 : 1; }
    if (a->sub != b->sub) { return a->sub < b->sub ? -1 : 1; }
    return (a->source > b->source) - (a->source < b->source);
}

static bool as_known(const struct ledger *l, uint32_t account) { return (l->m->account[account].flags & ACCOUNT_AS_KNOWN) != 0; }

static struct step step_of_fact(const struct ledger *l, const struct fact *f, bool known)
{
    return (struct step){.day = known ? day_of(l, f->known) : f->day, .at = known ? f->known : f->at, .sequence = f->sequence, .account = NO_REF, .source = NO_REF, .charge = NO_REF, .fact = f};
}

/* What a fee has free comes only as long as there is the fee. */
static struct days life_of(const struct ledger *l, uint32_t account)
{
    for (uint32_t i = 0; l->m->account[account].flags & ACCOUNT_FREE && i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (c->n_draws && l->m->charge_draw[c->draws].account == account) { return charge_life(l, c); }
    }
    return (struct days){l->start, l->end};
}

static void add_sources(struct steps *s, uint32_t account)
{
    struct ledger *l = s->l;
    const struct m_account *a = &l->m->account[account];
    struct days life = life_of(l, account);
    for (uint32_t i = a->sources; i < a->sources + a->n_sources; i++) {
        const struct m_account_source *r = &l->m->account_source[i];
        struct step x = {.day = l->start, .account = account, .source = i, .charge = NO_REF, .at = NONE, .comes = true, .in = {l->start, l->start}};
        switch ((enum lot_kind)r->kind) {
        case LOT_OPENING: if (l->start >= s->b->from) { vec_push(&s->p, &l->e->scratch, x); } break;
        case LOT_PERIOD:
        case LOT_REFILL:
            for (date d = s->b->from > life.first ? s->b->from : life.first; d <= s->b->upto && d <= life.last;) {
                x.in = period_of_kind(l, r->period, r->period_n, d);
                x.day = d;
                x.sequence = r->kind == LOT_REFILL; /* behind what comes by itself */
                vec_push(&s->p, &l->e->scratch, x);
                if (x.in.last >= FAR_DATE - 1) { break; }
                d = x.in.last + 1;
            }
            break;
        case LOT_ADDED:
        case LOT_TAKEN:
            for (size_t k = 0; k < l->by_kind[r->fact].n; k++) {
                const struct fact *f = l->by_kind[r->fact].p[k];
                if (!fact_visible(f, s->b->horizon)) { continue; }
                x = step_of_fact(l, f, as_known(l, account));
                if (x.day > s->b->upto) { continue; }
                x.account = account;
                x.source = i;
                x.comes = r->kind == LOT_ADDED;
                vec_push(&s->p, &l->e->scratch, x);
            }
            break;
        case LOT_USED_UP: break;
        }
    }
}

static void add_line(void *ctx, const struct drawn *d)
{
    struct steps *s = ctx;
    struct ledger *l = s->l;
    const struct m_charge *c = &l->m->charge[s->charge];
    if (d->minor <= 0) { return; }
    struct days life = charge_life(l, c);
    struct step x = {.day = d->day, .at = NEVER, .account = NO_REF, .source = NO_REF};
    if (d->fact) { x = step_of_fact(l, d->fact, as_known(l, l->m->charge_draw[c->draws].account)); }
    else if (c->trigger == TRIGGER_EVERY && c->flags & CHARGE_ADVANCE) { x.day = s->nominal.first > life.first ? s->nominal.first : life.first; }
    if (x.day > s->b->upto) { return; }
    x.charge = s->charge;
    x.sub = d->sub;
    x.period = s->nominal.first;
    x.amount = number(l, s->b);
    exact_from_minor(x.amount, d->minor, l->places);
    vec_push(&s->p, &l->e->scratch, x);
}

static void add_lines(struct steps *s)
{
    struct ledger *l = s->l;
    const struct m_charge *c = &l->m->charge[s->charge];
    struct days life = charge_life(l, c), p;
    bool gross = l->gross;
    l->gross = true;
    for (date d = life.first; d <= life.last && d <= s->b->upto;) {
        if (!charge_period(l, s->charge, d, &p)) {
            date on = charge_once_on(l, c);
            if (c->trigger == TRIGGER_EVERY || c->trigger == TRIGGER_FACT || d >= on || on > s->b->upto) { break; }
            d = on;
            continue;
        }
        s->nominal = p;
        charge_draw(l, s->charge, p, s->b->horizon, NULL, NULL, add_line, s);
        if (p.last >= FAR_DATE - 1) { break; }
        d = p.last + 1;
    }
    l->gross = gross;
}

/* Units of a fact; kept where nothing that is known later changes them. */
static bool units_of(struct steps *s, const struct fact *f, mpq_ptr out)
{
    struct ledger *l = s->l;
    struct units_of *u = &l->units_of[s->charge];
    if (!u->fixed) { return charge_fact_units(l, s->charge, f, s->b->horizon, out); }
    if (f->sequence >= u->n) {
        size_t n = u->n ? u->n * 2 : 64;
        while (n <= f->sequence) { n *= 2; }
        mpq_t **grown = ARENA_ARRAY(l->arena, mpq_t *, n);
        for (size_t i = 0; i < u->n; i++) { grown[i] = u->p[i]; }
        u->p = grown;
        u->n = n;
    }
    mpq_t **at = &u->p[f->sequence];
    if (!*at) {
        bool there = charge_fact_units(l, s->charge, f, s->b->horizon, out);
        *at = &l->nothing;
        if (there) {
            *at = ARENA_NEW(l->arena, mpq_t);
            mpq_init(**at);
            mpq_set(**at, out);
        }
        return there;
    }
    if (*at == &l->nothing) { return false; }
    mpq_set(out, **at);
    return true;
}

static void add_work(struct steps *s)
{
    struct ledger *l = s->l;
    const struct m_charge *c = &l->m->charge[s->charge];
    const facts *f = &l->by_kind[c->fact];
    struct days life = charge_life(l, c);
    bool known = as_known(l, l->m->charge_draw[c->draws].account);
    date last = life.last < s->b->upto ? life.last : s->b->upto;
    for (size_t i = facts_from(f, life.first > s->b->from ? life.first : s->b->from); i < f->n && f->p[i]->day <= last; i++) {
        const struct fact *k = f->p[i];
        if (!fact_visible(k, s->b->horizon)) { continue; }
        mpq_ptr units = number(l, s->b);
        if (!units_of(s, k, units) || mpq_sgn(units) <= 0) { continue; }
        struct step x = step_of_fact(l, k, known);
        x.charge = s->charge;
        x.sub = k->sequence + 1;
        x.amount = units;
        vec_push(&s->p, &l->e->scratch, x);
        if (c->flags & CHARGE_ONCE) { break; }
    }
}

/* ---- drawing ---- */

static size_t choose(const struct balance *b, const struct m_account *a, uint32_t account)
{
    size_t best = b->live.n;
    for (size_t i = 0; i < b->live.n; i++) {
        const struct lot *x = &b->lots.p[b->live.p[i]];
        if (x->account != account) { continue; }
        if (best == b->live.n || a->order == ACCOUNT_NEWEST || (a->order == ACCOUNT_SOONEST && x->last < b->lots.p[b->live.p[best]].last)) { best = i; }
        if (a->order == ACCOUNT_OLDEST) { break; }
    }
    return best;
}

/* Takes `left` out of the account, as far as it goes; what was taken is taken off it. */
static void out_of(struct ledger *l, struct balance *b, uint32_t account, date day, const struct fact *f, enum movement_kind kind, mpq_ptr left)
{
    const struct m_account *a = &l->m->account[account];
    while (mpq_sgn(left) > 0) {
        size_t i = choose(b, a, account);
        if (i == b->live.n) { break; }
        uint32_t index = b->live.p[i];
        mpq_ptr part = number(l, b), rest = b->lots.p[index].rest;
        mpq_set(part, mpq_cmp(rest, left) < 0 ? rest : left);
        mpq_sub(rest, rest, part);
        mpq_sub(left, left, part);
        move(l, b, account, day, kind, index, part)->fact = f;
        if (!mpq_sgn(rest)) { drop_empty(b); }
    }
}

enum { REFILLS_MAX = 1000000 };

/* Buys what the account says it buys when it is used up. False: nothing of the kind. */
static bool buy(struct ledger *l, struct balance *b, uint32_t account, date day)
{
    const struct m_account *a = &l->m->account[account];
    for (uint32_t i = a->sources; i < a->sources + a->n_sources; i++) {
        const struct m_account_source *r = &l->m->account_source[i];
        if (r->kind != LOT_USED_UP) { continue; }
        struct at_hand h = {.day = day, .period = {day, day}, .nominal = {day, day}, .horizon = b->horizon, .time = NONE};
        mpq_ptr amount = number(l, b);
        if (!formula(l, &h, r->amount, amount) || mpq_sgn(amount) <= 0) { return false; }
        if (b->lots.n > REFILLS_MAX) { ledger_trap(l, &h, a->clause, "the account refills itself more than a million times"); }
        lot_in(l, b, (struct lot){.account = account, .source = i, .first = day, .last = lasts_until(a, day), .cut = FAR_DATE, .period = {day, day}, .amount = amount}, true);
        return true;
    }
    return false;
}

static bool refills(const struct ledger *l, uint32_t account)
{
    const struct m_account *a = &l->m->account[account];
    for (uint32_t i = a->sources; i < a->sources + a->n_sources; i++) {
        if (l->m->account_source[i].kind == LOT_USED_UP) { return true; }
    }
    return false;
}

static bool covers_all(const struct ledger *l, const struct balance *b, const struct m_charge *c, mpq_srcptr units)
{
    mpq_t sum;
    mpq_init(sum);
    bool all = false;
    for (uint32_t k = 0; k < c->n_draws; k++) {
        uint32_t account = l->m->charge_draw[c->draws + k].account;
        all = all || refills(l, account) || l->m->account[account].flags & ACCOUNT_MAY_BE_SHORT;
        for (size_t i = 0; i < b->live.n; i++) {
            if (b->lots.p[b->live.p[i]].account == account) { mpq_add(sum, sum, b->lots.p[b->live.p[i]].rest); }
        }
    }
    all = all || mpq_cmp(sum, units) >= 0;
    mpq_clear(sum);
    return all;
}

static void overdraw(struct ledger *l, struct balance *b, uint32_t account, const struct step *x, enum movement_kind kind, mpq_ptr left)
{
    if (!(l->m->account[account].flags & ACCOUNT_MAY_BE_SHORT) || mpq_sgn(left) <= 0) { return; }
    move(l, b, account, x->day, kind, NO_REF, left)->fact = x->fact;
    mpq_set_ui(left, 0, 1);
}

static void draw(struct ledger *l, struct balance *b, const struct step *x)
{
    const struct m_charge *c = &l->m->charge[x->charge];
    mpq_ptr left = number(l, b), drawn = number(l, b);
    uint32_t first = (uint32_t)b->moves.n;
    mpq_set(left, x->amount);
    if (l->m->account[l->m->charge_draw[c->draws].account].flags & ACCOUNT_WHOLE_ENTRIES && !covers_all(l, b, c, left)) { return; }
    for (uint32_t k = 0; k < c->n_draws && mpq_sgn(left) > 0; k++) {
        uint32_t account = l->m->charge_draw[c->draws + k].account;
        do { out_of(l, b, account, x->day, x->fact, MOVED_DRAWN, left); } while (mpq_sgn(left) > 0 && buy(l, b, account, x->day));
    }
    if (c->n_draws) { overdraw(l, b, l->m->charge_draw[c->draws + c->n_draws - 1].account, x, MOVED_DRAWN, left); }
    mpq_sub(drawn, x->amount, left);
    if (mpq_sgn(drawn) > 0) {
        vec_push(&b->drawings, l->arena, ((struct drawing){.charge = x->charge, .sub = x->sub, .period = x->period, .amount = drawn, .first = first, .n = (uint32_t)b->moves.n - first}));
    }
}

static void arrive(struct ledger *l, struct balance *b, const struct step *x)
{
    const struct m_account *a = &l->m->account[x->account];
    const struct m_account_source *r = &l->m->account_source[x->source];
    struct at_hand h = {.day = x->day, .period = {x->day, x->day}, .nominal = x->in, .horizon = b->horizon, .time = NONE, .fact = x->fact, .key = x->fact ? x->fact->key : (struct str){0}};
    mpq_ptr amount = number(l, b);
    if (!formula(l, &h, r->amount, amount)) { return; }
    struct lot lot = {.account = x->account, .source = x->source, .first = x->day, .last = lasts_until(a, x->day), .cut = FAR_DATE, .fact = x->fact, .period = x->in, .amount = amount};
    if (r->kind == LOT_PERIOD) {
        lot.last = a->carry_months ? civil_add_months(x->in.last + 1, (int)a->carry_months) - 1 : x->in.last;
        if (a->carry_share != NO_REF) { lot.cut = x->in.last; }
    }
    if (r->kind == LOT_REFILL) { mpq_sub(amount, amount, balance_now(l, b, x->account)); }
    if (r->expires != NO_REF && x->fact->value[r->expires] != NONE) { lot.last = (date)x->fact->value[r->expires]; }
    if (mpq_sgn(amount) <= 0) { return; }
    lot_in(l, b, lot, r->kind == LOT_REFILL);
    if (lot.last < x->day) { lapse(l, b, x->day); } /* it came when it was over already */
}

static void take(struct ledger *l, struct balance *b, const struct step *x)
{
    struct at_hand h = {.day = x->day, .period = {x->day, x->day}, .nominal = {x->day, x->day}, .horizon = b->horizon, .time = NONE, .fact = x->fact, .key = x->fact->key};
    mpq_ptr left = number(l, b);
    if (!formula(l, &h, l->m->account_source[x->source].amount, left) || mpq_sgn(left) <= 0) { return; }
    out_of(l, b, x->account, x->day, x->fact, MOVED_TAKEN, left);
    overdraw(l, b, x->account, x, MOVED_TAKEN, left);
}

/* ---- looking up ---- */

static size_t drawing_hash(uint32_t charge, uint32_t sub, date period)
{
    uint64_t v[2] = {(uint64_t)charge << 32 | sub, (uint64_t)(uint32_t)period};
    return (size_t)hash_64((const char *)v, sizeof v);
}

static void index_drawings(struct ledger *l, struct balance *b)
{
    size_t size = b->table_size ? b->table_size : 64;
    while (size < b->drawings.n * 2 + 2) { size *= 2; }
    if (size != b->table_size) { b->table = ARENA_ARRAY(l->arena, uint32_t, size); }
    b->table_size = size;
    memset(b->table, 0, size * sizeof *b->table);
    for (size_t i = 0; i < b->drawings.n; i++) {
        const struct drawing *d = &b->drawings.p[i];
        size_t at = drawing_hash(d->charge, d->sub, d->period) & (size - 1);
        while (b->table[at]) { at = (at + 1) & (size - 1); }
        b->table[at] = (uint32_t)i + 1;
    }
}

static const struct drawing *find(const struct balance *b, uint32_t charge, uint32_t sub, date period)
{
    if (!b->table_size || b->running) { return NULL; }
    for (size_t at = drawing_hash(charge, sub, period) & (b->table_size - 1); b->table[at]; at = (at + 1) & (b->table_size - 1)) {
        const struct drawing *d = &b->drawings.p[b->table[at] - 1];
        if (d->charge == charge && d->sub == sub && d->period == period) { return d; }
    }
    return NULL;
}

static void work_out(struct ledger *l, struct balance *b, uint32_t group)
{
    size_t mark = l->temp.n;
    struct steps s = {.l = l, .b = b, .group = group};
    b->running = true;
    b->numbers.n = 0;
    b->next = FAR_DATE;
    vec_clear(&b->lots);
    vec_clear(&b->live);
    vec_clear(&b->moves);
    vec_clear(&b->drawings);
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        if (l->account_group[i] == group) { add_sources(&s, i); }
    }
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (!c->n_draws || l->account_group[l->m->charge_draw[c->draws].account] != group || c->flags & CHARGE_WAIVED) { continue; }
        s.charge = i;
        if (l->m->account[l->m->charge_draw[c->draws].account].flags & ACCOUNT_OF_LINES) { add_lines(&s); } else { add_work(&s); }
    }
    if (s.p.n) { qsort(s.p.p, s.p.n, sizeof *s.p.p, in_order); }
    for (size_t i = 0; i < s.p.n; i++) {
        const struct step *x = &s.p.p[i];
        lapse(l, b, x->day);
        if (x->comes) { arrive(l, b, x); } else if (x->account != NO_REF) { take(l, b, x); } else { draw(l, b, x); }
    }
    lapse(l, b, b->upto + 1);
    b->wake = b->next;
    for (size_t i = 0; i < s.p.n; i++) {
        if (s.p.p[i].account != NO_REF && s.p.p[i].in.last >= b->upto && s.p.p[i].in.last < b->wake && s.p.p[i].fact == NULL) { b->wake = s.p.p[i].in.last; }
    }
    index_drawings(l, b);
    b->running = false;
    l->temp.n = mark;
}

/* What a fee has free in a period and loses at its end is worked out period by period. */
static struct days days_needed(const struct ledger *l, uint32_t account, date day, instant horizon)
{
    const struct m_account *a = &l->m->account[account];
    date today = horizon == NEVER ? (day > l->today ? day : l->today) : day_of(l, horizon - 1);
    if (!(a->flags & ACCOUNT_FREE) || a->carry_months) { return (struct days){l->start, today}; }
    const struct m_account_source *r = &l->m->account_source[a->sources];
    struct days p = period_of_kind(l, r->period, r->period_n, day);
    return (struct days){p.first > l->start ? p.first : l->start, p.last};
}

const struct balance *balance_of(struct ledger *l, uint32_t account, date day, instant horizon)
{
    uint32_t group = l->account_group[account];
    struct balance *b = &l->balances[group];
    if (b->running) { return b; }
    struct days d = days_needed(l, account, day, horizon);
    if (b->valid && b->horizon == horizon && b->seen == l->n_facts && b->figures == l->n_figures && b->from == d.first && b->upto == d.last && b->end == l->end) { return b; }
    b->valid = true;
    b->horizon = horizon;
    b->seen = l->n_facts;
    b->figures = l->n_figures;
    b->from = d.first;
    b->upto = d.last;
    b->end = l->end;
    work_out(l, b, group);
    return b;
}

const struct drawing *balance_drawn(struct ledger *l, const struct at_hand *h, uint32_t sub, const struct balance **of)
{
    const struct m_charge *c = h->charge;
    if (!c->n_draws) { return NULL; }
    uint32_t account = l->m->charge_draw[c->draws].account;
    bool lines = l->m->account[account].flags & ACCOUNT_OF_LINES;
    if (lines && l->gross) { return NULL; }
    *of = balance_of(l, account, h->day, h->horizon);
    return find(*of, (uint32_t)(c - l->m->charge), sub, lines ? h->nominal.first : 0);
}

bool balance_at(struct ledger *l, const struct at_hand *h, uint32_t account, mpq_ptr out)
{
    const struct balance *b = balance_of(l, account, h->day, h->horizon);
    mpq_set_ui(out, 0, 1);
    if (b->running) { return false; }
    for (size_t i = b->moves.n; i-- > 0;) {
        const struct movement *v = &b->moves.p[i];
        if (v->account == account && v->day <= h->day) {
            mpq_set(out, v->balance);
            break;
        }
    }
    return true;
}
