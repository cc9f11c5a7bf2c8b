/* SPDX-License-Identifier: MIT */
#include "cli/summary.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

enum { WORST = 10, OPEN_MONTH = INT32_MAX, MOST_RANKS = 4, MOST_LINES = 40 /* of one measure */ };

/* open: those that run, the late ones among them, which are breached as well. */
struct figures { uint64_t met, breached, open, late, paused, cancelled, excused, stopped, no_target; };
struct cell {
    struct str clock, title, by;
    int32_t month;               /* year * 12 + month - 1; OPEN_MONTH: not decided */
    struct figures n;
    uint32_t rank[MOST_RANKS];   /* of the values in their scales */
    const struct msa_named *values;
    size_t n_values;
};
/* The figure of a measure; what corrects it takes its place. */
struct measured { struct str measure, title, clause, period, who, text, json; uint32_t rank[MOST_RANKS]; size_t first; int64_t from; };
/* A verdict that may still be withdrawn (C7). Kept in the order in which they come and compared with what was withdrawn at
 * the end: a hash table of a million events' verdicts was 6% of the time, all of it waiting for memory. */
struct verdict { uint64_t id; uint32_t cell; };
struct miss { struct str key, clock, by, clause; int64_t overrun, due, stopped; bool open; };

/* The cell of a result without forming its texts: the values under `by` as they came, each with a zero behind it. */
enum { SHORTCUTS = 512, SHORT = 48 };
struct shortcut { bool set; uint8_t n; char values[SHORT]; uint32_t clock; int32_t month; uint32_t cell; };

struct summary {
    struct field_context *fields;
    struct shortcut shortcut[SHORTCUTS];
    struct sb values;
    struct arena arena;
    VEC(struct cell) cells;
    uint32_t *index;             /* hash table of cells, number + 1 */
    size_t index_size;
    VEC(struct verdict) verdicts;
    VEC(uint64_t) withdrawn;
    VEC(struct measured) measures;
    bool json;
    struct miss worst[WORST + 1];
    size_t n_worst;
    uint64_t differences, escalations, notices, corrections;
};

struct summary *summary_open(struct field_context *fields, bool json)
{
    struct summary *s = memory_resize(NULL, NULL, sizeof *s);
    *s = (struct summary){.fields = fields, .json = json};
    arena_init(&s->arena, NULL);
    return s;
}

void summary_close(struct summary *s)
{
    if (!s) { return; }
    arena_free(&s->arena);
    sb_free(&s->values);
    vec_free(&s->cells);
    memory_resize(NULL, s->index, 0);
    vec_free(&s->verdicts);
    vec_free(&s->withdrawn);
    vec_free(&s->measures);
    memory_resize(NULL, s, 0);
}

static int32_t month_of(struct summary *s, instant t)
{
    struct ymd y = civil_ymd(civil_split(zone_wall(s->fields->when.zone, t), NULL));
    return y.year * 12 + y.month - 1;
}

static uint64_t cell_hash(struct str clock, struct str by, int32_t month)
{
    return hash_64(clock.p, clock.n) ^ hash_64(by.p, by.n) * 3 ^ (uint64_t)(uint32_t)month * UINT64_C(0x9e3779b97f4a7c15);
}

static void index_put(struct summary *s, uint32_t i)
{
    const struct cell *c = &s->cells.p[i];
    size_t at = cell_hash(c->clock, c->by, c->month) & (s->index_size - 1);
    while (s->index[at]) { at = (at + 1) & (s->index_size - 1); }
    s->index[at] = i + 1;
}

/* Values in the order of their scales, those without one behind, missing ones last. */
static void rank_values(const struct summary *s, const struct msa_named *by, size_t n, uint32_t *rank)
{
    for (size_t i = 0; i < MOST_RANKS; i++) {
        uint32_t place = i < n && by[i].value.n ? msa_module_value_order(s->fields->module, by[i].name, by[i].value) : 0;
        rank[i] = i >= n ? 0 : !by[i].value.n ? UINT32_MAX : place == UINT32_MAX ? UINT32_MAX - 1 : place;
    }
}

static int by_rank(const uint32_t *x, const uint32_t *y)
{
    for (size_t i = 0; i < MOST_RANKS; i++) {
        if (x[i] != y[i]) { return x[i] < y[i] ? -1 : 1; }
    }
    return 0;
}

static const struct msa_named *keep_values(struct summary *s, const struct msa_named *by, size_t n)
{
    struct msa_named *kept = ARENA_ARRAY(&s->arena, struct msa_named, n);
    for (size_t i = 0; i < n; i++) { kept[i] = (struct msa_named){str_text(str_dup(&s->arena, text_str(by[i].name))), str_text(str_dup(&s->arena, text_str(by[i].value)))}; }
    return kept;
}

static uint32_t cell_of(struct summary *s, const struct msa_result *r, struct str by, int32_t month)
{
    struct str clock = text_str(r->clock);
    if ((s->cells.n + 1) * 2 > s->index_size) {
        s->index_size = s->index_size ? s->index_size * 2 : 256;
        s->index = memory_resize(NULL, s->index, s->index_size * sizeof *s->index);
        memset(s->index, 0, s->index_size * sizeof *s->index);
        for (uint32_t i = 0; i < s->cells.n; i++) { index_put(s, i); }
    }
    for (size_t at = cell_hash(clock, by, month) & (s->index_size - 1); s->index[at]; at = (at + 1) & (s->index_size - 1)) {
        const struct cell *c = &s->cells.p[s->index[at] - 1];
        if (c->month == month && str_eq(c->clock, clock) && str_eq(c->by, by)) { return s->index[at] - 1; }
    }
    struct cell made = {.clock = str_dup(&s->arena, clock), .title = str_dup(&s->arena, text_str(r->title)), .by = str_dup(&s->arena, by), .month = month};
    made.values = keep_values(s, r->by, r->n_by);
    made.n_values = r->n_by;
    rank_values(s, r->by, r->n_by, made.rank);
    vec_push(&s->cells, NULL, made);
    index_put(s, (uint32_t)s->cells.n - 1);
    return (uint32_t)s->cells.n - 1;
}

/* Of a verdict and of the correction that withdraws it: both name the cycle and its revision. */
static uint64_t cycle_hash(const struct msa_result *r)
{
    struct { uint32_t clock, cycle, revision; } which = {r->clock_index, r->cycle, r->revision};
    return hash_64(r->key.p, r->key.n) * 31 ^ hash_64(&which, sizeof which);
}

static int by_id(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void withdraw(struct summary *s)
{
    if (!s->withdrawn.n) { return; }
    qsort(s->withdrawn.p, s->withdrawn.n, sizeof *s->withdrawn.p, by_id);
    for (size_t i = 0; i < s->verdicts.n; i++) {
        const struct verdict *v = &s->verdicts.p[i];
        if (bsearch(&v->id, s->withdrawn.p, s->withdrawn.n, sizeof v->id, by_id)) { s->cells.p[v->cell].n.met--; }
    }
    s->withdrawn.n = s->verdicts.n = 0;
}

static struct str by_text(const struct msa_result *r, struct sb *b)
{
    sb_clear(b);
    for (size_t i = 0; i < r->n_by; i++) {
        if (b->n) { sb_puts(b, ", "); }
        if (r->by[i].value.n) {
            sb_visible(b, text_str(r->by[i].value));
        } else {
            sb_puts(b, "(missing)");
        }
    }
    return sb_str(b);
}

/* Measured: 700 instructions a result in all, 1,430 when its texts are formed first. */
static uint32_t cell_for(struct summary *s, const struct msa_result *r, int32_t month)
{
    struct sb *v = &s->values;
    sb_clear(v);
    for (size_t i = 0; i < r->n_by; i++) {
        sb_put(v, text_str(r->by[i].value));
        sb_put(v, str_make("", 1));
    }
    struct str values = sb_str(v);
    uint64_t hash = hash_64(values.p, values.n) + (uint64_t)(uint32_t)month * 31 + r->clock_index * 7;
    struct shortcut *k = &s->shortcut[hash % SHORTCUTS];
    if (k->set && k->clock == r->clock_index && k->month == month && str_eq(str_make(k->values, k->n), values)) { return k->cell; }
    if (values.n > SHORT) { return cell_of(s, r, by_text(r, v), month); }
    *k = (struct shortcut){.set = true, .n = (uint8_t)values.n, .clock = r->clock_index, .month = month};
    if (values.n) { memcpy(k->values, values.p, values.n); }
    return k->cell = cell_of(s, r, by_text(r, v), month);
}

static void keep_worst(struct summary *s, const struct msa_result *r, struct str by)
{
    if (r->overrun == MSA_NONE || (s->n_worst == WORST && r->overrun <= s->worst[WORST - 1].overrun)) { return; }
    struct miss m = {.key = str_dup(&s->arena, text_str(r->key)), .clock = str_dup(&s->arena, text_str(r->clock)), .by = str_dup(&s->arena, by),
                     .clause = field_get(s->fields, r, FIELD_CLAUSE).text, .overrun = r->overrun, .due = r->due, .stopped = r->stopped,
                     .open = r->stopped == MSA_NONE};
    size_t i = s->n_worst;
    for (; i > 0 && s->worst[i - 1].overrun < m.overrun; i--) { s->worst[i] = s->worst[i - 1]; }
    s->worst[i] = m;
    if (s->n_worst < WORST) { s->n_worst++; }
}

static void add_clock(struct summary *s, const struct msa_result *r)
{
    /* A clock judged at the stop is decided there, as its measures have it (M1). */
    instant decided = r->state == MSA_BREACHED && !r->judged_at_stop ? (r->breached_at != MSA_NONE ? r->breached_at : r->due) : r->stopped;
    bool open = r->state == MSA_RUNNING || r->state == MSA_PAUSED || decided == MSA_NONE;
    uint32_t i = cell_for(s, r, open ? OPEN_MONTH : month_of(s, decided));
    struct figures *n = &s->cells.p[i].n;
    if (r->excused) {
        n->excused++;
    } else {
        switch (r->state) {
        case MSA_MET:
            n->met++;
            vec_push(&s->verdicts, NULL, ((struct verdict){cycle_hash(r), i}));
            break;
        case MSA_BREACHED:
            n->breached++;
            if (r->stopped == MSA_NONE) {
                n->open++;
                n->late++;
            }
            keep_worst(s, r, s->cells.p[i].by);
            break;
        case MSA_CANCELLED: n->cancelled++; break;
        case MSA_RUNNING: n->open++; break;
        case MSA_PAUSED: n->paused++; break;
        case MSA_NO_TARGET: n->no_target++; break;
        case MSA_STOPPED:
        case MSA_CLOCK_STATE_COUNT: n->stopped++; break;
        }
    }
}

static void add_measure(struct summary *s, const struct msa_result *r)
{
    struct sb b = {.arena = &s->arena}, who = {.arena = &s->arena};
    struct measured m = {.measure = str_dup(&s->arena, text_str(r->measure)), .title = str_dup(&s->arena, text_str(r->title)),
                         .clause = field_get(s->fields, r, FIELD_CLAUSE).text, .period = str_dup(&s->arena, text_str(r->period)), .from = r->period_from};
    sb_visible(&who, text_str(r->key));
    for (size_t i = 0; i < r->n_by; i++) {
        if (who.n) { sb_puts(&who, ", "); }
        sb_visible(&who, r->by[i].value.n ? text_str(r->by[i].value) : STR("(missing)"));
    }
    measure_text(s->fields, &b, r);
    if (!r->final) { sb_puts(&b, ", so far"); }
    m.who = sb_str(&who);
    m.text = sb_str(&b);
    rank_values(s, r->by, r->n_by, m.rank);
    if (s->json) {
        struct sb j = {0};
        result_json(s->fields, &j, r);
        m.json = str_dup(&s->arena, sb_str(&j));
        sb_free(&j);
    }
    m.first = s->measures.n;
    for (size_t i = s->measures.n; i-- > 0;) {
        struct measured *old = &s->measures.p[i];
        if (!str_eq(old->measure, m.measure)) { continue; }
        m.first = old->first;
        if (r->kind == MSA_MEASURE) { break; } /* each comes once; only what corrects one has to find it */
        if (!str_eq(old->period, m.period) || !str_eq(old->who, m.who)) { continue; }
        *old = m;
        return;
    }
    vec_push(&s->measures, NULL, m);
}

void summary_add(struct summary *s, const struct msa_result *r)
{
    switch (r->kind) {
    case MSA_CLOCK: add_clock(s, r); break;
    case MSA_CORRECTION:
        s->corrections++;
        if (r->measure.n) { add_measure(s, r); }
        if (r->clock.n) { vec_push(&s->withdrawn, NULL, cycle_hash(r)); }
        break;
    case MSA_ESCALATION: s->escalations++; break;
    case MSA_NOTICE: s->notices++; break;
    case MSA_DIFFERENCE: s->differences++; break;
    case MSA_MEASURE: add_measure(s, r); break;
    case MSA_BREACH:
    case MSA_REJECT:
    case MSA_DUPLICATE:
    case MSA_LINE:
    case MSA_INVOICE:
    case MSA_PAYMENT:
    case MSA_CREDIT:
    case MSA_STATE:
    case MSA_RIGHT:
    case MSA_DEADLINE:
    case MSA_REFUSED:
    case MSA_LIABILITY:
    case MSA_ACCOUNT:
    case MSA_SETTLEMENT:
    case MSA_RESULT_KIND_COUNT: break;
    }
}

static int order(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    int c = str_cmp(x->clock, y->clock);
    if (!c) { c = by_rank(x->rank, y->rank); }
    if (!c) { c = str_cmp(x->by, y->by); }
    return c ? c : (x->month > y->month) - (x->month < y->month);
}

static void add(struct figures *to, const struct figures *n)
{
    to->met += n->met;
    to->breached += n->breached;
    to->open += n->open;
    to->late += n->late;
    to->paused += n->paused;
    to->cancelled += n->cancelled;
    to->excused += n->excused;
    to->stopped += n->stopped;
    to->no_target += n->no_target;
}

static void padded(struct sb *b, struct str s, size_t width)
{
    size_t n = utf8_text_width(s);
    sb_put(b, s);
    if (n < width) { sb_fill(b, ' ', width - n); }
}

static void line(struct sb *b, struct str by, size_t width, const char *month, const struct figures *n)
{
    sb_puts(b, "  ");
    padded(b, by, width);
    sb_printf(b, "  %-8s %8llu %9llu %6llu %6llu %7llu %10llu %8llu  ", month, (unsigned long long)n->met, (unsigned long long)n->breached, (unsigned long long)n->open, (unsigned long long)n->late,
              (unsigned long long)n->paused, (unsigned long long)n->cancelled, (unsigned long long)n->excused);
    uint64_t decided = n->met + n->breached;
    if (decided) {
        int64_t h = share_hundredths((int64_t)n->met, (int64_t)decided);
        sb_printf(b, "%7lld.%02d %%", (long long)(h / 100), (int)(h % 100));
    } else if (n->stopped) {
        sb_printf(b, "%llu measured", (unsigned long long)n->stopped);
    } else if (n->no_target) {
        sb_printf(b, "%llu without target", (unsigned long long)n->no_target);
    } else {
        sb_puts(b, "   no data");
    }
    sb_char(b, '\n');
}

/* No more is added. */
static void sort_cells(struct summary *s)
{
    withdraw(s);
    if (s->cells.n) { qsort(s->cells.p, s->cells.n, sizeof *s->cells.p, order); }
    s->index_size = 0;
}

static void month_text(const struct cell *c, char out[16])
{
    snprintf(out, 16, "open");
    if (c->month != OPEN_MONTH) { snprintf(out, 16, "%04d-%02d", c->month / 12, c->month % 12 + 1); }
}

static void clocks(struct summary *s, struct sb *b)
{
    for (size_t i = 0, end; i < s->cells.n; i = end) {
        size_t width = 8;
        struct figures all = {0};
        for (end = i; end < s->cells.n && str_eq(s->cells.p[end].clock, s->cells.p[i].clock); end++) {
            size_t w = utf8_text_width(s->cells.p[end].by);
            if (w > width) { width = w; }
            add(&all, &s->cells.p[end].n);
        }
        sb_printf(b, "\n%.*s", STR_ARG(s->cells.p[i].clock));
        if (s->cells.p[i].title.n) { sb_printf(b, " (%.*s)", STR_ARG(s->cells.p[i].title)); }
        sb_puts(b, "\n  ");
        sb_fill(b, ' ', width);
        sb_printf(b, "  %-8s %8s %9s %6s %6s %7s %10s %8s  %s\n", "month", "met", "breached", "open", "late", "paused", "cancelled", "excused", "attainment");
        for (size_t k = i; k < end; k++) {
            const struct cell *c = &s->cells.p[k];
            char month[16];
            month_text(c, month);
            line(b, k > i && str_eq(c->by, s->cells.p[k - 1].by) ? STR("") : c->by, width, month, &c->n);
        }
        if (end - i > 1) { line(b, STR("all"), width, "", &all); }
    }
    if (!s->cells.n) { sb_puts(b, "\nno clock has started\n"); }
}

static int measure_order(const void *a, const void *b)
{
    const struct measured *x = a, *y = b;
    int c = (x->first > y->first) - (x->first < y->first);
    if (!c) { c = by_rank(x->rank, y->rank); }
    if (!c) { c = str_cmp(x->who, y->who); }
    return c ? c : (x->from > y->from) - (x->from < y->from);
}

static void sort_measures(struct summary *s)
{
    if (s->measures.n) { qsort(s->measures.p, s->measures.n, sizeof *s->measures.p, measure_order); }
}

/* Figures of one measure; of very many the last. */
static void measures(struct summary *s, struct sb *b)
{
    const struct measured *p = s->measures.p;
    for (size_t i = 0, end; i < s->measures.n; i = end) {
        size_t who = 0, period = 0;
        for (end = i; end < s->measures.n && str_eq(p[end].measure, p[i].measure); end++) {
            size_t w = utf8_text_width(p[end].who), d = utf8_text_width(p[end].period);
            if (w > who) { who = w; }
            if (d > period) { period = d; }
        }
        sb_printf(b, "\n%.*s", STR_ARG(p[i].measure));
        if (p[i].title.n) { sb_printf(b, " (%.*s)", STR_ARG(p[i].title)); }
        if (p[i].clause.n && !str_eq(p[i].clause, p[i].measure)) { sb_printf(b, ", clause %.*s", STR_ARG(p[i].clause)); }
        sb_char(b, '\n');
        size_t from = end - i > MOST_LINES ? end - MOST_LINES : i;
        if (from > i) { sb_printf(b, "  … %zu more: --only measure shows all\n", from - i); }
        for (size_t k = from; k < end; k++) {
            sb_puts(b, "  ");
            if (who) {
                padded(b, k > from && str_eq(p[k].who, p[k - 1].who) ? STR("") : p[k].who, who);
                sb_puts(b, "  ");
            }
            padded(b, p[k].period, period);
            sb_puts(b, "  ");
            sb_put(b, p[k].text);
            sb_char(b, '\n');
        }
    }
}

static void misses(struct summary *s, struct sb *b)
{
    if (!s->n_worst) { return; }
    sb_puts(b, "\nworst misses (open time beyond the target)\n");
    for (size_t i = 0; i < s->n_worst; i++) {
        const struct miss *m = &s->worst[i];
        struct sb left = {.arena = &s->arena};
        when_span(&left, m->overrun);
        sb_puts(b, "  ");
        padded(b, sb_str(&left), 18);
        struct sb what = {.arena = &s->arena};
        sb_visible(&what, m->key);
        sb_printf(&what, "  %.*s", STR_ARG(m->clock));
        if (m->by.n) { sb_printf(&what, " (%.*s)", STR_ARG(m->by)); }
        if (m->clause.n) { sb_printf(&what, ", clause %.*s", STR_ARG(m->clause)); }
        sb_puts(b, "  ");
        sb_put(b, sb_str(&what));
        if (m->due != MSA_NONE) {
            sb_puts(b, ", due ");
            when_short(b, s->fields->when.zone, m->due);
        }
        if (m->open) { sb_puts(b, ", still open"); }
        sb_char(b, '\n');
    }
}

static void adapter_note(void *ctx, const struct msa_note *n)
{
    struct sb *b = ctx;
    if (n->kind == MSA_NOTE_RULE_NEVER) { sb_printf(b, "%.*s:%u: ", (int)n->place.file.n, n->place.file.p, n->place.line); }
    sb_printf(b, "%.*s\n", (int)n->text.n, n->text.p);
}

void summary_print(struct summary *s, struct sb *b, const struct msa_run *run)
{
    struct msa_counts n = msa_run_counts(run);
    uint64_t compared = 0, equal = 0;
    msa_run_recorded(run, &compared, &equal);
    sb_visible(b, s->fields->agreement);
    if (n.first_at != MSA_NONE && n.events) {
        sb_puts(b, ": events from ");
        when_short(b, s->fields->when.zone, n.first_at);
        sb_puts(b, " to ");
        when_short(b, s->fields->when.zone, n.last_at);
    }
    sb_printf(b, "\ntimes by the clock of %s\n", zone_name(s->fields->when.zone));
    sort_cells(s);
    sort_measures(s);
    clocks(s, b);
    measures(s, b);
    misses(s, b);
    sb_printf(b, "\nrecords %llu, events %llu, rejected %llu, duplicates %llu", (unsigned long long)n.records, (unsigned long long)n.events,
              (unsigned long long)n.rejects, (unsigned long long)n.duplicates);
    if (n.ignored) { sb_printf(b, ", ignored %llu (of another agreement, or later than asked for)", (unsigned long long)n.ignored); }
    sb_char(b, '\n');
    if (n.before_term) {
        sb_printf(b, "began before the agreement took effect: %llu cycle%s, judged like all others\n", (unsigned long long)n.before_term, n.before_term > 1 ? "s" : "");
    }
    if (n.after_term) {
        sb_printf(b, "began after the agreement's term: %llu cycle%s, judged like all others\n", (unsigned long long)n.after_term, n.after_term > 1 ? "s" : "");
    }
    sb_printf(b, "escalations %llu, notices %llu, corrections %llu\n", (unsigned long long)s->escalations, (unsigned long long)s->notices,
              (unsigned long long)s->corrections);
    if (compared) {
        sb_printf(b, "recorded %llu, equal %llu, different %llu\n", (unsigned long long)compared, (unsigned long long)equal, (unsigned long long)(compared - equal));
    }
    msa_run_adapter_notes(run, adapter_note, b);
    sb_printf(b, "agreement sha256 %.*s\ntime zone data %s\n", STR_ARG(msa_module_digest(s->fields->module)), msa_zone_data_version());
}

/* ---- JSON ---- */

static void member(struct sb *b, const char *name, struct str text)
{
    if (!text.n) { return; }
    sb_printf(b, ",\"%s\":", name);
    sb_json_string(b, text);
}

static void member_number(struct sb *b, const char *name, uint64_t n) { sb_printf(b, ",\"%s\":%llu", name, (unsigned long long)n); }

static void member_instant(struct summary *s, struct sb *b, const char *name, instant t)
{
    char text[CIVIL_TEXT_MAX];
    if (t != MSA_NONE) { sb_printf(b, ",\"%s\":\"%.*s\"", name, when_iso(&s->fields->when, text, t), text); }
}

static void cell_json(struct sb *b, const struct cell *c)
{
    char month[16];
    month_text(c, month);
    sb_puts(b, "{\"clock\":");
    sb_json_string(b, c->clock);
    member(b, "title", c->title);
    if (c->n_values) { sb_puts(b, ",\"by\":{"); }
    for (size_t i = 0; i < c->n_values; i++) {
        if (i) { sb_char(b, ','); }
        sb_json_string(b, text_str(c->values[i].name));
        sb_char(b, ':');
        sb_json_string(b, text_str(c->values[i].value));
    }
    if (c->n_values) { sb_char(b, '}'); }
    if (c->month != OPEN_MONTH) { member(b, "month", str_of(month)); }
    member_number(b, "met", c->n.met);
    member_number(b, "breached", c->n.breached);
    member_number(b, "open", c->n.open);
    member_number(b, "late", c->n.late);
    member_number(b, "paused", c->n.paused);
    member_number(b, "cancelled", c->n.cancelled);
    member_number(b, "excused", c->n.excused);
    member_number(b, "measured", c->n.stopped);
    member_number(b, "no_target", c->n.no_target);
    uint64_t decided = c->n.met + c->n.breached;
    if (decided) {
        int64_t h = share_hundredths((int64_t)c->n.met, (int64_t)decided);
        sb_printf(b, ",\"attainment\":%lld.%02d", (long long)(h / 100), (int)(h % 100));
    }
    sb_char(b, '}');
}

static void miss_json(struct summary *s, struct sb *b, const struct miss *m)
{
    char text[CIVIL_TEXT_MAX];
    sb_puts(b, "{\"key\":");
    sb_json_string(b, m->key);
    member(b, "clock", m->clock);
    member(b, "clause", m->clause);
    sb_printf(b, ",\"overrun\":%.*s", civil_write_seconds(text, m->overrun), text);
    member_instant(s, b, "due", m->due);
    member_instant(s, b, "stopped", m->stopped);
    sb_char(b, '}');
}

void summary_print_json(struct summary *s, struct sb *b, const struct msa_run *run)
{
    struct msa_counts n = msa_run_counts(run);
    uint64_t compared = 0, equal = 0;
    msa_run_recorded(run, &compared, &equal);
    sort_cells(s);
    sort_measures(s);
    sb_puts(b, "{\"agreement\":");
    sb_json_string(b, s->fields->agreement);
    if (n.events) {
        member_instant(s, b, "from", n.first_at);
        member_instant(s, b, "to", n.last_at);
    }
    member(b, "zone", str_of(zone_name(s->fields->when.zone)));
    sb_puts(b, ",\"clocks\":[");
    for (size_t i = 0; i < s->cells.n; i++) {
        if (i) { sb_char(b, ','); }
        cell_json(b, &s->cells.p[i]);
    }
    sb_puts(b, "],\"measures\":[");
    for (size_t i = 0; i < s->measures.n; i++) {
        if (i) { sb_char(b, ','); }
        sb_put(b, s->measures.p[i].json);
    }
    sb_puts(b, "],\"worst\":[");
    for (size_t i = 0; i < s->n_worst; i++) {
        if (i) { sb_char(b, ','); }
        miss_json(s, b, &s->worst[i]);
    }
    sb_char(b, ']');
    member_number(b, "records", n.records);
    member_number(b, "events", n.events);
    member_number(b, "rejected", n.rejects);
    member_number(b, "duplicates", n.duplicates);
    member_number(b, "ignored", n.ignored);
    member_number(b, "before_term", n.before_term);
    member_number(b, "after_term", n.after_term);
    member_number(b, "escalations", s->escalations);
    member_number(b, "notices", s->notices);
    member_number(b, "corrections", s->corrections);
    member_number(b, "recorded", compared);
    member_number(b, "recorded_equal", equal);
    member(b, "sha256", text_str(msa_module_digest(s->fields->module)));
    member(b, "zone_data", str_of(msa_zone_data_version()));
    sb_puts(b, "}\n");
}
