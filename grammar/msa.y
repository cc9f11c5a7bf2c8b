/* SPDX-License-Identifier: MIT */
/* The grammar of .msa. The law of this file: an action is one builder call (build.h); no look-ups, no types, no rewriting.
 *
 * The aliases of the tokens are the words of the language *and* of its messages, and the only list of them: words.c
 * reads them from here. What is said about which word may stand where is said by the ranges below, and by tokens.c:
 *   - a word of the first two ranges is a keyword only where a statement starts; elsewhere it is a name;
 *   - an alias of several words is one token (`starts on`), so its words are names when they stand alone;
 *   - a word of the third range is a keyword everywhere, unless `name` below lists it.
 * Line ends: tokens.c hands over one separator between statements, never one before `}` or behind `{`.
 * Nodes live in an arena, so nothing here needs a destructor. */
%require "3.8"
%define api.pure full
%define api.prefix {msa_}
%define api.token.prefix {TK_}
%define api.location.type {struct span}
%define api.value.type {union value}
%define api.header.include {"msa.tab.h"}
%define parse.error custom
%define parse.lac full
%define parse.trace
%locations
%expect 0
%param {struct parse *p}

%code requires {
#include "grammar/build.h"
}
%code {
#include "grammar/parser.h"
#define YYLLOC_DEFAULT(now, rhs, n)                                                                          \
    ((now) = (n) ? span_make((rhs)[1].from, (rhs)[n].to) : span_make((rhs)[0].to, (rhs)[0].to))
/* The stacks have their full size from the start (100 kB of the C stack) and hold more than PARSE_DEPTH lets through, so that
 * nothing outside the arenas is held when memory runs out. The stack of LAC starts at 20 states and was never seen above
 * half of that; beyond, the file would be refused as nested too deeply. */
#define YYINITDEPTH 4000
#define YYMAXDEPTH 4000
#define YYMALLOC(n) no_heap(n)
#define YYFREE(p) ((void)(p))
static void *no_heap(size_t n)
{
    (void)n;
    return NULL;
}
static int msa_lex(union value *value, struct span *span, struct parse *p);
static void msa_error(const struct span *span, struct parse *p, const char *what);
/* Recovery: the failed token is thrown away, the next one is the end of its statement; see syntax_error. */
#define RESYNC()                                                                                             \
    do {                                                                                                     \
        /* Braces balance, so each recovery takes a token; the check keeps a mistake there from looping. */      \
        if (p->recovered == p->next) { YYABORT; }                                                            \
        p->recovered = p->next;                                                                              \
        if (yychar != TK_SEP && yychar != '}' && yychar != TK_EOF) { yyclearin; }                            \
        yyerrok;                                                                                             \
    } while (0)
}

%token EOF 0 "the end of the file"
/* Before the named ones, whose symbols and codes run in parallel. */
%token <tok> '{' '}' '(' ')' ',' ':' '=' '|' '+' '-' '*' '/'
%token <tok> SEP "the end of the line" ROW "a row" HEADING "a heading" CROSS "a heading of a cross table" HEADCELL "a column heading"
%token <tok> NAME "a name" TEXT "a text" NUMBER "a number" CLAUSE "a clause number" PERCENT "a percentage" COUNTED "a duration"
%token <tok> MONEY "an amount" DATE "a date" TIME "a time of day" OFFSET "an offset" YEARMONTH "a month such as 2026-03"
%token <tok> ALWAYS "24x7" SIGN "a currency sign" OROR "two bars"
/* Made by the filter out of words that have another meaning elsewhere: a comma before a qualifier of a charge, a bracket around
 * lines of an invoice, `below` behind a step, `in 3 of any`, `in 3 months in a row`, `overdue` before how much or how long. */
%token <tok> TAIL "a comma" LINES "a bracket around lines" STEP_BELOW "below a limit" IN_OF_ANY "in so many of any"
%token <tok> IN_A_ROW "in so many in a row" OVERDUE "overdue"

%token WORDS_OF_DECLARATIONS "(declarations)"
%token <tok> AGREEMENT "agreement" SECTION "section" USE "use" SCALE "scale" CHOICE "choice" PARTY "party" ENTITY "entity"
%token <tok> EVENT "event" SPANS "spans" CALENDAR "calendar" HOLIDAYS "holidays" TABLE "table" VALUE "value" CLOCK "clock"
%token <tok> CHAIN "chain" MEASURE "measure" RULE "rule" EXCEPTION_TO "exception to" NOTWITHSTANDING "notwithstanding"
%token <tok> MANUAL "manual" TEXT_WORD "text" EXAMPLE "example" TEST "test" ADAPTER "adapter" INPUTS "inputs"
%token <tok> RATE "rate" QUANTITY "quantity" SERIES "series" FEE "fee" CREDIT "credit" DISCOUNT "discount" TAX "tax" AMOUNT "amount"
%token <tok> CAP "cap" UNUSED_CREDITS "unused credits" CREDITS_ADD_UP "credits add up" CREDITS_LARGEST_ONLY "credits largest only" CREDITS_AS_CHOSEN_BY "credits as chosen by"
%token <tok> CREDITS_ARE_NOT_CAPPED "credits are not capped"
%token <tok> DISPUTES_UNTIL_DUE "disputes until due" DISPUTES_WITHIN "disputes within"
%token <tok> LARGEST_ONLY "largest only" INVOICES "invoices" PAYMENTS "payments" INTEREST_ON_OVERDUE "interest on overdue"
%token <tok> PROVIDER_MAY_SUSPEND "provider may suspend" CUSTOMER_MAY_SUSPEND "customer may suspend"
%token <tok> PROVIDER_MAY_TERMINATE "provider may terminate" CUSTOMER_MAY_TERMINATE "customer may terminate"
%token <tok> LIMIT_LIABILITY_OF "limit liability of" LIABILITY_OF "liability of" PROVIDER_MUST "provider must" CUSTOMER_MUST "customer must"
%token <tok> RECOVERY_OF "recovery of" AMENDMENT "amendment" ACCOUNT "account"

%token WORDS_OF_SLOTS "(slots)"
%token <tok> PROVIDER "provider" CUSTOMER "customer" EFFECTIVE "effective" TERM "term" CURRENCY "currency" TIMEZONE "timezone"
%token <tok> EDITION "edition"
%token <tok> KEY "key" FORGOTTEN "forgotten" CREATES "creates" ENDS "ends" CANCELS_CLOCKS "cancels clocks" SETS "sets" SETS_ANY "sets any"
%token <tok> MATCHED_BY "matched by" REASON "reason"
%token <tok> EVERY_DAY "every day" CLOSED "closed" OPEN "open" ALSO_OPEN "also open" DURING "during" SERVICE_DAY_IS "a service day is"
%token <tok> ZONE "zone" INCLUDE "include"
%token <tok> FROM_EVENT "from event"
%token <tok> STARTS_ON "starts on" STOPS_ON "stops on" RESTARTS_ON "restarts on" CONTINUES_ON "continues on" CANCELS_ON "cancels on"
%token <tok> PAUSES_WHILE "pauses while" PAUSES_ON "pauses on" RESUMES_ON "resumes on" HIDDEN_WHILE "hidden while" REPEATS "repeats"
%token <tok> MEASURED_ONLY "measured only" COUNTS_FROM_ATTACHMENT "counts from attachment" COUNTS_FROM "counts from"
%token <tok> JUDGED_AT_THE_STOP "judged at the stop" BREACH_STANDS "breach stands" EXCUSED "excused" EXCUSED_WHEN "excused when"
%token <tok> ON_CHANGE_OF "on change of" TARGET "target" AT_BREACH "at breach" AGAIN "again"
%token <tok> COUNT_OF "count of" RATIO_OF "ratio of" SHARE_OF "share of" SHARE_OF_TIME_IN "share of time in"
%token <tok> EACH_DAY "each day" EACH_WEEK "each week" EACH_MONTH "each month" EACH_QUARTER "each quarter" EACH_YEAR "each year"
%token <tok> EACH_CONTRACT_MONTH "each contract month" EACH_CONTRACT_YEAR "each contract year"
%token <tok> OUTAGES_OF_AT_LEAST "outages of at least" CUT_AT_PERIOD_ENDS "cut at period ends" FIXED "fixed" SET "set" GOAL "goal"
%token <tok> EXPECT "expect" EXPECT_NO "expect no" EXPECT_NOTIFY "expect notify" EXPECT_NO_NOTIFY "expect no notify"
%token <tok> EXPECT_REJECT "expect reject" EXPECT_REFUSED "expect refused" AS_OF "as of"
%token <tok> READS_CSV "reads csv" READS_NDJSON "reads ndjson" COLUMN "column" TIME_WORD "time" STREAM_EACH "stream each"
%token <tok> SKIP_DUPLICATE_ROWS "skip duplicate rows" MAP "map" ONCE "once" ROW_WORD "row" EACH_OF "each of" UNUSED "unused"
%token <tok> RECORDED "recorded"
%token <tok> MEANS "means" COMMITTED_MINIMUM "committed minimum" MAY_FALL_BY "may fall by" MAY_RISE_BY "may rise by" UNIT "unit"
%token <tok> STARTS_AT "starts at" ADDS_ON "adds on" TAKES_ON "takes on" NOTICE_BY "notice by" NOTICE_OF_A_REDUCTION "notice of a reduction"
%token <tok> NOTICE_OF_A_REDUCTION_BY "notice of a reduction by" ONLY_ONCE "only once"
%token <tok> ADDITIONS_COUNT_FROM_THE_NEXT_MONTH "additions count from the next month"
%token <tok> ADDITIONS_COUNT_FROM_THE_FIRST_OF_THE_MONTH "additions count from the first of the month"
%token <tok> REDUCTIONS_COUNT_FROM_THE_NEXT_MONTH "reductions count from the next month"
%token <tok> REDUCTIONS_COUNT_FROM_THE_FIRST_OF_THE_MONTH "reductions count from the first of the month"
%token <tok> A_REDUCTION_IS_NOT_A_TERMINATION "a reduction is not a termination"
%token <tok> OPENING "opening" REFILLED_TO "refilled to" EXPIRES_AFTER "expires after"
%token <tok> REST_IS_REFUNDED "rest is refunded" REST_IS_FORFEITED "rest is forfeited" REST_TO_CUSTOMER "rest to customer" SHORT_IS_OWED "short is owed"
%token <tok> WHOLE_ENTRIES_ONLY "whole entries only" IN_THE_ORDER_KNOWN "in the order known" DRAWN_FROM "drawn from"
%token <tok> CHARGE "charge" GRADUATED_BY "graduated by" VOLUME_BY "volume by" PACKAGE_BY "package by" STAIRSTEP_BY "stairstep by"
%token <tok> COUNTED_ON_THE_FIRST_DAY "counted on the first day" COUNTED_ON_THE_LAST_DAY "counted on the last day"
%token <tok> COUNTED_AT_THE_PEAK "counted at the peak" COUNTED_ON_AVERAGE "counted on average" COUNTED_BY_DAY "counted by day" ROW_BY_UNITS "row by units of the whole period"
%token <tok> PRORATED_BY_DAY "prorated by day" PRORATED_BY_THIRTIETHS "prorated by thirtieths" NOT_PRORATED "not prorated"
%token <tok> THE_PART_INSIDE "the part inside" THE_PART_OUTSIDE "the part outside" IN_STEPS_OF "in steps of" COUNTS "counts"
%token <tok> ADDED_UP_FOR_EACH "added up for each" ADDED_AT_THE_END "added at the end" MINIMUM "minimum" MAXIMUM "maximum" NOTHING_UNLESS_ABOVE "nothing unless above"
%token <tok> SURVIVES_THE_END "survives the end"
%token <tok> SPREAD_OVER "spread over" WAIVED "waived" PAID_BACK_IN_FULL "paid back in full when it ends before"
%token <tok> PAID_BACK_BY_MONTH "paid back by month when it ends before" FEWER_UNITS_MAY_COST_MORE "fewer units may cost more"
%token <tok> CLAIMED_WITHIN "claimed within" UNUSED_IS_FORFEITED "unused is forfeited"
%token <tok> UNUSED_CARRIES_OVER "unused carries over" UNUSED_IS_PAID_OUT "unused is paid out"
%token <tok> UNUSED_IS_PAID_OUT_AT_THE_END "unused is paid out at the end" ROUNDED_ON_EACH_LINE "rounded on each line"
%token <tok> SET_AGAINST_THE_NEXT_INVOICE "set against the next invoice" REQUIRES "requires"
%token <tok> NOTICE_WITHIN "notice within" CURE "cure" UNTIL_PAID_IN_FULL "until paid in full" PAUSES "pauses" CONTINUES "continues"
%token <tok> ENDS_NOT_BEFORE "ends not before" ENDS_AT_ONCE "ends at once" ENDS_ON_THE_LAST_DAY_OF_THE "ends on the last day of the"
%token <tok> NOTICE_NOT_BEFORE "notice not before" DEEMED_RECEIVED "deemed received" CURED_ON "cured on"
%token <tok> SETTLES_UNPAID "settles unpaid" SETTLES "settles"
%token <tok> BY_DAY "by day" DONE_ON "done on" ELSE_CREDIT "else credit" ELSE_CHARGE "else charge" ELSE_PAUSES "else pauses"
%token <tok> ELSE_EXCUSES "else excuses" ELSE_NOTIFY "else notify" ONCE_IN_EVERY "once in every"
%token <tok> BACK_WITHIN "back within" BACK_ON "back on" DATA_NO_OLDER_THAN "data no older than"
%token <tok> BOTH_MISSED_COUNT_ONCE "both missed count once" BOTH_MISSED_COUNT_TWICE "both missed count twice"
%token <tok> NO_CHARGE "no charge" IN_THE_FIRST "in the first" REPLACE "replace" ADD "add" REMOVE "remove"
%token <tok> EXPECT_CHARGE "expect charge" EXPECT_INVOICE "expect invoice" EXPECT_OWED_ON "expect owed on"
%token <tok> EXPECT_SUSPENDED_ON "expect suspended on" EXPECT_ACTIVE_ON "expect active on" EXPECT_TERMINATED_ON "expect terminated on"
%token <tok> EXPECT_LIMIT_ON "expect limit on" EXPECT_CLAIM_ON "expect claim on" EXPECT_SETTLEMENT_ON "expect settlement on" EXPECT_RIGHT "expect right"
%token <tok> EXPECT_NO_RIGHT "expect no right"

%token WORDS_ANYWHERE "(words)"
%token <tok> AND "and" OR "or" NOT "not" IS "is" IS_NOT "is not" IS_MISSING "is missing" IS_GIVEN "is given" IS_NOT_MISSING "is not missing"
%token <tok> IS_NOT_GIVEN "is not given" IN "in" NOT_IN "not in" OF "of" IF "if" THEN "then" ELSE "else" ON "on" AT "at" BY "by" FROM "from"
%token <tok> TO "to" WHEN "when" WHERE "where" WITH "with" FOR "for" UNTIL "until" UNLESS "unless" UNLESS_IN "unless in" EXCEPT "except"
%token <tok> AS "as" INTO "into" NOTIFY "notify" BELOW "below" TO_BELOW "to below" AT_MOST "at most" AT_LEAST "at least" ABOVE "above"
%token <tok> CONTAINS "contains" STARTS_WITH "starts with" ENDS_WITH "ends with" YES "yes" NO "no" ANY "any" OTHERWISE "otherwise"
%token <tok> MISSING "missing" NONE_WORD "none" NO_DATA "no data" TIMES "times" DIVIDED_BY "divided by" ALL_OF "all of" ANY_OF "any of"
%token <tok> NONE_OF "none of" LARGER_OF "larger of" SMALLER_OF "smaller of" SUM_OF "sum of" MEAN_OF "mean of" POOLED_SHARE_OF "pooled share of" OF_THAT "of that" LOCAL_TO "local to"
%token <tok> ROUNDED_DOWN_TO "rounded down to" ROUNDED_UP_TO "rounded up to" ROUNDED_HALF_UP_TO "rounded half up to"
%token <tok> ROUNDED_HALF_EVEN_TO "rounded half even to" FOR_EACH_OUTAGE "for each outage" FOR_EACH_PERIOD "for each period"
%token <tok> END_OF_DAY "end of day" SAME_TIME_OF_DAY "same time of day" CUT_OFF "cut-off" WITHIN "within"
%token <tok> UNIQUE "unique" FIRST_MATCH "first match" COLLECT "collect" COLLECT_SUM "collect sum" COLLECT_MIN "collect min"
%token <tok> COLLECT_MAX "collect max" COLLECT_COUNT "collect count" OTHERWISE_FROM_TABLE "otherwise from table"
%token <tok> COUNTED_IN "counted in" MOVED_TO_THE_NEXT_OPENING_IN "moved to the next opening in" HELD_UNTIL_OPEN_IN "held until open in"
%token <tok> WHILE_RUNNING "while running"
%token <tok> BEFORE_DUE "before due" AFTER_BREACH "after breach" AFTER_START "after start" AFTER "after" BEFORE "before"
%token <tok> RECOMPUTE "recompute" KEEP_THE_TIME_USED "keep the time used" RESTART "restart" KEEP_THE_SHARE_USED "keep the share used"
%token <tok> NEVER_LENGTHEN "never lengthen" COUNT_AS_IN_FORCE "count as in force"
%token <tok> RENEWS "renews" NOTICE "notice" ROUNDING_HALF_UP "rounding half up" ROUNDING_HALF_EVEN "rounding half even"
%token <tok> ROUNDING_DOWN "rounding down" ROUNDING_UP "rounding up" REQUIRED "required" DEFAULT "default" OUTSIDE "outside"
%token <tok> MON "mon" TUE "tue" WED "wed" THU "thu" FRI "fri" SAT "sat" SUN "sun"
%token <tok> JANUARY "january" FEBRUARY "february" MARCH "march" APRIL "april" MAY "may" JUNE "june" JULY "july" AUGUST "august"
%token <tok> SEPTEMBER "september" OCTOBER "october" NOVEMBER "november" DECEMBER "december"
%token <tok> FIRST "first" SECOND "second" THIRD "third" FOURTH "fourth" FIFTH "fifth" LAST "last"
%token <tok> ON_OR_AFTER "on or after" EASTER "easter" ORTHODOX_EASTER "orthodox easter"
%token <tok> OBSERVED "observed" OBSERVED_ON_THE_NEAREST_WEEKDAY "observed on the nearest weekday"
%token <tok> MOVED "moved" MOVED_ON_THE_NEAREST_WEEKDAY "moved to the nearest weekday" CUT_AT_MIDNIGHT "cut at midnight"
%token <tok> BECOMES "becomes" WAS "was" DIFFERS "differs" INTERVAL "interval" IN_FILE_ORDER "in file order" THEN_FILE_ORDER "then file order"
%token <tok> SHOWN_IN "shown in" TAKEN_AS "taken as" REPEATED_HOUR_EARLIER "repeated hour earlier" REPEATED_HOUR_LATER "repeated hour later"
%token <tok> REPEATED_HOUR_REJECT "repeated hour reject" AS_OF_EACH_ROW "as of each row"
%token <tok> OVER_THE_TERM "over the term" EVERY "every" ONCE_ON "once on" ONCE_AT_THE_END "once at the end" IN_ADVANCE "in advance"
%token <tok> IN_ARREARS "in arrears" FREE_IN_EACH "free in each" IN_EACH "in each" IN_ANY "in any" OF_EVERY "of every" OVER "over"
%token <tok> PER "per" PER_WHOLE "per whole" PER_STARTED "per started" PER_PACKAGE_OF "per package of" PER_EXACT "per exact" BEYOND "beyond" NEXT "next" REMAINING "remaining"
%token <tok> TIMES_IN_EVERY "times in every"
%token <tok> RAISED_BY "raised by" FIRST_ON "first on" AS_IT_WAS "as it was" OVER_THE_LAST "over the last" NOT_COMPOUNDED "not compounded" EACH_RISE_ROUNDED_TO "each rise rounded to" MONTHS_LEFT "months left"
%token <tok> CONTRACT_MONTH "contract month" CONTRACT_YEAR "contract year" LESS "less" EARNED_IN "earned in" INVOICED_IN "invoiced in"
%token <tok> PAID_IN "paid in" SCHEDULED_IN "scheduled in" AFTER_THAT "after that" ELSE_LAPSES "else lapses"
%token <tok> BY_INCIDENT "by incident" CARRY_OVER "carry over" ARE_FORFEITED "are forfeited" PAID_OUT_AT_THE_END "paid out at the end" PAID_OUT "paid out"
%token <tok> NEWEST_FIRST "newest first" SOONEST_TO_EXPIRE_FIRST "soonest to expire first" WHEN_USED_UP "when used up"
%token <tok> OLDEST_FIRST "oldest first" LARGEST_FIRST "largest first" AS_TOLD "as told" DUE "due" AFTER_ISSUE "after issue"
%token <tok> DUE_ON_DAY "due on day" ON_DAY "on day" ISSUED "issued" AFTER_THE_PERIOD "after the period"
%token <tok> COMPOUND_EACH_DAY "compound each day" COMPOUND_EACH_MONTH "compound each month" COMPOUND_EACH_YEAR "compound each year"
%token <tok> DAYS_OVER "days over" DAYS_OF_THE_YEAR "days of the year" FULL_MONTHS "full months" STARTED_MONTHS "started months"
%token <tok> FROM_THE_DAY_AFTER_DUE "from the day after due" TO_THE_DAY_OF_PAYMENT "to the day of payment" ON_GROSS "on gross" ON_NET "on net"
%token <tok> ROUNDED_FOR_EACH_DAY "rounded for each day" ROUNDED_ONCE "rounded once" AS_OF_EACH_DAY "as of each day"
%token <tok> AS_OF_EACH_HALF_YEAR "as of each half year" AS_OF_THE_LAST "as of the last"
%token <tok> FROM_THE_DAY_AFTER_THE_REMINDER "from the day after the reminder" INCLUDED_IN_THE_PRICES "included in the prices" INTEREST_FIRST "interest first" PRINCIPAL_FIRST "principal first"
%token <tok> FOR_CONVENIENCE "for convenience" FOR_CAUSE "for cause" NOT_LIMITED "not limited"
%token <tok> IS_NOT_LIMITED "is not limited" FIRST_YEAR_BY_MONTH "the first year annualised by month"
%token <tok> FIRST_YEAR_BY_DAY "the first year annualised by day" CREDITS_COUNT_TOWARDS_IT "credits count towards it"
%token <tok> IN_EXCESS_OF_INSURANCE "in excess of insurance" BARRED_AFTER "barred after" AFTER_THE_START "after the start" AFTER_IT_AROSE "after it arose" AFTER_IT_IS_SENT "after it is sent" OF_THE_TERM "of the term"
%token <tok> UNDISPUTED_OVERDUE "undisputed overdue" SUSPENDED_FOR "suspended for" SUSPENDED_AT_LEAST "suspended at least"
%token WORDS_END "(end)"

%type <tok> name title of_that prep_word percent of_percent clause_number zone_name any_word
%type <node> agreement header top decl decl_body broken section use scale_value name_of name_of_node
%type <node> entity_line event_line_slot type_line field_tail spans_line calline dayset hours rule_base rule mod hours_open holiday_line
%type <node> table_line cell cell_item input when_opt clockline target target_amount target_item step  target_tail in_cal
%type <node> chain_line phrase prep measure_line goal rule_line exception_line action example exline instant arg arg_value exval recipient
%type <node> adapter_line column timemod map_row map_cell map_left map_item make at field stream_order recorded_tail condition
%type <node> cond cmp sum arith product factor postfix primary whole block_cond cal in_item reject_value  of_opt section_item literal simple call_arg
%type <list> tops headers decls scale_values entity_lines event_lines field_tails spans_lines callines days hours_list date_items date_item mods
%type <list> table_body table_lines cells cell_items headcells inputs phrases preps prep_values name_nodes clocklines target_items
%type <list> recipients step_tail chain_lines measure_lines rule_lines exception_lines exlines args arg_list expect_left
%type <list> adapter_lines columns texts text_or_list timemods map_rows map_alternatives conditions fields fields_block recorded_tails block_conds
%type <list> decl_block event_block calline_block holiday_block clock_block map_block map_left_items in_items target_tails adapter_names holiday_lines for_at
%type <node> account_line account_amount compared amount money_decl window counted_lines every every_what in_each_opt qslot due_tail tier limit_more end_of_limit
%type <node> charge_table right duty duty_line recovery_line right_line amend money_exline interest_item limit_amount band
%type <list> raise_tails
%type <list> account_lines charge_lines charge_line charge_slot charge_tails timing once_slot every_slot quantity_block qslots lines due_tails carry_ways currency_tails
%type <list> interest_lines interest_line right_block right_lines duty_block duty_lines recovery_lines amends limit_tails expect_key
%type <list> after after_opt
%type <chain> joined cal_joined
%type <op> payment_order weekday month nth each_period change_policy hit period carry_way per_step right_reason duty_party suspender terminator

%start file
%%

file: %empty                { p->file = ast_make(p, N_FILE, 0, @$, list_none()); }
    | tops                  { p->file = ast_make(p, N_FILE, 0, @$, $tops); }
    ;
tops: top                   { $$ = list_one(p, $top); }
    | tops SEP top          { $$ = list_add(p, $1, $top); }
    ;
top: agreement | section | section_item ;

/* ---------------------------------------------------------------------------------------------------- small things */
/* Words that are keywords in one place and may name things in all others. */
name: NAME | "contains" | "required" | "default" | "notice" | "renews" | "recompute" | "restart"
    | "becomes" | "was" | "observed" | "moved" | "outside" | "within" | "second" | "third" | "fourth" | "fifth" | "over" | "due" | "issued"
    ;
title: %empty               { $$ = NULL; }
     | TEXT
     ;
name_of: name               { $$ = ast_name(p, $name); }
       | name "of" name_of_node { $$ = ast_name_of(p, @$, $name, $name_of_node); }
       ;
name_of_node: name_of ;
name_nodes: name            { $$ = list_one(p, ast_name(p, $name)); }
          | name_nodes ',' name { $$ = list_add(p, $1, ast_name(p, $name)); }
          ;
of_opt: %empty              { $$ = NULL; }
      | "of" name           { $$ = ast_name(p, $name); }
      ;
clause_number: NUMBER | CLAUSE ;
broken: error               { $$ = ast_broken(p, @$); RESYNC(); } ;
weekday: "mon" { $$ = 0; } | "tue" { $$ = 1; } | "wed" { $$ = 2; } | "thu" { $$ = 3; } | "fri" { $$ = 4; } | "sat" { $$ = 5; } | "sun" { $$ = 6; } ;
month: "january" { $$ = 1; } | "february" { $$ = 2; } | "march" { $$ = 3; } | "april" { $$ = 4; } | "may" { $$ = 5; } | "june" { $$ = 6; }
     | "july" { $$ = 7; } | "august" { $$ = 8; } | "september" { $$ = 9; } | "october" { $$ = 10; } | "november" { $$ = 11; } | "december" { $$ = 12; } ;
nth: "first" { $$ = 1; } | "second" { $$ = 2; } | "third" { $$ = 3; } | "fourth" { $$ = 4; } | "fifth" { $$ = 5; } | "last" { $$ = -1; } ;

/* ---------------------------------------------------------------------------------------------- agreement, sections */
agreement: "agreement" TEXT '{' '}'          { $$ = ast_texted(p, ast_make(p, N_AGREEMENT, 0, @$, list_none()), $TEXT); }
         | "agreement" TEXT '{' headers '}'  { $$ = ast_texted(p, ast_make(p, N_AGREEMENT, 0, @$, $headers), $TEXT); }
         ;
headers: header              { $$ = list_one(p, $header); }
       | headers SEP header  { $$ = list_add(p, $1, $header); }
       ;
header: "provider" TEXT      { $$ = ast_texted(p, ast_leaf(p, N_HEADER, OP_PROVIDER, @$), $TEXT); }
      | "customer" TEXT      { $$ = ast_texted(p, ast_leaf(p, N_HEADER, OP_CUSTOMER, @$), $TEXT); }
      | "timezone" TEXT      { $$ = ast_texted(p, ast_leaf(p, N_HEADER, OP_TIMEZONE, @$), $TEXT); }
      | "effective" DATE     { $$ = ast_one(p, N_HEADER, OP_EFFECTIVE, @$, ast_literal(p, $DATE)); }
      | "edition" NUMBER     { $$ = ast_numbered(ast_leaf(p, N_HEADER, OP_EDITION, @$), $NUMBER->number / 1000000); }
      | "term" COUNTED       { $$ = ast_one(p, N_HEADER, OP_TERM, @$, ast_literal(p, $COUNTED)); }
      | "term" COUNTED[l] ',' "renews" COUNTED[r]
                             { $$ = ast_two(p, N_HEADER, OP_TERM, @$, ast_literal(p, $l), ast_literal(p, $r)); }
      | "term" COUNTED[l] ',' "renews" COUNTED[r] "unless" COUNTED[n] "notice"
                             { $$ = ast_make(p, N_HEADER, OP_TERM, @$, list_add(p, list_two(p, ast_literal(p, $l), ast_literal(p, $r)), ast_literal(p, $n))); }
      | "currency" name currency_tails { $$ = ast_named(p, ast_make(p, N_HEADER, OP_CURRENCY, @$, $3), $name); }
      | broken
      ;
currency_tails: %empty                 { $$ = list_none(); }
    | currency_tails ',' "rounding half up"   { $$ = list_add(p, $1, ast_leaf(p, N_CURRENCYTAIL, OP_HALF_UP, @3)); }
    | currency_tails ',' "rounding half even" { $$ = list_add(p, $1, ast_leaf(p, N_CURRENCYTAIL, OP_HALF_EVEN, @3)); }
    | currency_tails ',' "rounding down"      { $$ = list_add(p, $1, ast_leaf(p, N_CURRENCYTAIL, OP_DOWN, @3)); }
    | currency_tails ',' "rounding up"        { $$ = list_add(p, $1, ast_leaf(p, N_CURRENCYTAIL, OP_UP, @3)); }
    | currency_tails ',' NUMBER name          { $$ = list_add(p, $1, ast_places(p, span_join(@3, @4), $NUMBER, $name)); }
    ;
section: "section" NUMBER title '{' '}'       { $$ = ast_section(p, @$, $NUMBER, $title, list_none()); }
       | "section" NUMBER title '{' decls '}' { $$ = ast_section(p, @$, $NUMBER, $title, $decls); }
       ;
decl_block: '{' '}'          { $$ = list_none(); }
          | '{' decls '}'    { $$ = $decls; }
          ;
decls: section_item          { $$ = list_one(p, $1); }
     | decls SEP section_item { $$ = list_add(p, $1, $3); }
     ;
section_item: decl | broken ;
decl: decl_body
    | clause_number decl_body { $$ = ast_clause(p, $decl_body, $clause_number, @$); }
    ;

/* ----------------------------------------------------------------------------------------------------- declarations */
decl_body: use
    | "scale" name ':' scale_values    { $$ = ast_named(p, ast_make(p, N_SCALE, 0, @$, $scale_values), $name); }
    | "choice" name ':' scale_values   { $$ = ast_named(p, ast_make(p, N_CHOICE, 0, @$, $scale_values), $name); }
    | "party" name TEXT                { $$ = ast_titled(p, ast_leaf(p, N_PARTY, 0, @$), $name, $TEXT); }
    | "entity" name title '{' '}'      { $$ = ast_titled(p, ast_leaf(p, N_ENTITY, 0, @$), $name, $title); }
    | "entity" name title '{' entity_lines '}' { $$ = ast_titled(p, ast_make(p, N_ENTITY, 0, @$, $entity_lines), $name, $title); }
    | "event" name title of_opt event_block
                                       { $$ = ast_titled(p, ast_make(p, N_EVENT, 0, @$, list_front(p, $of_opt, $event_block)), $name, $title); }
    | "spans" name title "of" name[of] '{' spans_lines '}'
                                       { $$ = ast_titled(p, ast_make(p, N_SPANS, 0, @$, list_front(p, ast_name(p, $of), $spans_lines)), $2, $title); }
    | "calendar" name title calline_block { $$ = ast_titled(p, ast_make(p, N_CALENDAR, 0, @$, $calline_block), $name, $title); }
    | "calendar" name title '=' cal    { $$ = ast_numbered(ast_titled(p, ast_one(p, N_CALENDAR, 0, @$, $cal), $name, $title), 1); }
    | "holidays" name title holiday_block { $$ = ast_titled(p, ast_make(p, N_HOLIDAYS, 0, @$, $holiday_block), $name, $title); }
    | "table" name title "by" inputs table_body { $$ = ast_table(p, @$, $name, $title, @inputs, $inputs, $table_body); }
    | "value" name title of_opt '=' whole { $$ = ast_titled(p, ast_two(p, N_VALUE, 0, @$, $of_opt, $whole), $name, $title); }
    | "clock" name title "of" name[of] clock_block
                                       { $$ = ast_titled(p, ast_make(p, N_CLOCK, 0, @$, list_front(p, ast_name(p, $of), $clock_block)), $2, $title); }
    | "chain" name title "of" name[of] "on" phrases when_opt '{' chain_lines '}'
                                       { $$ = ast_chain(p, @$, $2, $title, ast_name(p, $of), ast_events(p, span_join(@phrases, @when_opt), OP_STARTS, $phrases, $when_opt), $chain_lines); }
    | "measure" name title of_opt '{' measure_lines '}' { $$ = ast_measure(p, @$, $name, $title, $of_opt, $measure_lines); }
    | "rule" title '{' rule_lines '}'  { $$ = ast_titled(p, ast_make(p, N_RULE, 0, @$, $rule_lines), NULL, $title); }
    | "rule" name title '{' rule_lines '}' { $$ = ast_titled(p, ast_make(p, N_RULE, 0, @$, $rule_lines), $name, $title); }
    | "exception to" clause_number title '{' exception_lines '}' { $$ = ast_exception(p, @$, $clause_number, $title, false, $exception_lines); }
    | "notwithstanding" clause_number title '{' exception_lines '}' { $$ = ast_exception(p, @$, $clause_number, $title, true, $exception_lines); }
    | "manual" TEXT                    { $$ = ast_texted(p, ast_leaf(p, N_PROSE, OP_GIVEN, @$), $TEXT); }
    | "text" TEXT                      { $$ = ast_texted(p, ast_leaf(p, N_PROSE, OP_TEXT_VALUE, @$), $TEXT); }
    | example
    | "adapter" name title '{' adapter_lines '}' { $$ = ast_titled(p, ast_make(p, N_ADAPTER, 0, @$, $adapter_lines), $name, $title); }
    | "inputs" '{' adapter_names '}'   { $$ = ast_make(p, N_INPUTSDECL, 0, @$, $adapter_names); }
    | money_decl
    ;
use: "use" name                        { $$ = ast_named(p, ast_leaf(p, N_USE, 0, @$), $name); }
   | "use" name "with" decl_block      { $$ = ast_named(p, ast_make(p, N_USE, 0, @$, $decl_block), $name); }
   ;
adapter_names: name                    { $$ = list_one(p, ast_name(p, $name)); }
             | broken                  { $$ = list_one(p, $broken); }
             | adapter_names ',' name  { $$ = list_add(p, $1, ast_name(p, $name)); }
             | adapter_names SEP name  { $$ = list_add(p, $1, ast_name(p, $name)); }
             | adapter_names SEP broken { $$ = list_add(p, $1, $broken); }
             ;
scale_values: scale_value              { $$ = list_one(p, $1); }
            | scale_values ',' scale_value { $$ = list_add(p, $1, $3); }
            ;
scale_value: name                      { $$ = ast_name(p, $name); }
           | TEXT                      { $$ = ast_text(p, $TEXT); }
           ;

/* --- entities, events, states --- */
entity_lines: entity_line              { $$ = list_one(p, $1); }
            | entity_lines SEP entity_line { $$ = list_add(p, $1, $3); }
            ;
entity_line: type_line
           | "key" name                { $$ = ast_named(p, ast_leaf(p, N_SLOT, OP_KEY, @$), $name); }
           | "forgotten" COUNTED "after" name { $$ = ast_two(p, N_SLOT, OP_FORGOTTEN, @$, ast_literal(p, $COUNTED), ast_name(p, $name)); }
           | broken
           ;
type_line: any_word ':' name field_tails { $$ = ast_field(p, @$, NULL, $any_word, $name, $field_tails); }
         ;
any_word: name ;
field_tails: %empty                    { $$ = list_none(); }
           | field_tails ',' field_tail { $$ = list_add(p, $1, $3); }
           ;
field_tail: "required"                 { $$ = NULL; }
          | "default" sum              { $$ = $sum; }
          ;
event_block: %empty                    { $$ = list_none(); }
           | '{' '}'                   { $$ = list_none(); }
           | '{' event_lines '}'       { $$ = $event_lines; }
           ;
event_lines: event_line_slot           { $$ = list_one(p, $1); }
           | event_lines SEP event_line_slot { $$ = list_add(p, $1, $3); }
           ;
event_line_slot: type_line
    | prep_word any_word ':' name field_tails { $$ = ast_field(p, @$, $prep_word, $any_word, $name, $field_tails); }
    | "creates"                        { $$ = ast_leaf(p, N_SLOT, OP_CREATES, @$); }
    | "ends"                           { $$ = ast_leaf(p, N_SLOT, OP_ENDS, @$); }
    | "cancels clocks"                 { $$ = ast_leaf(p, N_SLOT, OP_CANCELS_CLOCKS, @$); }
    | "sets any"                       { $$ = ast_leaf(p, N_SLOT, OP_SETS_ANY, @$); }
    | "sets" name_nodes                { $$ = ast_make(p, N_SLOT, OP_SETS, @$, $name_nodes); }
    | "means" name                     { $$ = ast_named(p, ast_leaf(p, N_SLOT, OP_MEANS, @$), $name); }
    | broken
    ;
prep_word: "from" | "by" | "on" | "into" ;
spans_lines: spans_line                { $$ = list_one(p, $1); }
           | spans_lines SEP spans_line { $$ = list_add(p, $1, $3); }
           ;
spans_line: "from" phrases when_opt    { $$ = ast_events(p, @$, OP_SPAN_FROM, $phrases, $when_opt); }
          | "to" phrases when_opt      { $$ = ast_events(p, @$, OP_SPAN_TO, $phrases, $when_opt); }
          | "matched by" name          { $$ = ast_one(p, N_SLOT, OP_SPAN_MATCHED_BY, @$, ast_name(p, $name)); }
          | "reason" name              { $$ = ast_one(p, N_SLOT, OP_SPAN_REASON, @$, ast_name(p, $name)); }
          | "except" cond              { $$ = ast_one(p, N_SLOT, OP_SPAN_EXCEPT, @$, $cond); }
          | broken
          ;

/* --- calendars --- */
calline_block: '{' '}'                 { $$ = list_none(); }
             | '{' callines '}'        { $$ = $callines; }
             ;
callines: calline                      { $$ = list_one(p, $1); }
        | callines SEP calline         { $$ = list_add(p, $1, $3); }
        ;
calline: days hours_list               { $$ = ast_calendar_line(p, @$, OP_WEEKLY, list_join(p, $days, $hours_list)); }
       | "closed" date_items           { $$ = ast_calendar_line(p, @$, OP_CLOSED, $date_items); }
       | "open" date_items             { $$ = ast_calendar_line(p, @$, OP_OPEN, $date_items); }
       | "also open" date_items        { $$ = ast_calendar_line(p, @$, OP_ALSO_OPEN, $date_items); }
       | "during" date_items calline_block { $$ = ast_during(p, @$, $date_items, $calline_block); }
       | "a service day is" COUNTED    { $$ = ast_one(p, N_CALLINE, OP_SERVICE_DAY, @$, ast_literal(p, $COUNTED)); }
       | "zone" TEXT                   { $$ = ast_texted(p, ast_leaf(p, N_CALLINE, OP_ZONE, @$), $TEXT); }
       | "local to" name_of            { $$ = ast_one(p, N_CALLINE, OP_LOCAL, @$, $name_of); }
       | broken
       ;
days: dayset                           { $$ = list_one(p, $1); }
    | days ',' dayset                  { $$ = list_one(p, ast_days_add(p, @$, $1.p[0], $3)); }
    ;
dayset: weekday                        { $$ = ast_days(p, @$, $1, $1); }
      | weekday "to" weekday           { $$ = ast_days(p, @$, $1, $3); }
      | "every day"                    { $$ = ast_days(p, @$, 0, 6); }
      ;
hours_list: hours                      { $$ = list_one(p, $1); }
          | hours_list ',' hours       { $$ = list_add(p, $1, $3); }
          ;
hours: TIME[a] "to" TIME[b]            { $$ = ast_hours(p, @$, $a, $b); } ;
/* One list for rules, what holds for all of them behind a comma, and years that belong to `unless in`: where each item
 * goes is not visible to a parser with one token of lookahead. */
date_items: date_item
          | date_items ',' date_item   { $$ = list_join(p, $1, $3); }
          ;
date_item: rule                        { $$ = list_one(p, $1); }
         | mods
         | date_item TEXT              { $$ = $1; (void)ast_rule_title(p, @$, $1.p[$1.n - 1], $TEXT); }
         | NUMBER                      { $$ = list_one(p, ast_literal(p, $NUMBER)); }
         | hours                       { $$ = list_one(p, $1); }
         | "cut at midnight"           { $$ = list_one(p, ast_leaf(p, N_DATEMOD, OP_CUT_AT_MIDNIGHT, @$)); }
         ;
mods: mod                              { $$ = list_one(p, $1); }
    | mods mod                         { $$ = list_add(p, $1, $2); }
    ;
hours_open: hours
          | "from" TIME                { $$ = ast_hours(p, @$, $TIME, NULL); }
          | "until" TIME               { $$ = ast_hours(p, @$, NULL, $TIME); }
          ;
rule: rule_base
    | rule mod                         { $$ = ast_rule_mod(p, @$, $1, $mod); }
    | rule hours_open                  { $$ = ast_rule_mod(p, @$, $1, $hours_open); }
    | rule '+' COUNTED                 { $$ = ast_rule_shift(p, @$, $1, 1, $COUNTED); }
    | rule '-' COUNTED                 { $$ = ast_rule_shift(p, @$, $1, -1, $COUNTED); }
    ;
rule_base: month NUMBER                { $$ = ast_fixed(p, @$, $month, $NUMBER); }
         | month[m] NUMBER[d] "to" month[n] NUMBER[e] { $$ = ast_yearly(p, @$, $m, $d, $n, $e); }
         | nth weekday "of" month      { $$ = ast_nth(p, @$, $nth, $weekday, $month); }
         | nth weekday "on or after" month NUMBER { $$ = ast_near(p, @$, OP_ON_OR_AFTER, $nth, $weekday, $month, $NUMBER); }
         | nth weekday "before" month NUMBER { $$ = ast_near(p, @$, OP_BEFORE, $nth, $weekday, $month, $NUMBER); }
         | "easter"                    { $$ = ast_leaf(p, N_DATERULE, OP_EASTER, @$); }
         | "orthodox easter"           { $$ = ast_leaf(p, N_DATERULE, OP_ORTHODOX, @$); }
         | DATE                        { $$ = ast_date_range(p, @$, $DATE, NULL); }
         | DATE[a] "to" DATE[b]        { $$ = ast_date_range(p, @$, $a, $b); }
         | name                        { $$ = ast_named(p, ast_leaf(p, N_DATERULE, OP_NAMED, @$), $name); }
         ;
mod: "observed" weekday[a] "when" weekday[b] { $$ = ast_mod_from_to(p, @$, OP_OBSERVED, $a, $b); }
   | "moved" weekday[a] "when" weekday[b] { $$ = ast_mod_from_to(p, @$, OP_MOVED, $a, $b); }
   | "observed on the nearest weekday" { $$ = ast_leaf(p, N_DATEMOD, OP_OBSERVED_NEAREST, @$); }
   | "moved to the nearest weekday"    { $$ = ast_leaf(p, N_DATEMOD, OP_MOVED_NEAREST, @$); }
   | "from" NUMBER                     { $$ = ast_mod_year(p, @$, OP_FROM_YEAR, $NUMBER); }
   | "until" NUMBER                    { $$ = ast_mod_year(p, @$, OP_UNTIL_YEAR, $NUMBER); }
   | "unless in" NUMBER                { $$ = ast_unless_in(p, @$, $NUMBER); }
   ;
holiday_block: '{' '}'                 { $$ = list_none(); }
             | '{' holiday_lines '}'   { $$ = $2; }
             ;
holiday_lines: date_items              { $$ = ast_holiday_lines(p, list_none(), $1); }
             | holiday_line            { $$ = list_one(p, $1); }
             | holiday_lines SEP date_items { $$ = ast_holiday_lines(p, $1, $3); }
             | holiday_lines SEP holiday_line { $$ = list_add(p, $1, $3); }
             ;
holiday_line: "include" name           { $$ = ast_named(p, ast_leaf(p, N_DATERULE, OP_NAMED, @$), $name); }
            | broken
            ;

/* --- tables --- */
inputs: input                          { $$ = list_one(p, $1); }
      | inputs ',' input               { $$ = list_add(p, $1, $3); }
      ;
input: sum
     | hit                             { $$ = ast_hit(p, @$, (enum node_op)$1); }
     ;
hit: "unique" { $$ = OP_UNIQUE; } | "first match" { $$ = OP_FIRST_MATCH; } | "collect" { $$ = OP_COLLECT; }
   | "collect sum" { $$ = OP_COLLECT_SUM; } | "collect min" { $$ = OP_COLLECT_MIN; } | "collect max" { $$ = OP_COLLECT_MAX; }
   | "collect count" { $$ = OP_COLLECT_COUNT; }
   ;
table_body: '{' '}'                    { $$ = list_none(); }
          | '{' table_lines '}'        { $$ = $2; }
          ;
table_lines: table_line                { $$ = list_one(p, $1); }
           | table_lines SEP table_line { $$ = list_add(p, $1, $3); }
           ;
table_line: HEADING headcells          { $$ = ast_heading(p, @$, $headcells, false); }
          | CROSS HEADCELL '|' cells   { $$ = ast_heading(p, @$, list_front(p, ast_heading_cell(p, $HEADCELL), $cells), true); }
          | ROW cells                  { $$ = ast_make(p, N_ROW, 0, span_join(@1, @cells), $cells); }
          | "from event" ',' "otherwise from table" { $$ = ast_hit(p, @$, OP_FROM_EVENT_OTHERWISE); }
          | broken
          ;
headcells: HEADCELL                    { $$ = list_one(p, ast_heading_cell(p, $1)); }
         | headcells '|' HEADCELL      { $$ = list_add(p, $1, ast_heading_cell(p, $3)); }
         ;
cells: cell                            { $$ = list_one(p, $1); }
     | cells '|' cell                  { $$ = list_add(p, $1, $3); }
     ;
cell: %empty                           { $$ = ast_cell(p, @$, list_none()); }
    | cell_items                       { $$ = ast_cell(p, @$, $1); }
    ;
cell_items: cell_item                  { $$ = list_one(p, $1); }
          | cell_items ',' cell_item   { $$ = list_add(p, $1, $3); }
          ;
cell_item: cal
    | sum[a] "to" sum[b]               { $$ = ast_two(p, N_RANGE, 0, @$, $a, $b); }
    | "from" sum[a] "to" sum[b]        { $$ = ast_two(p, N_RANGE, 0, @$, $a, $b); }
    | "from" sum[a] "to below" sum[b]  { $$ = ast_band(p, @$, $a, true, $b, false); }
    | "below" sum                      { $$ = ast_band(p, @$, NULL, false, $sum, false); }
    | "at most" sum                    { $$ = ast_band(p, @$, NULL, false, $sum, true); }
    | "above" sum                      { $$ = ast_band(p, @$, $sum, false, NULL, false); }
    | "at least" sum                   { $$ = ast_band(p, @$, $sum, true, NULL, false); }
    | "above" sum[a] "at most" sum[b]  { $$ = ast_band(p, @$, $a, false, $b, true); }
    | "above" sum[a] "below" sum[b]    { $$ = ast_band(p, @$, $a, false, $b, false); }
    | "at least" sum[a] "at most" sum[b] { $$ = ast_band(p, @$, $a, true, $b, true); }
    | "at least" sum[a] "below" sum[b] { $$ = ast_band(p, @$, $a, true, $b, false); }
    | "any"                            { $$ = ast_leaf(p, N_ANY, 0, @$); }
    | "otherwise"                      { $$ = ast_leaf(p, N_OTHERWISE, 0, @$); }
    | "missing"                        { $$ = ast_leaf(p, N_MISSING, 0, @$); }
    | "none"                           { $$ = ast_leaf(p, N_NONE, 0, @$); }
    | "no data"                        { $$ = ast_leaf(p, N_NODATA, 0, @$); }
    | "end of day"                     { $$ = ast_leaf(p, N_TARGETMODE, OP_END_OF_DAY, @$); }
    | "same time of day"               { $$ = ast_leaf(p, N_TARGETMODE, OP_SAME_TIME, @$); }
    | "by" TIME                        { $$ = ast_numbered(ast_leaf(p, N_TARGETMODE, OP_BY_TIME, @$), $TIME->number); }
    | "cut-off" TIME                   { $$ = ast_numbered(ast_leaf(p, N_TARGETMODE, OP_CUT_OFF, @$), $TIME->number); }
    | "within" COUNTED                 { $$ = ast_one(p, N_TARGETMODE, OP_WITHIN, @$, ast_literal(p, $COUNTED)); }
    | "first" tier                     { $$ = ast_one(p, N_TIER, OP_FIRST_UNITS, @$, $tier); }
    | "next" tier                      { $$ = ast_one(p, N_TIER, OP_NEXT_UNITS, @$, $tier); }
    | "beyond"                         { $$ = ast_leaf(p, N_TIER, OP_BEYOND, @$); }
    ;
tier: NUMBER                           { $$ = ast_literal(p, $1); }
    | COUNTED                          { $$ = ast_literal(p, $1); }
    | MONEY                            { $$ = ast_literal(p, $1); }
    ;

/* --- clocks --- */
clock_block: '{' '}'                   { $$ = list_none(); }
           | '{' clocklines '}'        { $$ = $2; }
           ;
clocklines: clockline                  { $$ = list_one(p, $1); }
          | clocklines SEP clockline   { $$ = list_add(p, $1, $3); }
          ;
when_opt: %empty                       { $$ = NULL; }
        | "when" cond                  { $$ = ast_one(p, N_WHEN, 0, @$, $cond); }
        ;
clockline: "starts on" phrases when_opt  { $$ = ast_events(p, @$, OP_STARTS, $phrases, $when_opt); }
    | "stops on" phrases when_opt      { $$ = ast_events(p, @$, OP_STOPS, $phrases, $when_opt); }
    | "restarts on" phrases when_opt   { $$ = ast_events(p, @$, OP_RESTARTS, $phrases, $when_opt); }
    | "restarts on" phrases when_opt "while running"
                                       { $$ = ast_events(p, @$, OP_RESTARTS_RUNNING, $phrases, $when_opt); }
    | "continues on" phrases when_opt  { $$ = ast_events(p, @$, OP_CONTINUES, $phrases, $when_opt); }
    | "cancels on" phrases when_opt    { $$ = ast_events(p, @$, OP_CANCELS, $phrases, $when_opt); }
    | "pauses on" phrases when_opt     { $$ = ast_events(p, @$, OP_PAUSES_ON, $phrases, $when_opt); }
    | "resumes on" phrases when_opt    { $$ = ast_events(p, @$, OP_RESUMES_ON, $phrases, $when_opt); }
    | "pauses while" cond              { $$ = ast_one(p, N_SLOT, OP_PAUSES_WHILE, @$, $cond); }
    | "hidden while" cond              { $$ = ast_one(p, N_SLOT, OP_HIDDEN, @$, $cond); }
    | "excused when" cond              { $$ = ast_one(p, N_SLOT, OP_EXCUSED, @$, $cond); }
    | "repeats"                        { $$ = ast_leaf(p, N_SLOT, OP_REPEATS, @$); }
    | "measured only"                  { $$ = ast_one(p, N_SLOT, OP_MEASURED_ONLY, @$, NULL); }
    | "measured only" ',' "counted in" cal { $$ = ast_one(p, N_SLOT, OP_MEASURED_ONLY, @$, $cal); }
    | "counts from attachment"         { $$ = ast_leaf(p, N_SLOT, OP_FROM_ATTACHMENT, @$); }
    | "counts from" name               { $$ = ast_one(p, N_SLOT, OP_FROM_START, @$, ast_name(p, $name)); }
    | "judged at the stop"             { $$ = ast_leaf(p, N_SLOT, OP_JUDGED_AT_STOP, @$); }
    | "breach stands"                  { $$ = ast_leaf(p, N_SLOT, OP_BREACH_STANDS, @$); }
    | "on" name_nodes name[what]       { $$ = ast_on_event(p, @$, $name_nodes, $what); }
    | "on change of" name_nodes change_policy { $$ = ast_make(p, N_SLOT, (enum node_op)$3, @$, $name_nodes); }
    | target
    | step
    | example
    | broken
    ;
change_policy: "recompute" { $$ = OP_RECOMPUTE; } | "keep the time used" { $$ = OP_KEEP_TIME; } | "restart" { $$ = OP_RESTART; }
    | "keep the share used" { $$ = OP_KEEP_SHARE; } | "never lengthen" { $$ = OP_NEVER_LENGTHEN; } | "count as in force" { $$ = OP_AS_IN_FORCE; }
    ;
phrases: phrase                        { $$ = list_one(p, $1); }
       | phrases ',' phrase            { $$ = list_add(p, $1, $3); }
       ;
phrase: name preps                     { $$ = ast_phrase(p, @$, $name, false, $preps); }
      | "first" name preps             { $$ = ast_phrase(p, @$, $name, true, $preps); }
      ;
preps: %empty                          { $$ = list_none(); }
     | preps prep                      { $$ = list_add(p, $1, $2); }
     ;
prep: prep_word prep_values            { $$ = ast_prep(p, @$, $1, $2); } ;
prep_values: simple                    { $$ = list_one(p, $1); }
           | prep_values "or" simple   { $$ = list_add(p, $1, $3); }
           ;
simple: name                           { $$ = ast_name(p, $name); }
      | TEXT                           { $$ = ast_text(p, $TEXT); }
      | NUMBER                         { $$ = ast_literal(p, $NUMBER); }
      ;
in_cal: %empty                         { $$ = NULL; }
      | "in" cal                       { $$ = $cal; }
      ;
target: "target" "by" inputs table_body { $$ = ast_one(p, N_TARGET, OP_NONE_GIVEN, @$, ast_table(p, @$, NULL, NULL, @inputs, $inputs, $table_body)); }
      | "target" target_items in_cal   { $$ = ast_two(p, N_TARGET, OP_NONE_GIVEN, @$, ast_cell(p, @target_items, $target_items), $in_cal); }
      | "target" name in_cal           { $$ = ast_two(p, N_TARGET, OP_NAMED, @$, ast_name(p, $name), $in_cal); }
      | "target" name "of" name_of_node target_tails
                                       { $$ = ast_numbered(ast_two(p, N_TARGET, OP_AT, @$, ast_name_of(p, span_join(@2, @4), $2, $4), $5.n ? $5.p[0] : NULL), $5.n > 1 && $5.p[1] != NULL); }
      ;
target_tails: %empty                   { $$ = list_none(); }
    | target_tails ',' target_tail     { $$ = $3->kind == N_MISSING ? list_two(p, $1.n ? $1.p[0] : NULL, $3) : list_two(p, $3, $1.n ? $1.p[1] : NULL); }
    ;
target_tail: "moved to the next opening in" cal { $$ = $cal; }
           | "missing" "none"          { $$ = ast_leaf(p, N_MISSING, 0, @$); }
           ;
target_items: target_amount            { $$ = list_one(p, $1); }
            | target_items ',' target_item { $$ = list_add(p, $1, $3); }
            ;
target_amount: COUNTED                 { $$ = ast_literal(p, $1); }
    | "below" COUNTED                  { $$ = ast_one(p, N_TARGETMODE, OP_BELOW_TARGET, @$, ast_literal(p, $2)); }
    | "within" COUNTED                 { $$ = ast_one(p, N_TARGETMODE, OP_WITHIN, @$, ast_literal(p, $2)); }
    | "none"                           { $$ = ast_leaf(p, N_NONE, 0, @$); }
    ;
target_item: "end of day"              { $$ = ast_leaf(p, N_TARGETMODE, OP_END_OF_DAY, @$); }
    | "same time of day"               { $$ = ast_leaf(p, N_TARGETMODE, OP_SAME_TIME, @$); }
    | "by" TIME                        { $$ = ast_numbered(ast_leaf(p, N_TARGETMODE, OP_BY_TIME, @$), $TIME->number); }
    | "cut-off" TIME                   { $$ = ast_numbered(ast_leaf(p, N_TARGETMODE, OP_CUT_OFF, @$), $TIME->number); }
    ;
step: "at" of_percent in_cal step_tail { $$ = ast_step(p, @$, OP_AT_PERCENT, ast_literal(p, $2), list_front(p, $3, $4)); }
    | "at breach" step_tail            { $$ = ast_step(p, @$, OP_AT_BREACH, NULL, list_front(p, NULL, $2)); }
    | COUNTED "before due" in_cal step_tail { $$ = ast_step(p, @$, OP_BEFORE_DUE, ast_literal(p, $1), list_front(p, $3, $4)); }
    | COUNTED "after breach" in_cal step_tail { $$ = ast_step(p, @$, OP_AFTER_BREACH, ast_literal(p, $1), list_front(p, $3, $4)); }
    | COUNTED "after start" in_cal step_tail { $$ = ast_step(p, @$, OP_AFTER_START, ast_literal(p, $1), list_front(p, $3, $4)); }
    ;
of_percent: PERCENT "of" percent       { $$ = $1; ast_percent_of(p, $1, $3); } ;
percent: name ;
/* held until open in, recipients, when: the order of STEP's kids */
step_tail: "notify" recipients when_opt
              { $$ = list_add(p, list_two(p, NULL, ast_make(p, N_LIST, 0, @recipients, $recipients)), $when_opt); }
         | "notify" recipients ',' "held until open in" cal when_opt
              { $$ = list_add(p, list_two(p, $cal, ast_make(p, N_LIST, 0, @recipients, $recipients)), $when_opt); }
         ;
recipients: recipient                  { $$ = list_one(p, $1); }
          | recipients ',' recipient   { $$ = list_add(p, $1, $3); }
          ;
recipient: TEXT                        { $$ = ast_text(p, $TEXT); }
         | name_of
         ;

/* --- chains --- */
chain_lines: chain_line                { $$ = list_one(p, $1); }
           | chain_lines SEP chain_line { $$ = list_add(p, $1, $3); }
           ;
chain_line: recipients "for" COUNTED   { $$ = ast_two(p, N_LINK, 0, @$, ast_make(p, N_LIST, 0, @recipients, $recipients), ast_literal(p, $COUNTED)); }
          | "again" name               { $$ = ast_again(p, @$, $name, NULL); }
          | "again" NUMBER "times"     { $$ = ast_again(p, @$, NULL, $NUMBER); }
          | "until" phrases when_opt   { $$ = ast_events(p, @$, OP_STOPS, $phrases, $when_opt); }
          | broken
          ;

/* --- measures --- */
measure_lines: measure_line            { $$ = list_one(p, $1); }
             | measure_lines SEP measure_line { $$ = list_add(p, $1, $3); }
             ;
measure_line: "count of" phrase        { $$ = ast_source_clock(p, @$, OP_COUNT, $phrase, NULL); }
    | "count of" phrase name           { $$ = ast_source_clock(p, @$, OP_COUNT, $phrase, $name); }
    | "share of" phrase name           { $$ = ast_source_clock(p, @$, OP_SHARE, $phrase, $name); }
    | "share of" phrase "where" cond   { $$ = ast_two(p, N_SOURCE, OP_SHARE, @$, $phrase, $cond); }
    | "sum of" sum preps               { $$ = ast_source_of(p, @$, OP_SUM, $sum, NULL, $preps); }
    | "sum of" '(' whole ')' "of" phrase  { $$ = ast_two(p, N_SOURCE, OP_SUM, @$, $phrase, $whole); }
    | "mean of" '(' whole ')' "of" phrase { $$ = ast_two(p, N_SOURCE, OP_MEAN, @$, $phrase, $whole); }
    | "mean of" sum preps              { $$ = ast_source_of(p, @$, OP_MEAN, $sum, NULL, $preps); }
    | "ratio of" sum[a] "to" sum[b] preps { $$ = ast_source_of(p, @$, OP_RATIO, $a, $b, $preps); }
    | "share of time in" cal "outside" cond { $$ = ast_two(p, N_SOURCE, OP_UPTIME, @$, $cal, $cond); }
    | "where" cond                     { $$ = ast_one(p, N_MSLOT, OP_WHEN, @$, $cond); }
    | "by" inputs                      { $$ = ast_make(p, N_INPUTS, 0, @$, $inputs); }
    | each_period                      { $$ = ast_leaf(p, N_MSLOT, (enum node_op)$1, @$); }
    | each_period "in" TEXT            { $$ = ast_texted(p, ast_leaf(p, N_MSLOT, (enum node_op)$1, @$), $TEXT); }
    | "outages of at least" COUNTED    { $$ = ast_one(p, N_MSLOT, OP_AT_LEAST_LONG, @$, ast_literal(p, $2)); }
    | "rounded down to" COUNTED "for each outage" { $$ = ast_one(p, N_MSLOT, OP_ROUND_EACH, @$, ast_literal(p, $2)); }
    | "rounded down to" COUNTED "for each period" { $$ = ast_one(p, N_MSLOT, OP_ROUND_PERIOD, @$, ast_literal(p, $2)); }
    | "rounded up to" COUNTED "for each outage" { $$ = ast_numbered(ast_one(p, N_MSLOT, OP_ROUND_EACH, @$, ast_literal(p, $2)), OP_UP); }
    | "rounded up to" COUNTED "for each period" { $$ = ast_numbered(ast_one(p, N_MSLOT, OP_ROUND_PERIOD, @$, ast_literal(p, $2)), OP_UP); }
    | "goal" goal                      { $$ = ast_one(p, N_MSLOT, OP_GOAL, @$, $2); }
    | "cut at period ends"             { $$ = ast_leaf(p, N_MSLOT, OP_CUT_AT_ENDS, @$); }
    | "fixed" COUNTED                  { $$ = ast_one(p, N_MSLOT, OP_FIXED_LENGTH, @$, ast_literal(p, $2)); }
    | example
    | broken
    ;
goal: "at least" sum                   { $$ = ast_band(p, @$, $sum, true, NULL, false); }
    | "at most" sum                    { $$ = ast_band(p, @$, NULL, false, $sum, true); }
    | "above" sum                      { $$ = ast_band(p, @$, $sum, false, NULL, false); }
    | "below" sum                      { $$ = ast_band(p, @$, NULL, false, $sum, false); }
    ;
each_period: "each day" { $$ = OP_DAY; } | "each week" { $$ = OP_WEEK; } | "each month" { $$ = OP_MONTH; } | "each quarter" { $$ = OP_QUARTER; }
    | "each year" { $$ = OP_YEAR; } | "each contract month" { $$ = OP_CONTRACT_MONTH; } | "each contract year" { $$ = OP_CONTRACT_YEAR; }
    | "over the term" { $$ = OP_TERM_PERIOD; }
    ;

/* --- rules and exceptions --- */
rule_lines: rule_line                  { $$ = list_one(p, $1); }
          | rule_lines SEP rule_line   { $$ = list_add(p, $1, $3); }
          ;
rule_line: "on" phrases when_opt       { $$ = ast_events(p, @$, OP_STARTS, $phrases, $when_opt); }
         | action
         | example
         | broken
         ;
action: "notify" recipients            { $$ = ast_one(p, N_ACTION, OP_EXPECT_NOTIFY, @$, ast_make(p, N_LIST, 0, @recipients, $recipients)); }
      | "set" name "to" whole          { $$ = ast_named(p, ast_one(p, N_ACTION, OP_SET, @$, $whole), $name); }
      ;
exception_lines: exception_line        { $$ = list_one(p, $1); }
               | exception_lines SEP exception_line { $$ = list_add(p, $1, $3); }
               ;
exception_line: "when" cond            { $$ = ast_one(p, N_WHEN, 0, @$, $cond); }
              | "excused"              { $$ = ast_leaf(p, N_SLOT, OP_EXCUSED, @$); }
              | "no charge"            { $$ = ast_leaf(p, N_EFFECT, OP_NO_CHARGE, @$); }
              | "times" sum            { $$ = ast_one(p, N_EFFECT, OP_FACTOR, @$, $sum); }
              | amount                 { $$ = ast_one(p, N_EFFECT, OP_PRICE, @$, $1); }
              | "in the first" name "of the term"    { $$ = ast_first_months(p, @$, $name); }
              | "in the first" COUNTED "of the term" { $$ = ast_first_months(p, @$, $COUNTED); }
              | target
              | step
              | action
              | example
              | broken
              ;

/* --- examples --- */
example: "example" title '{' '}'       { $$ = ast_titled(p, ast_leaf(p, N_EXAMPLE, 0, @$), NULL, $title); }
       | "example" title '{' exlines '}' { $$ = ast_titled(p, ast_make(p, N_EXAMPLE, 0, @$, $exlines), NULL, $title); }
       | "test" title '{' '}'          { $$ = ast_titled(p, ast_leaf(p, N_EXAMPLE, 0, @$), NULL, $title); }
       | "test" title '{' exlines '}'  { $$ = ast_titled(p, ast_make(p, N_EXAMPLE, 0, @$, $exlines), NULL, $title); }
       ;
exlines: exline                        { $$ = list_one(p, $1); }
       | exlines SEP exline            { $$ = list_add(p, $1, $3); }
       ;
exline: instant name args              { $$ = ast_event_line(p, @$, $instant, $name, NULL, $args); }
      | instant name TEXT args         { $$ = ast_event_line(p, @$, $instant, $name, ast_text(p, $TEXT), $args); }
      | instant name NUMBER args       { $$ = ast_event_line(p, @$, $instant, $name, ast_literal(p, $NUMBER), $args); }
      | "as of" instant                { $$ = ast_one(p, N_EXLINE, OP_AS_OF, @$, $instant); }
      | "as of" DATE                   { $$ = ast_one(p, N_EXLINE, OP_AS_OF, @$, ast_midnight(p, $DATE)); }
      | "expect" expect_left name args { $$ = ast_expect_state(p, @$, $2, $name, $args, false); }
      | "expect" expect_left name "at" instant { $$ = ast_expect_open(p, @$, $2, $name, $instant); }
      | "expect" expect_left "is" exval { $$ = ast_expect_is(p, @$, $2, $exval); }
      | "expect" expect_left "is missing" { $$ = ast_expect_is(p, @$, $2, ast_leaf(p, N_MISSING, 0, @3)); }
      | "expect" expect_left "in" experiod "is" exval { $$ = ast_expect_in(p, @$, $2, @experiod, $exval); }
      | "expect no" sum args           { $$ = ast_expect_state(p, @$, list_one(p, $sum), NULL, $args, true); }
      | "expect notify" recipient for_at    { $$ = ast_make(p, N_EXLINE, OP_EXPECT_NOTIFY, @$, list_front(p, $recipient, $for_at)); }
      | "expect no notify" recipient for_at { $$ = ast_make(p, N_EXLINE, OP_EXPECT_NO_NOTIFY, @$, list_front(p, $recipient, $for_at)); }
      | "expect reject"                { $$ = ast_leaf(p, N_EXLINE, OP_EXPECT_REJECT, @$); }
      | money_exline
      | broken
      ;
for_at: %empty                         { $$ = list_none(); }
      | for_at "at" instant            { $$ = list_add(p, $1, ast_one(p, N_EXARG, OP_AT, span_join(@2, @3), $3)); }
      | for_at "for" simple            { $$ = list_add(p, $1, ast_one(p, N_EXARG, OP_FOR, span_join(@2, @3), $3)); }
      ;
expect_left: sum                       { $$ = list_one(p, $1); }
           | expect_left ',' sum       { $$ = list_add(p, $1, $3); }
           ;
experiod: YEARMONTH | NUMBER | DATE | DATE "to" DATE ;
args: %empty                           { $$ = list_none(); }
    | args ',' arg                     { $$ = list_add(p, $1, $3); }
    ;
arg: name                              { $$ = ast_arg(p, @$, NULL, $name, NULL); }
   | name arg_value                    { $$ = ast_arg(p, @$, NULL, $name, $arg_value); }
   | "first" name arg_value            { $$ = ast_arg(p, @$, $1, $name, $arg_value); }
   | "not" name                        { $$ = ast_arg(p, @$, $1, $name, NULL); }
   | "no" name                         { $$ = ast_arg(p, @$, $1, $name, NULL); }
   | prep_word arg_value               { $$ = ast_arg(p, @$, $1, NULL, $arg_value); }
   ;
arg_value: sum
         | "missing"                   { $$ = ast_leaf(p, N_MISSING, 0, @$); }
         | "none"                      { $$ = ast_leaf(p, N_NONE, 0, @$); }
         ;
exval: sum
     | "no data"                       { $$ = ast_leaf(p, N_NODATA, 0, @$); }
     | NUMBER[a] "of" NUMBER[b]        { $$ = ast_two(p, N_ARITH, OP_DIVIDED_BY, @$, ast_literal(p, $a), ast_literal(p, $b)); }
     ;
instant: DATE[d] TIME[t]               { $$ = ast_instant(p, @$, $d, $t, NULL); }
       | DATE[d] TIME[t] OFFSET[o]     { $$ = ast_instant(p, @$, $d, $t, $o); }
       ;

/* ------------------------------------------------------------------------------------------------------ conditions */
cond: joined                           { $$ = ast_joined(p, @$, $1); } ;
joined: cmp                            { $$ = chain_one(p, $1); }
      | joined "and" cmp               { $$ = chain_add(p, $1, $2, $3); }
      | joined "or" cmp                { $$ = chain_add(p, $1, $2, $3); }
      | joined "except" cmp            { $$ = chain_add(p, $1, $2, $3); }
      ;
cmp: sum
   | compared
   | "not" cmp                         { $$ = ast_one(p, N_NOT, 0, @$, $2); }
   | compared IN_OF_ANY COUNTED        { $$ = ast_in_periods(p, @$, $1, $2, $3); }
   | compared IN_A_ROW                 { $$ = ast_in_periods(p, @$, $1, $2, NULL); }
   | OVERDUE band                      { $$ = ast_one(p, N_LEDGERCOND, OP_OVERDUE, @$, $2); }
   | "undisputed overdue" band         { $$ = ast_numbered(ast_one(p, N_LEDGERCOND, OP_OVERDUE, @$, $2), 1); }
   | "suspended for" COUNTED           { $$ = ast_one(p, N_LEDGERCOND, OP_SUSPENDED, @$, ast_literal(p, $2)); }
   | "suspended at least" COUNTED      { $$ = ast_one(p, N_LEDGERCOND, OP_SUSPENDED, @$, ast_literal(p, $2)); }
   | sum[l] "is" sum[r]                { $$ = ast_compare(p, @$, OP_IS, $l, $r); }
   | sum[l] "is not" sum[r]            { $$ = ast_compare(p, @$, OP_IS_NOT, $l, $r); }
   | sum[l] "contains" sum[r]          { $$ = ast_compare(p, @$, OP_CONTAINS, $l, $r); }
   | sum[l] "starts with" sum[r]       { $$ = ast_compare(p, @$, OP_STARTS_WITH, $l, $r); }
   | sum[l] "ends with" sum[r]         { $$ = ast_compare(p, @$, OP_ENDS_WITH, $l, $r); }
   | sum "is missing"                  { $$ = ast_compare(p, @$, OP_IS_MISSING, $1, NULL); }
   | sum "is given"                    { $$ = ast_compare(p, @$, OP_IS_GIVEN, $1, NULL); }
   | sum "is not missing"              { $$ = ast_compare(p, @$, OP_IS_GIVEN, $1, NULL); }
   | sum "is not given"                { $$ = ast_compare(p, @$, OP_IS_MISSING, $1, NULL); }
   | sum "in" in_items                 { $$ = ast_compare_in(p, @$, OP_IN, $1, $3); }
   | sum "not in" in_items             { $$ = ast_compare_in(p, @$, OP_NOT_IN, $1, $3); }
   | name "on" name_nodes              { $$ = ast_waiting(p, @$, $1, $3); }
   /* not the language, but what people write: each has its message */
   | sum[l] '=' sum[r]                 { $$ = ast_equals(p, @$, $l, $2, $r); }
   | sum[l] "is" "below" sum[r]        { $$ = ast_is_too(p, @$, $l, $2, OP_BELOW, $r); }
   | sum[l] "is" "at most" sum[r]      { $$ = ast_is_too(p, @$, $l, $2, OP_AT_MOST, $r); }
   | sum[l] "is" "at least" sum[r]     { $$ = ast_is_too(p, @$, $l, $2, OP_AT_LEAST, $r); }
   | sum[l] "is" "above" sum[r]        { $$ = ast_is_too(p, @$, $l, $2, OP_ABOVE, $r); }
   ;
compared: sum[l] "below" sum[r]        { $$ = ast_compare(p, @$, OP_BELOW, $l, $r); }
        | sum[l] "at most" sum[r]      { $$ = ast_compare(p, @$, OP_AT_MOST, $l, $r); }
        | sum[l] "at least" sum[r]     { $$ = ast_compare(p, @$, OP_AT_LEAST, $l, $r); }
        | sum[l] "above" sum[r]        { $$ = ast_compare(p, @$, OP_ABOVE, $l, $r); }
        ;
band: goal ;
in_items: in_item                      { $$ = list_one(p, $1); }
        | in_items ',' in_item         { $$ = list_add(p, $1, $3); }
        ;
in_item: sum
       | sum[a] "to" sum[b]            { $$ = ast_two(p, N_RANGE, 0, @$, $a, $b); }
       | "from" sum[a] "to below" sum[b] { $$ = ast_band(p, @$, $a, true, $b, false); }
       ;
/* A calendar: the same words as a condition, but without comparisons, so that a comma may follow. */
cal: cal_joined                        { $$ = ast_calendar_value(p, @$, $1); } ;
cal_joined: sum                        { $$ = chain_one(p, $1); }
          | cal_joined "and" sum       { $$ = chain_add(p, $1, $2, $3); }
          | cal_joined "or" sum        { $$ = chain_add(p, $1, $2, $3); }
          | cal_joined "except" sum    { $$ = chain_add(p, $1, $2, $3); }
          ;
whole: cond
     | "if" cond "then" whole[a] "else" whole[b] { $$ = ast_make(p, N_CONDITIONAL, 0, @$, list_add(p, list_two(p, $cond, $a), $b)); }
     ;

/* ----------------------------------------------------------------------------------------------------------- values */
sum: arith
   | sum "rounded down to" arith       { $$ = ast_two(p, N_ROUNDED, OP_DOWN, @$, $1, $3); }
   | sum "rounded up to" arith         { $$ = ast_two(p, N_ROUNDED, OP_UP, @$, $1, $3); }
   | sum "rounded half up to" arith    { $$ = ast_two(p, N_ROUNDED, OP_HALF_UP, @$, $1, $3); }
   | sum "rounded half even to" arith  { $$ = ast_two(p, N_ROUNDED, OP_HALF_EVEN, @$, $1, $3); }
   | sum "raised by" arith every raise_tails { $$ = ast_raised(p, @$, $1, $3, $4, $5); }
   | "larger of" arith[a] ',' arith[b]  { $$ = ast_call(p, @$, $1, list_two(p, $a, $b)); }
   | "smaller of" arith[a] ',' arith[b] { $$ = ast_call(p, @$, $1, list_two(p, $a, $b)); }
   ;
raise_tails: %empty                    { $$ = list_none(); }
           | raise_tails "not compounded" { $$ = list_add(p, $1, ast_leaf(p, N_ANY, OP_SIMPLE, @2)); }
           | raise_tails "first on" DATE { $$ = list_add(p, $1, ast_literal(p, $3)); }
           | raise_tails "each rise rounded to" MONEY { $$ = list_add(p, $1, ast_literal(p, $3)); }
           ;
arith: product
     | arith '+' product               { $$ = ast_two(p, N_ARITH, OP_PLUS, @$, $1, $3); }
     | arith '-' product               { $$ = ast_two(p, N_ARITH, OP_MINUS, @$, $1, $3); }
     ;
product: factor
       | product '*' factor            { $$ = ast_two(p, N_ARITH, OP_TIMES, @$, $1, $3); }
       | product "times" factor        { $$ = ast_two(p, N_ARITH, OP_TIMES, @$, $1, $3); }
       | product '/' factor            { $$ = ast_two(p, N_ARITH, OP_DIVIDED_BY, @$, $1, $3); }
       | product "divided by" factor   { $$ = ast_two(p, N_ARITH, OP_DIVIDED_BY, @$, $1, $3); }
       ;
factor: postfix
      | '-' factor                     { $$ = ast_one(p, N_NEGATE, 0, @$, $2); }
      ;
postfix: primary
       | postfix "local to" name       { $$ = ast_two(p, N_LOCALTO, 0, @$, $1, ast_name(p, $3)); }
       | postfix "per" name            { $$ = ast_named(p, ast_one(p, N_PER, 0, @$, $1), $3); }
       | postfix per_step COUNTED "of" primary       { $$ = ast_per_step(p, @$, $2, $1, $3, NULL, $5); }
       | postfix per_step PERCENT "of" primary       { $$ = ast_per_step(p, @$, $2, $1, $3, NULL, $5); }
       | postfix per_step NUMBER "of" primary        { $$ = ast_per_step(p, @$, $2, $1, $3, NULL, $5); }
       | postfix per_step NUMBER name "of" primary   { $$ = ast_per_step(p, @$, $2, $1, $3, $4, $6); }
       | postfix per_step NUMBER name                { $$ = ast_per_step(p, @$, $2, $1, $3, NULL, ast_name(p, $4)); }
       | postfix "as it was" COUNTED "before" { $$ = ast_two(p, N_BEFORETHAT, 0, @$, $1, ast_literal(p, $3)); }
       | postfix "over the last" COUNTED { $$ = ast_two(p, N_OVERTIME, 0, @$, $1, ast_literal(p, $3)); }
       | postfix STEP_BELOW primary    { $$ = ast_step_limit(p, @$, $1, OP_BELOW, $3); }
       | postfix "beyond" primary      { $$ = ast_step_limit(p, @$, $1, OP_ABOVE, $3); }
       ;
per_step: "per whole" { $$ = OP_STEP_WHOLE; } | "per started" { $$ = OP_STEP_STARTED; } | "per package of" { $$ = OP_STEP_STARTED; } | "per exact" { $$ = OP_STEP_EXACT; } ;
primary: name                          { $$ = ast_name(p, $1); }
       | name "of" name_of_node        { $$ = ast_name_of(p, @$, $1, $3); }
       | name "of" TEXT                { $$ = ast_name_of(p, @$, $1, ast_text(p, $3)); }
       | name '(' ')'                  { $$ = ast_call(p, @$, $1, list_none()); }
       | name '(' arg_list ')'         { $$ = ast_call(p, @$, $1, $3); }
       | literal
       | '(' whole ')'                 { $$ = $2; }
       | PERCENT "of" primary          { $$ = ast_two(p, N_PERCENTOF, 0, @$, ast_literal(p, $1), $3); }
       | "mean of" primary "over" COUNTED          { $$ = ast_figures(p, @$, OP_MEAN, $2, $COUNTED); }
       | "sum of" primary "over" COUNTED           { $$ = ast_figures(p, @$, OP_SUM, $2, $COUNTED); }
       | "pooled share of" primary "over" COUNTED  { $$ = ast_figures(p, @$, OP_SHARE, $2, $COUNTED); }
       | "remaining" name              { $$ = ast_one(p, N_REMAINING, 0, @$, ast_name(p, $2)); }
       | "contract month"              { $$ = ast_name(p, $1); }
       | "contract year"               { $$ = ast_name(p, $1); }
       | "months left"                 { $$ = ast_name(p, $1); }
       | LINES lines ')'               { $$ = ast_make(p, N_LINESUM, 0, @$, list_one(p, ast_make(p, N_LIST, 0, @lines, $lines))); }
       | LINES lines ',' counted_lines ')' { $$ = ast_linesum(p, @$, ast_make(p, N_LIST, 0, @lines, $lines), $4); }
       | "all of" '{' block_conds '}'  { $$ = ast_make(p, N_BLOCK, OP_ALL, @$, $3); }
       | "any of" '{' block_conds '}'  { $$ = ast_make(p, N_BLOCK, OP_ANY, @$, $3); }
       | "none of" '{' block_conds '}' { $$ = ast_make(p, N_BLOCK, OP_NONE, @$, $3); }
       ;
literal: TEXT                          { $$ = ast_text(p, $1); }
       | NUMBER                        { $$ = ast_literal(p, $1); }
       | PERCENT                       { $$ = ast_literal(p, $1); }
       | COUNTED                       { $$ = ast_literal(p, $1); }
       | MONEY                         { $$ = ast_literal(p, $1); }
       | DATE                          { $$ = ast_literal(p, $1); }
       | TIME                          { $$ = ast_literal(p, $1); }
       | instant
       | "24x7"                        { $$ = ast_name(p, $1); }
       | "yes"                         { $$ = ast_yesno(p, @$, true); }
       | "no"                          { $$ = ast_yesno(p, @$, false); }
       | weekday                       { $$ = ast_weekday(p, @$, $1); }
       ;
/* A condition as an argument stands in brackets: its own lists have commas. */
arg_list: call_arg                     { $$ = list_one(p, $1); }
        | arg_list ',' call_arg        { $$ = list_add(p, $1, $3); }
        ;
call_arg: sum
        | "at"                         { $$ = ast_name(p, $1); } /* the instant of the event */
        ;
block_conds: block_cond                { $$ = list_one(p, $1); }
           | block_conds SEP block_cond { $$ = list_add(p, $1, $3); }
           ;
block_cond: cond
          | broken
          ;

/* ----------------------------------------------------------------------------------------------------------- money */
/* An amount is a value; its own words are among the primaries and postfixes above. */
amount: sum
      | "if" cond "then" amount[a] "else" amount[b] { $$ = ast_make(p, N_CONDITIONAL, 0, @$, list_add(p, list_two(p, $cond, $a), $b)); }
      ;
lines: name of_that                    { $$ = ast_lines(p, list_none(), NULL, $1, $2); }
     | lines ',' name of_that          { $$ = ast_lines(p, $1, $2, $3, $4); }
     | lines "except" name of_that     { $$ = ast_lines(p, $1, $2, $3, $4); }
     | lines "less" name of_that       { $$ = ast_lines(p, $1, $2, $3, $4); }
     ;
of_that: %empty                        { $$ = NULL; }
       | "of that" name                { $$ = $2; }
       ;
counted_lines: "earned in" window      { $$ = ast_counted_lines($2, OP_EARNED); }
             | "invoiced in" window    { $$ = ast_counted_lines($2, OP_INVOICED); }
             | "paid in" window        { $$ = ast_counted_lines($2, OP_PAID); }
             | "scheduled in" window   { $$ = ast_counted_lines($2, OP_SCHEDULED); }
             ;
window: name[w] name[what]             { $$ = ast_window(p, @$, $w, $what); }
      | name "contract month"          { $$ = ast_window(p, @$, $1, $2); }
      | name "contract year"           { $$ = ast_window(p, @$, $1, $2); }
      | name[w] "next" name[what]      { $$ = ast_next_window(p, @$, $w, $what); }
      | name COUNTED "before"          { $$ = ast_window_before(p, @$, $1, $COUNTED, NULL, NULL, false); }
      | name COUNTED "before" name name { $$ = ast_window_before(p, @$, $1, $COUNTED, $4, $5, false); }
      | name COUNTED "before" name "first" name { $$ = ast_window_before(p, @$, $1, $COUNTED, NULL, NULL, true); }
      ;
period: name                           { $$ = ast_period(p, $1); }
      | "contract month"               { $$ = OP_CONTRACT_MONTH; }
      | "contract year"                { $$ = OP_CONTRACT_YEAR; }
      ;
every: "every" every_what              { $$ = $2; $$->span = @$; }
     | "every day"                     { $$ = ast_every(p, @$, 1, OP_DAY); }
     ;
every_what: period                     { $$ = ast_every(p, @$, 1, $1); }
          | COUNTED                    { $$ = ast_every_counted(p, $1); }
          ;
in_each_opt: %empty                    { $$ = NULL; }
           | "in each" every_what      { $$ = $2; }
           ;

money_decl: "rate" name sum            { $$ = ast_named(p, ast_one(p, N_RATE, 0, @$, $sum), $name); }
    | "rate" name TEXT MONEY "per" name[unit] { $$ = ast_titled(p, ast_one(p, N_RATE, 0, @$, ast_named(p, ast_one(p, N_PER, 0, span_join(@4, @6), ast_literal(p, $MONEY)), $unit)), $2, $TEXT); }
    | "quantity" name title "from" phrases when_opt quantity_block { $$ = ast_quantity(p, @$, $name, $title, @phrases, $phrases, $when_opt, $7); }
    | "quantity" name title '{' qslots '}' { $$ = ast_quantity(p, @$, $name, $title, @name, list_none(), NULL, $qslots); }
    | "series" name title table_body   { $$ = ast_series(p, @$, $name, $title, $4); }
    | "series" name title "from" phrase { $$ = ast_titled(p, ast_one(p, N_SERIES, 0, @$, $phrase), $name, $title); }
    | "fee" name title of_opt '{' charge_lines '}'      { $$ = ast_charge(p, @$, OP_FEE, $name, $title, $of_opt, $6); }
    | "credit" name title of_opt '{' charge_lines '}'   { $$ = ast_charge(p, @$, OP_CREDIT, $name, $title, $of_opt, $6); }
    | "discount" name title of_opt '{' charge_lines '}' { $$ = ast_charge(p, @$, OP_DISCOUNT, $name, $title, $of_opt, $6); }
    | "tax" name title of_opt '{' charge_lines '}'      { $$ = ast_charge(p, @$, OP_TAX, $name, $title, $of_opt, $6); }
    | "account" name title '{' account_lines '}' { $$ = ast_titled(p, ast_make(p, N_ACCOUNT, 0, @$, $5), $name, $title); }
    | "amount" name title "by" sum table_body { $$ = ast_titled(p, ast_one(p, N_AMOUNTDECL, 0, @$, ast_charge_table(p, span_join(@4, @6), OP_BY_TABLE, $sum, $6)), $name, $title); }
    | "amount" name title '=' amount   { $$ = ast_titled(p, ast_one(p, N_AMOUNTDECL, 0, @$, $5), $name, $title); }
    | "cap" name_nodes "at" amount in_each_opt { $$ = ast_cap(p, @$, @2, $2, $4, $5); }
    | "cap" name_nodes "at" amount "in any" COUNTED { $$ = ast_cap(p, @$, @2, $2, $4, ast_any_months(p, @6, $6)); }
    | "cap" name_nodes "at" amount "over the term"  { $$ = ast_cap(p, @$, @2, $2, $4, ast_every(p, @5, 1, OP_TERM_PERIOD)); }
    | "minimum" amount "in each" every_what "over" name_nodes title { $$ = ast_floor(p, @$, $2, $4, @6, $6, $title); }
    | "unused credits" carry_ways      { $$ = ast_unused_credits(p, @$, $2); }
    | "credits add up"                 { $$ = ast_leaf(p, N_COMBINE, OP_ADD_UP, @$); }
    | "credits largest only"           { $$ = ast_leaf(p, N_COMBINE, OP_LARGEST, @$); }
    | "credits are not capped"         { $$ = ast_leaf(p, N_COMBINE, OP_NOT_CAPPED, @$); }
    | "credits largest only" ',' "by incident" { $$ = ast_numbered(ast_leaf(p, N_COMBINE, OP_LARGEST, @$), 1); }
    | "credits as chosen by" name ',' "by incident" { $$ = ast_chosen(p, @$, $name); }
    | "largest only" ',' "by incident" { $$ = ast_numbered(ast_leaf(p, N_COMBINE, OP_LARGEST, @$), 1); }
    | "largest only"                   { $$ = ast_leaf(p, N_COMBINE, OP_LARGEST, @$); }
    | "invoices" every ',' due_tails   { $$ = ast_invoices(p, @$, $2, $4); }
    | "payments" payment_order         { $$ = ast_leaf(p, N_PAYMENTS, $2, @$); }
    | "payments" payment_order ',' "interest first"  { $$ = ast_numbered(ast_leaf(p, N_PAYMENTS, $2, @$), OP_INTEREST_FIRST); }
    | "payments" payment_order ',' "principal first" { $$ = ast_numbered(ast_leaf(p, N_PAYMENTS, $2, @$), OP_PRINCIPAL_FIRST); }
    | "disputes until due"             { $$ = ast_leaf(p, N_DISPUTES, OP_UNTIL_DUE, @$); }
    | "disputes within" COUNTED "after issue" { $$ = ast_one(p, N_DISPUTES, OP_DUE_DAYS, @$, ast_literal(p, $2)); }
    | "interest on overdue" '{' interest_lines '}' { $$ = ast_make(p, N_INTEREST, 0, @$, $3); }
    | right
    | "limit liability of" name "to" limit_amount limit_tails { $$ = ast_limits(p, @$, $name, list_front(p, $4, $5)); }
    | "liability of" name "is not limited" limit_tails        { $$ = ast_limits(p, @$, $name, list_front(p, ast_leaf(p, N_LIMIT, OP_NONE, @3), $4)); }
    | duty
    | "recovery of" name title '{' recovery_lines '}' { $$ = ast_recovery(p, @$, $name, $title, $5); }
    | "amendment" NUMBER name DATE title '{' amends '}' { $$ = ast_amendment(p, @$, $NUMBER, $name, $DATE, $title, $amends); }
    ;
payment_order: "oldest first" { $$ = OP_OLDEST; } | "largest first" { $$ = OP_LARGEST; } | "as told" { $$ = OP_AS_TOLD; } ;
quantity_block: %empty                 { $$ = list_none(); }
              | '{' '}'                { $$ = list_none(); }
              | '{' qslots '}'         { $$ = $2; }
              ;
qslots: qslot                          { $$ = list_one(p, $1); }
      | qslots SEP qslot               { $$ = list_add(p, $1, $3); }
      ;
qslot: "by" name_nodes                 { $$ = ast_make(p, N_INPUTS, 0, @$, $2); }
     | "committed minimum" amount      { $$ = ast_one(p, N_QSLOT, OP_COMMITTED, @$, $2); }
     | "may fall by" PERCENT "of" name "in each" every_what { $$ = ast_named(p, ast_in_each(ast_one(p, N_QSLOT, OP_MAY_FALL, @$, ast_literal(p, $2)), $6), $name); }
     | "may fall by" PERCENT "in each" every_what { $$ = ast_in_each(ast_one(p, N_QSLOT, OP_MAY_FALL, @$, ast_literal(p, $2)), $4); }
     | "may fall by" NUMBER "in each" every_what { $$ = ast_in_each(ast_one(p, N_QSLOT, OP_MAY_FALL, @$, ast_literal(p, $2)), $4); }
     | "may rise by" PERCENT "of" name "in each" every_what { $$ = ast_named(p, ast_in_each(ast_one(p, N_QSLOT, OP_MAY_RISE, @$, ast_literal(p, $2)), $6), $name); }
     | "may rise by" PERCENT "in each" every_what { $$ = ast_in_each(ast_one(p, N_QSLOT, OP_MAY_RISE, @$, ast_literal(p, $2)), $4); }
     | "may rise by" NUMBER "in each" every_what { $$ = ast_in_each(ast_one(p, N_QSLOT, OP_MAY_RISE, @$, ast_literal(p, $2)), $4); }
     | "notice" COUNTED                { $$ = ast_one(p, N_QSLOT, OP_NOTICE, @$, ast_literal(p, $2)); }
     | "notice of a reduction" COUNTED { $$ = ast_numbered(ast_one(p, N_QSLOT, OP_NOTICE, @$, ast_literal(p, $2)), 1); }
     | "notice by" sum table_body      { $$ = ast_notice_table(p, @$, $sum, $3); }
     | "notice of a reduction by" sum table_body { $$ = ast_numbered(ast_notice_table(p, @$, $sum, $3), 1); }
     | "requires" cond                 { $$ = ast_one(p, N_QSLOT, OP_REQUIRES, @$, $cond); }
     | "only once"                     { $$ = ast_leaf(p, N_QSLOT, OP_ONCE, @$); }
     | "additions count from the next month"         { $$ = ast_numbered(ast_leaf(p, N_QSLOT, OP_COUNT_FROM, @$), 1); }
     | "additions count from the first of the month" { $$ = ast_numbered(ast_leaf(p, N_QSLOT, OP_COUNT_FROM, @$), 2); }
     | "reductions count from the next month"        { $$ = ast_numbered(ast_leaf(p, N_QSLOT, OP_COUNT_FROM, @$), 3); }
     | "reductions count from the first of the month" { $$ = ast_numbered(ast_leaf(p, N_QSLOT, OP_COUNT_FROM, @$), 4); }
     | "a reduction is not a termination" { $$ = ast_leaf(p, N_QSLOT, OP_NO_TERMINATION, @$); }
     | "unit" name                     { $$ = ast_named(p, ast_leaf(p, N_QSLOT, OP_UNIT, @$), $name); }
     | "starts at" NUMBER              { $$ = ast_one(p, N_QSLOT, OP_STARTS_AT, @$, ast_literal(p, $2)); }
     | "starts at" PERCENT             { $$ = ast_one(p, N_QSLOT, OP_STARTS_AT, @$, ast_literal(p, $2)); }
     | "adds on" phrases               { $$ = ast_make(p, N_QSLOT, OP_ADDS, @$, $2); }
     | "takes on" phrases              { $$ = ast_make(p, N_QSLOT, OP_TAKES, @$, $2); }
     | broken
     ;

/* --- accounts: what is there to draw from, in lots, and in which order --- */
account_lines: account_line            { $$ = list_one(p, $1); }
             | account_lines SEP account_line { $$ = list_add(p, $1, $3); }
             ;
account_amount: amount
              | NUMBER name            { $$ = ast_number_of(p, $NUMBER, $name); }
              ;
account_line: "unit" name              { $$ = ast_named(p, ast_leaf(p, N_ASLOT, OP_UNIT, @$), $name); }
    | "opening" account_amount         { $$ = ast_one(p, N_ASLOT, OP_OPENING, @$, $2); }
    | "adds on" phrases when_opt       { $$ = ast_account_events(p, @$, OP_ADDS, $phrases, $when_opt); }
    | "takes on" phrases when_opt      { $$ = ast_account_events(p, @$, OP_TAKES, $phrases, $when_opt); }
    | account_amount "in each" every_what { $$ = ast_in_each(ast_one(p, N_ASLOT, OP_EVERY, @$, $1), $3); }
    | "refilled to" account_amount "in each" every_what { $$ = ast_in_each(ast_one(p, N_ASLOT, OP_REFILLED, @$, $2), $4); }
    | account_amount "when used up"    { $$ = ast_one(p, N_ASLOT, OP_USED_UP, @$, $1); }
    | "expires after" COUNTED          { $$ = ast_one(p, N_ASLOT, OP_EXPIRES, @$, ast_literal(p, $2)); }
    | "unused carries over" COUNTED    { $$ = ast_one(p, N_ASLOT, OP_CARRIES, @$, ast_literal(p, $2)); }
    | "unused carries over" COUNTED ',' "at most" PERCENT { $$ = ast_two(p, N_ASLOT, OP_CARRIES, @$, ast_literal(p, $2), ast_literal(p, $5)); }
    | "oldest first"                   { $$ = ast_leaf(p, N_ASLOT, OP_OLDEST, @$); }
    | "newest first"                   { $$ = ast_leaf(p, N_ASLOT, OP_NEWEST, @$); }
    | "soonest to expire first"        { $$ = ast_leaf(p, N_ASLOT, OP_SOONEST, @$); }
    | "whole entries only"             { $$ = ast_leaf(p, N_ASLOT, OP_WHOLE_ENTRIES, @$); }
    | "in the order known"             { $$ = ast_leaf(p, N_ASLOT, OP_AS_KNOWN, @$); }
    | "rest is forfeited"              { $$ = ast_leaf(p, N_ASLOT, OP_FORFEITED, @$); }
    | "rest is refunded"               { $$ = ast_leaf(p, N_ASLOT, OP_REFUNDED, @$); }
    | "rest is refunded" "at" amount   { $$ = ast_one(p, N_ASLOT, OP_REFUNDED, @$, $3); }
    | "rest to customer"               { $$ = ast_leaf(p, N_ASLOT, OP_REFUNDED, @$); }
    | "short is owed"                  { $$ = ast_leaf(p, N_ASLOT, OP_SHORT_OWED, @$); }
    | "at" PERCENT name "notify" recipients { $$ = ast_share_used(p, @$, $PERCENT, $name, $recipients); }
    | example
    | broken
    ;

/* --- charges: each line gives one slot or, with qualifiers behind it, several --- */
charge_lines: charge_line
            | charge_lines SEP charge_line { $$ = list_join(p, $1, $3); }
            ;
charge_line: amount charge_tails       { $$ = ast_charge_line(p, list_one(p, ast_one(p, N_CSLOT, OP_PRICE, @1, $1)), $2); }
           | charge_slot charge_tails  { $$ = ast_charge_line(p, $1, $2); }
           | example                   { $$ = list_one(p, $1); }
           | broken                    { $$ = list_one(p, $1); }
           ;
charge_tails: %empty                   { $$ = list_none(); }
            | charge_tails every_slot  { $$ = list_join(p, $1, $2); }
            | charge_tails once_slot   { $$ = list_join(p, $1, $2); }
            | charge_tails TAIL charge_slot { $$ = list_join(p, $1, $3); }
            ;
timing: %empty                         { $$ = list_none(); }
      | "in advance"                   { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ADVANCE, @$)); }
      | "in arrears"                   { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ARREARS, @$)); }
      ;
every_slot: every timing               { $$ = list_front(p, $1, $2); }
          | every timing charge_table  { $$ = list_add(p, list_front(p, $1, $2), $3); }
          ;
once_slot: "once on" "overdue" "at least" COUNTED { $$ = list_one(p, ast_once_overdue(p, @$, $4, false)); }
         | "once on" "overdue" "above" COUNTED    { $$ = list_one(p, ast_once_overdue(p, @$, $4, true)); }
         | "once on" DATE              { $$ = list_one(p, ast_one(p, N_CSLOT, OP_ONCE, @$, ast_literal(p, $DATE))); }
         | "once on" phrase when_opt   { $$ = list_one(p, ast_once(p, @$, $phrase, $when_opt)); }
         | "once at the end"           { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ONCE_END, @$)); }
         ;
charge_table: "by" sum table_body      { $$ = ast_charge_table(p, @$, OP_BY_TABLE, $sum, $3); }
            | "graduated by" sum table_body { $$ = ast_charge_table(p, @$, OP_GRADUATED, $sum, $3); }
            | "volume by" sum table_body    { $$ = ast_charge_table(p, @$, OP_VOLUME, $sum, $3); }
            | "package by" sum table_body   { $$ = ast_charge_table(p, @$, OP_PACKAGE, $sum, $3); }
            | "stairstep by" sum table_body { $$ = ast_charge_table(p, @$, OP_STAIRSTEP, $sum, $3); }
            ;
charge_slot: every_slot
    | once_slot
    | charge_table                     { $$ = list_one(p, $1); }
    | "in advance"                     { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ADVANCE, @$)); }
    | "in arrears"                     { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ARREARS, @$)); }
    | "on" phrases when_opt            { $$ = list_one(p, ast_charge_on(p, @$, $phrases, $when_opt)); }
    | "on" name name[state] when_opt   { $$ = list_one(p, ast_on_verdict(p, @$, $2, $state, $when_opt)); }
    | "the part inside" cal            { $$ = list_one(p, ast_one(p, N_CSLOT, OP_PART_INSIDE, @$, $cal)); }
    | "the part outside" cal           { $$ = list_one(p, ast_one(p, N_CSLOT, OP_PART_OUTSIDE, @$, $cal)); }
    | "prorated by day"                { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_PRORATED_DAY, @$)); }
    | "prorated by thirtieths"         { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_PRORATED_THIRTIETHS, @$)); }
    | "not prorated"                   { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_NOT_PRORATED, @$)); }
    | "charge" amount                  { $$ = list_one(p, ast_two(p, N_CSLOT, OP_CHARGING, @$, $2, NULL)); }
    | "charge" amount[value] "at" amount[price] { $$ = list_one(p, ast_two(p, N_CSLOT, OP_CHARGING, @$, $value, $price)); }
    | "in steps of" COUNTED            { $$ = list_one(p, ast_one(p, N_CSTEP, OP_STEPS_OF, @$, ast_literal(p, $2))); }
    | "in steps of" NUMBER             { $$ = list_one(p, ast_one(p, N_CSTEP, OP_STEPS_OF, @$, ast_literal(p, $2))); }
    | "counts" postfix "times"         { $$ = list_one(p, ast_one(p, N_CSTEP, OP_COUNTS_TIMES, @$, $2)); }
    | "added up for each" name         { $$ = list_one(p, ast_named(p, ast_leaf(p, N_CSLOT, OP_ADDED_UP, @$), $name)); }
    | "added at the end"               { $$ = list_one(p, ast_leaf(p, N_CSTEP, OP_AT_END, @$)); }
    | "counted on the first day"       { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_FIRST, @$)); }
    | "counted on the last day"        { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_LAST, @$)); }
    | "counted at the peak"            { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_PEAK, @$)); }
    | "counted on average"             { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_AVERAGE, @$)); }
    | "row by units of the whole period" { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_AVERAGE, @$)); } /* the row of the mean is that of their sum */
    | "counted by day"                 { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_COUNT_BY_DAY, @$)); }
    | COUNTED "free in each" every_what     { $$ = list_one(p, ast_free(p, @$, $COUNTED, NULL, $3)); }
    | NUMBER name "free in each" every_what { $$ = list_one(p, ast_free(p, @$, $NUMBER, $name, $4)); }
    | "minimum" amount in_each_opt     { $$ = list_one(p, ast_in_each(ast_one(p, N_CSLOT, OP_MINIMUM, @$, $2), $3)); }
    | "maximum" amount in_each_opt     { $$ = list_one(p, ast_in_each(ast_one(p, N_CSLOT, OP_MAXIMUM, @$, $2), $3)); }
    | "nothing unless above" amount    { $$ = list_one(p, ast_one(p, N_CSLOT, OP_NOTHING_UNLESS, @$, $2)); }
    | "times" sum                      { $$ = list_one(p, ast_one(p, N_CSLOT, OP_FACTOR, @$, $2)); }
    | "when" cond                      { $$ = list_one(p, ast_one(p, N_CSLOT, OP_WHEN_PERIOD, @$, $cond)); }
    | "from" DATE                      { $$ = list_one(p, ast_one(p, N_CSLOT, OP_FROM_DATE, @$, ast_literal(p, $DATE))); }
    | "until" DATE                     { $$ = list_one(p, ast_one(p, N_CSLOT, OP_UNTIL_DATE, @$, ast_literal(p, $DATE))); }
    | "spread over" COUNTED            { $$ = list_one(p, ast_one(p, N_CSLOT, OP_SPREAD, @$, ast_literal(p, $2))); }
    | "waived"                         { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_WAIVED, @$)); }
    | "paid back in full when it ends before" COUNTED { $$ = list_one(p, ast_numbered(ast_one(p, N_CSLOT, OP_PAID_BACK, @$, ast_literal(p, $2)), 1)); }
    | "paid back by month when it ends before" COUNTED { $$ = list_one(p, ast_numbered(ast_one(p, N_CSLOT, OP_PAID_BACK, @$, ast_literal(p, $2)), 2)); }
    | "fewer units may cost more"      { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_MAY_COST_MORE, @$)); }
    | "waived" "until" DATE            { $$ = list_one(p, ast_one(p, N_CSLOT, OP_WAIVED, @$, ast_literal(p, $DATE))); }
    | "claimed within" COUNTED "after that" name ',' "else lapses"
                                       { $$ = list_one(p, ast_one(p, N_CSLOT, OP_CLAIMED, @$, ast_literal(p, $2))); (void)ast_period(p, $name); }
    | "unused is forfeited"            { $$ = list_one(p, ast_numbered(ast_leaf(p, N_CSLOT, OP_UNUSED_CREDITS, @$), 4)); }
    | "unused carries over"            { $$ = list_one(p, ast_numbered(ast_leaf(p, N_CSLOT, OP_UNUSED_CREDITS, @$), 1)); }
    | "unused carries over" COUNTED    { $$ = list_one(p, ast_numbered(ast_one(p, N_CSLOT, OP_UNUSED_CREDITS, @$, ast_literal(p, $2)), 1)); }
    | "unused is paid out"             { $$ = list_one(p, ast_numbered(ast_leaf(p, N_CSLOT, OP_UNUSED_CREDITS, @$), 8)); }
    | "unused is paid out at the end"  { $$ = list_one(p, ast_numbered(ast_leaf(p, N_CSLOT, OP_UNUSED_CREDITS, @$), 2)); }
    | "survives the end"               { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_SURVIVES, @$)); }
    | "included in the prices"         { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_INCLUDED, @$)); }
    | "rounded on each line"           { $$ = list_one(p, ast_leaf(p, N_CSLOT, OP_ROUND_LINES, @$)); }
    | "set against the next invoice"   { $$ = list_none(); } /* what happens to a credit anyway */
    | "drawn from" name_nodes          { $$ = list_one(p, ast_make(p, N_CSLOT, OP_DRAWN, @$, $2)); }
    | "requires" cond                  { $$ = list_one(p, ast_one(p, N_CSLOT, OP_REQUIRES, @$, $cond)); }
    ;
carry_ways: carry_way                  { $$ = list_one(p, ast_numbered(ast_leaf(p, N_ANY, 0, @$), $1)); }
          | carry_ways ',' carry_way   { $$ = list_add(p, $1, ast_numbered(ast_leaf(p, N_ANY, 0, @3), $3)); }
          ;
carry_way: "carry over" { $$ = 1; } | "paid out at the end" { $$ = 2; } | "are forfeited" { $$ = 4; } | "paid out" { $$ = 8; } ;

/* --- invoices and interest --- */
due_tails: due_tail                    { $$ = list_one(p, $1); }
         | due_tails ',' due_tail      { $$ = list_add(p, $1, $3); }
         ;
due_tail: "due" COUNTED "after issue"  { $$ = ast_two(p, N_INVOICES, OP_DUE_DAYS, @$, ast_literal(p, $2), NULL); }
        | "due" COUNTED "in" cal "after issue" { $$ = ast_two(p, N_INVOICES, OP_DUE_BUSINESS, @$, ast_literal(p, $2), $cal); }
        | "due on day" NUMBER          { $$ = ast_two(p, N_INVOICES, OP_DUE_ON_DAY, @$, ast_literal(p, $2), NULL); }
        | "on day" NUMBER              { $$ = ast_two(p, N_INVOICES, OP_DUE_ON_DAY, @$, ast_literal(p, $2), NULL); }
        | "issued" COUNTED "after the period" { $$ = ast_one(p, N_INVOICES, 0, @$, ast_literal(p, $2)); }
        ;
interest_lines: interest_line
              | interest_lines SEP interest_line { $$ = list_join(p, $1, $3); }
              ;
interest_line: interest_item           { $$ = list_one(p, $1); }
             | interest_line ',' interest_item { $$ = list_add(p, $1, $3); }
             | broken                  { $$ = list_one(p, $1); }
             ;
interest_item: amount                  { $$ = ast_interest_item(p, @$, $1); }
    | NUMBER name "above" sum          { $$ = ast_points(p, @$, OP_PLUS, $NUMBER, $name, $sum); }
    | NUMBER name "below" sum          { $$ = ast_points(p, @$, OP_MINUS, $NUMBER, $name, $sum); }
    | "compound each day"              { $$ = ast_numbered(ast_leaf(p, N_ISLOT, OP_COMPOUND, @$), OP_DAY); }
    | "compound each month"            { $$ = ast_numbered(ast_leaf(p, N_ISLOT, OP_COMPOUND, @$), OP_MONTH); }
    | "compound each year"             { $$ = ast_numbered(ast_leaf(p, N_ISLOT, OP_COMPOUND, @$), OP_YEAR); }
    | "days over" NUMBER               { $$ = ast_days_over(p, @$, $NUMBER); }
    | "days of the year"               { $$ = ast_leaf(p, N_ISLOT, OP_DAYS_ACTUAL, @$); }
    | "full months"                    { $$ = ast_leaf(p, N_ISLOT, OP_FULL_MONTHS, @$); }
    | "started months"                 { $$ = ast_leaf(p, N_ISLOT, OP_STARTED_MONTHS, @$); }
    | "from the day after due"         { $$ = ast_leaf(p, N_ISLOT, OP_AFTER_DUE, @$); }
    | "from the day after due" "to the day of payment" { $$ = ast_leaf(p, N_ISLOT, OP_AFTER_DUE, @$); }
    | "on gross"                       { $$ = ast_leaf(p, N_ISLOT, OP_ON_GROSS, @$); }
    | "on net"                         { $$ = ast_leaf(p, N_ISLOT, OP_ON_NET, @$); }
    | "rounded for each day"           { $$ = ast_leaf(p, N_ISLOT, OP_ROUNDED_DAY, @$); }
    | "rounded once"                   { $$ = ast_leaf(p, N_ISLOT, OP_ROUNDED_ONCE, @$); }
    | "as of each day"                 { $$ = ast_leaf(p, N_ISLOT, OP_AS_OF_EACH_DAY, @$); }
    | "as of each half year"           { $$ = ast_leaf(p, N_ISLOT, OP_AS_OF_HALF_YEAR, @$); }
    | "as of the last" month NUMBER "before due" { $$ = ast_as_of(p, @$, $month, $NUMBER, 0, NULL); }
    | "as of the last" month[a] NUMBER[x] "or" month[b] NUMBER[y] "before due" { $$ = ast_as_of(p, @$, $a, $x, $b, $y); }
    | "from the day after the reminder" { $$ = ast_leaf(p, N_ISLOT, OP_AFTER_REMINDER, @$); }
    | "from the day after the reminder" "to the day of payment" { $$ = ast_leaf(p, N_ISLOT, OP_AFTER_REMINDER, @$); }
    ;

/* --- rights, limits, duties --- */
right: suspender name_nodes title right_block { $$ = ast_right(p, @$, OP_SUSPEND, $1, 0, @2, $2, $title, $4); }
     | terminator title right_reason right_block { $$ = ast_right(p, @$, OP_TERMINATE, $1, $3, @1, list_none(), $title, $4); }
     | terminator name_nodes title right_reason right_block { $$ = ast_right(p, @$, OP_TERMINATE, $1, $4, @2, $2, $title, $5); }
     ;
suspender: "provider may suspend" { $$ = OP_PROVIDER; } | "customer may suspend" { $$ = OP_CUSTOMER; } ;
terminator: "provider may terminate" { $$ = OP_PROVIDER; } | "customer may terminate" { $$ = OP_CUSTOMER; } ;
right_reason: %empty { $$ = 0; } | "for convenience" { $$ = OP_CONVENIENCE; } | "for cause" { $$ = OP_CAUSE; } ;
right_block: '{' '}'                   { $$ = list_none(); }
           | '{' right_lines '}'       { $$ = $2; }
           ;
right_lines: right_line                { $$ = list_one(p, $1); }
           | right_lines SEP right_line { $$ = list_add(p, $1, $3); }
           ;
right_line: "when" cond                { $$ = ast_one(p, N_RSLOT, OP_WHEN, @$, $cond); }
    | "on" phrases when_opt            { $$ = ast_make(p, N_RSLOT, OP_ON_EVENTS, @$, $3 != NULL ? list_add(p, $2, $3) : $2); }
    | "cured on" phrases when_opt      { $$ = ast_make(p, N_RSLOT, OP_CURED_ON, @$, $3 != NULL ? list_add(p, $2, $3) : $2); }
    | "notice" COUNTED                 { $$ = ast_one(p, N_RSLOT, OP_NOTICE, @$, ast_literal(p, $2)); }
    | "notice" COUNTED "in" cal        { $$ = ast_two(p, N_RSLOT, OP_NOTICE, @$, ast_literal(p, $2), $cal); }
    | "notice not before" COUNTED "after the start" { $$ = ast_one(p, N_RSLOT, OP_NOTICE_NOT_BEFORE, @$, ast_literal(p, $2)); }
    | "deemed received" COUNTED "after it is sent"  { $$ = ast_one(p, N_RSLOT, OP_DEEMED_RECEIVED, @$, ast_literal(p, $2)); }
    | "notice within" COUNTED "after it arose" { $$ = ast_one(p, N_RSLOT, OP_NOTICE_WITHIN, @$, ast_literal(p, $2)); }
    | "cure" COUNTED                   { $$ = ast_one(p, N_RSLOT, OP_CURE, @$, ast_literal(p, $2)); }
    | "until paid in full"             { $$ = ast_leaf(p, N_RSLOT, OP_UNTIL_PAID, @$); }
    | "until" cond                     { $$ = ast_one(p, N_RSLOT, OP_UNTIL, @$, $cond); }
    | "pauses" name_nodes              { $$ = ast_make(p, N_RSLOT, OP_PAUSES, @$, $2); }
    | "continues" name_nodes           { $$ = ast_make(p, N_RSLOT, OP_CONTINUES_FEES, @$, $2); }
    | "ends not before" COUNTED "after the start" { $$ = ast_one(p, N_RSLOT, OP_NOT_BEFORE, @$, ast_literal(p, $2)); }
    | "ends at once"                   { $$ = ast_leaf(p, N_RSLOT, OP_AT_ONCE, @$); }
    | "ends on the last day of the" name             { $$ = ast_last_day_of(p, @$, $name); }
    | "ends on the last day of the" "contract month" { $$ = ast_last_day_of(p, @$, $2); }
    | "ends on the last day of the" "contract year"  { $$ = ast_last_day_of(p, @$, $2); }
    | "settles" amount title           { $$ = ast_titled(p, ast_one(p, N_RSLOT, OP_SETTLES, @$, $2), NULL, $title); }
    | "settles unpaid" title           { $$ = ast_titled(p, ast_leaf(p, N_RSLOT, OP_SETTLES_UNPAID, @$), NULL, $title); }
    | "requires" cond                  { $$ = ast_one(p, N_RSLOT, OP_REQUIRES, @$, $cond); }
    | example
    | broken
    ;
limit_tails: %empty                    { $$ = list_none(); }
           | limit_tails ',' limit_more { $$ = list_add(p, $1, $3); }
           ;
limit_more: "for" name end_of_limit    { $$ = ast_named(p, $3, $name); $$->span = @$; }
          | "the first year annualised by month" { $$ = ast_leaf(p, N_LIMIT, OP_ANNUALISED, @$); }
          | "the first year annualised by day"   { $$ = ast_leaf(p, N_LIMIT, OP_ANNUALISED_DAY, @$); }
          | "credits count towards it" { $$ = ast_leaf(p, N_LIMIT, OP_CREDITS_COUNT, @$); }
          | "in excess of insurance"   { $$ = ast_leaf(p, N_LIMIT, OP_INSURANCE, @$); }
          | "barred after" COUNTED     { $$ = ast_one(p, N_LIMIT, OP_BARRED, @$, ast_literal(p, $2)); }
          ;
end_of_limit: "to" limit_amount        { $$ = $2; }
            | "not limited"            { $$ = ast_leaf(p, N_LIMIT, OP_NONE, @$); }
            ;
limit_amount: amount                   { $$ = ast_limit(p, @$, $1); } ;
duty_party: "provider must" { $$ = OP_PROVIDER; } | "customer must" { $$ = OP_CUSTOMER; } ;
duty: duty_party TEXT duty_block       { $$ = ast_numbered(ast_titled(p, ast_make(p, N_DUTY, 0, @$, $3), NULL, $TEXT), $1); } ;
duty_block: '{' '}'                    { $$ = list_none(); }
          | '{' duty_lines '}'         { $$ = $2; }
          ;
duty_lines: duty_line                  { $$ = list_one(p, $1); }
          | duty_lines SEP duty_line   { $$ = list_add(p, $1, $3); }
          ;
duty_line: "by day" NUMBER "of every" period { $$ = ast_by_day(p, @$, $NUMBER, $period); }
    | "once in every" period           { $$ = ast_times_in(p, @$, NULL, $period); }
    | NUMBER "times in every" period   { $$ = ast_times_in(p, @$, $NUMBER, $period); }
    | target_items in_cal after        { $$ = ast_duty_within(p, @$, @1, $1, $2, $after); }
    | "within" "by" inputs table_body after { $$ = ast_make(p, N_DSLOT, OP_WITHIN, @$, list_front(p, ast_table(p, @$, NULL, NULL, @inputs, $inputs, $table_body), list_front(p, NULL, $after))); }
    | "done on" phrases when_opt       { $$ = ast_make(p, N_DSLOT, OP_DONE_ON, @$, $when_opt != NULL ? list_add(p, $2, $when_opt) : $2); }
    | "else credit" amount             { $$ = ast_one(p, N_DSLOT, OP_ELSE_CREDIT, @$, $2); }
    | "else charge" amount             { $$ = ast_one(p, N_DSLOT, OP_ELSE_CHARGE, @$, $2); }
    | "else pauses" name_nodes         { $$ = ast_make(p, N_DSLOT, OP_ELSE_PAUSES, @$, $2); }
    | "else excuses" name_nodes        { $$ = ast_make(p, N_DSLOT, OP_ELSE_EXCUSES, @$, $2); }
    | "else notify" recipients         { $$ = ast_make(p, N_DSLOT, OP_ELSE_NOTIFY, @$, $2); }
    | "on" name_nodes name[what]       { $$ = ast_on_event(p, @$, $name_nodes, $what); }
    | "pauses while" cond              { $$ = ast_one(p, N_SLOT, OP_PAUSES_WHILE, @$, $cond); }
    | "excused when" cond              { $$ = ast_one(p, N_SLOT, OP_EXCUSED, @$, $cond); }
    | step
    | example
    | broken
    ;
after: "after" phrase when_opt         { $$ = $when_opt != NULL ? list_two(p, $phrase, $when_opt) : list_one(p, $phrase); } ;
after_opt: %empty                      { $$ = list_none(); }
         | after
         ;
recovery_lines: recovery_line          { $$ = list_one(p, $1); }
              | recovery_lines SEP recovery_line { $$ = list_add(p, $1, $3); }
              ;
recovery_line: "back within" target_items in_cal after_opt { $$ = ast_make(p, N_DSLOT, OP_BACK_WITHIN, @$, list_front(p, ast_make(p, N_LIST, 0, @2, $2), list_front(p, $3, $4))); }
    | "back within" "by" inputs table_body after_opt { $$ = ast_make(p, N_DSLOT, OP_BACK_WITHIN, @$, list_front(p, ast_table(p, @$, NULL, NULL, @inputs, $inputs, $table_body), list_front(p, NULL, $5))); }
    | "back on" phrases when_opt       { $$ = ast_make(p, N_DSLOT, OP_BACK_ON, @$, $when_opt != NULL ? list_add(p, $2, $when_opt) : $2); }
    | "data no older than" sum         { $$ = ast_one(p, N_DSLOT, OP_DATA_AGE, @$, $2); }
    | "both missed count once"         { $$ = ast_leaf(p, N_DSLOT, OP_BOTH_ONCE, @$); }
    | "both missed count twice"        { $$ = ast_leaf(p, N_DSLOT, OP_BOTH_TWICE, @$); }
    | "else credit" amount             { $$ = ast_one(p, N_DSLOT, OP_ELSE_CREDIT, @$, $2); }
    | "else notify" recipients         { $$ = ast_make(p, N_DSLOT, OP_ELSE_NOTIFY, @$, $2); }
    | "on" name_nodes name[what]       { $$ = ast_on_event(p, @$, $name_nodes, $what); }
    | "pauses while" cond              { $$ = ast_one(p, N_SLOT, OP_PAUSES_WHILE, @$, $cond); }
    | "excused when" cond              { $$ = ast_one(p, N_SLOT, OP_EXCUSED, @$, $cond); }
    | step
    | example
    | broken
    ;
amends: amend                          { $$ = list_one(p, $1); }
      | amends SEP amend               { $$ = list_add(p, $1, $3); }
      ;
amend: "replace" clause_number decl_body { $$ = ast_named(p, ast_one(p, N_AMEND, OP_REPLACE, @$, ast_clause(p, $3, $2, span_join(@2, @3))), $2); }
     | "add" clause_number decl_body   { $$ = ast_named(p, ast_one(p, N_AMEND, OP_ADD, @$, ast_clause(p, $3, $2, span_join(@2, @3))), $2); }
     | "remove" clause_number          { $$ = ast_named(p, ast_leaf(p, N_AMEND, OP_REMOVE, @$), $2); }
     | broken
     ;

/* --- what an example expects of the ledger --- */
money_exline: "expect charge" name "in" experiod sum { $$ = ast_expect_charge(p, @$, $name, @4, NULL, $sum, list_none()); }
    | "expect charge" name "on" DATE expect_key sum { $$ = ast_expect_charge(p, @$, $name, SPAN_NONE, $DATE, $sum, $5); }
    | "expect invoice" experiod sum    { $$ = ast_expect_invoice(p, @$, @2, $sum, NULL); }
    | "expect invoice" experiod "due" DATE { $$ = ast_expect_invoice(p, @$, @2, NULL, $DATE); }
    | "expect invoice" experiod sum ',' "due" DATE { $$ = ast_expect_invoice(p, @$, @2, $sum, $DATE); }
    | "expect owed on" DATE sum        { $$ = ast_two(p, N_EXPECTMONEY, OP_EXPECT_OWED, @$, ast_literal(p, $2), $3); }
    | "expect claim on" DATE sum       { $$ = ast_two(p, N_EXPECTMONEY, OP_EXPECT_CLAIM, @$, ast_literal(p, $2), $3); }
    | "expect limit on" DATE sum       { $$ = ast_two(p, N_EXPECTMONEY, OP_EXPECT_LIMIT, @$, ast_literal(p, $2), $3); }
    | "expect settlement on" DATE sum  { $$ = ast_two(p, N_EXPECTMONEY, OP_EXPECT_SETTLEMENT, @$, ast_literal(p, $2), $3); }
    | "expect suspended on" DATE       { $$ = ast_expect_now(p, @$, "suspended", $2); }
    | "expect active on" DATE          { $$ = ast_expect_now(p, @$, "active", $2); }
    | "expect terminated on" DATE      { $$ = ast_expect_now(p, @$, "terminated", $2); }
    | "expect" expect_left "on" DATE sum { $$ = ast_expect_level(p, @$, $2, $DATE, $sum); }
    | "expect refused"                 { $$ = ast_leaf(p, N_EXPECTMONEY, OP_EXPECT_REFUSED, @$); }
    | "expect right" TEXT "on" DATE    { $$ = ast_expect_right(p, @$, $TEXT, $DATE, false); }
    | "expect right" clause_number "on" DATE { $$ = ast_expect_right(p, @$, $2, $DATE, false); }
    | "expect no right" TEXT "on" DATE { $$ = ast_expect_right(p, @$, $TEXT, $DATE, true); }
    | "expect no right" clause_number "on" DATE { $$ = ast_expect_right(p, @$, $2, $DATE, true); }
    ;
expect_key: %empty                     { $$ = list_none(); }
          | "for" TEXT                 { $$ = list_one(p, ast_text(p, $TEXT)); }
          ;

/* --------------------------------------------------------------------------------------------------------- adapters */
adapter_lines: adapter_line            { $$ = list_one(p, $1); }
             | adapter_lines SEP adapter_line { $$ = list_add(p, $1, $3); }
             ;
adapter_line: "reads csv"              { $$ = ast_leaf(p, N_ADAPTERSLOT, OP_CSV, @$); }
    | "reads ndjson"                   { $$ = ast_leaf(p, N_ADAPTERSLOT, OP_NDJSON, @$); }
    | "missing" texts                  { $$ = ast_make(p, N_ADAPTERSLOT, OP_ADAPTER_MISSING, @$, $texts); }
    | "entity" name "from" column      { $$ = ast_named(p, ast_one(p, N_ADAPTERSLOT, OP_ADAPTER_ENTITY, @$, $column), $name); }
    | "column" name "is" TEXT          { $$ = ast_named(p, ast_one(p, N_ADAPTERSLOT, OP_ADAPTER_COLUMN, @$, ast_text(p, $TEXT)), $name); }
    | "column" name "is" name[word] NUMBER { $$ = ast_column_number(p, @$, $2, $word, $NUMBER); }
    | "time" name '=' text_or_list timemods { $$ = ast_named(p, ast_make(p, N_ADAPTERTIME, 0, @$, list_join(p, $4, $5)), $name); }
    | "stream each" name stream_order  { $$ = ast_one(p, N_ADAPTERSLOT, OP_ADAPTER_STREAM, @$, $3); }
    | "skip duplicate rows"            { $$ = ast_leaf(p, N_ADAPTERSLOT, OP_ADAPTER_SKIP_DUPLICATES, @$); }
    | "map" name map_block             { $$ = ast_named(p, ast_make(p, N_ADAPTERMAP, 0, @$, $map_block), $name); }
    | "once" make                      { $$ = ast_adapter_rule(p, @$, OP_ONCE, list_none(), $make); }
    | "row" make                       { $$ = ast_adapter_rule(p, @$, OP_ROW, list_none(), $make); }
    | "each of" column name fields_block { $$ = ast_adapter_rule(p, @$, OP_EACH, list_one(p, $column), ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, span_join(@3, @4), list_front(p, NULL, $4)), $3)); }
    | "each of" column name "at" at fields_block { $$ = ast_adapter_rule(p, @$, OP_EACH, list_one(p, $column), ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, span_join(@3, @6), list_front(p, $at, $6)), $3)); }
    | "when" conditions make           { $$ = ast_adapter_rule(p, @$, OP_WHEN, $2, $make); }
    | "when" conditions "interval" name "from" at[a] "to" at[b] fields_block
         { $$ = ast_adapter_rule(p, @$, OP_INTERVAL, $2, ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, span_join(@3, @9), list_front(p, $a, list_front(p, $b, $9))), $name)); }
    | "interval" name "from" at[a] "to" at[b] fields_block
         { $$ = ast_adapter_rule(p, @$, OP_INTERVAL, list_none(), ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, @$, list_front(p, $a, list_front(p, $b, $7))), $name)); }
    | "set" name "from" column         { $$ = ast_adapter_rule(p, @$, OP_SET, list_none(), ast_named(p, ast_one(p, N_ADAPTERMAKE, 0, @$, ast_adapter_field(p, @4, NULL, $4, NULL, NULL)), $2)); }
    | "set" name "from" column "by" name[m] { $$ = ast_adapter_rule(p, @$, OP_SET, list_none(), ast_named(p, ast_one(p, N_ADAPTERMAKE, 0, @$, ast_adapter_field(p, span_join(@4, @6), NULL, $4, $m, NULL)), $2)); }
    | "set" name "from" column "as" name[m] { $$ = ast_adapter_rule(p, @$, OP_SET, list_none(), ast_named(p, ast_one(p, N_ADAPTERMAKE, 0, @$, ast_adapter_field(p, span_join(@4, @6), NULL, $4, $m, NULL)), $2)); }
    | "set" name "from" column map_block { $$ = ast_adapter_rule(p, @$, OP_SET, list_none(), ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, @$, list_front(p, ast_adapter_field(p, @4, NULL, $4, NULL, NULL), $5)), $2)); }
    | "unused" columns                 { $$ = ast_make(p, N_ADAPTERSLOT, OP_UNUSED, @$, $columns); }
    | "recorded" name "from" column recorded_tails { $$ = ast_recorded(p, @$, $name, $column, $5); }
    | broken
    ;
column: name                           { $$ = ast_named(p, ast_leaf(p, N_COLUMN, 0, @$), $1); }
      | TEXT                           { $$ = ast_texted(p, ast_leaf(p, N_COLUMN, 0, @$), $1); }
      ;
columns: column                        { $$ = list_one(p, $1); }
       | columns ',' column            { $$ = list_add(p, $1, $3); }
       ;
texts: TEXT                            { $$ = list_one(p, ast_text(p, $1)); }
     | texts ',' TEXT                  { $$ = list_add(p, $1, ast_text(p, $3)); }
     ;
text_or_list: TEXT                     { $$ = list_one(p, ast_text(p, $1)); }
            | text_or_list "or" TEXT   { $$ = list_add(p, $1, ast_text(p, $3)); }
            ;
timemods: %empty                       { $$ = list_none(); }
        | timemods timemod             { $$ = list_add(p, $1, $2); }
        | timemods ',' timemod         { $$ = list_add(p, $1, $3); }
        ;
zone_name: TEXT | name ;
timemod: "in" zone_name                { $$ = ast_texted(p, ast_leaf(p, N_TIMEMOD, OP_IN_ZONE, @$), $2); }
       | "shown in" zone_name          { $$ = ast_texted(p, ast_leaf(p, N_TIMEMOD, OP_SHOWN_IN, @$), $2); }
       | "taken as" zone_name          { $$ = ast_texted(p, ast_leaf(p, N_TIMEMOD, OP_TAKEN_AS, @$), $2); }
       | "repeated hour earlier"       { $$ = ast_leaf(p, N_TIMEMOD, OP_REPEATED_EARLIER, @$); }
       | "repeated hour later"         { $$ = ast_leaf(p, N_TIMEMOD, OP_REPEATED_LATER, @$); }
       | "repeated hour reject"        { $$ = ast_leaf(p, N_TIMEMOD, OP_REPEATED_REJECT, @$); }
       ;
stream_order: %empty                   { $$ = NULL; }
            | "in file order"          { $$ = NULL; }
            | "by" column              { $$ = $2; }
            | "by" column "then file order" { $$ = $2; }
            ;
map_block: '{' '}'                     { $$ = list_none(); }
         | '{' map_rows '}'            { $$ = $2; }
         ;
map_rows: map_row                      { $$ = list_one(p, $1); }
        | map_rows SEP map_row         { $$ = list_add(p, $1, $3); }
        ;
map_row: ROW map_left '|' map_cell     { $$ = ast_map_row(p, span_join(@2, @4), $2, $4); }
       | broken
       ;
map_left: map_left_items               { $$ = ast_cell(p, @$, $1); } ;
map_left_items: map_item               { $$ = list_one(p, $1); }
              | map_left_items ',' map_item { $$ = list_add(p, $1, $3); }
              ;
map_item: literal
        | name                         { $$ = ast_name(p, $1); }
        | "missing"                    { $$ = ast_leaf(p, N_MISSING, 0, @$); }
        | "otherwise"                  { $$ = ast_leaf(p, N_OTHERWISE, 0, @$); }
        ;
map_cell: map_alternatives             { $$ = ast_cell(p, @$, list_one(p, ast_list_of(p, @$, $1))); } ;
map_alternatives: reject_value         { $$ = list_one(p, $1); }
                | map_alternatives "or" reject_value { $$ = list_add(p, $1, $3); }
                ;
reject_value: literal
            | name_of
            | "missing"                { $$ = ast_leaf(p, N_MISSING, 0, @$); }
            | "none"                   { $$ = ast_leaf(p, N_NONE, 0, @$); }
            ;
make: name "at" at fields_block        { $$ = ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, @$, list_front(p, $at, $4)), $1); } ;
at: column                             { $$ = ast_at(p, @$, $1, 0, NULL, NULL); }
  | column '+' COUNTED                 { $$ = ast_at(p, @$, $1, 1, $3, NULL); }
  | column '-' COUNTED                 { $$ = ast_at(p, @$, $1, -1, $3, NULL); }
  | column "as" name                   { $$ = ast_at(p, @$, $1, 0, NULL, $3); }
  | column "as" name '+' COUNTED       { $$ = ast_at(p, @$, $1, 1, $5, $3); }
  | column "as" name '-' COUNTED       { $$ = ast_at(p, @$, $1, -1, $5, $3); }
  ;
fields_block: %empty                   { $$ = list_none(); }
            | '{' '}'                  { $$ = list_none(); }
            | '{' fields '}'           { $$ = $2; }
            ;
fields: field                          { $$ = list_one(p, $1); }
      | fields ',' field               { $$ = list_add(p, $1, $3); }
      | fields SEP field               { $$ = list_add(p, $1, $3); }
      ;
field: name                            { $$ = ast_adapter_field(p, @$, $1, NULL, NULL, NULL); }
     | name literal                    { $$ = ast_adapter_field(p, @$, $1, $2, NULL, NULL); }
     | name name[v]                    { $$ = ast_adapter_field(p, @$, $1, ast_name(p, $v), NULL, NULL); }
     | name "from" column              { $$ = ast_adapter_field(p, @$, $1, $3, NULL, NULL); }
     | name "from" column "by" name[m] { $$ = ast_adapter_field(p, @$, $1, $3, $m, NULL); }
     | name "from" column "as" name[m] { $$ = ast_adapter_field(p, @$, $1, $3, $m, NULL); }
     | name "from" column "in" name[u] { $$ = ast_adapter_field(p, @$, $1, $3, NULL, $u); }
     | broken
     ;
conditions: condition                  { $$ = list_one(p, $1); }
          | conditions "and" condition { $$ = list_add(p, $1, $3); }
          ;
condition: column "becomes" texts      { $$ = ast_make(p, N_ADAPTERCOND, OP_BECOMES, @$, list_front(p, $1, $3)); }
         | column "was" texts          { $$ = ast_make(p, N_ADAPTERCOND, OP_WAS, @$, list_front(p, $1, $3)); }
         | column "is" texts           { $$ = ast_make(p, N_ADAPTERCOND, OP_IS, @$, list_front(p, $1, $3)); }
         | column "is not" texts       { $$ = ast_make(p, N_ADAPTERCOND, OP_IS_NOT, @$, list_front(p, $1, $3)); }
         | column "differs"            { $$ = ast_one(p, N_ADAPTERCOND, OP_DIFFERS, @$, $1); }
         | column "is given"           { $$ = ast_one(p, N_ADAPTERCOND, OP_GIVEN, @$, $1); }
         | column "is missing"         { $$ = ast_one(p, N_ADAPTERCOND, OP_NOT_GIVEN, @$, $1); }
         | column "is not given"       { $$ = ast_one(p, N_ADAPTERCOND, OP_NOT_GIVEN, @$, $1); }
         | column "is not missing"     { $$ = ast_one(p, N_ADAPTERCOND, OP_GIVEN, @$, $1); }
         ;
recorded_tails: %empty                 { $$ = list_none(); }
              | recorded_tails recorded_tail { $$ = list_add(p, $1, $2); }
              | recorded_tails map_block { $$ = list_join(p, $1, $2); }
              ;
recorded_tail: "as of each row"        { $$ = ast_leaf(p, N_TIMEMOD, OP_AS_OF_EACH_ROW, @$); }
             | "in" name               { $$ = ast_named(p, ast_leaf(p, N_TIMEMOD, OP_IN, @$), $2); }
             | "as" name               { $$ = ast_named(p, ast_leaf(p, N_TIMEMOD, OP_IN_ZONE, @$), $2); }
             | "within" COUNTED        { $$ = ast_one(p, N_TIMEMOD, OP_TOLERANCE, @$, ast_literal(p, $2)); }
             ;
%%

static int msa_lex(union value *value, struct span *span, struct parse *p)
{
    struct token *t = &p->tokens.p[p->next];
    if (t->flags & TOKEN_START) { p->statement = p->next; }
    if (t->kind != TK_EOF) { p->next++; }
    value->tok = t;
    *span = t->span;
    return t->kind;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p)
{
    yysymbol_kind_t expected[YYNTOKENS];
    int symbols[YYNTOKENS];
    int n = yypcontext_expected_tokens(context, expected, YYNTOKENS);
    for (int i = 0; i < n; i++) { symbols[i] = (int)expected[i]; }
    yysymbol_kind_t seen = yypcontext_token(context);
    /* The parser has read one token ahead; at the end of the file the lexer does not move. */
    size_t at = p->next;
    if (seen != YYSYMBOL_YYEOF && at > 0) { at--; }
    syntax_error(p, at, symbols, n < 0 ? 0 : n);
    return 0;
}

/* Only for what is not a syntax error: the stack is used up. */
static void msa_error(const struct span *span, struct parse *p, const char *what)
{
    (void)what;
    say_too_deep(p, *span);
}

int grammar_symbols(void)
{
    return YYNTOKENS;
}
const char *grammar_symbol_name(int symbol)
{
    return yysymbol_name((yysymbol_kind_t)symbol);
}
/* Tokens with a name are numbered in the order in which they are declared, and so are their symbols. */
static_assert(TK_WORDS_END - TK_SEP == YYSYMBOL_WORDS_END - YYSYMBOL_SEP, "tokens and symbols run in parallel");
int grammar_token_of(int symbol)
{
    return symbol >= (int)YYSYMBOL_SEP ? symbol - (int)YYSYMBOL_SEP + (int)TK_SEP : 0;
}
int grammar_symbol_of(int token)
{
    return (int)YYTRANSLATE(token);
}
enum word_class grammar_word_class(int symbol)
{
    return symbol == (int)YYSYMBOL_WORDS_OF_SLOTS || symbol == (int)YYSYMBOL_WORDS_ANYWHERE ? NOT_A_WORD
         : symbol > (int)YYSYMBOL_WORDS_OF_DECLARATIONS && symbol < (int)YYSYMBOL_WORDS_OF_SLOTS ? DECLARATION_WORD
         : symbol > (int)YYSYMBOL_WORDS_OF_SLOTS && symbol < (int)YYSYMBOL_WORDS_ANYWHERE ? SLOT_WORD
         : symbol > (int)YYSYMBOL_WORDS_ANYWHERE && symbol < (int)YYSYMBOL_WORDS_END ? PLAIN_WORD : NOT_A_WORD;
}
