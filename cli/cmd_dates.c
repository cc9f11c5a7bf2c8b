/* SPDX-License-Identifier: MIT */
/* dates: what falls due next, for people, programs and calendars (RFC 5545). */
#include "cli/money.h"
#include "base/zone.h"
#include <stdlib.h>
#include <string.h>

struct dated { int32_t day; struct str what, id; const struct msa_result *r; bool past; };
typedef VEC(struct dated) dated_list;

static int by_day(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    if (x->day != y->day) { return x->day < y->day ? -1 : 1; }
    int c = str_cmp(x->what, y->what);
    return c ? c : str_cmp(x->id, y->id);
}

static void gather(struct books *b, dated_list *out)
{
    int32_t today = civil_split(zone_wall(b->agreement.zone, b->as_of), NULL);
    for (size_t i = 0; i < b->all.n; i++) {
        const struct msa_result *r = &b->all.p[i];
        if (r->kind == MSA_DEADLINE && r->last_day >= today) { vec_push(out, &b->arena, ((struct dated){.day = r->last_day, .what = text_str(r->reason), .id = text_str(r->id), .r = r})); }
        if (r->kind == MSA_INVOICE && !r->final && r->open > 0 && r->payable != INT32_MIN && r->payable < today) {
            struct sb s = {.arena = &b->arena};
            sb_puts(&s, "invoice ");
            sb_put(&s, text_str(r->invoice));
            sb_puts(&s, " was due, ");
            sb_put(&s, text_str(r->currency));
            sb_char(&s, ' ');
            amount_grouped(&s, r->open, r->places);
            sb_puts(&s, " open");
            vec_push(out, &b->arena, ((struct dated){.day = r->payable, .what = sb_str(&s), .id = text_str(r->id), .r = r, .past = true}));
        }
    }
    if (out->n) { qsort(out->p, out->n, sizeof *out->p, by_day); }
}

static void clause_words(struct books *b, struct sb *s, const struct msa_result *r)
{
    struct msa_clause k = msa_module_clause(b->agreement.module, r->clause);
    if (!r->clause) {
        sb_puts(s, "the term");
        return;
    }
    if (k.number.n) { sb_puts(s, "clause "); }
    sb_visible(s, clause_text(b, r));
}

static void text(struct books *b, struct sb *out, const dated_list *all)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    bool told = false;
    for (size_t i = 0; i < all->n; i++) {
        const struct dated *d = &all->p[i];
        if (d->past && !told) { sb_puts(out, "Past\n"); }
        if (!d->past && told && all->p[i - 1].past) { sb_puts(out, "\nTo come\n"); }
        told = true;
        sb_printf(out, "  %s ", names[civil_weekday(d->day)]);
        day_plain(out, d->day);
        sb_puts(out, "  ");
        sb_visible(out, d->what);
        sb_puts(out, " (");
        clause_words(b, out, d->r);
        sb_puts(out, ")\n");
    }
    if (!all->n) { sb_puts(out, "nothing falls due\n"); }
}

static void json(struct books *b, struct sb *out, const dated_list *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct dated *d = &all->p[i];
        sb_char(out, '{');
        json_day_member(out, "day", d->day);
        json_text_member(out, "what", d->what);
        json_text_member(out, "clause", clause_text(b, d->r));
        if (d->r->clause < b->fields.n_clauses && d->r->clause) { json_text_member(out, "source", b->fields.clause[d->r->clause].source); }
        json_amount_member(out, "amount", d->r->kind == MSA_INVOICE ? d->r->open : d->r->amount, d->r->places);
        if (d->past) { sb_puts(out, ",\"past\":true"); }
        json_text_member(out, "id", d->id);
        sb_puts(out, "}\n");
    }
}

/* ---- RFC 5545 ---- */

/* One content line: folded where it would be longer than 75 octets, never inside a character; ends with CR LF. */
void ics_line(struct sb *out, const char *name, struct str value)
{
    enum { LONGEST = 75 };
    struct sb s = {0};
    size_t used = 0;
    sb_puts(&s, name);
    sb_put(&s, value);
    for (size_t i = 0; i < s.n;) {
        size_t n = 1;
        while (i + n < s.n && ((unsigned char)s.p[i + n] & 0xc0) == 0x80) { n++; }
        if (used + n > LONGEST) {
            sb_puts(out, "\r\n ");
            used = 1;
        }
        sb_put(out, str_make(s.p + i, n));
        used += n;
        i += n;
    }
    sb_puts(out, "\r\n");
    sb_free(&s);
}

/* TEXT values: backslash, semicolon and comma are escaped, line ends become \n, other controls are left out. */
void ics_text(struct sb *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\\' || c == ';' || c == ',') { sb_char(b, '\\'); }
        if (c == '\n') {
            sb_puts(b, "\\n");
        } else if (c >= 0x20 && c != 0x7f) {
            sb_char(b, s.p[i]);
        }
    }
}

static void ics_day(struct sb *out, const char *name, int32_t day)
{
    struct ymd d = civil_ymd(day);
    char value[32];
    snprintf(value, sizeof value, "%04d%02d%02d", d.year, d.month, d.day);
    ics_line(out, name, str_of(value));
}

/* The same deadline has the same UID in every run, so that a calendar replaces it. */
static void uid(struct books *b, struct sb *s, struct str id)
{
    struct str name = text_str(msa_module_agreement(b->agreement.module));
    ics_text(s, id);
    sb_char(s, '@');
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (plain) { sb_char(s, c); }
        if (!plain && s->p[s->n - 1] != '-' && s->p[s->n - 1] != '@' && i + 1 < name.n) { sb_char(s, '-'); }
    }
}

static void event(struct books *b, struct sb *out, const struct dated *d, const char *stamp)
{
    struct sb s = {0};
    ics_line(out, "BEGIN:", STR("VEVENT"));
    uid(b, &s, d->id);
    ics_line(out, "UID:", sb_str(&s));
    ics_line(out, "DTSTAMP:", str_of(stamp));
    ics_day(out, "DTSTART;VALUE=DATE:", d->day);
    sb_clear(&s);
    ics_text(&s, d->what);
    ics_line(out, "SUMMARY:", sb_str(&s));
    struct sb about = {0};
    sb_put(&about, text_str(msa_module_agreement(b->agreement.module)));
    sb_puts(&about, ", ");
    clause_words(b, &about, d->r);
    if (d->r->clause && d->r->clause < b->fields.n_clauses) {
        sb_puts(&about, " (");
        sb_put(&about, b->fields.clause[d->r->clause].source);
        sb_char(&about, ')');
    }
    sb_clear(&s);
    ics_text(&s, sb_str(&about));
    ics_line(out, "DESCRIPTION:", sb_str(&s));
    ics_line(out, "TRANSP:", STR("TRANSPARENT"));
    ics_line(out, "END:", STR("VEVENT"));
    sb_free(&about);
    sb_free(&s);
}

static void ics(struct books *b, struct sb *out, const dated_list *all)
{
    int64_t of_day;
    struct ymd d = civil_ymd(civil_split(b->as_of, &of_day));
    char stamp[32];
    int64_t second = of_day / 1000000;
    snprintf(stamp, sizeof stamp, "%04d%02d%02dT%02d%02d%02dZ", d.year, d.month, d.day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    ics_line(out, "BEGIN:", STR("VCALENDAR"));
    ics_line(out, "VERSION:", STR("2.0"));
    ics_line(out, "PRODID:", STR("-//msa//dates//EN"));
    for (size_t i = 0; i < all->n; i++) { event(b, out, &all->p[i], stamp); }
    ics_line(out, "END:", STR("VCALENDAR"));
}

int cmd_dates(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT];
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0 && strcmp(format, "ics") != 0) {
        cli_error("--format of dates is text, json or ics");
        return EXIT_BAD_USAGE;
    }
    if (o->n_args == 1 && !o->value[OPT_AS_OF]) {
        cli_error("as of when? Name files of events, `-` for standard input, or --as-of: msa dates %s --as-of 2026-03-01", o->args[0]);
        return EXIT_BAD_USAGE;
    }
    struct books b = {.no_events = o->n_args == 1};
    dated_list all = {0};
    struct sb out = {0};
    int status = books_open(&b, o, NULL);
    if (!status && b.as_of == MSA_NONE) {
        cli_error("as of when? There are no events: give --as-of");
        status = EXIT_BAD_DATA;
    }
    if (!status) {
        gather(&b, &all);
        if (!format || strcmp(format, "text") == 0) {
            text(&b, &out, &all);
        } else if (strcmp(format, "json") == 0) {
            json(&b, &out, &all);
        } else {
            ics(&b, &out, &all);
        }
        status = cli_print(sb_str(&out));
    }
    if (!status) { status = books_status(&b); }
    sb_free(&out);
    books_close(&b);
    return status;
}
