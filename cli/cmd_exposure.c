/* SPDX-License-Identifier: MIT */
/* exposure: the worst case of an agreement, in words and numbers. */
#include "cli/money.h"
#include "base/exact.h"
#include <string.h>

/* The sum of one period. What one clause limits together counts once. */
struct total { struct str period; int64_t most, capped; uint32_t n, capped_by; bool unbounded; struct str currency; unsigned places; };
struct exposing {
    struct agreement a;
    struct field_context fields;
    struct arena arena;
    struct sb out;
    VEC(struct msa_bound) bounds;
    enum msa_exposed_what what;  /* of the heading last written */
    enum msa_party party;
    bool json, any, colour;
    VEC(struct total) totals;    /* of the heading last written */
};

/* A number or a percentage, or nothing. */
static bool is_end(struct str s)
{
    mpq_t q;
    s = str_trim(s);
    if (!s.n) { return true; }
    if (s.p[s.n - 1] == '%') { s = str_trim(str_slice(s, 0, s.n - 1)); }
    mpq_init(q);
    bool ok = s.n && exact_read(q, s);
    mpq_clear(q);
    return ok;
}

/* Both ends are given and the wrong way round. */
static bool backwards(struct str from, struct str to)
{
    mpq_t a, b;
    from = str_trim(from);
    to = str_trim(to);
    if (!from.n || !to.n) { return false; }
    if (from.p[from.n - 1] == '%') { from.n--; }
    if (to.p[to.n - 1] == '%') { to.n--; }
    mpq_inits(a, b, NULL);
    bool yes = exact_read(a, str_trim(from)) && exact_read(b, str_trim(to)) && mpq_cmp(a, b) > 0;
    mpq_clears(a, b, NULL);
    return yes;
}

static bool known(struct exposing *x, struct str name)
{
    enum { SHOWN = 64 };
    const char *words[SHOWN];
    size_t n = 0;
    struct msa_text t;
    for (size_t i = 0; msa_exposure_reads(x->a.module, i, &t); i++) {
        if (str_eq(text_str(t), name)) { return true; }
        if (n < SHOWN) { words[n++] = str_c(&x->arena, text_str(t)); }
    }
    const char *given = str_c(&x->arena, name), *near = nearest_word(given, words, n);
    if (near) {
        cli_error("--with: no formula reads `%s`; did you mean `%s`?", given, near);
    } else {
        cli_error("--with: no formula reads `%s`; it takes the names of quantities, measures, series, events and their values", given);
    }
    return false;
}

/* False: a message has been printed. */
static bool read_bounds(struct exposing *x, const char *list)
{
    struct str rest = str_of(list);
    while (rest.n) {
        struct str one = str_trim(str_cut(rest, ',', &rest)), ends, name = str_trim(str_cut(one, '=', &ends));
        size_t dots = 0;
        while (dots + 1 < ends.n && memcmp(ends.p + dots, "..", 2) != 0) { dots++; }
        bool range = dots + 1 < ends.n;
        struct str from = range ? str_slice(ends, 0, dots) : ends, to = range ? str_slice(ends, dots + 2, ends.n) : ends;
        if (!name.n || !str_trim(ends).n || !is_end(from) || !is_end(to)) {
            cli_error("--with %.*s: it is written `seats=20..60`, `seats=..60` or `uptime=97%%..100%%`; several with commas", STR_ARG(one));
            return false;
        }
        if (backwards(from, to)) {
            cli_error("--with %.*s: the lower end comes first", STR_ARG(one));
            return false;
        }
        if (!known(x, name)) { return false; }
        vec_push(&x->bounds, &x->arena, ((struct msa_bound){str_text(name), str_text(from), str_text(to)}));
    }
    return true;
}

static const char *const what_name[] = {"fee", "discount", "tax", "interest", "credit", "liability"};

static struct str clause_of(struct exposing *x, uint32_t clause) { return clause && clause < x->fields.n_clauses ? x->fields.clause[clause].clause : STR(""); }

static void json(struct exposing *x, const struct msa_exposed *e)
{
    struct sb *b = &x->out;
    sb_char(b, '{');
    json_text_member(b, "what", str_of(what_name[e->what]));
    json_text_member(b, "party", e->party == MSA_BY_PROVIDER ? STR("provider") : STR("customer"));
    json_text_member(b, "clause", clause_of(x, e->clause));
    if (e->clause && e->clause < x->fields.n_clauses) { json_text_member(b, "source", x->fields.clause[e->clause].source); }
    json_text_member(b, e->what == MSA_EXPOSED_LIABILITY ? "incident" : "name", text_str(e->name));
    json_text_member(b, "title", text_str(e->title));
    json_text_member(b, "period", text_str(e->period));
    json_text_member(b, "formula", text_str(e->formula));
    json_amount_member(b, "most", e->most, e->places);
    json_text_member(b, "currency", text_str(e->currency));
    json_text_member(b, "capped_by", clause_of(x, e->capped_by));
    if (e->unbounded) {
        sb_puts(b, ",\"unbounded\":true");
        json_text_member(b, "because", text_str(e->why));
    }
    sb_puts(b, "}\n");
}

static void heading(struct exposing *x, const struct msa_exposed *e)
{
    static const char *const head[] = {"Fees, owed by the customer", "Discounts, taken off by the provider", "Taxes, owed by the customer", "Interest, owed by the customer", "Credits, owed by the provider"};
    if (x->any && x->what == e->what && x->party == e->party) { return; }
    sb_printf(&x->out, "%s%s", x->any ? "\n" : "", x->colour ? "\033[1m" : "");
    sb_puts(&x->out, e->what < MSA_EXPOSED_LIABILITY ? head[e->what] : e->party == MSA_BY_PROVIDER ? "Liability of the provider" : "Liability of the customer");
    sb_printf(&x->out, "%s\n", x->colour ? "\033[0m" : "");
    x->what = e->what;
    x->party = e->party;
}

static void text(struct exposing *x, const struct msa_exposed *e)
{
    struct sb *b = &x->out;
    heading(x, e);
    sb_puts(b, "  ");
    if (e->clause) {
        sb_visible(b, clause_of(x, e->clause));
        sb_char(b, ' ');
    }
    if (e->what == MSA_EXPOSED_LIABILITY) {
        sb_puts(b, e->name.n ? "for " : "in general");
    }
    sb_visible(b, text_str(e->title.n ? e->title : e->name));
    sb_puts(b, ", ");
    sb_visible(b, text_str(e->period));
    sb_puts(b, ": ");
    if (e->unbounded) {
        sb_puts(b, "unbounded (");
        sb_visible(b, text_str(e->why));
        sb_puts(b, e->what == MSA_EXPOSED_LIABILITY ? ")" : " has no upper bound)");
    } else {
        sb_puts(b, "at most ");
        sb_visible(b, text_str(e->currency));
        sb_char(b, ' ');
        amount_grouped(b, e->most, e->places);
    }
    if (e->capped_by) {
        sb_puts(b, ", limited by clause ");
        sb_visible(b, clause_of(x, e->capped_by));
    }
    sb_char(b, '\n');
    if (e->formula.n) {
        sb_puts(b, "      ");
        sb_visible(b, text_str(e->formula));
        sb_char(b, '\n');
    }
}

static void count(struct exposing *x, const struct msa_exposed *e)
{
    struct total *t = NULL;
    for (size_t i = 0; i < x->totals.n; i++) {
        if (str_eq(x->totals.p[i].period, text_str(e->period))) { t = &x->totals.p[i]; }
    }
    if (!t) {
        vec_push(&x->totals, &x->arena, ((struct total){.period = str_dup(&x->arena, text_str(e->period)), .currency = str_dup(&x->arena, text_str(e->currency)), .places = e->places}));
        t = &vec_last(&x->totals);
    }
    t->n++;
    if (e->unbounded) {
        t->unbounded = true;
    } else if (e->capped_by && (!t->capped_by || t->capped_by == e->capped_by)) {
        t->capped_by = e->capped_by;
        t->capped = e->most > t->capped ? e->most : t->capped;
    } else {
        t->most += e->most; /* each is at most 10^15, and there are not as many charges as would overflow */
    }
}

static void print_totals(struct exposing *x)
{
    struct sb *b = &x->out;
    for (size_t i = 0; i < x->totals.n; i++) {
        const struct total *t = &x->totals.p[i];
        if (t->n < 2 || t->unbounded) { continue; }
        if (x->json) {
            sb_char(b, '{');
            json_text_member(b, "what", str_of(what_name[x->what]));
            sb_puts(b, ",\"together\":true");
            json_text_member(b, "period", t->period);
            json_amount_member(b, "most", t->most + t->capped, t->places);
            json_text_member(b, "currency", t->currency);
            sb_puts(b, "}\n");
        } else {
            sb_puts(b, "  together, ");
            sb_visible(b, t->period);
            sb_puts(b, ": at most ");
            sb_visible(b, t->currency);
            sb_char(b, ' ');
            amount_grouped(b, t->most + t->capped, t->places);
            sb_char(b, '\n');
        }
    }
    vec_clear(&x->totals);
}

/* Fees, discounts, taxes, interest, credits, liability: one after the other, whatever order the clauses have. */
static void keep(void *ctx, const struct msa_exposed *e)
{
    struct exposing *x = ctx;
    if (e->what != x->what) { return; }
    if (x->json) {
        json(x, e);
    } else {
        text(x, e);
    }
    if (e->what != MSA_EXPOSED_LIABILITY) { count(x, e); }
    x->any = true;
}

int cmd_exposure(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT];
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        cli_error("--format of exposure is text or json");
        return EXIT_BAD_USAGE;
    }
    struct exposing x = {.json = format && strcmp(format, "json") == 0, .colour = cli_colour(o, 1)};
    int status = agreement_open(&x.a, o, o->args[0]);
    if (status) { return status; }
    arena_init(&x.arena, NULL);
    fields_open(&x.fields, x.a.module, x.a.zone);
    if (!read_bounds(&x, o->value[OPT_WITH] ? o->value[OPT_WITH] : "")) {
        status = EXIT_BAD_USAGE;
    } else {
        for (int what = MSA_EXPOSED_FEE; what <= MSA_EXPOSED_LIABILITY; what++) {
            x.what = (enum msa_exposed_what)what;
            x.party = MSA_BY_ANYONE;
            msa_exposure(x.a.module, x.bounds.p, x.bounds.n, keep, &x);
            print_totals(&x);
        }
        status = cli_print(sb_str(&x.out));
    }
    sb_free(&x.out);
    fields_close(&x.fields);
    agreement_close(&x.a);
    arena_free(&x.arena);
    return status;
}
