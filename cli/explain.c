/* SPDX-License-Identifier: MIT */
/* The steps of an explanation as sentences that can be read aloud. */
#include "cli/explain.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

enum { FEWEST_DAYS_TO_FOLD = 4 };

struct telling {
    struct sb *b;
    const struct msa_result *r;
    const struct field_context *fields;
    const struct zone *zone;
    date day;                    /* the date last named: later times of it stand without */
    struct str calendar;         /* counted in, last named */
};

static date date_of(const struct telling *t, instant at) { return civil_split(zone_wall(t->zone, at), NULL); }

/* `Friday 6 March 2026, 17:50`, or the time alone on the date last named. */
static void when(struct telling *t, instant at)
{
    if (at == NONE || at == NEVER || date_of(t, at) != t->day) {
        when_long(t->b, t->zone, at);
        if (at != NONE && at != NEVER) { t->day = date_of(t, at); }
    } else {
        when_time(t->b, t->zone, at);
    }
}

static void span(struct telling *t, micros d) { when_span(t->b, d); }

/* ` (opened, line 12)` */
static void cause_of(struct telling *t, struct msa_text event, uint32_t line, struct msa_text why)
{
    if (!event.n && !line) { return; }
    sb_puts(t->b, " (");
    sb_visible(t->b, text_str(event));
    if (line) { sb_printf(t->b, "%sline %u", event.n ? ", " : "", line); }
    if (why.n) {
        sb_puts(t->b, ": ");
        sb_visible(t->b, text_str(why));
    }
    sb_puts(t->b, ")");
}

static void cause(struct telling *t, const struct msa_step *s) { cause_of(t, s->event, s->line, (struct msa_text){0}); }

static void wall_clock(const struct telling *t, instant at, int64_t *of_day) { (void)civil_split(zone_wall(t->zone, at), of_day); }

/* Are these two days counted over the same hours? */
static bool alike(const struct telling *t, const struct msa_step *a, const struct msa_step *b)
{
    int64_t f1, f2, t1, t2;
    wall_clock(t, a->from, &f1);
    wall_clock(t, b->from, &f2);
    wall_clock(t, a->to, &t1);
    wall_clock(t, b->to, &t2);
    return f1 == f2 && t1 == t2 && a->span == b->span && str_eq(text_str(a->calendar), text_str(b->calendar)) && a->day != b->day;
}

/* How many steps from i on are days alike with nothing but closed hours between them; *days gets how many of them count. */
static size_t run_of_days(const struct telling *t, const steps *s, size_t i, size_t *days)
{
    size_t end = i + 1;
    *days = 1;
    for (size_t k = i; k + 2 < s->n && s->p[k + 1].kind == MSA_STEP_NOT_OPEN && s->p[k + 2].kind == MSA_STEP_COUNTED && alike(t, &s->p[i], &s->p[k + 2]); k += 2) {
        end = k + 3;
        ++*days;
    }
    return end - i;
}

static void in_all(struct telling *t, micros total)
{
    sb_puts(t->b, "; ");
    span(t, total);
    sb_puts(t->b, " in all.\n");
}

static void folded(struct telling *t, const struct msa_step *first, const struct msa_step *last, size_t days)
{
    sb_printf(t->b, "  Counted on %zu days, from ", days);
    when_day(t->b, date_of(t, first->from));
    sb_puts(t->b, " to ");
    when_day(t->b, date_of(t, last->from));
    sb_puts(t->b, ", each ");
    when_time(t->b, t->zone, first->from);
    sb_puts(t->b, " to ");
    when_time(t->b, t->zone, first->to);
    sb_puts(t->b, ": ");
    span(t, first->span * (micros)days);
    in_all(t, last->total);
    t->day = date_of(t, last->to);
}

static void counted(struct telling *t, const struct msa_step *s)
{
    sb_puts(t->b, "  Counted from ");
    when(t, s->from);
    sb_puts(t->b, " to ");
    when(t, s->to);
    sb_puts(t->b, ": ");
    span(t, s->span);
    in_all(t, s->total);
}

/* Closed hours, with the holidays among them that follow as steps; returns how many steps were told. */
static size_t not_open(struct telling *t, const steps *s, size_t i)
{
    const struct msa_step *g = &s->p[i];
    size_t next = i + 1;
    while (next < s->n && s->p[next].kind == MSA_STEP_HOLIDAY) { next++; }
    date first = date_of(t, g->from), last = date_of(t, g->to);
    int64_t of_day;
    wall_clock(t, g->from, &of_day);
    date whole = of_day ? first + 1 : first; /* first date that lies in it from its beginning */
    sb_puts(t->b, "  Not counted until ");
    when(t, g->to);
    sb_puts(t->b, ": outside the hours of ");
    sb_visible(t->b, text_str(g->calendar));
    bool any = false;
    int days = 0;
    for (date d = whole; d < last; d++) {
        bool holiday = false;
        for (size_t k = i + 1; k < next; k++) { holiday |= s->p[k].day == d; }
        days += !holiday;
    }
    if (days > 0 && days <= 3) {
        for (date d = whole; d < last; d++) {
            bool holiday = false;
            for (size_t k = i + 1; k < next; k++) { holiday |= s->p[k].day == d; }
            if (holiday) { continue; }
            static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
            sb_puts(t->b, any ? ", " : " (");
            sb_puts(t->b, names[civil_weekday(d)]);
            any = true;
        }
    } else if (days) {
        sb_printf(t->b, " (%d days", days);
        any = true;
    } else if (last > first && next == i + 1) {
        sb_puts(t->b, " (night");
        any = true;
    }
    for (size_t k = i + 1; k < next; k++) {
        sb_puts(t->b, any ? "; " : " (");
        any = true;
        when_day(t->b, s->p[k].day);
        sb_puts(t->b, " is ");
        if (s->p[k].text.n) {
            sb_visible(t->b, text_str(s->p[k].text));
        } else {
            sb_puts(t->b, "closed");
        }
    }
    sb_puts(t->b, any ? ").\n" : ".\n");
    return next - i;
}

static void values(struct telling *t, const struct msa_named *by, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sb_puts(t->b, i ? ", " : " for ");
        sb_visible(t->b, text_str(by[i].name));
        sb_char(t->b, ' ');
        sb_visible(t->b, by[i].value.n ? text_str(by[i].value) : STR("missing"));
    }
}

/* ` by exception 4.4 "The board"`; false: there is none. */
static bool by_exception(struct telling *t, uint32_t clause)
{
    if (clause >= t->fields->n_clauses) { return false; }
    struct msa_clause k = msa_module_clause(t->fields->module, clause);
    sb_puts(t->b, " by ");
    exception_name(t->b, k);
    if (k.title.n && k.number.n) {
        sb_puts(t->b, " \"");
        sb_visible(t->b, text_str(k.title));
        sb_char(t->b, '"');
    }
    return true;
}

/* `4 h in office, for priority P3 (desk.msa:19: its cell)` */
static void target_words(struct telling *t, const struct msa_step *s)
{
    sb_visible(t->b, text_str(s->text));
    if (s->calendar.n) {
        sb_puts(t->b, " in ");
        sb_visible(t->b, text_str(s->calendar));
    }
    if (!by_exception(t, s->clause) && s->n_by) {
        sb_char(t->b, ',');
        values(t, s->by, s->n_by);
    }
    if (!s->place.file.n) { return; }
    sb_puts(t->b, " (");
    sb_visible(t->b, text_str(s->place.file));
    sb_printf(t->b, ":%u", s->place.line);
    if (s->place.text.n && !str_eq(text_str(s->place.text), text_str(s->text))) {
        sb_puts(t->b, ": ");
        sb_visible(t->b, str_trim(text_str(s->place.text)));
    }
    sb_char(t->b, ')');
}

static void target(struct telling *t, const struct msa_step *s)
{
    const struct msa_result *r = t->r;
    sb_puts(t->b, "  The target is ");
    target_words(t, s);
    sb_puts(t->b, ".\n");
    if (target_changed(r) && r->due == MSA_NONE && r->due_first != MSA_NONE) { /* otherwise it stands beside the due time */
        sb_puts(t->b, "  It was first promised for ");
        when_long(t->b, t->zone, r->due_first);
        sb_puts(t->b, ".\n");
    }
}

/* The target before a change, and what made the change. The date last named stays: what was counted follows. */
static void earlier_target(struct telling *t, const struct msa_step *s)
{
    sb_puts(t->b, s->kind == MSA_STEP_REFUSED ? "  On " : "  Until ");
    when_long(t->b, t->zone, s->to);
    cause(t, s);
    if (s->kind == MSA_STEP_REFUSED) {
        sb_puts(t->b, " it would have become ");
        target_words(t, s);
        sb_puts(t->b, ", due later: never lengthen.\n");
        return;
    }
    if (s->text.n) {
        sb_puts(t->b, " it was ");
        target_words(t, s);
    } else {
        sb_puts(t->b, " there was none");
        if (s->n_by) {
            sb_char(t->b, ',');
            values(t, s->by, s->n_by);
        }
    }
    if (s->policy.n) {
        sb_puts(t->b, "; on the change: ");
        sb_visible(t->b, text_str(s->policy));
    }
    sb_puts(t->b, ".\n");
}

static void clocks_change(struct telling *t, const struct msa_step *s)
{
    sb_printf(t->b, "  The clocks of %.*s go %s ", (int)s->zone.n, s->zone.p, s->offset_after > s->offset_before ? "forward" : "back");
    span(t, (micros)labs((long)s->offset_after - s->offset_before) * USEC);
    sb_puts(t->b, " on ");
    when_change(t->b, s->from, s->offset_before, s->offset_after);
    sb_puts(t->b, ".\n");
    t->day = INT32_MIN;
}

/* `waiting` says less than `waiting on customer`, which begins with it. */
static void reason(struct telling *t, const struct msa_step *s)
{
    bool in_reason = str_starts(text_str(s->text), text_str(s->event));
    cause_of(t, in_reason ? s->text : s->event, s->line, in_reason ? (struct msa_text){0} : s->text);
}

/* A pause, with the reasons that took the place of the first; returns how many steps were told. */
static size_t pause(struct telling *t, const steps *all, size_t i)
{
    const struct msa_step *s = &all->p[i];
    size_t next = i + 1;
    sb_puts(t->b, "  Paused from ");
    when(t, s->from);
    reason(t, s);
    date from = t->day;
    sb_puts(t->b, " to ");
    when(t, s->to);
    cause_of(t, s->end_event, s->end_line, (struct msa_text){0});
    sb_puts(t->b, ": ");
    span(t, s->span);
    sb_puts(t->b, " of open time left out.\n");
    date to = t->day;
    t->day = from;
    for (; next < all->n && all->p[next].kind == MSA_STEP_STILL; next++) {
        sb_puts(t->b, "  It stayed paused on ");
        when_long(t->b, t->zone, all->p[next].from);
        reason(t, &all->p[next]);
        sb_puts(t->b, ".\n");
    }
    t->day = to;
    return next - i;
}

static void closed(struct telling *t, const struct msa_step *s)
{
    sb_puts(t->b, "  Stopped for the time being from ");
    when(t, s->from);
    sb_puts(t->b, " to ");
    when(t, s->to);
    cause(t, s); /* known by what went on */
    sb_puts(t->b, ": ");
    span(t, s->span);
    sb_puts(t->b, " of open time left out.\n");
}

/* Returns how many steps the sentence covers. */
static size_t sentence(struct telling *t, const steps *s, size_t i)
{
    const struct msa_step *g = &s->p[i];
    size_t days, n;
    switch (g->kind) {
    case MSA_STEP_START:
        sb_puts(t->b, "  It started on ");
        when(t, g->from);
        cause(t, g);
        sb_puts(t->b, ".\n");
        return 1;
    case MSA_STEP_TARGET: target(t, g); return 1;
    case MSA_STEP_EARLIER:
    case MSA_STEP_REFUSED: earlier_target(t, g); return 1;
    case MSA_STEP_COUNTED:
        n = run_of_days(t, s, i, &days);
        if (days >= FEWEST_DAYS_TO_FOLD) {
            folded(t, g, &s->p[i + n - 1], days);
            return n;
        }
        counted(t, g);
        return 1;
    case MSA_STEP_NOT_OPEN: return not_open(t, s, i);
    case MSA_STEP_HOLIDAY:
    case MSA_STEP_OTHER_HOURS:
        sb_puts(t->b, "  ");
        when_day(t->b, g->day);
        sb_puts(t->b, g->kind == MSA_STEP_HOLIDAY ? " is closed" : " has hours of its own");
        if (g->text.n) {
            sb_puts(t->b, ": ");
            sb_visible(t->b, text_str(g->text));
        }
        sb_puts(t->b, ".\n");
        return 1;
    case MSA_STEP_PAUSED:
    case MSA_STEP_STILL: return pause(t, s, i);
    case MSA_STEP_CLOSED: closed(t, g); return 1;
    case MSA_STEP_CALENDAR:
        sb_puts(t->b, "  From ");
        when(t, g->from);
        sb_puts(t->b, " on it counts in ");
        sb_visible(t->b, text_str(g->calendar));
        cause(t, g);
        sb_puts(t->b, ".\n");
        return 1;
    case MSA_STEP_ZONE: clocks_change(t, g); return 1;
    case MSA_STEP_DUE:
        sb_puts(t->b, "  Due on ");
        when_long(t->b, t->zone, g->from);
        if (g->at_closing) { sb_puts(t->b, ", at closing"); }
        if (t->r->due_first != MSA_NONE && t->r->due_first != g->from) {
            sb_puts(t->b, ", first promised for ");
            when_long(t->b, t->zone, t->r->due_first);
        }
        sb_puts(t->b, ".\n");
        return 1;
    case MSA_STEP_BREACH:
        sb_puts(t->b, "  Counted as missed from ");
        when_long(t->b, t->zone, g->from);
        sb_puts(t->b, " on.\n");
        return 1;
    case MSA_STEP_STOP:
        sb_puts(t->b, t->r->state == MSA_CANCELLED ? "  It was cancelled on " : "  It stopped on ");
        when_long(t->b, t->zone, g->from);
        cause(t, g);
        sb_puts(t->b, ".\n");
        return 1;
    case MSA_STEP_NOW:
        sb_puts(t->b, "  As things stand on ");
        when_long(t->b, t->zone, g->from);
        sb_puts(t->b, ", it is still open.\n");
        return 1;
    case MSA_STEP_KIND_COUNT: break;
    }
    return 1;
}

static void used(struct telling *t)
{
    if (t->r->elapsed == MSA_NONE) { return; }
    sb_puts(t->b, ": ");
    span(t, t->r->elapsed);
    sb_puts(t->b, " counted");
}

static void and_span(struct telling *t, int64_t d, const char *what)
{
    if (d == MSA_NONE || d <= 0) { return; }
    sb_puts(t->b, ", ");
    span(t, d);
    sb_puts(t->b, what);
}

/* A value that is missing is the usual reason. */
static void no_target(struct telling *t)
{
    const struct msa_result *r = t->r;
    size_t missing = 0;
    sb_puts(t->b, "  No target: ");
    for (size_t i = 0; i < r->n_by; i++) {
        if (r->by[i].value.n) { continue; }
        if (missing++) { sb_puts(t->b, " and "); }
        sb_visible(t->b, text_str(r->by[i].name));
    }
    if (missing) {
        sb_puts(t->b, missing > 1 ? " are missing, and no row applies" : " is missing, and no row applies");
    } else if (r->n_by) {
        sb_puts(t->b, "no row gives one");
        values(t, r->by, r->n_by);
    } else {
        sb_puts(t->b, "the agreement gives none");
    }
}

static void verdict(struct telling *t)
{
    const struct msa_result *r = t->r;
    switch (r->state) {
    case MSA_MET:
        sb_puts(t->b, "  Met");
        used(t);
        and_span(t, r->remaining, " to spare");
        break;
    case MSA_BREACHED:
        sb_puts(t->b, r->stopped == MSA_NONE ? "  Missed, and still open" : "  Missed");
        used(t);
        and_span(t, r->overrun, " too late");
        break;
    case MSA_CANCELLED:
        sb_puts(t->b, "  Cancelled");
        if (r->reason.n && !str_eq(text_str(r->reason), STR("cancelled"))) {
            bool event = !memchr(r->reason.p, ' ', r->reason.n); /* otherwise a sentence: no target applies any more */
            sb_puts(t->b, event ? " by " : ", because ");
            sb_visible(t->b, text_str(r->reason));
        }
        sb_puts(t->b, ", no verdict");
        used(t);
        break;
    case MSA_RUNNING:
        sb_puts(t->b, "  Running");
        used(t);
        and_span(t, r->remaining, " left");
        break;
    case MSA_PAUSED:
        sb_puts(t->b, "  Paused, so that there is no due time");
        used(t);
        and_span(t, r->remaining, " left");
        break;
    case MSA_STOPPED:
        sb_puts(t->b, "  Measured only");
        used(t);
        break;
    case MSA_NO_TARGET:
        no_target(t);
        break;
    case MSA_CLOCK_STATE_COUNT: break;
    }
    if (r->excused) { sb_puts(t->b, "; excused, so that it stays outside attainment"); }
    if (r->judged_at_stop) { sb_puts(t->b, "; judged by the target in force at the stop"); }
    sb_puts(t->b, ".\n");
}

void explain_text(struct sb *b, struct field_context *fields, const struct msa_result *r, const steps *s)
{
    struct telling t = {.b = b, .r = r, .fields = fields, .zone = fields->when.zone, .day = INT32_MIN};
    for (size_t i = 0; i < s->n;) { i += sentence(&t, s, i); }
    verdict(&t);
}

/* ---- JSON ---- */

static void member(struct sb *b, const char *name, struct msa_text text)
{
    if (!text.n) { return; }
    sb_printf(b, ",\"%s\":", name);
    sb_json_string(b, text_str(text));
}

static void member_instant(struct sb *b, struct field_context *fields, const char *name, instant t)
{
    char text[CIVIL_TEXT_MAX];
    sb_printf(b, ",\"%s\":\"%.*s\"", name, when_iso(&fields->when, text, t), text);
}

static void member_seconds(struct sb *b, const char *name, micros d)
{
    char text[CIVIL_TEXT_MAX];
    if (d != MSA_NONE) { sb_printf(b, ",\"%s\":%.*s", name, civil_write_seconds(text, d), text); }
}

static void member_by(struct sb *b, const struct msa_named *by, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!by[i].value.n) { continue; }
        sb_puts(b, any ? "," : ",\"by\":{");
        any = true;
        sb_json_string(b, text_str(by[i].name));
        sb_char(b, ':');
        sb_json_string(b, text_str(by[i].value));
    }
    if (any) { sb_char(b, '}'); }
}

static void step_span(struct sb *b, const struct msa_step *s)
{
    bool of_target = s->kind == MSA_STEP_TARGET || s->kind == MSA_STEP_EARLIER || s->kind == MSA_STEP_REFUSED;
    member_seconds(b, s->kind == MSA_STEP_NOT_OPEN ? "closed" : of_target ? "amount" : "open", s->span);
}

static const char *text_name(enum msa_step_kind kind)
{
    switch (kind) {
    case MSA_STEP_TARGET:
    case MSA_STEP_EARLIER:
    case MSA_STEP_REFUSED: return "target";
    case MSA_STEP_PAUSED:
    case MSA_STEP_STILL: return "reason";
    default: return "name";
    }
}

void explain_step_json(struct sb *b, struct field_context *fields, const struct msa_step *s)
{
    sb_printf(b, "{\"step\":\"%s\"", msa_step_kind_name[s->kind]);
    member_instant(b, fields, s->from == s->to ? "at" : "from", s->from);
    if (s->from != s->to) { member_instant(b, fields, "to", s->to); }
    step_span(b, s);
    member_seconds(b, "total", s->total);
    if (s->day != INT32_MIN) {
        char text[CIVIL_TEXT_MAX];
        sb_printf(b, ",\"day\":\"%.*s\"", civil_write_date(text, s->day), text);
    }
    member(b, "calendar", s->calendar);
    member(b, "zone", s->zone);
    if (s->kind == MSA_STEP_ZONE) { sb_printf(b, ",\"offset_before\":%d,\"offset_after\":%d", s->offset_before, s->offset_after); }
    member(b, text_name(s->kind), s->text);
    if (s->place.file.n) {
        struct sb place = {0};
        sb_printf(&place, "%.*s:%u:%u", (int)s->place.file.n, s->place.file.p, s->place.line, s->place.column);
        member(b, "source", str_text(sb_str(&place)));
        sb_free(&place);
    }
    member(b, "event", s->event);
    if (s->line) { sb_printf(b, ",\"line\":%u", s->line); }
    member(b, "policy", s->policy);
    if (s->kind == MSA_STEP_EARLIER || s->kind == MSA_STEP_REFUSED) { member_by(b, s->by, s->n_by); }
    member(b, "end_event", s->end_event);
    if (s->end_line) { sb_printf(b, ",\"end_line\":%u", s->end_line); }
    if (s->at_closing) { sb_puts(b, ",\"at_closing\":true"); }
    sb_char(b, '}');
}

/* ---- what all kinds of `msa explain` do alike ---- */

bool explain_format(const struct options *o, bool *json)
{
    const char *format = o->value[OPT_FORMAT];
    *json = format && strcmp(format, "json") == 0;
    if (!format || *json || strcmp(format, "text") == 0) { return true; }
    cli_error("--format of explain is text or json");
    return false;
}

int explain_run(const struct options *o, const struct agreement *a, const struct msa_options *ro, struct msa_sink sink, struct msa_run **run)
{
    struct msa_fault fault;
    enum msa_status s = msa_run_open(a->module, ro, sink, run, &fault);
    if (!s) { return input_run(o, *run); }
    *run = NULL;
    cli_error("%s", fault.text);
    return cli_status(s);
}
