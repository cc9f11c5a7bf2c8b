/* SPDX-License-Identifier: MIT */
/* explain --line, --charge, --invoice: how each line of an invoice came about, down to the smallest coin. */
#include "cli/explain.h"
#include "cli/money.h"
#include <string.h>

struct explaining {
    struct str line, charge, period, invoice; /* what was asked for; empty: anything */
    bool json;
    struct sb out, step;         /* step: those of the line being told */
    size_t n, lines;
    VEC(const char *) known;     /* what there is instead: ids, charges, periods of the charge, invoices; each once */
    bool of_charge;              /* the charge has lines, of other periods */
};

static bool is(struct msa_text t, const char *word) { return str_eq(text_str(t), str_of(word)); }

static void place(struct sb *b, const struct msa_place *p)
{
    sb_visible(b, text_str(p->file));
    sb_printf(b, ":%u", p->line);
}

static int step(void *ctx, const struct msa_money_step *s)
{
    struct explaining *x = ctx;
    struct sb *b = &x->step;
    if (x->json) {
        sb_puts(b, x->n++ ? ",{" : "{");
        sb_printf(b, "\"depth\":%u", s->depth);
        json_text_member(b, "text", text_str(s->text));
        json_text_member(b, "value", text_str(s->value));
        if (s->place.line) {
            struct sb at = {0};
            place(&at, &s->place);
            json_text_member(b, "source", sb_str(&at));
            sb_free(&at);
        }
        sb_char(b, '}');
        return 0;
    }
    sb_fill(b, ' ', 4 + 2 * s->depth);
    sb_visible(b, text_str(s->text));
    if (s->value.n) {
        sb_puts(b, ": ");
        sb_visible(b, text_str(s->value));
    }
    if (s->place.line) {
        sb_puts(b, " (");
        place(b, &s->place);
        sb_char(b, ')');
    }
    sb_char(b, '\n');
    x->n++;
    return 0;
}

static void heading(struct explaining *x, struct books *books, const struct msa_result *r)
{
    struct sb *b = &x->out;
    struct msa_clause k = msa_module_clause(books->agreement.module, r->clause);
    struct sb title = {0};
    if (x->lines) { sb_char(b, '\n'); }
    line_title(books, &title, r);
    if (books->colour) { sb_puts(b, "\033[1m"); }
    sb_visible(b, sb_str(&title));
    sb_printf(b, ": %.*s ", (int)r->currency.n, r->currency.p);
    amount_grouped(b, r->amount, r->places);
    if (books->colour) { sb_puts(b, "\033[0m"); }
    sb_free(&title);
    sb_puts(b, "\n  ");
    if (r->clause) {
        sb_puts(b, k.number.n ? "Clause " : "");
        sb_visible(b, clause_text(books, r));
        if (k.file.n) {
            sb_puts(b, " (");
            sb_visible(b, text_str(k.file));
            sb_printf(b, ":%u)", k.line);
        }
        sb_puts(b, ", ");
    }
    sb_puts(b, r->final ? "on invoice " : "not billed yet");
    if (r->final) { sb_visible(b, text_str(r->invoice)); }
    sb_puts(b, ". Line ");
    sb_visible(b, text_str(r->id));
    sb_puts(b, ".\n");
    if (r->line && r->file.n) {
        sb_puts(b, is(r->line_kind, "correction") ? "  Because of " : "  For ");
        sb_visible(b, r->cause.n ? text_str(r->cause) : STR("the event"));
        sb_puts(b, " at ");
        origin_text(b, r);
        sb_puts(b, ".\n");
    }
}

void explain_line(struct books *b, struct sb *out, const struct msa_result *r)
{
    struct explaining x = {.lines = 1};
    (void)msa_explain_money(b->run, r, step, &x);
    heading(&x, b, r);
    sb_put(out, sb_str(&x.out));
    sb_put(out, sb_str(&x.step));
    sb_free(&x.out);
    sb_free(&x.step);
}

static void tell_json(struct explaining *x, struct books *books, const struct msa_result *r)
{
    sb_put(&x->out, STR("{\"result\":"));
    result_json(&books->fields, &x->out, r);
    sb_puts(&x->out, ",\"steps\":[");
    sb_put(&x->out, sb_str(&x->step));
    sb_puts(&x->out, "]}\n");
}

static bool wanted(const struct explaining *x, const struct msa_result *r)
{
    if (x->line.n) { return str_eq(text_str(r->id), x->line); }
    if (x->invoice.n) { return r->final ? str_eq(text_str(r->invoice), x->invoice) : str_eq(x->invoice, STR("next")); }
    return str_eq(text_str(r->charge), x->charge) && (!x->period.n || str_eq(text_str(r->period), x->period));
}

static void know(struct explaining *x, struct books *books, struct msa_text t)
{
    for (size_t i = 0; i < x->known.n; i++) {
        if (str_eq(str_of(x->known.p[i]), text_str(t))) { return; }
    }
    vec_push(&x->known, &books->arena, str_c(&books->arena, text_str(t)));
}

static void seen(void *ctx, struct books *books, const struct msa_result *r)
{
    struct explaining *x = ctx;
    if (r->kind != MSA_LINE) { return; }
    if (str_eq(text_str(r->charge), x->charge) && x->period.n) {
        if (!x->of_charge) { vec_clear(&x->known); }
        x->of_charge = true;
    }
    if (x->line.n || x->invoice.n || !x->charge.n) {
        know(x, books, x->line.n ? r->id : r->final ? r->invoice : str_text(STR("next")));
    } else if (!x->of_charge) {
        know(x, books, r->charge);
    } else if (str_eq(text_str(r->charge), x->charge)) {
        know(x, books, r->period);
    }
    if (!wanted(x, r)) { return; }
    sb_clear(&x->step);
    x->n = 0;
    (void)msa_explain_money(books->run, r, step, x);
    if (x->json) {
        tell_json(x, books, r);
    } else {
        heading(x, books, r);
        sb_put(&x->out, sb_str(&x->step));
        if (r->note.n) {
            sb_puts(&x->out, "  ");
            sb_visible(&x->out, text_str(r->note));
            sb_puts(&x->out, ".\n");
        }
    }
    x->lines++;
}

/* No line: how that came about, where the charge has such a period. */
static int without_line(struct explaining *x, struct books *books, bool *found)
{
    struct msa_fault fault;
    sb_clear(&x->step);
    x->n = 0;
    if (msa_explain_charge(books->run, str_text(x->charge), str_text(x->period), step, x, found, &fault) != MSA_OK) {
        cli_error("%s", fault.text);
        return EXIT_BAD_DATA;
    }
    if (!*found) { return 0; }
    if (x->json) {
        sb_char(&x->out, '{');
        sb_puts(&x->out, "\"charge\":");
        sb_json_string(&x->out, x->charge);
        json_text_member(&x->out, "period", x->period);
        sb_puts(&x->out, ",\"steps\":[");
        sb_put(&x->out, sb_str(&x->step));
        sb_puts(&x->out, "]}\n");
    } else {
        sb_printf(&x->out, "There is no line of %.*s for %.*s: with what is known it comes to nothing.\n", STR_ARG(x->charge), STR_ARG(x->period));
        sb_put(&x->out, sb_str(&x->step));
    }
    return 0;
}

static int nothing(const struct explaining *x)
{
    enum { SHOWN = 12 };
    struct sb all = {0}, asked = {0};
    if (x->line.n) {
        sb_printf(&asked, "there is no line %.*s", STR_ARG(x->line));
    } else if (x->invoice.n) {
        sb_printf(&asked, "there is no invoice %.*s", STR_ARG(x->invoice));
    } else if (x->of_charge) {
        sb_printf(&asked, "`%.*s` has no line for %.*s", STR_ARG(x->charge), STR_ARG(x->period));
    } else {
        sb_printf(&asked, "nothing was charged under the name `%.*s`", STR_ARG(x->charge));
    }
    const char *word = x->line.n ? x->line.p : x->invoice.n ? x->invoice.p : x->of_charge ? x->period.p : x->charge.p;
    const char *near = nearest_word(word, x->known.p, x->known.n);
    for (size_t i = 0; i < x->known.n && i < SHOWN; i++) { sb_printf(&all, "%s%s", i ? ", " : "", x->known.p[i]); }
    if (!x->known.n) {
        cli_error("%s: the agreement has charged nothing yet", asked.p);
    } else if (near) {
        cli_error("%s; did you mean %s?", asked.p, near);
    } else {
        cli_error("%s; there %s %s%s", asked.p, x->known.n > 1 ? "are" : "is", all.p, x->known.n > SHOWN ? ", …" : "");
    }
    sb_free(&all);
    sb_free(&asked);
    return EXIT_BAD_DATA;
}

/* Names one thing, and nothing that belongs to explanations of clocks. */
static bool asked_well(const struct options *o)
{
    static const enum option others[] = {OPT_KEY, OPT_TICKET, OPT_CLOCK, OPT_MEASURE};
    if (!!o->value[OPT_LINE] + !!o->value[OPT_CHARGE] + !!o->value[OPT_INVOICE] > 1) {
        cli_error("--line, --charge and --invoice each say which lines to explain: give one of them");
        return false;
    }
    for (size_t i = 0; i < countof(others); i++) {
        if (o->value[others[i]]) {
            cli_error("--%s explains something else than lines of invoices: ask for one after the other", option_info[others[i]].word);
            return false;
        }
    }
    if (o->value[OPT_PERIOD] && !o->value[OPT_CHARGE]) {
        cli_error("--period belongs to --charge: msa explain %s EVENTS --charge NAME --period 2026-03", o->args[0]);
        return false;
    }
    return true;
}

int explain_money(const struct options *o)
{
    struct explaining x = {.line = str_of(o->value[OPT_LINE]), .charge = str_of(o->value[OPT_CHARGE]), .period = str_of(o->value[OPT_PERIOD]), .invoice = str_of(o->value[OPT_INVOICE])};
    if (!explain_format(o, &x.json) || !asked_well(o)) { return EXIT_BAD_USAGE; }
    struct books b = {.seen = seen, .ctx = &x};
    int status = books_open(&b, o, NULL);
    bool found = false;
    if (!status && !x.lines && x.charge.n && x.period.n) { status = without_line(&x, &b, &found); }
    if (!status && !x.lines && !found) {
        status = nothing(&x);
    }
    if (!status) { status = cli_print(sb_str(&x.out)); }
    if (!status) { status = books_status(&b); }
    sb_free(&x.out);
    sb_free(&x.step);
    books_close(&b);
    return status;
}
