/* SPDX-License-Identifier: MIT */
/* invoice: an invoice as people recognise it, and in the layouts of programs for bookkeeping. */
#include "cli/money.h"
#include "base/utf8.h"
#include <string.h>

/* ---- what belongs together ---- */



static struct bill *bill_named(struct books *b, bills *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->p[i].name, name)) { return &all->p[i]; }
    }
    vec_push(all, &b->arena, ((struct bill){.name = name, .number = name}));
    return &vec_last(all);
}

static void add_line(struct books *b, struct bill *v, const struct msa_result *r)
{
    const char *what = line_category(b, r);
    vec_push(&v->lines, &b->arena, r);
    if (strcmp(what, "tax") == 0) {
        v->tax += r->amount;
    } else if (strcmp(what, "interest") == 0) {
        v->interest += r->amount;
    } else if (strcmp(what, "credit") == 0 || strcmp(what, "carried") == 0) {
        v->credits += r->amount;
    } else {
        v->subtotal += r->amount;
    }
    v->total += r->amount;
    v->places = r->places;
    v->currency = text_str(r->currency);
}

void bills_of(struct books *b, bills *out)
{
    struct bill next = {.name = STR("next"), .number = STR("")};
    for (size_t i = 0; i < b->all.n; i++) {
        const struct msa_result *r = &b->all.p[i];
        if (r->kind == MSA_LINE && !r->final) { add_line(b, &next, r); }
        if (r->kind == MSA_LINE && r->final) { add_line(b, bill_named(b, out, text_str(r->invoice)), r); }
        if (r->kind == MSA_INVOICE) {
            struct bill *v = bill_named(b, out, text_str(r->invoice));
            v->open = r->open < 0 ? 0 : r->open; /* what the customer has too much is set against others */
            v->total = r->total;
            v->places = r->places;
            v->currency = text_str(r->currency);
            if (!v->invoice) { v->invoice = r; }
        }
        if (r->kind == MSA_PAYMENT && r->invoice.n) {
            struct bill *v = bill_named(b, out, text_str(r->invoice));
            vec_push(&v->payments, &b->arena, r);
            v->paid += r->amount;
            v->open = r->open;
        }
        if (r->kind == MSA_ACCOUNT && r->invoice.n) { vec_push(&bill_named(b, out, text_str(r->invoice))->accounts, &b->arena, r); }
        if (r->kind == MSA_STATE && str_is(r->standing, "overdue")) { bill_named(b, out, text_str(r->invoice))->overdue = true; }
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) { /* without an invoice of its own a name comes from nowhere */
        if (out->p[i].invoice) { out->p[kept++] = out->p[i]; }
    }
    out->n = kept;
    next.open = next.total;
    if (next.lines.n) { vec_push(out, &b->arena, next); }
}

/* ---- for people ---- */

static bool below(const char *category) { return strcmp(category, "tax") == 0 || strcmp(category, "interest") == 0; }

/* By section, in the order in which the sections come first. */
static void section_rows(struct books *b, rows *out, const struct bill *v)
{
    bool *done = ARENA_ARRAY(&b->arena, bool, v->lines.n + 1);
    for (size_t i = 0; i < v->lines.n; i++) {
        if (done[i] || below(line_category(b, v->lines.p[i]))) { continue; }
        struct str section = line_section(b, v->lines.p[i]);
        if (section.n) { vec_push(out, &b->arena, ((struct row){.cell = {section}, .heading = true})); }
        for (size_t k = i; k < v->lines.n; k++) {
            if (done[k] || below(line_category(b, v->lines.p[k])) || !str_eq(line_section(b, v->lines.p[k]), section)) { continue; }
            done[k] = true;
            rows_line(b, out, v->lines.p[k]);
        }
    }
}

static void sum_rows(struct books *b, rows *out, const struct bill *v)
{
    struct sb s = {0};
    vec_push(out, &b->arena, ((struct row){.note = true}));
    if (v->credits || v->tax || v->interest) { rows_sum(b, out, "Subtotal", v->subtotal, v->places); }
    if (v->credits) { rows_sum(b, out, "Credits", v->credits, v->places); }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < v->lines.n; i++) {
            if (strcmp(line_category(b, v->lines.p[i]), pass ? "interest" : "tax") == 0) { rows_line(b, out, v->lines.p[i]); }
        }
    }
    sb_put(&s, STR("Total "));
    sb_put(&s, v->currency);
    rows_sum(b, out, rows_text(b, &s).p, v->total, v->places);
    if (!v->invoice) {
        sb_free(&s);
        return;
    }
    for (size_t i = 0; i < v->payments.n; i++) {
        const struct msa_result *p = v->payments.p[i];
        sb_puts(&s, "Paid ");
        day_plain(&s, p->day);
        if (p->line && p->file.n) {
            sb_puts(&s, " (");
            origin_text(&s, p);
            sb_char(&s, ')');
        }
        rows_sum(b, out, rows_text(b, &s).p, -p->amount, v->places);
    }
    if (v->total < 0) {
        rows_sum(b, out, "In the customer's favour, set against other invoices", -v->total, v->places);
    } else {
        rows_sum(b, out, v->open && v->overdue ? "Open, overdue" : "Open", v->open, v->places);
    }
    sb_free(&s);
}

static void day_words(struct sb *out, const char *before, int32_t day)
{
    if (day == INT32_MIN || day == INT32_MAX) { return; }
    sb_puts(out, before);
    when_day(out, day);
}

static void invoice_text(struct books *b, struct sb *out, const struct bill *v)
{
    struct msa_text provider, customer;
    rows all = {0};
    msa_module_parties(b->agreement.module, &provider, &customer);
    const char *on = b->colour ? "\033[1m" : "", *off = b->colour ? "\033[0m" : "";
    if (v->invoice) {
        sb_printf(out, "%sInvoice ", on);
        sb_visible(out, v->number);
        sb_printf(out, "%s\n", off);
    } else {
        sb_printf(out, "%sNot billed yet%s\n", on, off);
    }
    sb_puts(out, "  from ");
    sb_visible(out, text_str(provider));
    sb_puts(out, "\n  to   ");
    sb_visible(out, text_str(customer));
    sb_puts(out, "\n  by   \"");
    sb_visible(out, text_str(msa_module_agreement(b->agreement.module)));
    sb_puts(out, "\"\n");
    if (v->invoice) {
        day_words(out, "  Issued on ", v->invoice->issued);
        day_words(out, ", due on ", v->invoice->payable);
        sb_char(out, '\n');
    }
    section_rows(b, &all, v);
    sum_rows(b, &all, v);
    if (v->accounts.n) { vec_push(&all, &b->arena, ((struct row){.note = true})); }
    for (size_t i = 0; i < v->accounts.n; i++) { rows_account(b, &all, v->accounts.p[i]); }
    rows_print(b, out, &all);
}

/* ---- for programs ---- */

static void line_json(struct books *b, struct sb *out, const struct msa_result *r)
{
    struct sb s = {0};
    sb_char(out, '{');
    json_text_member(out, "line", text_str(r->line_kind));
    json_text_member(out, "category", str_of(line_category(b, r)));
    json_text_member(out, "clause", clause_text(b, r));
    json_text_member(out, "section", line_section(b, r));
    json_text_member(out, "charge", text_str(r->charge));
    line_title(b, &s, r);
    json_text_member(out, "description", sb_str(&s));
    json_text_member(out, "entity", text_str(r->entity));
    json_text_member(out, "key", text_str(r->key));
    json_text_member(out, "period", text_str(r->period));
    json_day_member(out, "from", r->day_from);
    json_day_member(out, "to", r->day_to);
    json_text_member(out, "quantity", text_str(r->quantity));
    if (r->quantity.n) { json_text_member(out, "unit", text_str(r->unit)); }
    json_text_member(out, "price", text_str(r->price));
    json_amount_member(out, "amount", r->amount, r->places);
    json_text_member(out, "note", text_str(r->note));
    sb_clear(&s);
    if (origin_text(&s, r)) { json_text_member(out, "input", sb_str(&s)); }
    json_text_member(out, "id", text_str(r->id));
    sb_char(out, '}');
    sb_free(&s);
}

static void invoice_json(struct books *b, struct sb *out, const struct bill *v)
{
    struct msa_text provider, customer;
    struct sb s = {0};
    msa_module_parties(b->agreement.module, &provider, &customer);
    sb_char(out, '{');
    json_text_member(out, "invoice", v->invoice ? v->number : STR("next"));
    json_text_member(out, "agreement", text_str(msa_module_agreement(b->agreement.module)));
    json_text_member(out, "provider", text_str(provider));
    json_text_member(out, "customer", text_str(customer));
    if (v->invoice) {
        json_day_member(out, "issued", v->invoice->issued);
        json_day_member(out, "due", v->invoice->payable);
    }
    json_text_member(out, "currency", v->currency);
    sb_puts(out, ",\"lines\":[");
    for (size_t i = 0; i < v->lines.n; i++) {
        if (i) { sb_char(out, ','); }
        line_json(b, out, v->lines.p[i]);
    }
    sb_char(out, ']');
    json_amount_member(out, "subtotal", v->subtotal, v->places);
    json_amount_member(out, "credits", v->credits, v->places);
    json_amount_member(out, "tax", v->tax, v->places);
    json_amount_member(out, "interest", v->interest, v->places);
    json_amount_member(out, "total", v->total, v->places);
    if (v->invoice) {
        sb_puts(out, ",\"payments\":[");
        for (size_t i = 0; i < v->payments.n; i++) {
            sb_puts(out, i ? ",{" : "{");
            json_day_member(out, "day", v->payments.p[i]->day);
            json_amount_member(out, "amount", v->payments.p[i]->amount, v->places);
            sb_clear(&s);
            if (origin_text(&s, v->payments.p[i])) { json_text_member(out, "input", sb_str(&s)); }
            sb_char(out, '}');
        }
        sb_char(out, ']');
        json_amount_member(out, "open", v->open, v->places);
        if (v->overdue && v->open) { sb_puts(out, ",\"overdue\":true"); }
    }
    sb_puts(out, "}\n");
    sb_free(&s);
}

/* ---- which ones ---- */

static void list_row(struct books *b, rows *out, const struct bill *v)
{
    struct sb s = {0};
    struct row row = {.cell = {[0] = v->invoice ? v->number : STR("next")}};
    if (v->invoice) {
        day_plain(&s, v->invoice->issued);
        if (v->invoice->payable != INT32_MIN) {
            sb_puts(&s, ", due ");
            day_plain(&s, v->invoice->payable);
        }
        row.cell[1] = rows_text(b, &s);
    } else {
        row.cell[1] = STR("not billed yet");
    }
    sb_put(&s, v->currency);
    sb_char(&s, ' ');
    amount_grouped(&s, v->total, v->places);
    row.cell[2] = rows_text(b, &s);
    if (v->invoice && v->open) {
        amount_grouped(&s, v->open, v->places);
        sb_puts(&s, v->overdue ? " open, overdue" : " open");
        row.cell[3] = rows_text(b, &s);
    }
    vec_push(out, &b->arena, row);
    sb_free(&s);
}

static int no_such(struct books *b, const bills *all, const char *period)
{
    struct sb s = {0};
    const char **words = ARENA_ARRAY(&b->arena, const char *, all->n + 1);
    for (size_t i = 0; i < all->n; i++) {
        if (i) { sb_puts(&s, ", "); }
        sb_put(&s, all->p[i].name);
        words[i] = str_c(&b->arena, all->p[i].name);
    }
    const char *near = nearest_word(period, words, all->n);
    if (near) {
        cli_error("there is no invoice %s; did you mean %s? There are %s", period, near, s.p);
    } else if (all->n) {
        cli_error("there is no invoice %s; there are %s", period, s.p);
    }
    sb_free(&s);
    return EXIT_BAD_DATA;
}

static bool has_money(const struct books *b)
{
    for (size_t i = 0; i < msa_module_clauses(b->agreement.module); i++) {
        struct str w = text_str(msa_module_clause(b->agreement.module, (uint32_t)i).word);
        if (str_eq(w, STR("fee")) || str_eq(w, STR("credit")) || str_eq(w, STR("invoices"))) { return true; }
    }
    return false;
}

enum how { AS_TEXT, AS_JSON, AS_CSV, AS_XERO, AS_QUICKBOOKS, HOW_COUNT };
static const char *const how_name[HOW_COUNT] = {"text", "json", "csv", "xero", "quickbooks"};

static void print_one(struct books *b, struct sb *out, const struct bill *v, enum how how, const struct invoice_codes *codes)
{
    switch (how) {
    case AS_TEXT:
        if (out->n) { sb_char(out, '\n'); }
        invoice_text(b, out, v);
        break;
    case AS_JSON: invoice_json(b, out, v); break;
    case AS_CSV: invoice_csv(b, out, v, LAYOUT_CSV, codes); break;
    case AS_XERO: invoice_csv(b, out, v, LAYOUT_XERO, codes); break;
    case AS_QUICKBOOKS: invoice_csv(b, out, v, LAYOUT_QUICKBOOKS, codes); break;
    case HOW_COUNT: break;
    }
}

static int print_bills(struct books *b, const struct options *o, enum how how)
{
    const char *period = o->value[OPT_PERIOD];
    struct msa_text provider, customer;
    struct sb out = {0};
    bills all = {0};
    msa_module_parties(b->agreement.module, &provider, &customer);
    struct invoice_codes codes = {.customer = o->value[OPT_CONTACT] ? str_of(o->value[OPT_CONTACT]) : text_str(customer), .account = str_of(o->value[OPT_ACCOUNT]),
                                  .tax_type = str_of(o->value[OPT_TAX_TYPE]), .item = str_of(o->value[OPT_ITEM])};
    bills_of(b, &all);
    if (!all.n) {
        cli_error(has_money(b) ? "no invoice was issued, and nothing is to be billed" : "the agreement has no fees, so there are no invoices");
        return EXIT_BAD_DATA;
    }
    if (how == AS_CSV) { invoice_csv_heading(&out, LAYOUT_CSV); }
    if (how == AS_XERO) { invoice_csv_heading(&out, LAYOUT_XERO); }
    if (how == AS_QUICKBOOKS) { invoice_csv_heading(&out, LAYOUT_QUICKBOOKS); }
    size_t printed = 0;
    rows list = {0};
    bool ledger = how == AS_XERO || how == AS_QUICKBOOKS; /* what is not billed has no place in the books of others */
    for (size_t i = 0; i < all.n; i++) {
        if (period && !str_eq(all.p[i].name, str_of(period))) { continue; }
        if (!period && !o->value[OPT_ALL] && how == AS_TEXT) {
            list_row(b, &list, &all.p[i]);
        } else if (all.p[i].invoice || !ledger) {
            print_one(b, &out, &all.p[i], how, &codes);
        }
        printed++;
    }
    int status = EXIT_FINE;
    if (period && !printed) {
        status = no_such(b, &all, period);
    } else {
        if (list.n) { rows_print(b, &out, &list); }
        status = cli_print(sb_str(&out));
    }
    sb_free(&out);
    return status;
}

int cmd_invoice(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT];
    enum how how = AS_TEXT;
    struct books b = {0};
    for (; format && how < HOW_COUNT && strcmp(format, how_name[how]) != 0; how++) {}
    if (how == HOW_COUNT) {
        const char *near = nearest_word(format, how_name, HOW_COUNT);
        cli_error("--format of invoice is text, json, csv, xero or quickbooks%s%s%s", near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        return EXIT_BAD_USAGE;
    }
    if (o->value[OPT_PERIOD] && o->value[OPT_ALL]) {
        cli_error("--period names one invoice and --all takes every one: which?");
        return EXIT_BAD_USAGE;
    }
    int status = books_open(&b, o, NULL);
    if (!status) { status = print_bills(&b, o, how); }
    if (!status) { status = books_status(&b); }
    books_close(&b);
    return status;
}
