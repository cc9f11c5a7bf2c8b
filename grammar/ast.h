/* SPDX-License-Identifier: MIT */
/* The syntax tree: what was written, nothing more. One node shape for all kinds; ast.def says what each kind carries.
 * Nodes live in the arena of the parse and are never changed after it. */
#ifndef MSA_GRAMMAR_AST_H
#define MSA_GRAMMAR_AST_H
#include "base/arena.h"
#include "base/source.h"
#include "base/str.h"

enum node_kind {
#define NODE(NAME, word, doc) N_##NAME,
#include "grammar/ast.def"
#undef NODE
    N_COUNT
};

struct node {
    uint16_t kind;               /* enum node_kind */
    uint16_t op;                 /* a choice inside the kind: enum node_op */
    uint32_t id;                 /* 0, 1, 2 … in order of making: index of side tables */
    struct span span;            /* all of it */
    struct span name_span;       /* the name or text that messages should point at */
    struct str text;             /* name, text or lexeme, see ast.def */
    struct str title;            /* "…" after the name; p = NULL: none */
    struct str clause;           /* clause number as written, "4.1"; n = 0: none */
    struct span clause_span;
    int64_t number, number2;     /* see ast.def */
    struct node **kid;           /* see ast.def; entries may be NULL where a role is optional */
    uint32_t n;
};

/* `op` values, one list for all kinds so that none can be mixed up. */
enum node_op {
    OP_NONE_GIVEN, OP_OF, OP_TOLERANCE_NONE,
    /* comparisons, in the words of the language */
    OP_IS, OP_IS_NOT, OP_BELOW, OP_AT_MOST, OP_AT_LEAST, OP_ABOVE, OP_IN, OP_NOT_IN, OP_CONTAINS, OP_STARTS_WITH, OP_ENDS_WITH,
    OP_IS_MISSING, OP_IS_GIVEN,
    /* arithmetic */
    OP_PLUS, OP_MINUS, OP_TIMES, OP_DIVIDED_BY,
    /* calendars */
    OP_CAL_AND, OP_CAL_OR, OP_CAL_EXCEPT,
    /* blocks and chains of conditions */
    OP_ALL, OP_ANY, OP_NONE,
    /* header lines */
    OP_PROVIDER, OP_CUSTOMER, OP_EFFECTIVE, OP_TERM, OP_CURRENCY, OP_TIMEZONE, OP_EDITION,
    OP_HALF_UP, OP_HALF_EVEN, OP_DOWN, OP_UP,
    /* calendar lines */
    OP_WEEKLY, OP_CLOSED, OP_OPEN, OP_ALSO_OPEN, OP_DURING, OP_SERVICE_DAY, OP_ZONE, OP_LOCAL,
    /* dates of holidays */
    OP_FIXED, OP_NTH, OP_ON_OR_AFTER, OP_BEFORE, OP_EASTER, OP_ORTHODOX, OP_DATE, OP_RANGE, OP_YEARLY, OP_NAMED,
    OP_OBSERVED, OP_MOVED, OP_OBSERVED_NEAREST, OP_MOVED_NEAREST, OP_FROM_YEAR, OP_UNTIL_YEAR, OP_UNLESS_IN, OP_CUT_AT_MIDNIGHT,
    /* tables */
    OP_UNIQUE, OP_FIRST_MATCH, OP_COLLECT, OP_COLLECT_SUM, OP_COLLECT_MIN, OP_COLLECT_MAX, OP_COLLECT_COUNT,
    OP_FROM_EVENT_OTHERWISE, OP_CROSS,
    /* targets */
    OP_WITHIN, OP_BELOW_TARGET, OP_END_OF_DAY, OP_SAME_TIME, OP_BY_TIME, OP_CUT_OFF,
    /* clock slots */
    OP_STARTS, OP_STOPS, OP_RESTARTS, OP_CONTINUES, OP_CANCELS, OP_PAUSES_WHILE, OP_PAUSES_ON, OP_RESUMES_ON, OP_HIDDEN,
    OP_REPEATS, OP_MEASURED_ONLY, OP_FROM_ATTACHMENT, OP_FROM_START, OP_JUDGED_AT_STOP, OP_BREACH_STANDS, OP_EXCUSED,
    OP_ON_STOP, OP_ON_CANCEL, OP_ON_PAUSE, OP_ON_IGNORE,
    OP_RECOMPUTE, OP_KEEP_TIME, OP_RESTART, OP_KEEP_SHARE, OP_NEVER_LENGTHEN, OP_AS_IN_FORCE,
    /* steps */
    OP_AT_PERCENT, OP_AT_BREACH, OP_BEFORE_DUE, OP_AFTER_BREACH, OP_AFTER_START,
    /* measures */
    OP_COUNT, OP_SUM, OP_SHARE, OP_RATIO, OP_MEAN, OP_UPTIME, OP_MET, OP_BREACHED, OP_OUTSIDE,
    OP_DAY, OP_WEEK, OP_MONTH, OP_QUARTER, OP_YEAR, OP_CONTRACT_MONTH, OP_CONTRACT_YEAR, OP_TERM_PERIOD,
    OP_AT_LEAST_LONG, OP_ROUND_EACH, OP_ROUND_PERIOD, OP_CUT_AT_ENDS,
    /* spans */
    OP_SPAN_FROM, OP_SPAN_TO, OP_SPAN_MATCHED_BY, OP_SPAN_REASON, OP_SPAN_EXCEPT,
    /* entity and event slots */
    OP_CREATES, OP_ENDS, OP_CANCELS_CLOCKS, OP_SETS, OP_SETS_ANY, OP_FORGOTTEN, OP_KEY,
    /* adapters */
    OP_CSV, OP_NDJSON, OP_ADAPTER_MISSING, OP_ADAPTER_ENTITY, OP_ADAPTER_STREAM, OP_ADAPTER_SEQUENCE, OP_ADAPTER_SKIP_DUPLICATES, OP_ADAPTER_COLUMN,
    OP_ONCE, OP_ROW, OP_WHEN, OP_SET, OP_INTERVAL, OP_RECORDED, OP_EACH, OP_UNUSED,
    OP_BECOMES, OP_DIFFERS, OP_GIVEN, OP_NOT_GIVEN, OP_WAS,
    OP_REJECT, OP_SKIP, OP_TEXT_VALUE, OP_SAME,
    OP_REPEATED_EARLIER, OP_REPEATED_LATER, OP_REPEATED_REJECT, OP_SHOWN_IN, OP_TAKEN_AS, OP_IN_ZONE, OP_AS_OF_EACH_ROW, OP_TOLERANCE,
    /* expectations */
    OP_EXPECT_CLOCK, OP_EXPECT_NO_CLOCK, OP_EXPECT_NOTIFY, OP_EXPECT_NO_NOTIFY, OP_EXPECT_OPEN, OP_EXPECT_CLOSED, OP_EXPECT_MEASURE, OP_EXPECT_VALUE,
    OP_EXPECT_REJECT, OP_EVENT_LINE, OP_AS_OF,
    OP_DUE, OP_DUE_FIRST, OP_STOPPED, OP_ELAPSED, OP_PAUSED, OP_CYCLE, OP_NO_DATA, OP_AT, OP_FOR,
    OP_COUNT_OF_OPS
};
extern const char *const node_op_name[OP_COUNT_OF_OPS];
extern const char *const node_kind_name[N_COUNT];

#endif
