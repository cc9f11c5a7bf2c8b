/* SPDX-License-Identifier: MIT */
/* Trees as text. */
#include "grammar/ast.h"
#include <string.h>

static const char *const kind_id[N_COUNT] = {
#define NODE(NAME, word, doc) #NAME,
#include "grammar/ast.def"
#undef NODE
};
enum { WIDTH = 110 };

static void lower(struct sb *out, const char *s)
{
    for (; *s != '\0'; s++) { sb_char(out, *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s == '_' ? '-' : *s); }
}
static void number(struct sb *out, const char *sign, int64_t v)
{
    sb_puts(out, sign);
    if (v == NONE) { sb_puts(out, "none"); } else { sb_i64(out, v); }
}

/* Where `number` is a second op: printed by name, so that a new op changes no expectation. */
static bool holds_op(const struct node *n)
{
    return n->kind == N_ROW || (n->kind == N_HEADER && n->op == OP_CURRENCY) || (n->kind == N_MSLOT && (n->op == OP_ROUND_EACH || n->op == OP_ROUND_PERIOD)) ||
           n->kind == N_RIGHT || n->kind == N_LIMITS || n->kind == N_DUTY || n->kind == N_ISLOT || n->kind == N_LINESUM || n->kind == N_FIGURES || n->kind == N_PERSTEP ||
           (n->kind == N_CSLOT && n->op == OP_ON_VERDICT);
}
/* The same of `number2`: periods, and the reason of a right. */
static bool holds_op2(const struct node *n)
{
    return n->kind == N_CSLOT || n->kind == N_QSLOT || n->kind == N_RAISED || n->kind == N_CAP || n->kind == N_FLOOR || n->kind == N_INVOICES || n->kind == N_DSLOT || n->kind == N_RIGHT;
}
static void head(struct sb *out, const struct node *n)
{
    sb_char(out, '(');
    lower(out, kind_id[n->kind]);
    if (n->op != OP_NONE_GIVEN) {
        sb_char(out, '.');
        lower(out, node_op_name[n->op]);
    }
    if (n->clause.n > 0) { sb_puts(out, " §"), sb_put(out, n->clause); }
    if (n->text.p != NULL) { sb_char(out, ' '), sb_json_string(out, n->text); }
    if (n->title.p != NULL) { sb_puts(out, " title:"), sb_json_string(out, n->title); }
    if (n->number != 0 && holds_op(n)) {
        sb_puts(out, " #");
        lower(out, node_op_name[n->number]);
    } else if (n->number != 0) {
        number(out, " #", n->number);
    }
    if (n->number2 != 0 && holds_op2(n)) {
        sb_puts(out, " ##");
        lower(out, node_op_name[n->number2]);
    } else if (n->number2 != 0) {
        number(out, " ##", n->number2);
    }
}
static bool flat(const struct node *n)
{
    return n->kind != N_FILE && n->kind != N_SECTION && n->kind != N_TABLE && n->kind != N_CLOCK && n->kind != N_CALENDAR && n->kind != N_AGREEMENT &&
           n->kind != N_EXAMPLE && n->kind != N_ADAPTER && n->kind != N_MEASURE && n->kind != N_CHARGE && n->kind != N_RIGHT;
}
/* On one line, or cut short when it grows beyond the width. */
static void inline_print(struct sb *out, const struct node *n, size_t start)
{
    if (n == NULL) { sb_char(out, '_'); return; }
    head(out, n);
    for (uint32_t i = 0; i < n->n && out->n - start <= WIDTH; i++) {
        sb_char(out, ' ');
        inline_print(out, n->kid[i], start);
    }
    sb_char(out, ')');
}
static void print(struct sb *out, const struct node *n, size_t indent)
{
    sb_fill(out, ' ', indent);
    if (n == NULL) { sb_puts(out, "_"); return; }
    size_t start = out->n;
    if (flat(n) || n->n == 0) {
        inline_print(out, n, start);
        if (out->n - start <= WIDTH) { return; }
        out->n = start;
        out->p[start] = '\0';
    }
    head(out, n);
    for (uint32_t i = 0; i < n->n; i++) {
        sb_char(out, '\n');
        print(out, n->kid[i], indent + 2);
    }
    sb_char(out, ')');
}

void ast_print(struct sb *out, const struct node *n)
{
    print(out, n, 0);
    sb_char(out, '\n');
}
