/* SPDX-License-Identifier: MIT */
/* The contract between the compiler and the runtime: a module in memory. All records are const views of one arena; nothing
 * here is changed after it has been made. Enumerations below are part of the file format: append only.
 *
 * Some records stand in every module, so that index 0 can mean "not given" in required indexes:
 *   STRING 0 the empty text; FILE 0, PLACE 0, CLAUSE 0 "none", with every text empty and every number 0;
 *   CALENDAR 0 24x7 (CAL_ALWAYS), CALENDAR 1 never (CAL_NEVER).
 * The builder makes them (mb_new), the verifier insists on them. The AGREEMENT record is the compiler's to add: exactly one.
 * A run (ARR) without records starts at 0: one module, one encoding. */
#ifndef MSA_BYTECODE_MODULE_H
#define MSA_BYTECODE_MODULE_H
#include "base/str.h"

#define NO_REF UINT32_MAX
#define MODULE_MAJOR 1
#define MODULE_MINOR 0

#define FIELD_U32(name, arg) uint32_t name;
#define FIELD_I64(name, arg) int64_t name;
#define FIELD_STR(name, arg) uint32_t name;
#define FIELD_IDX(name, arg) uint32_t name;
#define FIELD_REF(name, arg) uint32_t name;
#define FIELD_ARR(name, arg) uint32_t name, n_##name;
#define FIELD(kind, name, arg) FIELD_##kind(name, arg)
#define SECTION(NAME, name, tag, doc) struct m_##name { FIELDS_##NAME(FIELD) };
#include "bytecode/sections.def"
#undef SECTION
#undef FIELD
#undef FIELD_U32
#undef FIELD_I64
#undef FIELD_STR
#undef FIELD_IDX
#undef FIELD_REF
#undef FIELD_ARR

enum section_id {
#define SECTION(NAME, name, tag, doc) SEC_##NAME,
#include "bytecode/sections.def"
#undef SECTION
    SEC_COUNT
};

struct module {
#define SECTION(NAME, name, tag, doc) const struct m_##name *name; uint32_t n_##name;
#include "bytecode/sections.def"
#undef SECTION
    const char *text;           /* the blob the strings lie in; UTF-8, no NUL inside a string */
    uint32_t n_text;
};

/* Text of string i of m; the empty view for 0. The text is followed by a NUL byte (the reader and builder see to it).
 * In the blob the strings lie in order of their index, each with its NUL, and nothing else. */
static inline struct str module_str(const struct module *m, uint32_t i) {
    return (struct str){ m->text + m->string[i].offset, m->string[i].length };
}

/* Types of fields, attributes, values and registers. Everything but TEXT is a 64-bit scalar, NONE when absent. */
enum value_type {
    VT_FLAG,        /* 0, 1 */
    VT_SCALE,       /* index into the scale */
    VT_COUNT,       /* whole number */
    VT_NUMBER,      /* decimal, in millionths */
    VT_PERCENT,     /* in millionths of one per cent: 95 % is 95000000 */
    VT_DURATION,    /* microseconds */
    VT_INSTANT,     /* microseconds since 1970 UTC */
    VT_DATE,        /* days since 1970 */
    VT_TIME,        /* seconds of the day */
    VT_CALENDAR,    /* index into CALENDAR, or a run-time number for a calendar local to something */
    VT_TARGET,      /* index into TARGET */
    VT_TEXT,
    VT_MONEY,       /* in thousandths of the agreement's minor unit */
    VT_EXACT,       /* index into EXACT: an amount that the ledger works out */
    VT_COUNT_
};

enum clause_flags { CLAUSE_MANUAL = 1, CLAUSE_TEXT = 2 };
enum attr_flags { ATTR_DERIVED = 1 /* kept up by handlers, not set by input */ };
enum event_flags { EVENT_CREATES = 1, EVENT_ENDS = 2 /* the entity's life; see ENTITY.forget_after */, EVENT_CANCELS = 4 };
enum field_flags { FIELD_REQUIRED = 1, FIELD_CHECKED = 2 /* nothing reads it: its type is looked at, it has no slot */ };
enum classifier_kind {
    CLASS_SCALE,    /* class = value */
    CLASS_TEXTS,    /* sorted texts with their classes; any other text: class `classes - 2`, the last but one */
    CLASS_BREAKS,   /* number of breaks that are <= value */
};                  /* in all three the last class is "missing": scale values + 1, flag 3, texts >= 2, breaks + 2 */
enum hit_policy { HIT_UNIQUE, HIT_FIRST, HIT_COLLECT };

enum target_kind {
    TARGET_OPEN,            /* amount: microseconds of open time on the calendar (24x7: calendar 0) */
    TARGET_BUSINESS_DAYS,   /* amount: days; mode: enum day_mode; by, cutoff: seconds of the day or -1 */
    TARGET_DAYS,            /* amount: calendar days, wall clock kept; mode DAY_END: end of that local day; DAY_BY */
    TARGET_MONTHS,          /* amount: calendar months */
    TARGET_RECORD,          /* the instant in `attr`; with a calendar: moved to its next opening */
};
enum target_flags { TARGET_BELOW = 1 /* exactly at due is missed */, TARGET_DYNAMIC_CALENDAR = 2 /* the target function gives it */ };
enum clock_flags {
    CLOCK_MEASURED_ONLY = 1, CLOCK_JUDGED_AT_STOP = 2, CLOCK_REPEATS = 4, CLOCK_FROM_ATTACHMENT = 8, CLOCK_CHAIN = 16, CLOCK_DUTY = 32 /* what dates list */,
};
enum step_kind {
    STEP_PERCENT,           /* amount / per of the target used */
    STEP_BEFORE_DUE,        /* amount of time before due */
    STEP_AFTER_DUE,         /* amount after due; 0 = at breach */
    STEP_AFTER_START,       /* amount after start: chains, clocks without target */
};
enum step_flags { STEP_IN_DAYS = 1 /* amount counts business days of the calendar */, STEP_PLAIN = 2 /* elapsed time */, STEP_CALENDAR_DAYS = 4 };

/* What a change of an attribute does to a running clock (C5); operand of CRETARGET. */
enum change_policy { CHANGE_RECOMPUTE, CHANGE_KEEP_TIME, CHANGE_RESTART, CHANGE_KEEP_SHARE, CHANGE_NEVER_LENGTHEN, CHANGE_AS_IN_FORCE,
    CHANGE_DEFAULT /* nothing said: as in force where only the calendar differs, otherwise recompute */ };
/* Operand of CSTOP: what ended the clock. */
enum stop_kind { STOP_STOP, STOP_CANCEL };
/* Operand of CASK: it runs and is past its due; its last cycle was missed; a cycle was missed until the instant at hand. */
enum clock_question { CLOCK_IS_LATE, CLOCK_WAS_MISSED, CLOCK_EVER_LATE };

enum measure_kind { MEASURE_COUNT, MEASURE_SUM, MEASURE_SHARE, MEASURE_RATIO, MEASURE_UPTIME, MEASURE_MEAN };
enum measure_source { SOURCE_CLOCK, SOURCE_EVENT, SOURCE_SPANS };
enum measure_flags { MEASURE_MET = 1, MEASURE_BREACHED = 2, MEASURE_ROUND_EACH = 4, MEASURE_CUT_AT_ENDS = 8,
    MEASURE_ROUND_UP = 16 /* else down */,
    MEASURE_HIDDEN = 32 /* time that another takes off its whole (`less`); gives no results, has no name */ };
enum goal_flags { GOAL_FROM = 1, GOAL_FROM_IN = 2 /* at least, else above */, GOAL_TO = 4, GOAL_TO_IN = 8 /* at most, else below */ };
enum period_kind { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR, PERIOD_CONTRACT_MONTH, PERIOD_CONTRACT_YEAR, PERIOD_ALL };

enum func_kind {
    FUNC_HANDLER,           /* runs when its event arrives; entity and event at hand; ends in RET */
    FUNC_PREDICATE,         /* gives a flag: RETV of a scalar */
    FUNC_VALUE,             /* gives a scalar: RETV */
    FUNC_VALUE_TEXT,        /* gives a text: RETT */
    FUNC_TARGET,            /* gives a target and perhaps a calendar: RETG */
};

enum adapter_format { ADAPTER_CSV, ADAPTER_NDJSON };
enum adapter_flags { ADAPTER_SKIP_DUPLICATE_ROWS = 1 };
enum adapter_rule_kind { RULE_ONCE, RULE_ROW, RULE_WHEN, RULE_SET, RULE_INTERVAL, RULE_RECORDED, RULE_EACH, RULE_UNUSED };
enum adapter_condition_kind { COND_BECOMES, COND_DIFFERS, COND_GIVEN, COND_IS, COND_IS_NOT, COND_NOT_GIVEN, COND_WAS };
enum adapter_aspect { ASPECT_STATE, ASPECT_DUE, ASPECT_ELAPSED, ASPECT_STOPPED };
enum adapter_otherwise { OTHERWISE_REJECT, OTHERWISE_SKIP, OTHERWISE_TEXT, OTHERWISE_SAME };
enum adapter_rule_flags { RECORDED_AS_OF_EACH_ROW = 1, RECORDED_WITHIN = 2 };
#define NO_COLUMN UINT32_MAX        /* columns are numbered within their adapter's run */

enum expect_kind { EXPECT_CLOCK, EXPECT_NOTIFY, EXPECT_OPEN, EXPECT_MEASURE, EXPECT_VALUE, EXPECT_REJECT, EXPECT_NO_CLOCK,
    EXPECT_CHARGE, EXPECT_INVOICE, EXPECT_OWED, EXPECT_STATE, EXPECT_LIMIT, EXPECT_SETTLEMENT, EXPECT_LEVEL, EXPECT_RIGHT, EXPECT_REFUSED, EXPECT_CLAIM };
enum expect_flags { EXPECT_NOT = 1, EXPECT_CLOSED = 2, EXPECT_NO_DATA = 4 };

/* What a term can be at most. */
#define TERM_MONTHS_MAX 12000
#define TERM_DAYS_MAX 366000

/* ---- money ----
 * AGREEMENT: `rounding` is a mode of EX_ROUND. `term_length`, `term_renews` and `term_notice` are in days, less than zero:
 * that many months; absent where the text does not say them. `term_last` is there where `effective` is: the end of all only
 * without `term_renews`. Lengths are at most TERM_DAYS_MAX and TERM_MONTHS_MAX.
 *
 * CHARGE, how its formulas go together:
 *   units     how many of `unit` the line is for; absent: none are counted, the amount is one sum. What is `free` is taken
 *             off, and the rest is what EX_UNITS means in `amount`. For facts with a part: of each part (EX_TIME is its length),
 *             added; with CHARGE_STEPS_AT_END once, of all parts together.
 *   price     what one unit costs, for the line to show; `amount` is units x price when it is absent.
 *   amount    what the line is worth, in money. For TRIGGER_EVERY it is that of a whole period; CHARGE_BY_DAY and
 *             CHARGE_BY_THIRTIETHS then take the share of the period that the agreement, `first` and `last` leave of it.
 *   CHARGE_LEVELS: units and amount are worked out for the level of each day (LEVEL_BY_DAY) and taken by its share of the period.
 *   factor, each_min … unless_above: in the order of docs/design/money.md 5. sum_period and free_period are enum period_kind.
 *   first, last  dates between which it is charged (validity, amendments), absent: all the term. TRIGGER_DATE: `on`, absent
 *             for the effective date. For a fact, its own date counts.
 *   when      asked for each period (or fact) with what it reads; not yes: nothing is charged.
 *   required  of TRIGGER_FACT: part of `when`, of which it is told as refused when `asked`, the rest of it, holds and it does not.
 *   entity, measure  `fee x of host`, `by uptime`: one line for each thing that the measure has figures for in the period.
 *   claim_days absent: nothing has to be claimed. leftover: bits of enum unused_credit, 0: as TERMS says.
 *   lines     of a discount, tax or floor: what it is taken of. A tax, and what has no COUNTED of its own, is worked out on the
 *             lines of the invoice at hand: LINES with COUNTED_INVOICED, WINDOW_PERIOD.
 *   exceptions  the last one that holds decides.
 * QUANTITY.may_fall, may_rise: how far the level may fall or rise within a period; EX_UNITS in it is the level on the day before
 *   the period. notice: days until a change takes effect; EX_UNITS in it is the change as a share of the level in force.
 *   requires: what has to hold on the day of a change, else it is refused. flags: enum quantity_flags.
 *   draws     accounts that it draws from, one behind the other; `free` of TRIGGER_FACT is such an account, and `free` itself
 *             then only says in which period its lines are.
 * ACCOUNT_SOURCE: ADDED and TAKEN by facts, `amount` a formula of the fact, `expires` which of its values is the last day (NO_REF
 *   none); PERIOD and REFILL come on the first day of each period. Bought lots last until expire_months or expire_days after
 *   their day (A7), those of a period until its end and carry_months more, of which carry_share, when its period is over.
 * ACCOUNT.rest: the item of the final account; absent: the rest is forfeited.
 * FACT_VALUE of type VT_EXACT is an index into EXACT. Value functions are given for clocks only; a handler gives the others.
 * EXACT of EX_GRADUATED and EX_VOLUME: EX_UNITS in a row is the units in its band (EX_VOLUME: all of a, in the row reached).
 *   row.amount is what they cost, row.flat what is owed once when the row is reached; either may be absent.
 *   The first row begins at 0, which is in; `to` of a row is in, and `from` of the next is the same number, which is not.
 * RIGHT: notice in days or months; with notice_in in business days of that calendar. received: days after which a notice counts
 *   as received. not_before, notice_from: months (and days) after the start before which it cannot end, or no notice be given.
 *   ends_on: 0, or enum period_kind + 1 of the period on whose last day it ends (PERIOD_ALL: the term). event: days since
 *   what it arises from happened, absent when it has not, or is cured; part of `when`. ends: the fees that end; none: all.
 *   first, last: between which it arises and notice can be given, absent: always (amendments).
 * LIMIT: annualised: months of its window, which before that many have passed counts as if they had, by contract months begun or by day; 0: as it is.
 *   credits: what was credited until then uses it up, too. barred, barred_months: how long after it happened a claim can be
 *   made. first, last: of incidents that it is for (amendments); before: its predecessor + 1, whose claims count.
 * SERIES, QUANTITY.initial, EXACT.value: decimals or fractions as text. */
enum exact_op {
#define EXACT_OP(NAME, name, operands, doc) EX_##NAME,
#include "bytecode/exact.def"
#undef EXACT_OP
    EX_COUNT
};
enum level_mode { LEVEL_FIRST_DAY, LEVEL_LAST_DAY, LEVEL_PEAK, LEVEL_AVERAGE, LEVEL_BY_DAY };
enum series_day { SERIES_PERIOD_START, SERIES_DAY /* the day at hand: interest of each day */, SERIES_HALF_YEAR /* the last january 1 or july 1 before due */ };
/* Mode of EVENTS: all of the period, where all of it is in force; else the number of its last day that counts, or 0. */
enum { EVENTS_OF_WHOLE_PERIOD = 1000 };
enum ledger_state {
    STATE_OVERDUE,          /* open amount of invoices past due */
    STATE_UNDISPUTED,       /* the same less what is disputed */
    STATE_OVERDUE_DAYS,     /* days since the oldest of them was due */
    STATE_UNDISPUTED_DAYS,
    STATE_SUSPENDED_DAYS,   /* days the suspension in force has lasted; absent: none */
    STATE_TERM_DAY,         /* days since the agreement took effect, the first is 0 */
    STATE_LEFT_BY_CUSTOMER, /* the agreement ended by the customer's choice, or by his breach: 1, else 0 */
    STATE_MONTHS_LEFT,      /* whole months from the day after that at hand to the last of the term */
    STATE_OWED,             /* open amount of all invoices */
    STATE_COUNT
};
/* Of which group a figure is: of the thing at hand (or of all, where the measure has one figure), or of the one that `value` names. */
enum figure_mode { FIGURE_AT_HAND, FIGURE_NAMED };
/* FIGURES: several periods taken together. Mode: the way, times FIGURES_WAY, and how many. */
enum figures_way { FIGURES_MEAN, FIGURES_SUM, FIGURES_POOLED, FIGURES_WAYS };
#define FIGURES_WAY 100000u
enum step_mode { STEP_WHOLE, STEP_STARTED, STEP_EXACT };
/* Bands hold what is above `from` (FROM_IN: or equal) and below `to` (TO_IN: or equal). In tiers `to` is the upper end, which is in. */
enum exact_row_flags { ROW_FROM_IN = 1, ROW_TO_IN = 2, ROW_NO_DATA = 4, ROW_OTHERWISE = 8 };
enum fact_role { ROLE_CHARGE /* of a charge, quantity or series */, ROLE_PAYMENT, ROLE_DISPUTE, ROLE_SETTLED, ROLE_CLAIM, ROLE_NOTICE, ROLE_INCIDENT, ROLE_RETURNED, ROLE_REMINDER, ROLE_COUNT };
enum fact_verdict { FACT_ON_BREACHED = 1, FACT_ON_MET };
/* Scalars that a fact has before its own values. */
enum fact_slot { FACT_KNOWN, FACT_FROM, FACT_TO, FACT_SLOTS };
enum quantity_mode { QUANTITY_SETS, QUANTITY_ADDS, QUANTITY_TAKES, QUANTITY_ONE_MORE, QUANTITY_ONE_LESS,
    QUANTITY_COMES, QUANTITY_GOES /* the thing of the fact is there, or no longer: each counts once */ };
enum quantity_flags {
    QUANTITY_ONLY_ONCE = 1,         /* a second change is refused */
    QUANTITY_NOTICE_OF_FALLS = 2,   /* only a fall needs notice */
    QUANTITY_STAYS = 4,             /* a reduction is not a termination: said with a refusal */
    QUANTITY_RISE_NEXT = 8, QUANTITY_RISE_FIRST = 16,   /* a rise counts from the first day of the next month, of its own month */
    QUANTITY_FALL_NEXT = 32, QUANTITY_FALL_FIRST = 64,
    QUANTITY_OF_THINGS = 128,       /* things that come and go, by their key */
};
enum counted_mode { COUNTED_EARNED, COUNTED_INVOICED, COUNTED_PAID, COUNTED_SCHEDULED };
enum window_kind {
    WINDOW_PERIOD,          /* the period at hand */
    WINDOW_MONTH, WINDOW_QUARTER, WINDOW_YEAR, WINDOW_CONTRACT_MONTH, WINDOW_CONTRACT_YEAR, /* the one that holds the day at hand */
    WINDOW_TERM,
    WINDOW_MONTHS_BEFORE,   /* the n months before the day at hand */
    WINDOW_ANY_MONTHS,      /* this month and the n - 1 before */
    WINDOW_NEXT_INVOICE, WINDOW_ENTITY,
    WINDOW_BEFORE_FIRST,    /* the n months before the first incident, or before the day at hand where it comes first */
    WINDOW_COUNT
};
enum charge_kind { CHARGE_FEE, CHARGE_CREDIT, CHARGE_DISCOUNT, CHARGE_TAX, CHARGE_FLOOR /* a minimum over LINES */, CHARGE_KIND_COUNT };
enum charge_trigger { TRIGGER_EVERY, TRIGGER_DATE, TRIGGER_END, TRIGGER_FACT, TRIGGER_OVERDUE,
    TRIGGER_ACCOUNT /* each time that ACCOUNT refills itself; the units at hand are what came in */ };
enum charge_flags {
    CHARGE_ADVANCE = 1, CHARGE_BY_DAY = 2 /* prorated over the real days */, CHARGE_BY_THIRTIETHS = 4, CHARGE_PART_INSIDE = 8, CHARGE_PART_OUTSIDE = 16,
    CHARGE_LEVELS = 32 /* amount of the level of each day, by its share of the period */, CHARGE_ROUND_LINES = 64 /* tax: on each line */, CHARGE_WAIVED = 128,
    CHARGE_STEPS_AT_END = 256 /* steps and minimum over all parts together */, CHARGE_ONCE = 512 /* on the first of its facts, not on each */,
    CHARGE_SHARES = 1024 /* the texts that an amendment made of one clause share a period by its days */,
    CHARGE_DAY_TOGETHER = 2048 /* the time of all facts of a day is that of the first */, CHARGE_THING_TOGETHER = 4096 /* of all facts of a thing in the period */,
    CHARGE_SURVIVES = 8192 /* what happens after the end is charged, too */,
    CHARGE_INCLUDED = 16384 /* tax: within what is charged, not on top */,
};
enum account_order { ACCOUNT_OLDEST, ACCOUNT_NEWEST, ACCOUNT_SOONEST /* to expire */ };
enum account_flags {
    ACCOUNT_OF_LINES = 1 /* money: lines are drawn from it; else units before they are priced */, ACCOUNT_WHOLE_ENTRIES = 2, ACCOUNT_AS_KNOWN = 4 /* drawn when known, not by the day of the work */,
    ACCOUNT_MAY_BE_SHORT = 8, ACCOUNT_FREE = 16 /* what a fee has free in each period; nobody is told of it */,
};
enum lot_kind { LOT_OPENING, LOT_ADDED, LOT_TAKEN, LOT_PERIOD, LOT_REFILL, LOT_USED_UP };
enum unused_credit { UNUSED_CARRIES = 1, UNUSED_PAID_OUT_AT_END = 2, UNUSED_FORFEITED = 4, UNUSED_PAID_OUT = 8 };
enum exception_effect { EFFECT_NO_CHARGE, EFFECT_FACTOR, EFFECT_AMOUNT };
enum due_kind { DUE_DAYS, DUE_BUSINESS_DAYS, DUE_DAY_OF_MONTH };
enum allocation { ALLOCATE_OLDEST, ALLOCATE_LARGEST, ALLOCATE_AS_TOLD };
enum allocation_parts { PARTS_BY_INVOICE, PARTS_INTEREST_FIRST, PARTS_PRINCIPAL_FIRST }; /* of all invoices before the rest of any */
enum dispute_time { DISPUTE_ANY_TIME, DISPUTE_UNTIL_DUE, DISPUTE_WITHIN };
/* Several credits: of one month, or of one thing that they happened to. */
enum combine { COMBINE_ADD_UP, COMBINE_LARGEST, COMBINE_LARGEST_OF_INCIDENT, COMBINE_CHOSEN_OF_INCIDENT };
enum days_over { DAYS_365, DAYS_360, DAYS_ACTUAL, DAYS_THIRTIETHS, DAYS_FULL_MONTHS, DAYS_STARTED_MONTHS };
enum compound { COMPOUND_NONE, COMPOUND_DAY, COMPOUND_MONTH, COMPOUND_YEAR };
enum interest_flags { INTEREST_ON_NET = 1, INTEREST_ROUND_DAY = 2, INTEREST_AFTER_REMINDER = 4 };
enum interest_per { PER_YEAR, PER_MONTH };
enum right_kind { RIGHT_SUSPEND, RIGHT_TERMINATE };
enum right_flags { RIGHT_CONVENIENCE = 1, RIGHT_CAUSE = 2, RIGHT_AT_ONCE = 4 };
enum settle_kind { SETTLE_AMOUNT, SETTLE_UNPAID };
enum limit_flags { LIMIT_NONE = 1 /* not limited */, LIMIT_PER_CLAIM = 2, LIMIT_INSURANCE = 4 /* what insurance pays is beyond it */, LIMIT_BY_DAY = 8 /* annualised by its days, not by contract months begun */ };
enum ledger_party { PARTY_CUSTOMER, PARTY_PROVIDER }; /* in the order of the language's own choice `party` */

#endif
