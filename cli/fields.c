/* SPDX-License-Identifier: MIT */
#include "cli/fields.h"
#include "base/civil.h"
#include "base/exact.h"
#include "cli/cli.h"
#include <string.h>

#define FIELD(NAME, name, doc) [FIELD_##NAME] = name,
const char *const field_name[FIELD_COUNT] = {
#include "cli/fields.def"
};
#undef FIELD

void fields_help(struct sb *b)
{
#define FIELD(NAME, name, doc) sb_printf(b, "  %-15s %s\n", name, doc);
#include "cli/fields.def"
#undef FIELD
}

void fields_open(struct field_context *c, const struct msa_module *m, const struct zone *zone)
{
    *c = (struct field_context){.module = m, .agreement = text_str(msa_module_agreement(m))};
    arena_init(&c->arena, NULL);
    when_init(&c->when, zone);
    c->n_clauses = msa_module_clauses(m);
    c->clause = ARENA_ARRAY(&c->arena, struct clause_text, c->n_clauses);
    for (size_t i = 0; i < c->n_clauses; i++) {
        struct msa_clause k = msa_module_clause(m, (uint32_t)i);
        struct clause_text *t = &c->clause[i];
        t->clause = text_str(k.number.n ? k.number : k.name);
        if (k.file.n) { t->source = str_printf(&c->arena, "%.*s:%u:%u", STR_ARG(k.file), k.line, k.column); }
        struct sb b = {.arena = &c->arena};
        sb_puts(&b, ",\"agreement\":");
        sb_json_string(&b, c->agreement);
        if (t->clause.n) {
            sb_puts(&b, ",\"clause\":");
            sb_json_string(&b, t->clause);
        }
        if (t->source.n) {
            sb_puts(&b, ",\"source\":");
            sb_json_string(&b, t->source);
        }
        t->json = sb_str(&b);
    }
}

void fields_close(struct field_context *c)
{
    arena_free(&c->arena);
    sb_free(&c->scratch);
    sb_free(&c->line);
}

int64_t share_hundredths(int64_t part, int64_t whole)
{
    if (whole <= 0 || part <= 0) { return 0; }
    __extension__ typedef __int128 wide;
    return (int64_t)((wide)part * 10000 / whole);
}

static struct value a_text(struct msa_text t)
{
    return (struct value){.form = t.n ? IS_TEXT : IS_ABSENT, .text = text_str(t)};
}
static struct value a_str(struct str s)
{
    return (struct value){.form = s.n ? IS_TEXT : IS_ABSENT, .text = s};
}
static struct value plain(const char *s)
{
    return (struct value){.form = IS_PLAIN, .text = str_of(s)};
}
static struct value number(enum form form, int64_t v)
{
    return (struct value){.form = v == MSA_NONE ? IS_ABSENT : form, .number = v};
}
static struct value flag(bool on)
{
    return (struct value){.form = on ? IS_FLAG : IS_ABSENT, .number = on};
}

static struct value place(struct field_context *c, const struct msa_result *r)
{
    if (!r->file.n) { return (struct value){0}; }
    sb_clear(&c->scratch);
    sb_put(&c->scratch, text_str(r->file));
    if (r->line) {
        sb_char(&c->scratch, ':');
        sb_u64(&c->scratch, r->line);
        if (r->column) {
            sb_char(&c->scratch, ':');
            sb_u64(&c->scratch, r->column);
        }
    }
    return a_str(sb_str(&c->scratch));
}

/* The target as written and its place, with the two fields of NDJSON ready. */
static void target_make(struct field_context *c, struct target_text *t, const struct msa_result *r)
{
    struct msa_place p = msa_module_target_place(c->module, r->target_index);
    struct sb b = {.arena = &c->arena};
    t->source = p.file.n ? str_printf(&c->arena, "%.*s:%u:%u", STR_ARG(p.file), p.line, p.column) : STR("");
    if (r->target.n) {
        sb_puts(&b, ",\"target\":");
        sb_json_string(&b, text_str(r->target));
    }
    if (t->source.n) {
        sb_puts(&b, ",\"target_source\":");
        sb_json_string(&b, t->source);
    }
    t->json = sb_str(&b);
}

const struct target_text *field_target(struct field_context *c, const struct msa_result *r)
{
    static const struct target_text none;
    if (r->target_index == UINT32_MAX) { return &none; }
    if (r->target_index >= c->n_targets) {
        size_t n = (size_t)r->target_index + 64;
        c->target = arena_grow(&c->arena, c->target, c->n_targets * sizeof *c->target, n * sizeof *c->target);
        c->n_targets = n;
    }
    struct target_text *t = &c->target[r->target_index];
    if (!t->source.p) { target_make(c, t, r); }
    return t;
}

static bool of_measure(const struct msa_result *r) { return r->measure.n != 0; }

/* Figures of clocks stand beside measures of clocks only. */
static struct value figure(const struct msa_result *r, int64_t v)
{
    bool any = r->n_met | r->n_breached | r->n_running | r->n_paused | r->n_cancelled | r->n_excused;
    return of_measure(r) && any ? number(IS_NUMBER, v) : (struct value){0};
}

static struct value measured(const struct msa_result *r)
{
    if (!of_measure(r) || r->no_data) { return (struct value){0}; }
    if (r->is_share) { return number(IS_HUNDREDTHS, share_hundredths(r->part, r->whole)); }
    switch ((enum msa_value_type)r->value_type) {
    case MSA_VALUE_NUMBER:
    case MSA_VALUE_PERCENT: return number(IS_MILLIONTHS, r->value);
    case MSA_VALUE_DURATION: return number(IS_SECONDS, r->value);
    case MSA_VALUE_INSTANT: return number(IS_INSTANT, r->value);
    case MSA_VALUE_FLAG:
    case MSA_VALUE_SCALE:
    case MSA_VALUE_COUNT:
    case MSA_VALUE_DATE:
    case MSA_VALUE_TIME: break;
    }
    return number(IS_NUMBER, r->value);
}

static struct value unit(const struct msa_result *r)
{
    if (!of_measure(r)) { return (struct value){0}; }
    if (r->is_share || r->value_type == MSA_VALUE_PERCENT) { return plain("%"); }
    return r->value_type == MSA_VALUE_DURATION ? plain("s") : (struct value){0};
}

static struct value part_or_whole(struct field_context *c, const struct msa_result *r, bool whole)
{
    bool part_time = false, whole_time = false;
    if (!of_measure(r)) { return (struct value){0}; }
    (void)msa_module_measure_units(c->module, r->measure, &part_time, &whole_time);
    return number((whole ? whole_time : part_time) ? IS_SECONDS : IS_NUMBER, whole ? r->whole : r->part);
}

static struct value exception(const struct field_context *c, const struct msa_result *r)
{
    return r->clock.n && r->target_clause < c->n_clauses ? a_str(c->clause[r->target_clause].clause) : (struct value){0};
}

static struct value amount(struct field_context *c, const struct msa_result *r, int64_t minor)
{
    char text[MINOR_TEXT_MAX];
    if (minor == MSA_NONE) { return (struct value){0}; }
    sb_clear(&c->scratch);
    sb_put(&c->scratch, (struct str){text, (size_t)minor_text(text, minor, r->places)});
    return a_str(sb_str(&c->scratch));
}

static struct value day(struct field_context *c, int32_t d)
{
    char text[CIVIL_TEXT_MAX];
    if (d == INT32_MIN || d == INT32_MAX) { return (struct value){0}; }
    sb_clear(&c->scratch);
    sb_put(&c->scratch, (struct str){text, (size_t)civil_write_date(text, d)});
    return a_str(sb_str(&c->scratch));
}

struct value field_get(struct field_context *c, const struct msa_result *r, enum field f)
{
    const struct clause_text *k = r->clause < c->n_clauses ? &c->clause[r->clause] : NULL;
    bool clock = r->clock.n != 0;
    switch (f) {
    case FIELD_KIND: return plain(msa_result_kind_name[r->kind]);
    case FIELD_AGREEMENT: return a_str(c->agreement);
    case FIELD_CLAUSE: return k ? a_str(k->clause) : (struct value){0};
    case FIELD_SOURCE: return k ? a_str(k->source) : (struct value){0};
    case FIELD_AT: return number(IS_INSTANT, r->at);
    case FIELD_ID: return a_text(r->id);
    case FIELD_ENTITY: return a_text(r->entity);
    case FIELD_KEY: return a_text(r->key);
    case FIELD_CLOCK: return a_text(r->clock);
    case FIELD_CYCLE: return clock && r->cycle ? number(IS_NUMBER, r->cycle) : (struct value){0};
    case FIELD_REVISION: return clock && r->revision > 1 ? number(IS_NUMBER, r->revision) : (struct value){0};
    case FIELD_STATE: return !clock && r->standing.n ? a_text(r->standing) : clock ? plain(msa_clock_state_name[r->state]) : (struct value){0};
    case FIELD_STARTED: return number(IS_INSTANT, r->started);
    case FIELD_DUE: return r->payable != INT32_MIN ? day(c, r->payable) : number(IS_INSTANT, r->due);
    case FIELD_DUE_FIRST: return number(IS_INSTANT, r->due_first);
    case FIELD_STOPPED: return number(IS_INSTANT, r->stopped);
    case FIELD_BREACHED_AT: return number(IS_INSTANT, r->breached_at);
    case FIELD_ELAPSED: return number(IS_SECONDS, r->elapsed);
    case FIELD_ELAPSED_PLAIN: return number(IS_SECONDS, r->elapsed_plain);
    case FIELD_TARGET: return a_text(r->target);
    case FIELD_TARGET_SOURCE: return a_str(field_target(c, r)->source);
    case FIELD_EXCEPTION: return exception(c, r);
    case FIELD_CHANGED: return target_changed(r) ? number(IS_INSTANT, r->target_changed_at) : (struct value){0};
    case FIELD_CALENDAR: return a_text(r->calendar);
    case FIELD_PAUSED: return number(IS_SECONDS, r->paused);
    case FIELD_OVERRUN: return number(IS_SECONDS, r->overrun);
    case FIELD_REMAINING: return number(IS_SECONDS, r->remaining);
    case FIELD_LATE: return flag(r->late);
    case FIELD_HIDDEN: return flag(r->hidden);
    case FIELD_EXCUSED: return flag(r->excused);
    case FIELD_JUDGED: return flag(r->judged_at_stop);
    case FIELD_OUTSIDE: return flag(r->outside_term);
    case FIELD_BY: return (struct value){.form = r->n_by ? IS_NAMED : IS_ABSENT, .named = r->by, .n = r->n_by};
    case FIELD_STEP: return a_text(r->step);
    case FIELD_RECIPIENTS:
        if (r->kind != MSA_ESCALATION && r->kind != MSA_NOTICE) { return (struct value){0}; }
        return (struct value){.form = IS_TEXTS, .texts = r->recipients, .n = r->n_recipients};
    case FIELD_NOT_TOLD: return not_told(c, r);
    case FIELD_REASON: return a_text(r->reason);
    case FIELD_WITHDRAWS: return a_text(r->withdraws);
    case FIELD_MEASURE: return a_text(r->measure);
    case FIELD_PERIOD: return a_text(r->period);
    case FIELD_PERIOD_FROM: return of_measure(r) ? number(IS_INSTANT, r->period_from) : (struct value){0};
    case FIELD_PERIOD_TO: return of_measure(r) && r->period_to != MSA_NEVER ? number(IS_INSTANT, r->period_to) : (struct value){0};
    case FIELD_VALUE: return measured(r);
    case FIELD_UNIT: return unit(r);
    case FIELD_GOAL: return a_text(r->goal);
    case FIELD_GOAL_STATE: return r->goal.n && !r->no_data ? plain(r->goal_state == MSA_GOAL_KEPT ? "kept" : "missed") : (struct value){0};
    case FIELD_PART: return part_or_whole(c, r, false);
    case FIELD_WHOLE: return part_or_whole(c, r, true);
    case FIELD_NO_DATA: return flag(of_measure(r) && r->no_data);
    case FIELD_MET: return figure(r, r->n_met);
    case FIELD_BREACHED: return figure(r, r->n_breached);
    case FIELD_RUNNING: return figure(r, r->n_running);
    case FIELD_N_PAUSED: return figure(r, r->n_paused);
    case FIELD_CANCELLED: return figure(r, r->n_cancelled);
    case FIELD_N_EXCUSED: return figure(r, r->n_excused);
    case FIELD_FINAL: return flag((of_measure(r) || r->kind == MSA_LINE || r->kind == MSA_INVOICE) && r->final);
    case FIELD_CHARGE: return a_text(r->charge);
    case FIELD_LINE: return a_text(r->line_kind);
    case FIELD_INVOICE: return a_text(r->invoice);
    case FIELD_ISSUED: return day(c, r->issued);
    case FIELD_DAY: return day(c, r->day);
    case FIELD_DAY_FROM: return day(c, r->day_from);
    case FIELD_DAY_TO: return day(c, r->day_to);
    case FIELD_LAST_DAY: return day(c, r->last_day);
    case FIELD_QUANTITY: return a_text(r->quantity);
    case FIELD_PER_UNIT: return r->quantity.n ? a_text(r->unit) : (struct value){0};
    case FIELD_PRICE: return a_text(r->price);
    case FIELD_AMOUNT: return amount(c, r, r->amount);
    case FIELD_CURRENCY: return a_text(r->currency);
    case FIELD_NET: return amount(c, r, r->net);
    case FIELD_TOTAL: return amount(c, r, r->total);
    case FIELD_OPEN: return amount(c, r, r->open);
    case FIELD_NOTE: return a_text(r->note);
    case FIELD_ASPECT: return a_text(r->aspect);
    case FIELD_RECORDED: return a_text(r->recorded);
    case FIELD_COMPUTED: return a_text(r->computed);
    case FIELD_EVENT: return a_text(r->cause);
    case FIELD_INPUT: return place(c, r);
    case FIELD_VERBATIM: return a_text(r->verbatim);
    case FIELD_COUNT: break;
    }
    return (struct value){0};
}

void exception_name(struct sb *b, struct msa_clause k)
{
    if (!k.number.n && !k.title.n) { /* the name says all */
        sb_visible(b, text_str(k.name));
        return;
    }
    sb_puts(b, k.number.n ? "exception " : "exception \"");
    sb_visible(b, text_str(k.number.n ? k.number : k.title));
    if (!k.number.n) { sb_char(b, '"'); }
}

/* The attributes that somebody was to be told by and that are missing; not known of some, which are left out. */
static size_t lacking_of(struct field_context *c, const struct msa_result *r, struct msa_text *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < (r->n_recipients ? r->n_recipients : 1) && n < most; i++) {
        if (i < r->n_recipients && r->recipients[i].n) { continue; }
        n += msa_module_recipient(c->module, r, i, &out[n]);
    }
    return n;
}

struct value not_told(struct field_context *c, const struct msa_result *r)
{
    bool all = r->n_recipients > 0;
    if (r->kind != MSA_ESCALATION && r->kind != MSA_NOTICE) { return (struct value){0}; }
    for (size_t i = 0; i < r->n_recipients; i++) { all &= r->recipients[i].n != 0; }
    if (all) { return (struct value){0}; }
    size_t n = lacking_of(c, r, c->lacking, countof(c->lacking));
    return (struct value){.form = n ? IS_TEXTS : IS_ABSENT, .texts = c->lacking, .n = n};
}

void recipients_text(struct field_context *c, struct sb *b, const struct msa_result *r, bool sentence)
{
    size_t told = 0;
    struct value lacking = not_told(c, r);
    for (size_t i = 0; i < r->n_recipients; i++) {
        if (!r->recipients[i].n) { continue; }
        if (told++) { sb_puts(b, ", "); }
        sb_visible(b, text_str(r->recipients[i]));
    }
    if (!told) { sb_puts(b, "nobody"); }
    if (told && sentence) { sb_puts(b, told > 1 ? " are told" : " is told"); }
    for (size_t i = 0; i < lacking.n; i++) {
        sb_puts(b, i ? ", `" : told ? " (`" : ": `");
        sb_visible(b, text_str(lacking.texts[i]));
        sb_char(b, '`');
    }
    if (lacking.n) { sb_puts(b, lacking.n > 1 ? " are missing" : " is missing"); }
    if (lacking.n && told) { sb_char(b, ')'); }
}

void measure_text(struct field_context *c, struct sb *b, const struct msa_result *r)
{
    if (r->no_data) {
        sb_puts(b, "no data");
    } else {
        struct value v = field_get(c, r, FIELD_VALUE);
        value_text(c, b, &v, true);
        struct value u = field_get(c, r, FIELD_UNIT);
        if (u.form != IS_ABSENT && v.form != IS_SECONDS) { sb_puts(b, " %"); }
        if (r->is_share) {
            struct value part = field_get(c, r, FIELD_PART), whole = field_get(c, r, FIELD_WHOLE);
            sb_puts(b, " (");
            value_text(c, b, &part, true);
            sb_puts(b, " of ");
            value_text(c, b, &whole, true);
            sb_puts(b, ")");
        }
    }
    if (!r->goal.n) { return; }
    sb_puts(b, ", goal ");
    sb_visible(b, text_str(r->goal));
    if (!r->no_data) { sb_puts(b, r->goal_state == MSA_GOAL_KEPT ? ": kept" : ": missed"); }
}

/* ---- columns ---- */

bool columns_parse(struct arena *a, const struct msa_module *m, const char *list, struct columns *out, const char **unknown, const char **near)
{
    struct str rest = str_of(list);
    struct msa_text entity;
    *out = (struct columns){.p = ARENA_ARRAY(a, struct column, rest.n + 1)};
    while (rest.n) {
        struct str name = str_trim(str_cut(rest, ',', &rest));
        struct column c = {.field = FIELD_COUNT, .name = str_dup(a, name)};
        for (int f = 0; f < FIELD_COUNT; f++) {
            if (str_eq(name, str_of(field_name[f]))) { c.field = (enum field)f; }
        }
        if (c.field == FIELD_COUNT && str_starts(name, STR("by."))) { c.by = str_slice(c.name, 3, name.n); }
        for (size_t i = 0; c.field == FIELD_COUNT && msa_module_entity_at(m, i, &entity); i++) {
            if (str_eq(name, text_str(entity))) { c.entity = c.name; }
        }
        if (c.field == FIELD_COUNT && !c.by.n && !c.entity.n) {
            *unknown = c.name.p;
            const char *words[FIELD_COUNT + 32];
            size_t n = 0;
            for (; n < FIELD_COUNT; n++) { words[n] = field_name[n]; }
            for (size_t i = 0; n < countof(words) && msa_module_entity_at(m, i, &entity); i++) { words[n++] = str_c(a, text_str(entity)); }
            *near = nearest_word(c.name.p, words, n);
            return false;
        }
        out->p[out->n++] = c;
    }
    *unknown = "";
    *near = NULL;
    return out->n > 0;
}

struct value column_get(struct field_context *c, const struct msa_result *r, const struct column *column)
{
    if (column->field != FIELD_COUNT) { return field_get(c, r, column->field); }
    if (column->entity.n) { return str_eq(column->entity, text_str(r->entity)) ? a_text(r->key) : (struct value){0}; }
    for (size_t i = 0; i < r->n_by; i++) {
        if (str_eq(column->by, text_str(r->by[i].name))) { return a_text(r->by[i].value); }
    }
    return (struct value){0};
}

/* ---- values as text ---- */

static void cut_number(struct sb *b, int64_t v, int64_t scale, int digits)
{
    uint64_t positive = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    sb_printf(b, "%s%llu", v < 0 ? "-" : "", (unsigned long long)(positive / (uint64_t)scale));
    uint64_t fraction = positive % (uint64_t)scale;
    for (; digits && fraction && fraction % 10 == 0; digits--) { fraction /= 10; }
    if (fraction) { sb_printf(b, ".%0*llu", digits, (unsigned long long)fraction); }
}

void value_text(struct field_context *c, struct sb *b, const struct value *v, bool people)
{
    char text[CIVIL_TEXT_MAX];
    switch (v->form) {
    case IS_ABSENT: break;
    case IS_TEXT:
    case IS_PLAIN: sb_put(b, v->text); break;
    case IS_INSTANT:
        if (people) {
            when_short(b, c->when.zone, v->number);
        } else {
            sb_put(b, str_make(text, (size_t)when_iso(&c->when, text, v->number)));
        }
        break;
    case IS_SECONDS:
        if (people) {
            when_span(b, v->number);
        } else {
            sb_put(b, str_make(text, (size_t)civil_write_seconds(text, v->number)));
        }
        break;
    case IS_NUMBER: sb_i64(b, v->number); break;
    case IS_HUNDREDTHS: sb_printf(b, "%lld.%02d", (long long)(v->number / 100), (int)(v->number % 100)); break;
    case IS_MILLIONTHS: cut_number(b, v->number, 1000000, 6); break;
    case IS_FLAG: sb_puts(b, people ? "yes" : "true"); break;
    case IS_TEXTS:
        for (size_t i = 0, n = 0; i < v->n; i++) {
            if (!v->texts[i].n) { continue; } /* of an attribute that is missing */
            if (n++) { sb_puts(b, "; "); }
            sb_put(b, text_str(v->texts[i]));
        }
        break;
    case IS_NAMED:
        for (size_t i = 0; i < v->n; i++) {
            if (i) { sb_puts(b, "; "); }
            sb_put(b, text_str(v->named[i].name));
            sb_char(b, '=');
            sb_put(b, text_str(v->named[i].value));
        }
        break;
    }
}
