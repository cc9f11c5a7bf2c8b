/* SPDX-License-Identifier: MIT */
/* Records of money with the names of their enums, as docs/bytecode.md has them, instead of numbers. */
#include "bytecode/disasm_money.h"
#include "bytecode/layout.h"
#include <string.h>

static const struct { const char *name, *operands; } exact_ops[] = {
#define EXACT_OP(NAME, name, operands, doc) { name, operands },
#include "bytecode/exact.def"
#undef EXACT_OP
};

static const char *const periods[] = { "day", "week", "month", "quarter", "year", "contract month", "contract year", "all" };
static const char *const windows[] = {
    [WINDOW_PERIOD] = "period", [WINDOW_MONTH] = "month", [WINDOW_QUARTER] = "quarter", [WINDOW_YEAR] = "year", [WINDOW_CONTRACT_MONTH] = "contract month",
    [WINDOW_CONTRACT_YEAR] = "contract year", [WINDOW_TERM] = "term", [WINDOW_MONTHS_BEFORE] = "months before", [WINDOW_ANY_MONTHS] = "any months",
    [WINDOW_NEXT_INVOICE] = "next invoice", [WINDOW_ENTITY] = "each thing", [WINDOW_BEFORE_FIRST] = "before the first incident",
};
static const char *const counted[] = { "earned", "invoiced", "paid", "scheduled" };
static const char *const kinds[] = { "fee", "credit", "discount", "tax", "minimum" };
static const char *const triggers[] = { "every period", "on a date", "at the end", "on facts", "on overdue", "on refills" };
static const char *const roles[] = { "charge", "payment", "dispute", "settled", "claim", "notice", "incident", "returned", "reminder" };
static const char *const verdicts[] = { "none", "breached", "met" };
static const char *const sources[] = { "sets", "adds", "takes", "one more", "one less", "comes", "goes" };
static const char *const effects[] = { "no charge", "factor", "amount" };
static const char *const dues[] = { "days", "business days", "day of month" };
static const char *const allocations[] = { "oldest", "largest", "as told" };
static const char *const combines[] = { "add up", "largest", "largest of incident", "chosen of incident" };
static const char *const parts[] = { "by invoice", "interest first", "principal first" };
static const char *const disputes[] = { "any time", "until due", "within" };
static const char *const orders[] = { "oldest", "newest", "soonest" };
static const char *const lots[] = { "opening", "added", "taken", "period", "refill", "used up" };
static const char *const overs[] = { "365", "360", "actual", "thirtieths", "full months", "started months" };
static const char *const compounds[] = { "none", "day", "month", "year" };
static const char *const pers[] = { "year", "month" };
static const char *const rights[] = { "suspend", "terminate" };
static const char *const settles[] = { "amount", "unpaid" };
static const char *const parties[] = { "customer", "provider" };
static const char *const levels[] = { "first day", "last day", "peak", "average", "by day" };
static const char *const series_days[] = { "period start", "day", "half year" };
static const char *const states[] = {
    [STATE_OVERDUE] = "overdue", [STATE_UNDISPUTED] = "undisputed overdue", [STATE_OVERDUE_DAYS] = "overdue days", [STATE_UNDISPUTED_DAYS] = "undisputed overdue days",
    [STATE_SUSPENDED_DAYS] = "suspended days", [STATE_TERM_DAY] = "term day", [STATE_LEFT_BY_CUSTOMER] = "left by customer",
    [STATE_MONTHS_LEFT] = "months left", [STATE_OWED] = "owed",
};
static const char *const lengths[] = { "hours", "days" };
static const char *const roundings[] = { "down", "up", "half up", "half even" };
static const char *const steps[] = { "whole", "started", "exact" };
static const char *const figures[] = { "at hand", "named" };

#define WORDS(list) (list), countof(list)
static const struct { enum section_id section; const char *field; const char *const *word; size_t n; } words[] = {
    { SEC_LINES, "counted", WORDS(counted) }, { SEC_LINES, "window", WORDS(windows) }, { SEC_CAP, "window", WORDS(windows) },
    { SEC_CHARGE, "kind", WORDS(kinds) }, { SEC_CHARGE, "trigger", WORDS(triggers) }, { SEC_CHARGE, "period", WORDS(periods) },
    { SEC_CHARGE, "sum_period", WORDS(periods) }, { SEC_CHARGE, "free_period", WORDS(periods) }, { SEC_FACT, "role", WORDS(roles) },
    { SEC_FACT, "verdict", WORDS(verdicts) }, { SEC_QUANTITY_SOURCE, "mode", WORDS(sources) }, { SEC_QUANTITY, "fall_period", WORDS(periods) },
    { SEC_CHARGE_EXCEPTION, "effect", WORDS(effects) }, { SEC_TERMS, "period", WORDS(periods) }, { SEC_TERMS, "due", WORDS(dues) },
    { SEC_TERMS, "allocation", WORDS(allocations) }, { SEC_TERMS, "combine", WORDS(combines) }, { SEC_TERMS, "days_over", WORDS(overs) },
    { SEC_TERMS, "compound", WORDS(compounds) }, { SEC_TERMS, "interest_per", WORDS(pers) }, { SEC_RIGHT, "kind", WORDS(rights) },
    { SEC_RIGHT, "party", WORDS(parties) }, { SEC_SETTLES, "kind", WORDS(settles) }, { SEC_LIMIT, "party", WORDS(parties) },
    { SEC_TERMS, "parts", WORDS(parts) }, { SEC_TERMS, "dispute", WORDS(disputes) }, { SEC_ACCOUNT, "order", WORDS(orders) },
    { SEC_ACCOUNT_SOURCE, "kind", WORDS(lots) }, { SEC_ACCOUNT_SOURCE, "period", WORDS(periods) },
};
static const struct { enum exact_op op; const char *const *word; size_t n; } modes[] = {
    { EX_LEVEL, WORDS(levels) }, { EX_SERIES, WORDS(series_days) }, { EX_PERIOD_NUMBER, WORDS(periods) }, { EX_PERIOD_LENGTH, WORDS(lengths) },
    { EX_STATE, WORDS(states) }, { EX_ROUND, WORDS(roundings) }, { EX_STEPS, WORDS(steps) }, { EX_MEASURE, WORDS(figures) },
};

/* Bits of flags, lowest first. */
static const char *const charge_flags[] = {
    "in advance", "by day", "by thirtieths", "part inside", "part outside", "levels", "round lines", "waived", "steps at end", "once", "shares",
    "day together", "thing together",
};
static const char *const row_flags[] = { "from in", "to in", "no data", "otherwise" };
static const char *const right_flags[] = { "for convenience", "for cause", "at once" };
static const char *const limit_flags[] = { "none", "per claim", "insurance", "by day" };
static const char *const interest_flags[] = { "on net", "round day", "after reminder" };
static const char *const leftovers[] = { "carries over", "paid out at end", "forfeited", "paid out" };
static const char *const quantity_flags[] = { "only once", "notice of falls", "stays", "rise next", "rise first", "fall next", "fall first", "of things" };
static const char *const account_flags[] = { "of lines", "whole entries", "as known", "may be short", "free" };
static const struct { enum section_id section; const char *field; const char *const *word; size_t n; } bits[] = {
    { SEC_CHARGE, "flags", WORDS(charge_flags) }, { SEC_EXACT_ROW, "flags", WORDS(row_flags) }, { SEC_RIGHT, "flags", WORDS(right_flags) },
    { SEC_LIMIT, "flags", WORDS(limit_flags) }, { SEC_TERMS, "interest_flags", WORDS(interest_flags) }, { SEC_TERMS, "leftover", WORDS(leftovers) },
    { SEC_CHARGE, "leftover", WORDS(leftovers) }, { SEC_QUANTITY, "flags", WORDS(quantity_flags) }, { SEC_ACCOUNT, "flags", WORDS(account_flags) },
};

static void field(struct sb *b, const char *name) { sb_printf(b, ", %s ", name); }

static bool named(struct sb *b, const char *name, const char *const *word, size_t n, uint32_t v)
{
    if (v >= n) return false; /* the number says more than nothing */
    field(b, name);
    sb_puts(b, word[v]);
    return true;
}

static bool named_bits(struct sb *b, const char *name, const char *const *word, size_t n, uint32_t v)
{
    if (!v) return true;
    if (v >> n) return false;
    field(b, name);
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (!(v >> i & 1)) continue;
        if (!first) sb_puts(b, " + ");
        sb_puts(b, word[i]);
        first = false;
    }
    return true;
}

static void quoted(struct sb *b, const struct module *m, uint32_t text)
{
    sb_puts(b, " \"");
    sb_visible(b, module_str(m, text));
    sb_char(b, '"');
}

/* What `ref` of a node is an index into, by its operand letter. */
static bool referred(struct sb *b, const struct module *m, const struct m_exact *x)
{
    const char *operands = exact_ops[x->op].operands;
    uint32_t i = x->ref;
    if (x->op == EX_PERIODS) operands = "M";
    for (const char *p = operands; *p; p++) {
        const char *word = *p == 'F' ? "value" : *p == 'Q' ? "quantity" : *p == 'M' ? "measure" : *p == 'L' ? "lines" : *p == 'S' ? "series" : *p == 'H' ? "charge" : *p == 'C' ? "calendar" : *p == 'E' ? "fact" : NULL;
        if (!word) continue;
        sb_printf(b, ", %s %u", word, i);
        if (*p == 'Q' && i < m->n_quantity) quoted(b, m, m->quantity[i].name);
        if (*p == 'M' && i < m->n_measure) quoted(b, m, m->measure[i].name);
        if (*p == 'L' && i < m->n_lines) quoted(b, m, m->lines[i].name);
        if (*p == 'S' && i < m->n_series) quoted(b, m, m->series[i].name);
        if (*p == 'H' && i < m->n_charge) quoted(b, m, m->charge[i].name);
        if (*p == 'E' && i < m->n_fact) quoted(b, m, m->fact[i].name);
        return true;
    }
    return true; /* nothing is referred to */
}

static bool node_field(struct sb *b, const struct module *m, const char *name, const struct m_exact *x)
{
    if (x->op >= EX_COUNT) return false;
    if (!strcmp(name, "op")) { sb_printf(b, ", %s", exact_ops[x->op].name); return true; }
    if (!strcmp(name, "ref")) return referred(b, m, x);
    if (strcmp(name, "mode") != 0) return false;
    for (size_t i = 0; i < countof(modes); i++)
        if (modes[i].op == x->op) return named(b, "mode", modes[i].word, modes[i].n, x->mode);
    return !x->mode && x->op != EX_EVENTS && x->op != EX_SINCE && x->op != EX_PERIODS; /* it has none */
}

bool disasm_money_field(struct sb *b, const struct module *m, enum section_id s, const char *name, const void *record, uint32_t v)
{
    if (s == SEC_EXACT) return node_field(b, m, name, record);
    for (size_t i = 0; i < countof(words); i++)
        if (words[i].section == s && !strcmp(words[i].field, name)) return named(b, name, words[i].word, words[i].n, v);
    for (size_t i = 0; i < countof(bits); i++)
        if (bits[i].section == s && !strcmp(bits[i].field, name)) return named_bits(b, name, bits[i].word, bits[i].n, v);
    return false;
}
