/* SPDX-License-Identifier: MIT */
/* Literals of money: their currency, and their text as a number. */
#include "compiler/money.h"
#include "base/checked.h"
#include "base/currency.h"
#include "compiler/charge.h"
#include "compiler/unit.h"

static struct str currency_of(const struct node *e) { return e->title; }

void currency_set(struct unit *u, struct str code, struct span at)
{
    int places = currency_places(code);
    u->currency = code;
    if (places >= 0) { u->places = (uint32_t)places; return; }
    struct diag *d = diag(u->diags, E1001_CURRENCY, at, "there is no currency `%.*s`", STR_ARG(code));
    if (currency_near(code) != NULL) { diag_help(d, "did you mean `%s`?", currency_near(code)); }
    else { diag_help(d, "currencies go by the three letters of ISO 4217, such as `USD`, `EUR`, `JPY`"); }
    u->places = 2;
}

void currency_tail(struct unit *u, const struct node *n)
{
    if (n == NULL || n->kind != N_CURRENCYTAIL) { return; }
    if (n->op == OP_PLACES) {
        u->places = (uint32_t)n->number;
    } else {
        u->rounding = n->op == OP_DOWN ? 0 : n->op == OP_UP ? 1 : n->op == OP_HALF_EVEN ? 3 : 2;
    }
}

bool money_by_sign(struct unit *u, const struct node *e)
{
    struct str written = source_text(u->sources, e->span);
    if (written.n == 0 || (written.p[0] >= 'A' && written.p[0] <= 'Z')) { return false; }
    u->untold++;
    return true;
}

bool currency_check(struct unit *u, const struct node *e)
{
    struct str code = currency_of(e);
    if (money_by_sign(u, e)) { return false; }
    if (u->currency.n == 0) {
        size_t before = diags_errors(u->diags);
        currency_set(u, code, (struct span){ e->span.from, e->span.from + 3 });
        return diags_errors(u->diags) == before;
    }
    if (str_eq(code, u->currency)) { return true; }
    struct diag *d = diag(u->diags, E1001_CURRENCY, e->span, "this is in %.*s, and the agreement in %.*s", STR_ARG(code), STR_ARG(u->currency));
    if (currency_places(code) < 0 && currency_near(code) != NULL) { diag_help(d, "did you mean `%s`?", currency_near(code)); }
    else { diag_help(d, "an agreement has one currency: write the amount in it, or make an agreement of its own for the other"); }
    return false;
}

void currency_unsaid(struct unit *u)
{
    if (u->agreement == NULL || u->currency.n == 0 || u->money->charges.n == 0) { return; }
    for (uint32_t i = 0; i < u->agreement->n; i++) {
        const struct node *h = u->agreement->kid[i];
        if (h->kind != N_HEADER || h->op != OP_CURRENCY) { continue; }
        for (uint32_t k = 0; k < h->n; k++) {
            if (h->kid[k] != NULL && h->kid[k]->op != OP_PLACES) { return; }
        }
        struct diag *r = diag(u->diags, W1003_NO_CURRENCY, h->span, "the agreement does not say how amounts are rounded");
        diag_note(r, "half a unit of the last decimal is rounded up");
        diag_help(r, "write `currency %.*s, rounding half up`, or `half even`, `down`, `up`", STR_ARG(u->currency));
        return;
    }
    struct diag *d = diag(u->diags, W1003_NO_CURRENCY, span_is_none(u->agreement->name_span) ? u->agreement->span : u->agreement->name_span, "the agreement charges and does not say in which currency, nor how it is rounded");
    diag_note(d, "%.*s is taken from the first amount, and half a unit of its last decimal is rounded up", STR_ARG(u->currency));
    diag_help(d, "write `currency %.*s, rounding half up`, or `half even`, `down`, `up`", STR_ARG(u->currency));
}

struct str money_decimal(struct unit *u, const struct node *e)
{
    struct sb b = { .arena = u->arena };
    bool point = false;
    for (size_t i = 0; i < e->text.n; i++) {
        char c = e->text.p[i];
        if ((c >= '0' && c <= '9') || c == '.') { sb_char(&b, c); }
        point |= c == '.';
    }
    while (point && b.n > 0 && b.p[b.n - 1] == '0') { b.p[--b.n] = 0; }
    if (point && b.n > 0 && b.p[b.n - 1] == '.') { b.p[--b.n] = 0; }
    return b.n > 0 ? sb_str(&b) : STR("0");
}

uint32_t money_decimals(struct str decimal)
{
    for (size_t i = 0; i < decimal.n; i++) {
        if (decimal.p[i] == '.') { return (uint32_t)(decimal.n - i - 1); }
    }
    return 0;
}

/* Digits behind the point that a field or a constant in code can hold: three more than the minor unit has. */
#define FINER 3

bool money_read(struct unit *u, const struct node *e, int64_t *thousandths)
{
    if (!currency_check(u, e)) { return false; }
    struct str s = money_decimal(u, e);
    uint32_t decimals = money_decimals(s), room = u->places + FINER;
    if (decimals > room) {
        struct diag *d = diag(u->diags, E1002_FINE_AMOUNT, e->span, "this amount has more than %u decimals", room);
        diag_help(d, "what events carry and conditions compare has at most three decimals more than %.*s itself", STR_ARG(u->currency));
        return false;
    }
    int64_t v = 0;
    bool over = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '.') { over = over || ckd_mul(&v, v, 10) || ckd_add(&v, v, s.p[i] - '0'); }
    }
    for (uint32_t i = decimals; i < room; i++) { over = over || ckd_mul(&v, v, 10); }
    *thousandths = v;
    if (!over) { return true; }
    struct diag *d = diag(u->diags, E1002_FINE_AMOUNT, e->span, "this amount is too large to be compared");
    diag_help(d, "conditions compare amounts below nine thousand million million thousandths of the smallest coin");
    return false;
}

struct str money_plain(struct unit *u, int64_t thousandths)
{
    char digits[32];
    uint64_t v = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
    size_t n = 0, places = u->places + FINER, least = places + 1;
    while (v > 0 || n < least) { digits[n++] = (char)('0' + v % 10); v /= 10; }
    size_t cut = 0;
    while (cut < FINER && digits[cut] == '0') { cut++; }
    struct sb b = { .arena = u->arena };
    if (thousandths < 0) { sb_char(&b, '-'); }
    for (size_t i = n; i-- > cut;) {
        sb_char(&b, digits[i]);
        if (i == places && i > cut) { sb_char(&b, '.'); }
    }
    return sb_str(&b);
}

struct str money_words(struct unit *u, int64_t thousandths)
{
    struct str plain = money_plain(u, thousandths);
    return u->currency.n == 0 ? plain : str_printf(u->arena, "%.*s %.*s", STR_ARG(u->currency), STR_ARG(plain));
}
