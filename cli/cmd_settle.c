/* SPDX-License-Identifier: MIT */
/* settle: what would be owed if a party left with a certain last day. */
#include "cli/money.h"
#include <string.h>

struct settling { const struct options *o; int32_t on; struct sb told; /* --explain: the lines of the account, step by step */ };

static bool ask(struct books *b, struct msa_options *ro)
{
    const struct settling *s = b->ctx;
    const char *by = s->o->value[OPT_BY], *reason = s->o->value[OPT_FOR];
    ro->settle = true;
    ro->settle_on = s->on;
    if (by && strcmp(by, "provider") != 0 && strcmp(by, "customer") != 0) {
        cli_error("--by is provider or customer");
        return false;
    }
    if (reason && strcmp(reason, "convenience") != 0 && strcmp(reason, "cause") != 0) {
        cli_error("--for is convenience or cause");
        return false;
    }
    ro->settle_by = !by ? MSA_BY_ANYONE : *by == 'p' ? MSA_BY_PROVIDER : MSA_BY_CUSTOMER;
    ro->settle_for = !reason ? MSA_FOR_ANY_REASON : strcmp(reason, "cause") == 0 ? MSA_FOR_CAUSE : MSA_FOR_CONVENIENCE;
    return true;
}

static void tell(void *ctx, struct books *b, const struct msa_result *r)
{
    struct settling *s = ctx;
    if (r->kind != MSA_LINE || !r->final || r->issued != s->on) { return; }
    sb_char(&s->told, '\n');
    explain_line(b, &s->told, r);
}

/* The results that the question brought about. */
struct found {
    const struct msa_result *refused, *notice, *cured, *invoice, *sum;
    VEC(const struct msa_result *) lines, rest, open;
};

static void look(struct books *b, int32_t on, struct found *f)
{
    for (size_t i = 0; i < b->all.n; i++) {
        const struct msa_result *r = &b->all.p[i];
        if (r->kind == MSA_REFUSED && str_is(r->standing, "settle")) { f->refused = r; }
        if (r->kind == MSA_RIGHT && str_is(r->standing, "notice") && r->last_day == on) { f->notice = r; }
        if (r->kind == MSA_RIGHT && f->notice && str_is(r->standing, "cured")) { f->cured = r; }
        if (r->kind == MSA_LINE && r->final && r->issued == on) { vec_push(&f->lines, &b->arena, r); }
        if (r->kind == MSA_INVOICE && r->final && r->issued == on) { f->invoice = r; }
        if (r->kind == MSA_INVOICE && !r->final && r->issued != on) { vec_push(&f->open, &b->arena, r); }
        if (r->kind != MSA_SETTLEMENT) { continue; }
        if (str_is(r->charge, "final account")) {
            f->sum = r;
        } else {
            vec_push(&f->rest, &b->arena, r);
        }
    }
}

static void who(struct books *b, struct sb *out, const struct found *f)
{
    struct msa_clause k = msa_module_clause(b->agreement.module, f->notice->clause);
    sb_puts(out, "  Under clause ");
    sb_visible(out, clause_text(b, f->notice));
    if (f->notice->title.n) {
        sb_puts(out, " \"");
        sb_visible(out, text_str(f->notice->title));
        sb_char(out, '"');
    }
    if (k.file.n) {
        sb_puts(out, " (");
        sb_visible(out, text_str(k.file));
        sb_printf(out, ":%u)", k.line);
    }
    sb_puts(out, ", as if notice had been given on ");
    when_day(out, f->notice->day);
    sb_puts(out, ".\n\n");
}

static void text(struct books *b, struct sb *out, const struct found *f, int32_t on)
{
    struct sb s = {0};
    rows all = {0};
    sb_printf(out, "%sFinal account as of ", b->colour ? "\033[1m" : "");
    when_day(out, on);
    sb_printf(out, "%s\n", b->colour ? "\033[0m" : "");
    who(b, out, f);
    int64_t left = f->sum->amount;
    for (size_t i = 0; i < f->lines.n; i++) {
        rows_line(b, &all, f->lines.p[i]);
        left -= f->lines.p[i]->amount;
    }
    for (size_t i = 0; i < f->open.n; i++) {
        const struct msa_result *v = f->open.p[i];
        sb_puts(&s, "Invoice ");
        sb_put(&s, text_str(v->invoice));
        sb_puts(&s, ", unpaid");
        rows_sum(b, &all, rows_text(b, &s).p, v->open, v->places);
        left -= v->open;
    }
    if (left) { rows_sum(b, &all, left < 0 ? "Paid and not used" : "What the last invoice gives back, set against the others", left, f->sum->places); }
    vec_push(&all, &b->arena, ((struct row){.note = true}));
    sb_puts(&s, f->sum->amount < 0 ? "Owed to the customer " : "Owed by the customer ");
    sb_put(&s, text_str(f->sum->currency));
    rows_sum(b, &all, rows_text(b, &s).p, f->sum->amount < 0 ? -f->sum->amount : f->sum->amount, f->sum->places);
    rows_print(b, out, &all);
    sb_free(&s);
}

static void item(struct books *b, struct sb *out, const struct msa_result *r)
{
    sb_char(out, '{');
    json_text_member(out, "clause", clause_text(b, r));
    json_text_member(out, "item", text_str(r->charge));
    json_amount_member(out, "amount", r->amount, r->places);
    sb_char(out, '}');
}

static void json(struct books *b, struct sb *out, const struct found *f, int32_t on)
{
    sb_char(out, '{');
    json_text_member(out, "agreement", text_str(msa_module_agreement(b->agreement.module)));
    json_day_member(out, "last_day", on);
    json_text_member(out, "clause", clause_text(b, f->notice));
    json_day_member(out, "notice", f->notice->day);
    json_text_member(out, "currency", text_str(f->sum->currency));
    sb_puts(out, ",\"items\":[");
    for (size_t i = 0; i < f->rest.n; i++) {
        if (i) { sb_char(out, ','); }
        item(b, out, f->rest.p[i]);
    }
    sb_char(out, ']');
    json_amount_member(out, "final_account", f->sum->amount, f->sum->places);
    json_text_member(out, "standing", text_str(f->sum->standing));
    sb_puts(out, "}\n");
}

static void refused_json(struct books *b, struct sb *out, const struct msa_result *r)
{
    sb_char(out, '{');
    json_text_member(out, "agreement", text_str(msa_module_agreement(b->agreement.module)));
    json_text_member(out, "refused", text_str(r->reason));
    json_text_member(out, "clause", clause_text(b, r));
    json_day_member(out, "first_possible", r->last_day);
    sb_puts(out, "}\n");
}

static int refused(struct books *b, const struct msa_result *r, bool as_json)
{
    struct sb s = {0};
    int status = EXIT_NO;
    if (as_json) {
        refused_json(b, &s, r);
        int written = cli_print(sb_str(&s));
        if (written) { status = written; }
    } else if (r->clause) {
        sb_visible(&s, clause_text(b, r));
        cli_error("not on that day: clause %s: %.*s", s.p, (int)r->reason.n, r->reason.p);
    } else {
        cli_error("not on that day: %.*s", (int)r->reason.n, r->reason.p);
    }
    sb_free(&s);
    return status;
}

static int settle(struct books *b, int32_t on, bool as_json)
{
    struct found f = {0};
    struct sb out = {0};
    look(b, on, &f);
    if (f.refused) { return refused(b, f.refused, as_json); }
    if (!f.notice && b->as_of != MSA_NONE) {
        cli_error("the agreement has no fees, so there is nothing to settle");
        return EXIT_BAD_DATA;
    }
    if (!f.notice) {
        cli_error("as of when? The events say nothing: give --as-of, the day on which notice would be given");
        return EXIT_BAD_DATA;
    }
    if (f.cured || !f.sum) {
        cli_error(f.cured ? "it would not end: what the clause asks for is cured by then" : "there is nothing to settle: nothing was ever billed");
        return EXIT_NO;
    }
    const struct settling *s = b->ctx;
    if (as_json) {
        json(b, &out, &f, on);
    } else {
        text(b, &out, &f, on);
        sb_put(&out, sb_str(&s->told));
    }
    int status = cli_print(sb_str(&out));
    sb_free(&out);
    return status;
}

int cmd_settle(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT], *on = o->value[OPT_ON], *why;
    struct settling s = {.o = o};
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        cli_error("--format of settle is text or json");
        return EXIT_BAD_USAGE;
    }
    if (!on) {
        cli_error("with which last day? msa settle %s EVENTS --on 2026-12-31", o->args[0]);
        return EXIT_BAD_USAGE;
    }
    if ((why = read_day(on, &s.on))) {
        cli_error("--on %s: %s", on, why);
        return EXIT_BAD_USAGE;
    }
    if (o->value[OPT_STEPS] && format && strcmp(format, "json") == 0) {
        cli_error("--explain is in sentences: leave out --format json");
        return EXIT_BAD_USAGE;
    }
    struct books b = {.ctx = &s, .seen = o->value[OPT_STEPS] ? tell : NULL};
    int status = books_open(&b, o, ask);
    if (!status) { status = settle(&b, s.on, format && strcmp(format, "json") == 0); }
    if (!status) { status = books_status(&b); }
    sb_free(&s.told);
    books_close(&b);
    return status;
}
