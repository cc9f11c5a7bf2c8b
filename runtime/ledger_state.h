/* SPDX-License-Identifier: MIT */
/* The ledger's state, for the files that make it up: ledger.c (facts and days), formula.c, quantity.c, charge*.c, lines.c,
 * accounts.c, billing.c, claims.c, debt.c, right.c, trace.c. */
#ifndef MSA_RUNTIME_LEDGER_STATE_H
#define MSA_RUNTIME_LEDGER_STATE_H
#include "base/exact.h"
#include "runtime/ledger.h"
#include "runtime/state.h"

/* A stack of numbers; grown, never shrunk. */
struct numbers { mpq_t **p; size_t n, cap; };

#define NO_DATE INT32_MIN
#define FAR_DATE INT32_MAX
struct days { date first, last; };  /* both in */
static inline bool days_empty(struct days d) { return d.first > d.last; }
static inline struct days days_both(struct days a, struct days b)
{
    return (struct days){a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
}

/* One happening. Visible at a horizon h when known before h and not withdrawn before h. */
struct fact {
    uint32_t kind, sequence;        /* FACT; order of arrival */
    instant at, known, gone;        /* gone: withdrawn as known then; NEVER */
    instant from, to;               /* its interval; NONE */
    bool backwards;                 /* it ends before it begins */
    date day;                       /* of `from`, else of `at` */
    const int64_t *value;
    struct str text, key;           /* key of its thing */
    uint32_t entity, line, file, event;
};
typedef VEC(struct fact *) facts;
/* The first that is not before `day`, of facts in order of day. */
size_t facts_from(const facts *f, date day);

/* A measure's figure for one period and group. */
struct figure {
    struct days period;
    struct str group;               /* values, one behind the other */
    bool no_data;
    uint8_t type;
    bool share, ratio, mean;        /* the last two: value is cut, part / whole is exact */
    int64_t part, whole, value;
    instant known, gone;
};

/* What was billed under one key: (charge, first day of the period, fact or what else tells lines apart). */
struct account {
    uint32_t charge, sub;           /* sub: sequence of the fact + 1, SUB_ADJUST, 0 for the period itself */
    struct days period;
    date day;                       /* the day it counts on: of the fact, else the period's last */
    struct str key;                 /* of the thing it is about, or empty */
    int64_t billed, now, owed;      /* minor units; now: as last worked out; owed: behind the caps */
    uint32_t capped_by;             /* CLAUSE, 0 none */
    struct str quantity, unit, price, from; /* from: what it drew from accounts */
    uint32_t stamp, lines;          /* lines: how many there were */
    const struct fact *fact;
    bool touched;                   /* it is in the ledger's list */
    uint32_t next;                  /* in its period's list, which begins with sub 0; NO_REF */
};
#define SUB_ADJUST UINT32_MAX

enum msa_line_kind { LINE_CHARGE, LINE_CORRECTION, LINE_INTEREST, LINE_CARRIED, LINE_TAX, LINE_SETTLEMENT };
/* A line as an invoice has it. */
struct line {
    uint32_t charge;                /* CHARGE, or NO_REF: interest, carried credit */
    uint32_t what;                  /* enum msa_line_kind */
    uint32_t clause;
    struct days period;
    date day;
    int64_t amount;                 /* minor units; what the customer owes, credits are negative */
    struct str key, quantity, unit, price, text, id;
    const struct fact *fact;
    uint32_t account;               /* index, or NO_REF */
    uint32_t debt;                  /* of interest: the invoice that is late */
    uint32_t nth;                   /* of the lines under one key, 0 the first */
    uint32_t exact;                 /* of the final account: its formula */
    instant horizon;
};

struct payment { date day; instant at; int64_t amount, left; struct str reference; uint32_t line, file; bool returned; };
/* What a payment pays of an invoice; `principal`: of that, what bears interest. */
struct allocation_of { date day; int64_t amount, principal; uint32_t payment; };
/* Interest so far, and up to which day. */
struct accrued { bool made, done, billed; /* done: it is paid; billed: and all of it is on an invoice */ date to; int months; mpq_t sum, added; /* added: to the sum that bears interest */ };
struct invoice {
    uint32_t number;                /* from 1 */
    struct days period;             /* whose name it has */
    struct str name;
    date issued, due;
    VEC(struct line) lines;
    int64_t total, net, open, disputed;
    VEC(struct allocation_of) paid;
    int64_t tax_within;             /* of the total: tax that the prices include */
    int64_t bearing;                /* of the total: what can bear interest, all but interest itself */
    int64_t interest_open;          /* of what is open: interest */
    date reminded;                  /* NO_DATE */
    bool overdue_told;
    int64_t interest_billed;
    struct accrued accrued;
    uint32_t n_interest;
};

enum suspension_phase { RIGHT_IDLE, RIGHT_ARISEN, RIGHT_NOTICED, RIGHT_IN_FORCE, RIGHT_DONE };
/* Days on which fees stand still that a suspension does not name. */
struct stop { struct days days; const struct m_right *right; };
/* Fees that end while the agreement goes on; its items are on the next invoice. */
struct parting { const struct m_right *right; date last; bool settled; };
struct right_state {
    enum suspension_phase phase;
    date arose, noticed, last_day;  /* last_day: of the notice */
    bool holds;                     /* its condition, yesterday */
    date in_force;
};

/* What a handler told the ledger and is not taken yet: an event counts whole or not at all (B1). One of the three. */
struct held {
    struct fact *fact;
    struct entity *withdrawn;       /* of its clock in this slot */
    uint32_t slot, measure;
    struct figure *figure;
};

/* Facts that change a quantity, in order of time, and the levels they give with one horizon. What comes behind all that is in
 * is added at the end; only what comes between makes them anew. */
struct level { date from; int64_t units; /* millionths */ };
struct change { const struct fact *fact; const struct m_quantity_source *source; };
struct keyed { struct str key; int64_t units; };
struct levels {
    instant horizon;
    bool broken;                    /* to be made anew */
    size_t seen, accepted;          /* of the changes */
    uint32_t of_facts;              /* how many facts there were */
    instant latest_in, earliest_out; /* known: of those that count, of those that do not yet */
    int64_t total;
    VEC(struct level) p;
    VEC(struct keyed) keyed;
    uint32_t *slot;                 /* by hash of the key: index + 1 */
    size_t n_slots;
};
struct changes { VEC(struct change) p; struct levels all, at; /* with all that is known; with what an invoice knows */ };

struct ledger {
    struct engine *e;
    const struct module *m;
    struct arena *arena;
    const struct zone *zone;
    unsigned places;
    enum exact_rounding rounding;
    struct str currency;
    mpq_t *constant;                /* by EXACT: of CONST nodes */
    struct numbers temp;

    facts *by_kind;                 /* by FACT, in order of day, then arrival */
    facts late;                     /* known later than they happened, not yet known: by known */
    uint32_t n_facts, n_figures;
    VEC(struct figure) *figures;    /* by MEASURE, in order */
    struct changes *changes;        /* by QUANTITY */
    VEC(const struct fact *) news;  /* what came or became known since the last invoice */
    mpq_t nothing;                  /* its address in units_of: nothing is charged for the fact */
    struct units_of { mpq_t **p; size_t n; bool fixed; } *units_of; /* by CHARGE: of facts, by their sequence; fixed: what is known later does not change them */
    struct balance *balances;       /* by ACCOUNT, used for the first of a group */
    uint32_t *account_group;        /* by ACCOUNT */
    size_t *notice_told;            /* by ACCOUNT_NOTICE: the filling it was told of */
    date stated;                    /* accounts were told of up to here */
    bool gross;                     /* lines are worked out before anything is drawn for them */

    VEC(struct account) accounts;
    uint32_t *account_table;        /* open addressing: index + 1 */
    size_t account_table_size;
    VEC(uint32_t) touched;          /* accounts that may differ from what was billed */
    date *dirty;                    /* by charge: from this day on something may have changed */
    date *done_to;                  /* by charge: periods up to here were worked out */
    uint32_t stamp;
    date changed_from;              /* accounts of earlier days are as the last invoice left them; FAR_DATE */
    uint8_t *reads;                 /* by charge and FACT: whether its formulas read such facts; behind all charges, the rate of interest */

    VEC(struct invoice) invoices;
    VEC(struct payment) payments;
    int64_t carried;                /* credit that waits for the next invoice, positive */

    VEC(struct held) held;
    struct ledger_mark { bool begun, unclaimed; date start, today, term_last, end; size_t n_temp; } before;
    int64_t received;               /* payments so far */
    size_t first_untold;            /* of the invoices: the first that may still become overdue */

    bool begun;
    date start, today;              /* today: the next day to settle */
    date term_last, end;            /* end: last day of the agreement, FAR_DATE while it is open */
    bool closed;                    /* the last invoice was issued */
    struct right_state *right;
    uint32_t *paused;               /* by CLOCK: how many suspensions pause it */
    date suspended_since;           /* NO_DATE */
    const struct m_right *ending;   /* the power by which it ended */
    VEC(struct parting) partings;
    date *charge_end;               /* by CHARGE: the last day of a fee that ended by itself; FAR_DATE */
    bool whole_term;                /* what would be charged if nothing ended before the term does */
    bool no_renewal;
    uint32_t renewals;              /* so far */
    date first_incident;            /* NO_DATE */
    int64_t *claimed;               /* by LIMIT: used up */
    VEC(struct stop) stops;         /* suspensions, for the fees that do not go on */
    bool paid_since;                /* money came in after the last invoice: interest up to that day is still to be billed */
    bool back_to_first;             /* a quantity has changes that count from the first day of their month */
    bool unclaimed;                 /* credits are worked out as if they had been claimed */
    const struct invoice *giving;   /* the invoice whose line is being given */
    instant last_horizon;           /* of the last invoice */
};

/* ---- what a formula is worked out for ---- */
struct trace;
struct at_hand {
    const struct m_charge *charge;  /* or NULL */
    struct days period;             /* clipped to the charge's and the agreement's life */
    struct days nominal;            /* the whole period */
    date day;                       /* the day at hand: of the fact, else the period's last */
    instant horizon;                /* what is known before it */
    const struct fact *fact;
    micros time;                    /* of the fact's interval or its part; NONE */
    mpq_srcptr units;               /* NULL: none */
    mpq_srcptr level;               /* of a stretch of days at hand: the level of level_of; NULL: as the mode of LEVEL says */
    uint32_t level_of;
    struct str key;                 /* of the thing it is about */
    const struct invoice *invoice;  /* being made */
    struct trace *trace;
    unsigned depth;
};
/* A formula asked on one day, of no charge. */
struct at_hand ledger_on_day(date day, instant horizon);
/* ---- formula.c ---- */
/* False: absent. */
bool formula(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_ptr out);
bool formula_yes(struct ledger *l, const struct at_hand *h, uint32_t node);
/* The same of a condition of the agreement as a whole: where it asks for figures of things (uptime of each service), it holds
 * when it does for one of them. */
bool formula_yes_of_any(struct ledger *l, const struct at_hand *h, uint32_t node);
/* One figure for each thing or each value of `by`. */
static inline bool figures_keyed(const struct module *m, uint32_t measure)
{
    return m->measure[measure].n_by != 0 || measure_of_things(m, measure);
}
/* A value of the language as a number of formulas: hours, units of the currency, shares. */
void number_of_value(const struct ledger *l, uint32_t type, int64_t v, mpq_ptr out);
/* ---- figures.c ---- */
bool figure_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
bool figures_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
bool periods_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
/* The next one, 0; gone when n goes back. */
mpq_ptr numbers_next(struct arena *arena, struct numbers *s);
mpq_ptr ledger_number(struct ledger *l);      /* a number off the stack, 0; gone when temp.n goes back */
noreturn void ledger_trap(struct ledger *l, const struct at_hand *h, uint32_t clause, const char *what);
/* ---- formula_time.c ---- */
bool formula_before(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
void formula_changes(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
bool formula_raised(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out);
/* The next day on which the price of each charge rises. */
void rises_report(struct ledger *l, date today);
/* ---- duty.c ---- */
/* By when duties have to be done next. */
void duty_report(struct ledger *l, date today);
/* ---- quantity.c ---- */
/* Changes that were asked for and do not count yet. */
void quantity_report(struct ledger *l, date today);
/* Level on a day, with the commitments; millionths. */
int64_t quantity_level(struct ledger *l, uint32_t quantity, date day, instant horizon);
/* Traps on a level beyond what is counted. */
void quantity_check(struct ledger *l, uint32_t quantity, const struct fact *f);
/* Whether a fact of this quantity was refused or cut, told once: called when it arrives. */
void quantity_fact(struct ledger *l, uint32_t quantity, const struct fact *f);
/* The last day that has the level of `day`, at most `to`. */
/* Things that come and go, one by one, in order of their first coming: *at begins at 0; first is the sequence of that fact. */
bool quantity_thing(struct ledger *l, uint32_t quantity, size_t *at, instant horizon, struct str *key, uint32_t *first);
/* The level of one thing, 0 or 1; of the whole where it is not of things or no key is at hand. */
int64_t quantity_level_of(struct ledger *l, uint32_t quantity, struct str key, date day, instant horizon);
date quantity_until(struct ledger *l, uint32_t quantity, date day, date to, instant horizon);
/* A fact of this quantity came; one was withdrawn. */
void quantity_take(struct ledger *l, uint32_t quantity, const struct fact *f);
void quantity_withdrawn(struct ledger *l);
/* ---- charge*.c ---- */
/* One amount of a charge in a period, before caps. minor: what the customer owes for it, credits negative. */
struct drawn { uint32_t sub; const struct fact *fact; date day; struct str key; int64_t minor; struct str quantity, unit, price; struct str from; /* what it drew from accounts, in words */ };
typedef void draw_fn(void *ctx, const struct drawn *d);
void charge_draw(struct ledger *l, uint32_t charge, struct days nominal, instant horizon, const struct invoice *making, struct trace *trace, draw_fn *each, void *ctx);
/* Which facts each charge reads, itself or through quantities and sums of lines. */
void charge_reads(struct ledger *l);
/* Whether a fact of this charge has an amount, which can be worked out (else it traps); false: something that the price needs is missing. True where nothing of it is
 * charged at all. */
bool charge_can_price(struct ledger *l, uint32_t charge, const struct fact *f);
/* False: the charge means such facts, and what it requires of them is not given. */
bool charge_required(struct ledger *l, uint32_t charge, const struct fact *f);
/* The nominal period of a charge that holds a day; false: the charge has no life there. */
bool charge_period(const struct ledger *l, uint32_t charge, date day, struct days *nominal);
/* Its life: validity and the agreement's; empty: first > last. */
struct days charge_life(const struct ledger *l, const struct m_charge *c);
struct days period_of_kind(const struct ledger *l, uint32_t kind, uint32_t n, date day);
struct days window_days(const struct ledger *l, uint32_t kind, uint32_t n, const struct at_hand *h);
/* The day of a single sum, or the first of its parts. */
date charge_once_on(const struct ledger *l, const struct m_charge *c);
bool fact_visible(const struct fact *f, instant horizon);
/* ---- balance.c ---- */
struct balance;
struct drawing;
void balance_open(struct ledger *l);
void balance_close(struct ledger *l);
/* What was being worked out when something could not be is worked out anew. */
void balance_forget(struct ledger *l);
/* What was drawn for a fact or line of the charge at hand; NULL: nothing. */
const struct drawing *balance_drawn(struct ledger *l, const struct at_hand *h, uint32_t sub, const struct balance **of);
/* What is left at the end of the day at hand. */
bool balance_at(struct ledger *l, const struct at_hand *h, uint32_t account, mpq_ptr out);
/* ---- balance_tell.c ---- */
/* `4 h drawn from hours`; with a trace each lot that gave some of it. */
struct str balance_words(struct ledger *l, const struct at_hand *h, const struct balance *b, const struct drawing *d);
/* Tells what cannot be: more is taken than is there, less than nothing comes in. Called when a fact is taken. */
void balance_fact(struct ledger *l, const struct fact *f);
/* The lines of a charge for what its account was refilled with in the period at hand. */
void balance_refills(struct ledger *l, struct at_hand *h, void (*each)(void *ctx, const struct drawn *d), void *ctx);
/* At the end of a day: what lapsed, and who is told how much is used. */
void balance_day(struct ledger *l, date day);
/* Beside an invoice: how the accounts stand. */
void balance_statement(struct ledger *l, const struct invoice *v, date day, instant horizon);
/* Adds what is returned of the rest to the last invoice. */
void balance_settle(struct ledger *l, struct invoice *v, date day, instant horizon);
/* Last days of what is left. */
void balance_report(struct ledger *l, date today);
/* ---- lines.c ---- */
/* Sum of lines of a set (formula EX_LINES, EX_REMAINING). */
/* What a tax is on of an invoice; in the scratch arena. */
struct invoice tax_lines(struct ledger *l, const struct m_charge *c, const struct invoice *v);
void charge_lines(struct ledger *l, const struct at_hand *h, uint32_t lines, mpq_ptr out);
void charge_remaining(struct ledger *l, const struct at_hand *h, uint32_t lines, mpq_ptr out);
/* The same of one period, in minor units, positive. */
int64_t lines_minor(struct ledger *l, uint32_t lines, struct days nominal, instant horizon);
/* ---- billing.c ---- */
void billing_day(struct ledger *l, date day);
/* Issues an invoice on `day`, or shows what one would bill (draft). */
struct invoice *billing_issue(struct ledger *l, date day, bool last, bool draft);
void billing_touch(struct ledger *l, const struct fact *f);
void billing_ends(struct ledger *l, date end);
/* A suspension began or ended: periods from this day on are worked out again. */
void billing_stopped(struct ledger *l, date from);
/* Invoices that are not settled, as they stand. */
void billing_report(struct ledger *l);
/* Credits that can be claimed on `day`, each with its last day; what is free until a day; the next invoice. */
void billing_claims(struct ledger *l, date day);
const struct m_terms *ledger_terms(const struct ledger *l);
/* ---- debt.c ---- */
/* Traps on an amount that is no amount of money (A1). */
void debt_check(struct ledger *l, const struct fact *f, uint32_t role);
void debt_fact(struct ledger *l, const struct fact *f, uint32_t role);
void debt_day(struct ledger *l, date day);
void debt_allocate(struct ledger *l, date day);
int64_t debt_overdue(const struct ledger *l, date day, bool undisputed);
/* Days since the oldest was due; -1: none. */
int64_t debt_days(const struct ledger *l, date day, bool undisputed);
/* The day after which an invoice bears interest; NO_DATE: it does not. */
date debt_bears_after(const struct ledger *l, const struct invoice *v);
/* The last day on which it can be disputed; FAR_DATE: there is none. */
date debt_dispute_until(const struct ledger *l, const struct invoice *v);
void debt_interest(struct ledger *l, struct invoice *i, date to, instant horizon, mpq_ptr out, struct trace *trace);
/* Whether the rate of interest reads such facts; NO_REF: measures. */
bool debt_rate_reads(const struct ledger *l, uint32_t fact);
/* Something that the rate reads changed for days from this one on. */
void debt_rates_changed(struct ledger *l, date from);
void debt_close(struct ledger *l);
/* ---- right.c ---- */
void right_fact(struct ledger *l, const struct fact *f, uint32_t role);
void right_day(struct ledger *l, date day);
/* Adds the items of the final account to the last invoice, and of fees that ended by themselves to the next. */
void right_settle(struct ledger *l, struct invoice *v, date day, instant horizon, bool last, bool draft);
void right_report(struct ledger *l);
/* ---- limit.c ---- */
void limit_fact(struct ledger *l, const struct fact *f);
/* The limit for what happens on a day: of this party (NONE: any) and kind, else the general one; NULL: none. */
const struct m_limit *limit_of(const struct ledger *l, date day, int64_t party, struct str kind);
/* What it is worth then, in minor units; false: no data. `of`: the incident at hand, or NULL. */
bool limit_worth(struct ledger *l, const struct m_limit *limit, date day, instant horizon, const struct fact *of, int64_t *minor);
/* Something that falls due. */
void ledger_deadline(struct ledger *l, uint32_t clause, date last, struct str what, struct str id);
void right_account(struct ledger *l, date day);
/* ---- ledger.c ---- */
instant day_begin(const struct ledger *l, date d);
#define SUM_MAX (1000 * MINOR_MAX) /* a sum of amounts, each within 10^15 (A1), stays far from what 64 bits hold */
/* A valid event that a clause does not allow; `what`: the fee or quantity, or empty. */
void ledger_refuse(struct ledger *l, const struct fact *f, uint32_t clause, struct str what, struct str why);
date day_of(const struct ledger *l, instant t);
struct msa_result *ledger_result(struct ledger *l, enum msa_result_kind kind, date day, uint32_t clause);
struct str date_words(struct ledger *l, date d);
struct str period_words(struct ledger *l, uint32_t kind, uint32_t n, struct days p);
struct str days_words(struct ledger *l, struct days p);
struct str minor_words(struct ledger *l, int64_t minor);
/* ---- trace (explain) ---- */
struct trace {
    int (*step)(void *ctx, const struct msa_money_step *s);
    void *ctx;
    int stopped;
    const struct fact *only;        /* the one fact that is asked about; NULL: all */
    struct str only_key;
    unsigned said;                  /* steps so far */
    bool all_keys;                  /* each thing, one after another */
};
void trace_node(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_srcptr value, bool absent);
/* An operation of two with its operands. */
void trace_two(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_srcptr left, mpq_srcptr right, mpq_srcptr value);
void trace_words(struct ledger *l, struct trace *t, unsigned depth, struct str text, struct str value, uint32_t place);
/* An amount and what it is rounded to, unless they are the same. */
void trace_rounded(struct ledger *l, struct trace *t, unsigned depth, mpq_srcptr amount, int64_t minor, uint32_t clause);
/* `1,234.5`, `0.333333…`; `USD 4,500.00`. */
struct str trace_number(struct ledger *l, mpq_srcptr q);
struct str trace_percent(struct ledger *l, mpq_srcptr q);   /* a share: `5 %` */
struct str trace_money(struct ledger *l, mpq_srcptr q);
struct str trace_figure(struct ledger *l, const struct figure *f);
#endif
