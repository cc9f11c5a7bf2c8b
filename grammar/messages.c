/* SPDX-License-Identifier: MIT */
/* Syntax errors in the reader's words: what was seen, what could stand there, how the line is written. The parser knows
 * exactly which tokens it could take; most of this file is about not telling people all of them. */
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

/* How a line that starts with a word is written; shown when something in it went wrong. */
static const struct { int kind; const char *usage; } usages[] = {
    { TK_AGREEMENT, "agreement \"NAME\" { … }" }, { TK_SECTION, "section 4 \"TITLE\" { … }" }, { TK_USE, "use itil" },
    { TK_SCALE, "scale priority: P1, P2, P3" }, { TK_CHOICE, "choice kind: incident, request" }, { TK_PARTY, "party telco \"Telco Ltd\"" },
    { TK_ENTITY, "entity ticket { … }" }, { TK_EVENT, "event opened of ticket { … }" },
    { TK_SPANS, "spans waiting of ticket { from waiting ; to resumed }" }, { TK_CALENDAR, "calendar support { … }" },
    { TK_HOLIDAYS, "holidays federal { … }" }, { TK_TABLE, "table tier by site { … }" }, { TK_VALUE, "value urgent of ticket = priority is P1" },
    { TK_CLOCK, "clock response of ticket { … }" }, { TK_CHAIN, "chain call_out of ticket on opened { … }" },
    { TK_MEASURE, "measure attainment { … }" }, { TK_RULE, "rule \"TITLE\" { … }" }, { TK_EXCEPTION_TO, "exception to 4.1 { … }" },
    { TK_NOTWITHSTANDING, "notwithstanding 4.2 { … }" }, { TK_MANUAL, "manual \"TEXT\"" }, { TK_TEXT_WORD, "text \"TEXT\"" },
    { TK_EXAMPLE, "example \"TITLE\" { … }" }, { TK_ADAPTER, "adapter name { … }" }, { TK_INPUTS, "inputs { first, second }" },
    { TK_PROVIDER, "provider \"NAME\"" }, { TK_CUSTOMER, "customer \"NAME\"" }, { TK_EFFECTIVE, "effective 2026-01-01" },
    { TK_TERM, "term 36 months, renews 12 months unless 90 days notice" }, { TK_CURRENCY, "currency USD, rounding half up" },
    { TK_TIMEZONE, "timezone \"America/New_York\"" }, { TK_KEY, "key ticket" }, { TK_FORGOTTEN, "forgotten 90 days after closed" },
    { TK_SETS, "sets impact, urgency" }, { TK_CLOSED, "closed december 24 from 12:00" }, { TK_OPEN, "open 2026-12-08 10:00 to 14:00" },
    { TK_ALSO_OPEN, "also open 2026-03-07 10:00 to 12:00" }, { TK_DURING, "during july 1 to august 31 { … }" },
    { TK_SERVICE_DAY_IS, "a service day is 8 h" }, { TK_ZONE, "zone \"Europe/Berlin\"" }, { TK_MON, "mon to fri 08:00 to 12:00, 13:00 to 18:00" },
    { TK_TUE, "tue 08:00 to 12:00" }, { TK_SAT, "sat, sun 09:00 to 13:00" }, { TK_EVERY_DAY, "every day 00:00 to 24:00" },
    { TK_STARTS_ON, "starts on opened, reopened when priority is P1" }, { TK_STOPS_ON, "stops on message from provider when public" },
    { TK_RESTARTS_ON, "restarts on message from provider while running" }, { TK_CONTINUES_ON, "continues on reopened" }, { TK_CANCELS_ON, "cancels on cancelled" },
    { TK_PAUSES_WHILE, "pauses while waiting on customer, vendor" }, { TK_PAUSES_ON, "pauses on held" }, { TK_RESUMES_ON, "resumes on released" },
    { TK_HIDDEN_WHILE, "hidden while waiting" }, { TK_MEASURED_ONLY, "measured only, counted in support" }, { TK_COUNTS_FROM, "counts from opened" },
    { TK_EXCUSED_WHEN, "excused when cause in third_party" }, { TK_ON, "on closed stop" }, { TK_ON_CHANGE_OF, "on change of priority recompute" },
    { TK_TARGET, "target 4 h in support" }, { TK_AT, "at 50% of target notify \"ROLE\"" }, { TK_AT_BREACH, "at breach notify \"ROLE\"" },
    { TK_COUNTED, "2 h after breach notify \"ROLE\"" }, { TK_AGAIN, "again twice" }, { TK_UNTIL, "until acknowledged" },
    { TK_COUNT_OF, "count of response breached" }, { TK_SUM_OF, "sum of minutes of worked" }, { TK_MEAN_OF, "mean of minutes of worked" },
    { TK_RATIO_OF, "ratio of answered to offered of calls" }, { TK_SHARE_OF, "share of response met" },
    { TK_SHARE_OF_TIME_IN, "share of time in support outside outage" }, { TK_OUTAGES_OF_AT_LEAST, "outages of at least 6 min" },
    { TK_ROUNDED_DOWN_TO, "rounded down to 1 min for each outage" }, { TK_FIXED, "fixed 43200 min" }, { TK_GOAL, "goal at least 95%" }, { TK_NOTIFY, "notify \"ROLE\"" },
    { TK_SET, "set major to yes" }, { TK_EXPECT, "expect response of \"T1\" met, due 2026-03-06 18:05" }, { TK_AS_OF, "as of 2026-04-01 00:00" },
    { TK_EXPECT_NOTIFY, "expect notify \"ROLE\" at 2026-03-06 18:05 for \"T1\"" }, { TK_DATE, "2026-03-06 17:50 opened \"T1\", impact high" },
    { TK_COLUMN, "column name is \"Header\"" }, { TK_TIME_WORD, "time t = \"yyyy-MM-dd HH:mm:ss\" in \"Europe/Amsterdam\"" },
    { TK_STREAM_EACH, "stream each ticket by COLUMN then file order" }, { TK_MAP, "map priority { \"1 - High\" | P1 ; otherwise | reject }" },
    { TK_ONCE, "once opened at opened_at { priority }" }, { TK_ROW_WORD, "row closed at closed_dt" },
    { TK_RATE, "rate engineer USD 150.00 per hour" }, { TK_QUANTITY, "quantity seats from seats_changed { … }" },
    { TK_SERIES, "series base_rate { from | rate ; 2026-01-01 | 3.00% }" }, { TK_FEE, "fee flat \"TITLE\" { USD 4,500.00 every month in advance }" },
    { TK_CREDIT, "credit missed \"TITLE\" { … }" }, { TK_DISCOUNT, "discount term { 7% of flat }" }, { TK_TAX, "tax vat \"VAT\" { 21% of (charges less credits) }" },
    { TK_AMOUNT, "amount rent = (flat, earned in that month)" }, { TK_CAP, "cap credits at 15% of rent in each month" },
    { TK_MINIMUM, "minimum EUR 900.00 in each month over seats, storage" }, { TK_UNUSED_CREDITS, "unused credits carry over, paid out at the end" },
    { TK_INVOICES, "invoices every month, due 30 days after issue" }, { TK_PAYMENTS, "payments oldest first" },
    { TK_INTEREST_ON_OVERDUE, "interest on overdue { 18% per year, simple, days over 365 }" },
    { TK_PROVIDER_MAY_SUSPEND, "provider may suspend remote, onsite { … }" }, { TK_CUSTOMER_MAY_SUSPEND, "customer may suspend remote { … }" },
    { TK_PROVIDER_MAY_TERMINATE, "provider may terminate for cause { … }" }, { TK_CUSTOMER_MAY_TERMINATE, "customer may terminate for convenience { … }" },
    { TK_LIMIT_LIABILITY_OF, "limit liability of provider to EUR 50,000.00" }, { TK_LIABILITY_OF, "liability of provider is not limited" },
    { TK_PROVIDER_MUST, "provider must \"DUTY\" { … }" }, { TK_CUSTOMER_MUST, "customer must \"DUTY\" { … }" },
    { TK_RECOVERY_OF, "recovery of service \"KEY\" { … }" }, { TK_AMENDMENT, "amendment 1 effective 2027-01-01 { replace 5.3 fee flat { … } }" },
    { TK_EVERY, "every month in advance" }, { TK_CHARGE, "charge time at rate(role), in steps of 15 min, minimum 1 h" },
    { TK_GRADUATED_BY, "graduated by seats { seats | price ; first 25 | USD 89.00 per seat }" }, { TK_NOTICE, "notice 30 days" },
    { TK_MAY_FALL_BY, "may fall by 10% of seats in each quarter" }, { TK_MAY_RISE_BY, "may rise by 20 in each year" },
    { TK_NOTICE_BY, "notice by change { change | notice ; at most 5% | none ; above 5% | 60 days }" }, { TK_NOTICE_OF_A_REDUCTION, "notice of a reduction 60 days" },
    { TK_PAID_BACK_IN_FULL, "waived, paid back in full when it ends before 36 months" }, { TK_CLAIMED_WITHIN, "claimed within 20 days after that month, else lapses" },
    { TK_BY_DAY, "by day 15 of every month" }, { TK_ONCE_IN_EVERY, "once in every week" }, { TK_DONE_ON, "done on patched" },
    { TK_ELSE_CREDIT, "else credit USD 100.00" }, { TK_ELSE_CHARGE, "else charge USD 100.00" }, { TK_ELSE_PAUSES, "else pauses resolution" }, { TK_ELSE_NOTIFY, "else notify \"ROLE\"" },
    { TK_BACK_WITHIN, "back within 4 h in 24x7" }, { TK_BACK_ON, "back on service_restored" }, { TK_DATA_NO_OLDER_THAN, "data no older than 1 h" },
    { TK_REPLACE, "replace 5.3 fee flat { … }" }, { TK_ADD, "add 5.4 fee extra { … }" },
    { TK_ENDS_NOT_BEFORE, "ends not before 12 months after the start" }, { TK_EXPECT_CHARGE, "expect charge flat in 2026-03 USD 4,500.00" },
    { TK_EXPECT_INVOICE, "expect invoice 2026-03 USD 5,000.00" }, { TK_MEANS, "means payment" },
    { TK_RECORDED, "recorded resolution from made_sla { \"true\" | met ; otherwise | reject }" }, { TK_UNUSED, "unused resolved_at, closed_at" },
};
static const char *usage_of(int kind)
{
    for (size_t i = 0; i < countof(usages); i++) {
        if (usages[i].kind == kind) { return usages[i].usage; }
    }
    return NULL;
}

/* What people write for a word of the language, when it is not merely misspelt. */
static const struct { const char *typed, *meant; } other_words[] = {
    { "monday", "mon" }, { "tuesday", "tue" }, { "wednesday", "wed" }, { "thursday", "thu" }, { "friday", "fri" }, { "saturday", "sat" },
    { "sunday", "sun" }, { "tues", "tue" }, { "weds", "wed" }, { "thur", "thu" }, { "thurs", "thu" }, { "Mon", "mon" }, { "Fri", "fri" },
    { "jan", "january" }, { "feb", "february" }, { "mar", "march" }, { "apr", "april" }, { "jun", "june" }, { "jul", "july" },
    { "aug", "august" }, { "sep", "september" }, { "Jan", "january" }, { "Dec", "december" }, { "sept", "september" }, { "oct", "october" }, { "nov", "november" }, { "dec", "december" },
    { "begins", "starts on" }, { "start", "starts on" }, { "starts", "starts on" }, { "stop", "stops on" }, { "stops", "stops on" },
    { "ends", "stops on" }, { "pause", "pauses while" }, { "pauses", "pauses while" }, { "continues", "continues on" }, { "resumes", "resumes on" },
    { "import", "use" }, { "include", "use" }, { "holiday", "holidays" }, { "each", "every day" }, { "daily", "every day" }, { "weekdays", "mon" },
    { "if", "when" }, { "every", "each month" }, { "monthly", "each month" }, { "except", "unless in" }, { "sla", "clock" },
    { "exception", "exception to" }, { "timer", "clock" }, { "and", "or" }, { "equals", "is" }, { "has", "is" }, { "escalate", "notify" },
    { "email", "notify" }, { "per", "by" }, { "using", "by" }, { "til", "until" }, { "till", "until" }, { "through", "to" }, { "thru", "to" },
    { "filter", "where" }, { "group", "by" }, { "ignore", "unused" }, { "target", "goal" }, { "bis", "to" }, { "und", "and" }, { "oder", "or" }, { "wenn", "when" }, { "hasta", "to" }, { "et", "and" }, { "ou", "or" },
    { "y", "and" }, { "o", "or" }, { "objective", "goal" }, { "under", "below" }, { "over", "above" },
    { "pro rata", "prorated by day" }, { "prorated daily", "prorated by day" }, { "after invoice", "after issue" }, { "after the invoice", "after issue" },
    { "after invoicing", "after issue" }, { "expire", "are forfeited" }, { "lapse", "are forfeited" }, { "free per", "free in each" }, { "an", "per" },
    { "at", "to" }, { "to", "at" }, { "in every", "in each" }, { "per", "in each" }, { "included in each", "free in each" }, { "excluding", "except" },
};

static bool has(const int *expected, int n, int token)
{
    int symbol = grammar_symbol_of(token);
    for (int i = 0; i < n; i++) {
        if (expected[i] == symbol) { return true; }
    }
    return false;
}
static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}
/* The next `words` words in the source from a token on, as far as they stand on one line with single spaces. */
static struct str words_from(const struct parse *p, const struct token *t, uint32_t words)
{
    const char *text = p->source->text;
    size_t from = t->span.from - p->source->base, at = from, end = from;
    for (uint32_t i = 0; i < words; i++) {
        while (text[at] == ' ') { at++; }
        if (!is_word_byte(text[at])) { break; }
        while (is_word_byte(text[at]) || (text[at] == '.' && is_word_byte(text[at + 1]))) { at++; }
        end = at;
    }
    return str_make(text + from, end - from);
}
static bool is_wordy(const struct parse *p, const struct token *t)
{
    struct str s = token_text(p, t);
    return s.n > 0 && is_word_byte(s.p[0]) && !(s.p[0] >= '0' && s.p[0] <= '9');
}

/* The expected keyword nearest to what stands there, or NULL; *seen: the words it replaces. */
static const char *nearest(const struct parse *p, const struct token *t, const int *expected, int n, struct str *seen)
{
    for (size_t i = 0; i < countof(other_words); i++) {
        uint32_t typed = 1;
        for (const char *c = other_words[i].typed; *c != '\0'; c++) { typed += *c == ' '; }
        struct str word = words_from(p, t, typed);
        if (!str_eq(word, str_of(other_words[i].typed))) { continue; }
        for (int k = 0; k < n; k++) {
            if (grammar_word_class(expected[k]) != NOT_A_WORD && strcmp(grammar_symbol_name(expected[k]), other_words[i].meant) == 0) {
                *seen = word;
                /* `pauses during …`: two words for two */
                const char *space = strchr(other_words[i].meant, ' ');
                size_t first = space != NULL ? (size_t)(space - other_words[i].meant) : 0;
                if (first > 0 && word.n >= first - 1) {
                    struct str two = words_from(p, t, 2);
                    struct str second = str_slice(two, word.n + 1, two.n);
                    static const char *const small[] = { "on", "when", "at", "with", "during", "if", "for", "by", "upon", "while" };
                    for (size_t s = 0; s < countof(small); s++) {
                        if (str_eq(second, str_of(small[s]))) { *seen = two; }
                    }
                }
                return other_words[i].meant;
            }
        }
    }
    const char *best = NULL;
    unsigned best_distance = 0;
    for (int i = 0; i < n; i++) {
        if (grammar_word_class(expected[i]) == NOT_A_WORD) { continue; }
        const char *candidate = grammar_symbol_name(expected[i]);
        uint32_t words = 1;
        for (const char *c = candidate; *c != '\0'; c++) { words += *c == ' '; }
        struct str here = words_from(p, t, words);
        struct str want = str_of(candidate);
        unsigned limit = want.n <= 2 ? 0 : want.n <= 3 ? 1 : want.n <= 5 ? 1 + (here.n > 3) : (unsigned)(want.n + 2) / 4 + 1;
        if (limit > 3) { limit = 3; }
        if (here.n <= 2) { limit = 0; }
        unsigned d = word_distance(here, want, limit);
        if (d <= limit && !str_eq(here, want) && (best == NULL || d < best_distance)) { best = candidate, best_distance = d, *seen = here; }
    }
    return best;
}

/* A weekday in another language; -1: none. */
static int foreign_weekday(struct str word)
{
    static const char *const days[][7] = {
        { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" }, { "mo", "di", "mi", "do", "fr", "sa", "so" },
        { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
        { "lun", "mar", "mer", "jeu", "ven", "sam", "dim" }, { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
        { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" }, { "Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim" },
    };
    for (size_t i = 0; i < countof(days); i++) {
        for (int d = 0; d < 7; d++) {
            if (str_eq(word, str_of(days[i][d]))) { return d; }
        }
    }
    return -1;
}

/* --- what could stand there, in words --- */
struct said { struct sb text; int things; };
static void say(struct said *s, const char *what, bool quoted)
{
    if (s->things >= 4) { return; }
    if (s->things++ > 0) { sb_puts(&s->text, "\n"); }
    if (quoted) { sb_char(&s->text, '`'); }
    sb_puts(&s->text, what);
    if (quoted) { sb_char(&s->text, '`'); }
}
static bool is_operator(int token)
{
    switch (token) {
    case TK_AND: case TK_OR: case TK_EXCEPT: case TK_IS: case TK_IS_NOT: case TK_IS_MISSING: case TK_IS_GIVEN: case TK_IS_NOT_MISSING: case TK_IS_NOT_GIVEN:
    case TK_IN: case TK_NOT_IN: case TK_BELOW: case TK_AT_MOST: case TK_AT_LEAST: case TK_ABOVE: case TK_CONTAINS: case TK_STARTS_WITH:
    case TK_ENDS_WITH: case TK_PER: case TK_PER_WHOLE: case TK_PER_STARTED: case TK_PER_EXACT: case TK_BEYOND: case TK_TIMES: case TK_DIVIDED_BY: case TK_LOCAL_TO: case TK_ROUNDED_DOWN_TO: case TK_ROUNDED_UP_TO:
    case TK_ROUNDED_HALF_UP_TO: case TK_ROUNDED_HALF_EVEN_TO: return true;
    default: return false;
    }
}
/* "a, b or c" out of lines. */
static struct str joined(struct parse *p, const struct said *s)
{
    struct sb out = { .arena = p->arena };
    struct str rest = sb_str(&s->text);
    for (int i = 0; i < s->things; i++) {
        struct str one = str_cut(rest, '\n', &rest);
        if (i > 0) { sb_puts(&out, i + 1 == s->things ? " or " : ", "); }
        sb_put(&out, one);
    }
    return sb_str(&out);
}
static struct str expectation(struct parse *p, const int *expected, int n)
{
    struct said s = { .text = { .arena = p->arena } };
    int declarations = 0, slots = 0, words = 0;
    const char *slot = NULL;
    for (int i = 0; i < n; i++) {
        switch (grammar_word_class(expected[i])) {
        case DECLARATION_WORD: declarations++; break;
        case SLOT_WORD: slots++, slot = grammar_symbol_name(expected[i]); break;
        case PLAIN_WORD: words++; break;
        case NOT_A_WORD: break;
        }
    }
    static const struct { int token; const char *text; } signs[] = { { '{', "`{`" }, { ':', "`:`" }, { '=', "`=`" }, { ')', "`)`" }, { '|', "`|`" } };
    for (size_t i = 0; i < countof(signs); i++) {
        if (has(expected, n, signs[i].token)) { say(&s, signs[i].text, false); }
    }
    bool name = has(expected, n, TK_NAME), text = has(expected, n, TK_TEXT), number = has(expected, n, TK_NUMBER);
    bool value = name && text && number && has(expected, n, '(');
    if (declarations > 2) {
        say(&s, "a clause", false);
        return joined(p, &s);
    }
    if (slots == 1 || (slots > 0 && slots <= 2)) {
        for (int i = 0; i < n; i++) {
            if (grammar_word_class(expected[i]) == SLOT_WORD) { say(&s, grammar_symbol_name(expected[i]), true); }
        }
    } else if (slots > 2) {
        static const int typical[] = { TK_STARTS_ON, TK_CLOSED, TK_PROVIDER, TK_SHARE_OF, TK_COLUMN, TK_KEY, TK_CREATES, TK_EXPECT,
                                       TK_CHARGE, TK_SETTLES, TK_DONE_ON, TK_BACK_WITHIN, TK_COMMITTED_MINIMUM, TK_REPLACE };
        for (size_t i = 0; i < countof(typical); i++) {
            if (has(expected, n, typical[i])) { slot = grammar_symbol_name(grammar_symbol_of(typical[i])); break; }
        }
        struct sb such = { .arena = p->arena };
        sb_printf(&such, "a line such as `%s`", slot);
        say(&s, such.p, false);
    }
    if (value) {
        say(&s, has(expected, n, TK_NOT) ? "a condition" : "a value", false);
    } else {
        static const int kinds[] = { TK_NAME, TK_TEXT, TK_NUMBER, TK_CLAUSE, TK_PERCENT, TK_COUNTED, TK_MONEY, TK_DATE, TK_TIME, TK_YEARMONTH };
        for (size_t i = 0; i < countof(kinds); i++) {
            if (has(expected, n, kinds[i])) { say(&s, grammar_symbol_name(grammar_symbol_of(kinds[i])), false); }
        }
    }
    if (has(expected, n, TK_MON) && has(expected, n, TK_SUN) && !value) { say(&s, "a weekday", false); }
    if (has(expected, n, TK_JANUARY)) { say(&s, "a month", false); }
    if (!name) {
        for (int i = 0; i < n; i++) {
            int token = grammar_token_of(expected[i]);
            bool calendar = (token >= TK_MON && token <= TK_SUN) || (token >= TK_JANUARY && token <= TK_DECEMBER);
            if (grammar_word_class(expected[i]) == PLAIN_WORD && !calendar && !(is_operator(token) && words > 3)) {
                say(&s, grammar_symbol_name(expected[i]), true);
            }
        }
    }
    if (has(expected, n, ',') || has(expected, n, TK_TAIL)) { say(&s, "`,`", false); }
    if (has(expected, n, TK_SEP) || has(expected, n, '}') || has(expected, n, TK_EOF)) { say(&s, "the end of the line", false); }
    if (has(expected, n, TK_ROW) || has(expected, n, TK_HEADING)) { say(&s, "a row of a table", false); }
    return joined(p, &s);
}

/* A keyword that starts a line stands behind a comma. */
static bool starts_a_line(const struct parse *p, const struct token *t)
{
    if (t->kind >= TK_MON && t->kind <= TK_SUN) { return true; }
    for (const struct phrase *k = keywords_find(p->keywords, words_from(p, t, 1)); k != NULL; k = k->next) {
        if (k->starter && str_eq(words_from(p, t, k->pieces), str_of(k->text))) { return true; }
    }
    return false;
}
const struct token *token_at(const struct parse *p, size_t i)
{
    return &p->tokens.p[i < p->tokens.n ? i : p->tokens.n - 1];
}
static struct str shown(const struct parse *p, const struct token *t)
{
    struct str s = token_text(p, t);
    return s.n > 40 ? str_slice(s, 0, 40) : s;
}

/* Does a word differ from another in capitals alone? */
static bool same_but_capitals(struct str word, const char *other)
{
    return !str_eq(word, str_of(other)) && word_distance(word, str_of(other), 0) == 0;
}

/* Mistakes that have a message of their own. */
static bool describe_habit(struct parse *p, size_t at, const int *expected, int n)
{
    const struct token *t = token_at(p, at), *before = at > 0 ? token_at(p, at - 1) : t, *next = token_at(p, at + 1);
    const struct token *start = token_at(p, p->statement);
    if ((start->kind == TK_NUMBER || start->kind == TK_CLAUSE) && p->statement < at) { start++; }
    struct str text = token_text(p, t);
    struct diag *m;

    /* `provider: "A"`, `starts on: opened` */
    bool key = (t->flags & TOKEN_START) && next->kind == ':' && t->kind == TK_NAME;
    bool known = false;
    for (int i = 0; key && !known && i < n; i++) {
        known = grammar_word_class(expected[i]) != NOT_A_WORD && str_eq(text, str_of(grammar_symbol_name(expected[i])));
    }
    known = known || (t->kind == ':' && before == start && grammar_word_class(grammar_symbol_of(before->kind)) != NOT_A_WORD);
    if (known) {
        const struct token *word = key ? t : before, *colon = key ? next : t;
        m = diag(p->diags, E0101_UNEXPECTED, colon->span, "no `:` stands behind `%.*s`", STR_ARG(token_text(p, word)));
        diag_fix(m, colon->span, "%s", "");
        return true;
    }
    /* `USD 4,500.00 monthly` */
    static const char *const often[][2] = { { "monthly", "every month" }, { "quarterly", "every quarter" }, { "yearly", "every year" },
                                            { "annually", "every year" }, { "weekly", "every week" }, { "daily", "every day" } };
    for (size_t i = 0; has(expected, n, TK_EVERY) && i < countof(often); i++) {
        if (!str_eq(text, str_of(often[i][0]))) { continue; }
        m = diag(p->diags, E0102_WORD, t->span, "`%.*s` is written `%s`", STR_ARG(text), often[i][1]);
        diag_fix(m, t->span, "%s", often[i][1]);
        return true;
    }
    /* `EUR 4.500,00` */
    const struct token *decimals = t->kind == ',' ? next : t, *amount_before = t->kind == ',' ? before : token_at(p, at > 1 ? at - 2 : 0);
    if (decimals->kind == TK_NUMBER && amount_before->kind == TK_MONEY && decimals->span.from == amount_before->span.to + 1) {
        m = diag(p->diags, E0114_MONEY, span_join(amount_before->span, decimals->span), "decimals stand behind a point, thousands have commas between them");
        diag_help(m, "write `%.3s 4,500.00` or `%.3s 4500.00`", token_text(p, amount_before).p, token_text(p, amount_before).p);
        return true;
    }
    /* `4500 USD`: a number and its unit, so far */
    const struct token *code = before->kind == TK_NUMBER ? t : before, *number_before = before->kind == TK_NUMBER ? before : token_at(p, at > 1 ? at - 2 : 0);
    struct str letters = token_text(p, code);
    bool currency = code->kind == TK_NAME && number_before->kind == TK_NUMBER && letters.n == 3;
    for (size_t i = 0; currency && i < 3; i++) { currency = letters.p[i] >= 'A' && letters.p[i] <= 'Z'; }
    if (currency) {
        struct span span = span_join(number_before->span, code->span);
        m = diag(p->diags, E0114_MONEY, span, "the currency stands before the amount");
        diag_fix(m, span, "%.*s %.*s", STR_ARG(letters), STR_ARG(token_text(p, number_before)));
        return true;
    }
    /* `5% rent` */
    if (before->kind == TK_PERCENT && t->kind == TK_NAME && has(expected, n, TK_OF)) {
        m = diag(p->diags, E0101_UNEXPECTED, span_join(before->span, t->span), "a percentage says of what it is one");
        diag_fix(m, span_make(t->span.from, t->span.from), "of ");
        return true;
    }
    /* `priority becomes`: in adapters */
    if (t->kind == '=' && has(expected, n, TK_BECOMES)) {
        m = diag(p->diags, E0109_OPERATOR, t->span, "`=` is written `becomes` or `is` here");
        diag_help(m, "`becomes \"Closed\"`: in the row where it changes to this; `is \"Closed\"`: in each row that has it");
        return true;
    }
    /* `count of opened when vip` */
    bool measured = start->kind == TK_COUNT_OF || start->kind == TK_SUM_OF || start->kind == TK_MEAN_OF || start->kind == TK_RATIO_OF || start->kind == TK_SHARE_OF ||
                    start->kind == TK_SHARE_OF_TIME_IN;
    if (measured && start != t && (t->kind == TK_WHEN || t->kind == TK_WHERE || t->kind == TK_IF)) {
        m = diag(p->diags, E0102_WORD, t->span, "what is measured is narrowed by a line `where …`");
        diag_fix(m, t->span, "; where");
        return true;
    }
    /* `Mo bis Do`, `from Montag` */
    int day = is_wordy(p, t) && has(expected, n, TK_MON) ? foreign_weekday(text) : -1;
    if (day >= 0) {
        struct str to = token_text(p, next);
        bool range = next->kind == TK_TO || next->kind == '-' || str_eq(to, STR("bis")) || str_eq(to, STR("à")) || str_eq(to, STR("a")) || str_eq(to, STR("au"));
        const struct token *last = token_at(p, at + 2);
        int until = range && is_wordy(p, last) ? foreign_weekday(token_text(p, last)) : -1;
        struct span span = until >= 0 ? span_join(t->span, last->span) : t->span;
        m = diag(p->diags, E0102_WORD, span, "the weekdays are `mon`, `tue`, `wed`, `thu`, `fri`, `sat` and `sun`");
        if (until >= 0) { diag_fix(m, span, "%s to %s", grammar_symbol_name(grammar_symbol_of(TK_MON + day)), grammar_symbol_name(grammar_symbol_of(TK_MON + until))); }
        else { diag_fix(m, span, "%s", grammar_symbol_name(grammar_symbol_of(TK_MON + day))); }
        return true;
    }
    /* `when NOT vip` */
    if (t->kind != TK_SEP && before->kind == TK_NAME && at > 0 && before != start && same_but_capitals(token_text(p, before), "not")) {
        m = diag(p->diags, E0102_WORD, before->span, "`%.*s` is written small", STR_ARG(token_text(p, before)));
        diag_fix(m, before->span, "not");
        return true;
    }
    /* `clock "Time to fix" of ticket` */
    if (t->kind == TK_TEXT && before == start && grammar_word_class(grammar_symbol_of(before->kind)) == DECLARATION_WORD && has(expected, n, TK_NAME)) {
        struct sb name = { .arena = p->arena };
        struct str title = str_slice(text, 1, text.n > 1 ? text.n - 1 : 1);
        for (size_t i = 0; i < title.n && i < 40; i++) {
            char c = title.p[i] >= 'A' && title.p[i] <= 'Z' ? (char)(title.p[i] + 32) : title.p[i];
            if (is_word_byte(c) && !(i == 0 && c >= '0' && c <= '9')) { sb_char(&name, c); }
            else if (name.n > 0 && name.p[name.n - 1] != '_' && i + 1 < title.n) { sb_char(&name, '_'); }
        }
        m = diag(p->diags, E0101_UNEXPECTED, t->span, "a name stands before the title");
        if (name.n > 0) { diag_fix(m, span_make(t->span.from, t->span.from), "%.*s ", STR_ARG(sb_str(&name))); }
        return true;
    }
    /* `4 glimpses`: the number or the word behind it is where the parser stops */
    const struct token *number = t->kind == TK_NUMBER ? t : before, *unit = t->kind == TK_NUMBER ? next : t;
    bool amount = t->kind == TK_NUMBER ? has(expected, n, TK_COUNTED) : before->kind == TK_NUMBER && has(expected, n, TK_TIMES);
    if (amount && at > p->statement && number->kind == TK_NUMBER && unit->kind == TK_NAME && !(unit->flags & TOKEN_START)) {
        struct str seen;
        if (t == unit && nearest(p, t, expected, n, &seen) != NULL) { return false; }
        m = diag(p->diags, E0110_UNIT, unit->span, "`%.*s` is not a unit", STR_ARG(token_text(p, unit)));
        diag_help(m, "units are `s`, `min`, `h`, `business days`, `days`, `weeks` and `months`");
        return true;
    }
    return false;
}

int block_word(const struct parse *p, size_t at)
{
    size_t i = at, depth = 0;
    for (; i > 0; i--) {
        int kind = token_at(p, i - 1)->kind;
        if (kind == '}') { depth++; }
        if (kind == '{' && depth-- == 0) { break; }
    }
    if (i == 0) { return 0; }
    for (i--; i > 0 && token_at(p, i - 1)->kind != TK_SEP && token_at(p, i - 1)->kind != '{'; i--) { }
    int kind = token_at(p, i)->kind;
    if (kind == TK_REPLACE || kind == TK_ADD) { return token_at(p, i + 2)->kind; }
    return kind == TK_NUMBER || kind == TK_CLAUSE ? token_at(p, i + 1)->kind : kind;
}
/* Is this between the braces of an adapter's rule, where fields stand? */
static bool among_fields(const struct parse *p, size_t at)
{
    int kind = block_word(p, at);
    return kind == TK_ONCE || kind == TK_ROW_WORD || kind == TK_WHEN || kind == TK_EACH_OF || kind == TK_INTERVAL;
}

/* Where a line may be an amount, a misspelt first word is taken for a name, and the parser stops behind it. */
static bool describe_first_word(struct parse *p, size_t at)
{
    static const int of_exceptions[] = { TK_WHEN, TK_EXCUSED, TK_NO_CHARGE, TK_TIMES, TK_IN_THE_FIRST, TK_TARGET, TK_NOTIFY, TK_SET, TK_EXAMPLE };
    static const int of_charges[] = {
        TK_EVERY, TK_ONCE_ON, TK_ONCE_AT_THE_END, TK_ON, TK_WHEN, TK_CHARGE, TK_GRADUATED_BY, TK_VOLUME_BY, TK_PACKAGE_BY, TK_STAIRSTEP_BY,
        TK_COUNTED_ON_THE_FIRST_DAY, TK_COUNTED_ON_THE_LAST_DAY, TK_COUNTED_AT_THE_PEAK, TK_COUNTED_ON_AVERAGE, TK_COUNTED_BY_DAY, TK_PRORATED_BY_DAY,
        TK_PRORATED_BY_THIRTIETHS, TK_NOT_PRORATED, TK_THE_PART_INSIDE, TK_THE_PART_OUTSIDE, TK_MINIMUM, TK_MAXIMUM, TK_NOTHING_UNLESS_ABOVE,
        TK_TIMES, TK_FROM, TK_UNTIL, TK_SPREAD_OVER, TK_WAIVED, TK_CLAIMED_WITHIN, TK_UNUSED_IS_FORFEITED, TK_UNUSED_CARRIES_OVER, TK_IN_STEPS_OF,
        TK_REQUIRES, TK_EXAMPLE,
    };
    const int *tokens = NULL;
    size_t count = 0, first = p->statement;
    switch (block_word(p, at)) {
    case TK_EXCEPTION_TO: case TK_NOTWITHSTANDING: tokens = of_exceptions, count = countof(of_exceptions); break;
    case TK_FEE: case TK_CREDIT: case TK_DISCOUNT: case TK_TAX: tokens = of_charges, count = countof(of_charges); break;
    default: return false;
    }
    /* behind a comma of a charge stands another qualifier */
    size_t look = token_at(p, at)->kind == ',' && tokens == of_charges ? at + 1 : first;
    const struct token *word = token_at(p, look);
    if (word->kind != TK_NAME || look == at) { return false; }
    int symbols[countof(of_charges)];
    for (size_t i = 0; i < count; i++) { symbols[i] = grammar_symbol_of(tokens[i]); }
    struct str seen;
    const char *meant = nearest(p, word, symbols, (int)count, &seen);
    if (meant == NULL) { return false; }
    struct span span = span_make(word->span.from, word->span.from + (uint32_t)seen.n);
    struct diag *m = diag(p->diags, E0102_WORD, span, same_but_capitals(seen, meant) ? "`%.*s` is written small" : memchr(seen.p, ' ', seen.n) != NULL ? "unrecognised words `%.*s`" : "unrecognised word `%.*s`", STR_ARG(seen));
    diag_fix(m, span, "%s", meant);
    return true;
}

static void describe(struct parse *p, size_t at, const int *expected, int n)
{
    const struct token *t = token_at(p, at);
    const struct token *before = at > 0 ? token_at(p, at - 1) : t;
    const struct token *start = token_at(p, p->statement);
    if ((start->kind == TK_NUMBER || start->kind == TK_CLAUSE) && p->statement < at) { start++; }
    const char *usage = start != t ? usage_of(start->kind) : NULL;
    struct str text = shown(p, t);
    struct diag *m;

    if (t->kind == TK_ROW || t->kind == TK_HEADING || t->kind == TK_CROSS) {
        const struct token *first = token_at(p, at + 1);
        m = diag(p->diags, E0121_ROW, first->span, "a row with `|` stands outside of a table");
        diag_help(m, "rows stand between the braces of a `table`, a `target by` or a `map`");
        return;
    }
    if (has(expected, n, TK_ROW) && (t->flags & TOKEN_START)) {
        m = diag(p->diags, E0121_ROW, t->span, "this line has no `|`");
        diag_help(m, "the cells of a row have `|` between them: `Gold | P1 | 15 min`");
        return;
    }
    if (t->kind == '/' && before->kind == TK_NUMBER && token_at(p, at + 1)->kind == TK_NUMBER) {
        m = diag(p->diags, E0112_DATE, span_join(before->span, token_at(p, at + 1)->span), "a day is written with the name of its month");
        diag_help(m, "write `july 4`; with its year `2026-07-04`");
        return;
    }
    if (t->kind == TK_NUMBER && before->kind == TK_NAME && has(expected, n, TK_FROM)) { /* `closed dec 24`: a name, so far */
        int months[12];
        for (int i = 0; i < 12; i++) { months[i] = grammar_symbol_of(TK_JANUARY + i); }
        struct str seen;
        const char *month = nearest(p, before, months, 12, &seen);
        if (month != NULL) {
            diag_fix(diag(p->diags, E0102_WORD, before->span, "unrecognised month `%.*s`", STR_ARG(seen)), before->span, "%s", month);
            return;
        }
    }
    if (describe_money_habit(p, at) || describe_habit(p, at, expected, n) || describe_first_word(p, at)) { return; }
    bool ends = t->kind == TK_SEP || t->kind == '}' || t->kind == TK_EOF;
    if (ends) {
        struct str want = expectation(p, expected, n);
        if (before->kind == '{') {
            m = diag(p->diags, E0103_LINE_ENDS, span_join(before->span, t->span), "nothing stands between these braces");
            if (want.n > 0) { diag_help(m, "write %.*s", STR_ARG(want)); }
            return;
        }
        struct span end = span_make(before->span.to > before->span.from ? before->span.to - 1 : before->span.to, before->span.to);
        bool semicolon = t->flags & TOKEN_SEMICOLON;
        m = diag(p->diags, E0103_LINE_ENDS, end, semicolon ? "this ends too early" : "the line ends too early");
        if (want.n > 0) { diag_label(m, end, "behind this comes %.*s", STR_ARG(want)); }
        if (usage != NULL) { diag_help(m, "it is written `%s`", usage); }
        return;
    }
    if (before->kind == ',' && starts_a_line(p, t) && at > p->statement) {
        m = diag(p->diags, E0120_COMMA, before->span, "a comma does not end a line");
        diag_label(m, t->span, "this starts a line of its own");
        diag_help(m, "write it on the next line, or put `;` between the two");
        return;
    }
    if (is_wordy(p, t)) {
        struct str seen;
        const char *meant = nearest(p, t, expected, n, &seen);
        if (meant != NULL) {
            struct span span = span_make(t->span.from, t->span.from + (uint32_t)seen.n);
            if (same_but_capitals(seen, meant)) { m = diag(p->diags, E0102_WORD, span, "`%.*s` is written small", STR_ARG(seen)); }
            else { m = diag(p->diags, E0102_WORD, span, "unrecognised word%s `%.*s`", memchr(seen.p, ' ', seen.n) != NULL ? "s" : "", STR_ARG(seen)); }
            diag_fix(m, span, "%s", meant);
            return;
        }
    }
    if ((t->flags & TOKEN_START) && grammar_word_class(grammar_symbol_of(t->kind)) == NOT_A_WORD && token_at(p, at + 1)->kind != TK_EOF &&
        (t->kind == TK_NUMBER || t->kind == TK_CLAUSE) && grammar_word_class(grammar_symbol_of(token_at(p, at + 1)->kind)) == DECLARATION_WORD) {
        m = diag(p->diags, E0123_PLACE, t->span, "clause %.*s cannot stand inside this one", STR_ARG(text));
        diag_help(m, "close what comes before it with `}`");
        return;
    }
    struct str want = expectation(p, expected, n);
    if (t->flags & TOKEN_START) {
        bool known = grammar_word_class(grammar_symbol_of(t->kind)) != NOT_A_WORD;
        m = diag(p->diags, E0101_UNEXPECTED, t->span, known ? "`%.*s` cannot stand here" : "`%.*s` does not start a line here", STR_ARG(text));
    } else {
        m = diag(p->diags, E0101_UNEXPECTED, t->span, "`%.*s` is unexpected here", STR_ARG(text));
    }
    if (want.n > 0) { diag_label(m, t->span, "expected %.*s", STR_ARG(want)); }
    if (has(expected, n, TK_NAME) && (t->kind == TK_BY || t->kind == TK_FROM || t->kind == TK_TO || t->kind == TK_FOR) && among_fields(p, at)) {
        diag_help(m, "in an adapter a field stands under its own name, not behind `%.*s`: `opened_by customer`", STR_ARG(text));
        return;
    }
    if (usage != NULL) { diag_help(m, "it is written `%s`", usage); }
}

void syntax_error(struct parse *p, size_t at, const int *expected, int n)
{
    bool spoken = p->too_deep || (p->unclosed && (p->tokens.p[at].flags & TOKEN_START));
    for (size_t i = p->statement; i <= at && i < p->tokens.n; i++) { spoken = spoken || (p->tokens.p[i].flags & TOKEN_SPOKEN_OF); }
    if (!spoken) { describe(p, at, expected, n); }
    /* on to the end of the statement, over what it has in braces */
    int kind = p->tokens.p[at].kind;
    if (kind == TK_SEP || kind == '}' || kind == TK_EOF) { return; }
    uint32_t depth = 0;
    size_t i = at;
    for (;; i++) {
        int k = p->tokens.p[i].kind;
        if (k == '{') { depth++; }
        if (k == TK_EOF || (depth == 0 && (k == TK_SEP || k == '}'))) { break; }
        if (k == '}') { depth--; }
    }
    p->next = i;
}
