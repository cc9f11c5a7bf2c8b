/* SPDX-License-Identifier: MIT */
/* R1: in which order records reach the engine. A batch is collected and sorted; files whose `at` never steps back are read
 * at the end, side by side with it, in flat memory; a stream waits for its lateness. Whichever way, records come in the
 * order of (at, facts then creation then others, the export's sequence, input order). */
#include "runtime/input.h"
#include "base/calendar.h"
#include "base/civil.h"
#include <stdio.h>

#define CHUNK_BYTES ((size_t)256 * 1024)
#define HEADER ((sizeof(struct chunk) + 15) & ~(size_t)15)

/* ---- pool ---- */

static struct chunk *new_chunk(struct pool *p, size_t n)
{
    size_t size = HEADER + n > CHUNK_BYTES ? HEADER + n : CHUNK_BYTES;
    struct chunk *c = p->spare;
    if (c != NULL && c->size >= size) {
        p->spare = NULL;
    } else {
        c = memory_resize(p->memory, NULL, size);
        *c = (struct chunk){ .next = p->all, .size = size };
        if (p->all) { p->all->before = c; }
        p->all = c;
        p->footprint += size;
    }
    c->used = HEADER;
    c->live = 0;
    return c;
}

static void drop_chunk(struct pool *p, struct chunk *c)
{
    if (p->spare == NULL && c->size == CHUNK_BYTES) {
        p->spare = c;
        return;
    }
    p->footprint -= c->size;
    if (c->before) { c->before->next = c->next; } else { p->all = c->next; }
    if (c->next) { c->next->before = c->before; }
    memory_resize(p->memory, c, 0);
}

void *pool_room(struct pool *p, size_t n)
{
    struct chunk *c = p->current;
    if (c == NULL || c->size - c->used < n) {
        p->current = NULL;
        if (c != NULL && c->live == 0) { drop_chunk(p, c); }
        p->current = c = new_chunk(p, n);
    }
    return (char *)c + c->used;
}

struct chunk *pool_keep(struct pool *p, size_t n)
{
    p->current->used += (n + 15) & ~(size_t)15;
    if (p->current->used > p->current->size) { p->current->used = p->current->size; }
    p->current->live++;
    return p->current;
}

void pool_release(struct pool *p, struct chunk *c)
{
    if (--c->live > 0) { return; }
    if (c == p->current) {
        c->used = HEADER;
    } else {
        drop_chunk(p, c);
    }
}

/* All of it, records that are still waiting included. */
void pool_free(struct pool *p)
{
    for (struct chunk *c = p->all, *next; c != NULL; c = next) {
        next = c->next;
        memory_resize(p->memory, c, 0);
    }
    p->all = p->current = p->spare = NULL;
    p->footprint = 0;
}

static void release(struct msa_run *r, struct record *rec)
{
    pool_release(&r->pool, rec->chunk);
}

/* ---- comparing and sorting ---- */

int record_compare(const struct record *a, const struct record *b)
{
    if (a->ev.at != b->ev.at) { return a->ev.at < b->ev.at ? -1 : 1; }
    if (a->rank != b->rank) { return a->rank < b->rank ? -1 : 1; }
    if (a->sequence != b->sequence) { return a->sequence < b->sequence ? -1 : 1; }
    return a->ev.order < b->ev.order ? -1 : a->ev.order > b->ev.order;
}

/* Natural merge sort over keys beside the pointers: runs that are in order already cost one look. */
static inline bool in_order(const struct order_key *a, const struct order_key *b)
{
    if (a->at != b->at) { return a->at < b->at; }
    if (a->rec->rank != b->rec->rank) { return a->rec->rank < b->rec->rank; }
    if (a->rec->sequence != b->rec->sequence) { return a->rec->sequence < b->rec->sequence; }
    return a->tie <= b->tie;
}

static size_t run_end(const struct order_key *k, size_t from, size_t n)
{
    size_t i = from + 1;
    while (i < n && in_order(&k[i - 1], &k[i])) { i++; }
    return i;
}

static void merge(struct order_key *out, const struct order_key *a, const struct order_key *a_end, const struct order_key *b, const struct order_key *b_end)
{
    while (a < a_end && b < b_end) { *out++ = in_order(a, b) ? *a++ : *b++; }
    while (a < a_end) { *out++ = *a++; }
    while (b < b_end) { *out++ = *b++; }
}

void records_sort(struct msa_run *r, struct record **p, size_t n)
{
    size_t i = 1;
    while (i < n && record_compare(p[i - 1], p[i]) <= 0) { i++; }
    if (i >= n) { return; }
    struct order_key *k = memory_resize(&r->memory, NULL, size_of_array(n, 2 * sizeof *k)), *from = k, *to = k + n;
    for (i = 0; i < n; i++) { from[i] = (struct order_key){ .at = p[i]->ev.at, .tie = p[i]->ev.order, .rec = p[i] }; }
    /* Short runs are lengthened by insertion, so that random input merges from 16 upward. */
    for (i = 0; i < n; i += 16) {
        size_t end = i + 16 < n ? i + 16 : n;
        for (size_t j = i + 1; j < end; j++) {
            struct order_key x = from[j];
            size_t h = j;
            for (; h > i && !in_order(&from[h - 1], &x); h--) { from[h] = from[h - 1]; }
            from[h] = x;
        }
    }
    while (run_end(from, 0, n) < n) {
        for (i = 0; i < n;) {
            size_t middle = run_end(from, i, n), end = middle < n ? run_end(from, middle, n) : n;
            merge(to + i, from + i, from + middle, from + middle, from + end);
            i = end;
        }
        struct order_key *swap = from;
        from = to;
        to = swap;
    }
    for (i = 0; i < n; i++) { p[i] = from[i].rec; }
    memory_resize(&r->memory, k, 0);
}

/* ---- giving records to the engine ---- */

/* Calendars end somewhere: a count up to a date like 9999-12-31 would be wrong without a word. */
static bool outside(const struct record *rec)
{
    return rec->ev.type != EVENT_SET && (rec->ev.at < CAL_LOW || rec->ev.at >= CAL_HIGH);
}

/* A row whose events are refused one after the other is one reject. */
static enum msa_status refuse(struct msa_run *r, const struct record *rec, const char *reason)
{
    if (rec->row) {
        if (rec->row->rejected) { return MSA_OK; }
        rec->row->rejected = true;
    }
    return reject_emit(r, rec, MSA_REJECT, reason, 0);
}

static void applied(struct msa_run *r, const struct record *rec)
{
    if (rec->row) { rec->row->applied = true; } else { r->counts.applied++; }
}

/* The last event of a row settles how the row is counted; rejected ones are counted where they are told. */
static void settle_row(struct msa_run *r, struct record *rec)
{
    struct row_end *row = rec->row;
    if (row == NULL || --row->left > 0) { return; }
    if (!row->rejected) { (*(row->applied ? &r->counts.applied : &r->counts.ignored))++; }
    pool_release(&r->pool, row->chunk);
}

static enum msa_status reject_outside(struct msa_run *r, const struct record *rec)
{
    char at[CIVIL_TEXT_MAX], reason[192];
    at[civil_write_instant(at, rec->ev.at, 0, true)] = '\0';
    snprintf(reason, sizeof reason, "its time, %s, is outside the years %d to %d, which calendars know", at, CAL_FIRST_YEAR, CAL_LAST_YEAR);
    return refuse(r, rec, reason);
}

static void count_time(struct msa_run *r, instant at, bool event)
{
    if (event && (r->counts.first_at == MSA_NONE || at < r->counts.first_at)) { r->counts.first_at = at; }
    if (r->counts.last_at == MSA_NONE || at > r->counts.last_at) { r->counts.last_at = at; }
}

/* Only what comes before the events of this instant: a stop at it still counts. */
static enum msa_status pass_time(struct msa_run *r, instant at)
{
    struct msa_fault why = { .status = MSA_OK };
    enum msa_status status = engine_wait(r->engine, at, &why);
    return status == MSA_OK ? MSA_OK : run_fail(r, status, "%s", why.text);
}

static enum msa_status apply(struct msa_run *r, const struct record *rec)
{
    if (rec->ev.type == RECORD_REJECT) {
        return reject_emit(r, rec, MSA_REJECT, rec->ev.text[0].p, (uint32_t)rec->ev.scalar[0]);
    }
    if (rec->ev.type == RECORD_DUPLICATE) { return reject_emit(r, rec, MSA_DUPLICATE, "this row is the same as an earlier one", 0); }
    if ((r->o.as_of != MSA_NONE && rec->ev.at > r->o.as_of) ||
        (r->only_key.p && rec->ev.key.n && !str_eq(rec->ev.key, r->only_key))) {
        if (rec->row == NULL) { r->counts.ignored++; }
        return MSA_OK;
    }
    if (outside(rec)) { return reject_outside(r, rec); }
    if (rec->ev.type == RECORD_ADVANCE) {
        r->counts.applied++;
        count_time(r, rec->ev.at, false);
        return pass_time(r, rec->ev.at);
    }
    bool duplicate = false;
    struct msa_fault why; /* not cleared: that alone was 1.5% */
    why.text[0] = '\0';
    enum msa_status status = engine_apply(r->engine, &rec->ev, &duplicate, &why);
    if (status == MSA_REJECTED) { return refuse(r, rec, why.text); }
    if (status != MSA_OK) { return run_fail(r, status, "%s", why.text); }
    if (duplicate) { return reject_emit(r, rec, MSA_DUPLICATE, "an event with this id came before", 0); }
    r->counts.events++;
    applied(r, rec);
    if (rec->ev.type != EVENT_SET) { count_time(r, rec->ev.at, true); }
    return MSA_OK;
}

static enum msa_status give(struct msa_run *r, struct record *rec)
{
    enum msa_status status = apply(r, rec);
    settle_row(r, rec);
    release(r, rec);
    return status;
}

/* Changes stamped before the opening fold into it; facts without a time hold from the first instant. */
static void fold(struct record *rec)
{
    const struct fold *f = rec->fold;
    if (f == NULL) { return; }
    int64_t first = f->opened != NONE ? f->opened : f->first;
    if (first == NONE) { return; }
    if (rec->ev.type == EVENT_SET || rec->ev.at < first) { rec->ev.at = first; }
}

/* ---- streams: a heap of what may still be overtaken ---- */

static void heap_push(struct msa_run *r, struct record *rec)
{
    if (r->n_heap == r->cap_heap) { r->heap = run_grow(r, r->heap, &r->cap_heap, r->n_heap + 1, sizeof(struct record *)); }
    size_t i = r->n_heap++;
    for (; i > 0; i = (i - 1) / 2) {
        struct record *up = r->heap[(i - 1) / 2];
        if (record_compare(up, rec) <= 0) { break; }
        r->heap[i] = up;
    }
    r->heap[i] = rec;
}

static struct record *heap_pop(struct msa_run *r)
{
    struct record *top = r->heap[0], *last = r->heap[--r->n_heap];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < r->n_heap; i = child) {
        if (child + 1 < r->n_heap && record_compare(r->heap[child + 1], r->heap[child]) < 0) { child++; }
        if (record_compare(last, r->heap[child]) <= 0) { break; }
        r->heap[i] = r->heap[child];
    }
    r->heap[i] = last;
    return top;
}

/* No event before this instant is to come any more. */
static int64_t certain(const struct msa_run *r)
{
    int64_t safe;
    return ckd_sub(&safe, r->newest, r->o.lateness) ? INT64_MIN : safe;
}

static enum msa_status give_certain(struct msa_run *r)
{
    for (int64_t safe = certain(r); r->n_heap > 0 && r->heap[0]->ev.at < safe;) {
        enum msa_status status = give(r, heap_pop(r));
        if (status != MSA_OK) { return status; }
    }
    return MSA_OK;
}

/* Of an instant that lies back it says nothing new. */
static enum msa_status advance_stream(struct msa_run *r, struct record *rec)
{
    instant as_of = r->o.as_of;
    if (as_of != MSA_NONE && rec->ev.at > as_of) {
        r->counts.ignored++;
    } else {
        r->counts.applied++;
        count_time(r, rec->ev.at, false);
    }
    if (r->newest == NONE || rec->ev.at > r->newest) { r->newest = rec->ev.at; }
    release(r, rec);
    enum msa_status status = give_certain(r);
    instant safe = certain(r);
    return status == MSA_OK ? pass_time(r, as_of != MSA_NONE && safe > as_of ? as_of : safe) : status;
}

static enum msa_status put_stream(struct msa_run *r, struct record *rec)
{
    if (rec->ev.type == RECORD_REJECT || rec->ev.type == RECORD_DUPLICATE) { return give(r, rec); }
    fold(rec);
    if (rec->ev.type == EVENT_SET) { return give(r, rec); } /* holds from the entity's first instant, whenever it is said */
    if (outside(rec)) { return give(r, rec); }              /* it must not make all that follows late */
    if (rec->ev.type == RECORD_ADVANCE) { return advance_stream(r, rec); }
    if (r->newest != NONE && rec->ev.at < r->newest) {
        if (rec->ev.at < certain(r) && !engine_knows(r->engine, &rec->ev)) {
            char late[CIVIL_TEXT_MAX], reason[192];
            late[civil_write_hms(late, r->o.lateness)] = '\0';
            char newest[CIVIL_TEXT_MAX];
            newest[civil_write_instant(newest, r->newest, 0, true)] = '\0';
            snprintf(reason, sizeof reason, "came later than the lateness of %s allows: time has reached %s", late, newest);
            enum msa_status status = refuse(r, rec, reason);
            settle_row(r, rec);
            release(r, rec);
            return status;
        }
    } else {
        r->newest = rec->ev.at;
    }
    heap_push(r, rec);
    return give_certain(r);
}

enum msa_status order_put(struct msa_run *r, struct record *rec)
{
    if (r->o.memory_limit && r->pool.footprint > r->o.memory_limit) {
        release(r, rec);
        return run_fail(r, MSA_LIMIT, "the events that wait to be sorted need more than the limit of memory; a file in order of time needs none, nor does --stream");
    }
    if (r->o.stream) { return put_stream(r, rec); }
    if (r->o.strict && rec->ev.type == RECORD_REJECT) { return give(r, rec); }
    if (r->n_batch == r->cap_batch) { r->batch = run_grow(r, r->batch, &r->cap_batch, r->n_batch + 1, sizeof(struct record *)); }
    r->batch[r->n_batch++] = rec;
    return MSA_OK;
}

enum msa_status order_advance(struct msa_run *r, instant at)
{
    struct record *rec = pool_room(&r->pool, sizeof *rec);
    *rec = (struct record){ .ev = { .at = at, .type = RECORD_ADVANCE, .rule = NO_REF } };
    rec->chunk = pool_keep(&r->pool, sizeof *rec);
    r->counts.records++;
    return order_put(r, rec);
}

/* ---- files in order of time: one group of equal instants at a time ---- */

static enum read_status next_of_input(struct input *s, struct record **out)
{
    while (s->q_from == s->q_to) {
        enum read_status status = input_read(s);
        if (status == READ_FAILED) { return status; }
        if (status == READ_END && s->q_from == s->q_to) { return READ_END; }
    }
    *out = s->queue[s->q_from++];
    return READ_SOME;
}

static void group_add(struct input *s, struct record *rec)
{
    if (s->g_to == s->g_cap) { s->group = run_grow(s->run, s->group, &s->g_cap, s->g_to + 1, sizeof(struct record *)); }
    s->group[s->g_to++] = rec;
}

/* Makes sure that group[g_from] is the next record of this file; READ_END when there is none. */
static enum read_status fill_group(struct input *s)
{
    if (s->g_from < s->g_to) { return READ_SOME; }
    s->g_from = s->g_to = 0;
    enum read_status status = READ_SOME;
    if (s->ahead == NULL && (status = next_of_input(s, &s->ahead)) != READ_SOME) { return status; }
    int64_t at = s->ahead->ev.at;
    do {
        group_add(s, s->ahead);
        s->ahead = NULL;
        status = next_of_input(s, &s->ahead);
    } while (status == READ_SOME && s->ahead->ev.at <= at);
    if (status == READ_SOME) { engine_expect(s->run->engine, &s->ahead->ev); }
    if (status == READ_FAILED) { return status; }
    if (s->g_to > 1) { records_sort(s->run, s->group, s->g_to); }
    return READ_SOME;
}

enum msa_status order_finish(struct msa_run *r)
{
    while (r->n_heap > 0) {
        enum msa_status status = give(r, heap_pop(r));
        if (status != MSA_OK) { return status; }
    }
    if (r->any_folds) {
        for (size_t i = 0; i < r->n_batch; i++) { fold(r->batch[i]); }
    }
    records_sort(r, r->batch, r->n_batch);
    size_t next = 0;
    for (;;) {
        struct record *first = next < r->n_batch ? r->batch[next] : NULL;
        struct input *from = NULL;
        for (size_t i = 0; i < r->n_streams; i++) {
            struct input *s = r->stream[i];
            enum read_status status = fill_group(s);
            if (status == READ_FAILED) { return r->fault.status; }
            if (status == READ_END) { continue; }
            if (first == NULL || record_compare(s->group[s->g_from], first) < 0) {
                first = s->group[s->g_from];
                from = s;
            }
        }
        if (first == NULL) { break; }
        if (from) {
            from->g_from++;
        } else {
            r->batch[next++] = NULL;
        }
        enum msa_status status = give(r, first);
        if (status != MSA_OK) { return status; }
    }
    r->n_batch = 0;
    return MSA_OK;
}

void order_close(struct msa_run *r)
{
    for (size_t i = 0; i < r->n_streams; i++) {
        input_close(r->stream[i]);
        memory_resize(NULL, r->stream[i], 0);
    }
    r->n_batch = r->n_heap = r->n_streams = 0;
    memory_resize(NULL, r->batch, 0);
    memory_resize(NULL, r->heap, 0);
    memory_resize(NULL, r->stream, 0);
    r->batch = r->heap = NULL;
    r->stream = NULL;
    pool_free(&r->pool);
}
