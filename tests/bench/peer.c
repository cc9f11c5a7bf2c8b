/* SPDX-License-Identifier: MIT */
/* The peer of the benchmark: the same job as agreement.msa, written by hand in C for exactly this agreement and these events,
 * with the same calendars. It knows its fields and their values in advance, checks little, explains nothing and prints two
 * short lines a ticket. Its last line is compared with what msa finds: met and missed, by clock.
 *
 *     peer events.ndjson > results */
#define _GNU_SOURCE /* memmem */
#include "base/calendar.h"
#include "base/civil.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct clock { int64_t started, due, mark, used, amount; uint8_t state, calendar, waits; bool breached; };
enum { IDLE, RUNNING, PAUSED, STOPPED };
struct ticket { uint64_t key; uint8_t impact, urgency, site; struct clock response, resolution; };

static struct ticket *slot;
static size_t mask, used_slots;
static struct calendar *calendar[2];
static uint64_t met[2], missed[2];
static char out[1 << 18];
static size_t n_out;

static uint64_t key_of(const char *p)
{
    uint64_t k = 0;
    while (*p != '"') { k = k * 10 + (uint64_t)(*p++ & 15); }
    return k + 1;
}

static struct ticket *find(uint64_t key, bool create)
{
    size_t i = key * 0x9E3779B97F4A7C15u >> 20 & mask;
    while (slot[i].key != 0 && slot[i].key != key) { i = (i + 1) & mask; }
    if (slot[i].key == key || !create) { return slot[i].key == key ? &slot[i] : NULL; }
    slot[i] = (struct ticket){ .key = key };
    used_slots++;
    return &slot[i];
}

static void print(const struct ticket *t, int which, const struct clock *c, int64_t at, bool in_time)
{
    if (n_out > sizeof out - 200) { fwrite(out, 1, n_out, stdout); n_out = 0; }
    n_out += (size_t)sprintf(out + n_out, "{\"ticket\":%llu,\"clock\":%d,\"met\":%d,\"due\":\"", (unsigned long long)t->key, which, in_time);
    n_out += (size_t)civil_write_instant(out + n_out, c->due, 0, true);
    memcpy(out + n_out, "\",\"at\":\"", 8);
    n_out += 8;
    n_out += (size_t)civil_write_instant(out + n_out, at, 0, true);
    memcpy(out + n_out, "\"}\n", 3);
    n_out += 3;
}

static void pass(struct clock *c, int64_t now)
{
    if (c->state == RUNNING && !c->breached && c->due < now) { c->breached = true; }
}

static void stop(struct ticket *t, int which, struct clock *c, int64_t now)
{
    if (c->state != RUNNING && c->state != PAUSED) { return; }
    pass(c, now);
    c->state = STOPPED;
    if (c->breached) { missed[which]++; } else { met[which]++; }
    print(t, which, c, now, !c->breached);
}

static void start(struct clock *c, int64_t now, int cal, int64_t amount)
{
    *c = (struct clock){ .started = now, .mark = now, .amount = amount, .calendar = (uint8_t)cal, .state = RUNNING };
    c->due = cal == 0 ? now + amount : calendar_due(calendar[1], now, amount);
}

static int64_t elapsed(const struct clock *c, int64_t a, int64_t b) { return c->calendar == 0 ? b - a : calendar_elapsed(calendar[1], a, b); }

static const uint8_t matrix[3][3] = { { 0, 1, 2 }, { 1, 2, 3 }, { 2, 3, 3 } };
static const int64_t resolve_hours[4] = { 4, 8, 24, 80 };

/* Another target: measured again from the start, in the new calendar. Pauses are taken out as one sum (they end before). */
static void recompute(struct ticket *t, int64_t now, int64_t paused_from, int64_t paused_to)
{
    int p = matrix[t->impact][t->urgency];
    struct clock *c[2] = { &t->response, &t->resolution };
    for (int i = 0; i < 2; i++) {
        if (c[i]->state != RUNNING || c[i]->breached) { continue; }
        bool gold = t->site < 2;
        int64_t amount = i == 1 ? resolve_hours[p] * HOUR_US : p == 0 ? (gold ? 15 * MINUTE_US : HOUR_US) : gold ? (p == 1 ? HOUR_US : 4 * HOUR_US) : 8 * HOUR_US;
        int cal = p == 0 ? 0 : 1;
        if (amount == c[i]->amount && cal == c[i]->calendar) { continue; }
        c[i]->amount = amount;
        c[i]->calendar = (uint8_t)cal;
        c[i]->used = elapsed(c[i], c[i]->started, now) - elapsed(c[i], paused_from, paused_to);
        c[i]->mark = now;
        if (c[i]->used > amount) { c[i]->breached = true; }
        int64_t left = amount - c[i]->used;
        c[i]->due = left <= 0 ? now : cal == 0 ? now + left : calendar_due(calendar[1], now, left);
    }
}

static const char *after(const char *line, const char *end, const char *name, size_t n)
{
    const char *p = memmem(line, (size_t)(end - line), name, n);
    return p != NULL ? p + n : NULL;
}
#define AFTER(name) after(line, end, name, sizeof name - 1)

static uint8_t level(const char *p) { return *p == 'h' ? 0 : *p == 'm' ? 1 : 2; }

static void event(const char *line, const char *end)
{
    const char *at = AFTER("\"at\":\""), *kind = AFTER("\"event\":\""), *key = AFTER("\"ticket\":\"T"), *p;
    int64_t now = civil_read_instant(at, 20, NULL);
    struct ticket *t = find(key_of(key), *kind == 'o');
    if (t == NULL) { return; }
    pass(&t->response, now);
    pass(&t->resolution, now);
    switch (kind[0] == 'r' && kind[3] == 'u' ? 'u' : kind[0]) {
    case 'o': {
        t->impact = level(AFTER("\"impact\":\""));
        t->urgency = level(AFTER("\"urgency\":\""));
        p = AFTER("\"site\":\"");
        t->site = *p == 'H' ? 0 : *p == 'P' ? 1 : 2;
        int k = matrix[t->impact][t->urgency];
        bool gold = t->site < 2;
        start(&t->response, now, k != 0, k == 0 ? (gold ? 15 * MINUTE_US : HOUR_US) : gold ? (k == 1 ? HOUR_US : 4 * HOUR_US) : 8 * HOUR_US);
        start(&t->resolution, now, k != 0, resolve_hours[k] * HOUR_US);
        break;
    }
    case 'm':
        if ((p = AFTER("\"sender\":\"")) == NULL || *p != 'p') { break; }
        if ((p = AFTER("\"public\":")) == NULL || *p != 't') { break; }
        if ((p = AFTER("\"automatic\":")) != NULL && *p == 't') { break; }
        stop(t, 0, &t->response, now);
        break;
    case 'c':
        if (kind[1] == 'h') {
            if ((p = AFTER("\"urgency\":\"")) != NULL) { t->urgency = level(p); recompute(t, now, now, now); }
        } else {
            stop(t, 0, &t->response, now);
            stop(t, 1, &t->resolution, now);
            t->key = UINT64_MAX; /* not reused: linear probing without deletion would break */
        }
        break;
    case 'w': {
        struct clock *c = &t->resolution;
        if (c->state == RUNNING) { c->used += elapsed(c, c->mark, now); c->state = PAUSED; }
        break;
    }
    case 'u': {
        struct clock *c = &t->resolution;
        if (c->state != PAUSED) { break; }
        c->state = RUNNING;
        c->mark = now;
        if (!c->breached) { c->due = c->calendar == 0 ? now + c->amount - c->used : calendar_due(calendar[1], now, c->amount - c->used); }
        break;
    }
    default: stop(t, 1, &t->resolution, now); break;
    }
}

static struct daterule rule(enum daterule_kind kind, int month, int day, int weekday, int nth)
{
    struct daterule r = { .kind = (uint8_t)kind, .month = (uint8_t)month, .day = (uint8_t)day, .weekday = (uint8_t)weekday, .nth = (int8_t)nth };
    if (kind == DR_FIXED) { r.n_observed = 2; r.observed[0] = (struct observed){ 5, 4, true, false }; r.observed[1] = (struct observed){ 6, 0, false, false }; }
    return r;
}

int main(int argc, char **argv)
{
    static struct daterule federal[11];
    static const struct hours week[] = { { 28800, 64800 } }, sat[] = { { 32400, 46800 } };
    struct daterule list[] = { rule(DR_FIXED, 1, 1, 0, 0), rule(DR_NTH, 1, 0, 0, 3), rule(DR_NTH, 2, 0, 0, 3), rule(DR_NTH, 5, 0, 0, -1), rule(DR_FIXED, 6, 19, 0, 0),
        rule(DR_FIXED, 7, 4, 0, 0), rule(DR_NTH, 9, 0, 0, 1), rule(DR_NTH, 10, 0, 0, 2), rule(DR_FIXED, 11, 11, 0, 0), rule(DR_NTH, 11, 0, 3, 4), rule(DR_FIXED, 12, 25, 0, 0) };
    memcpy(federal, list, sizeof list);
    struct calrule rules[] = { { .kind = CR_WEEKLY, .weekdays = 0x1f, .n_hours = 1, .hours = week }, { .kind = CR_WEEKLY, .weekdays = 0x20, .n_hours = 1, .hours = sat },
        { .kind = CR_CLOSED, .n_dates = 11, .dates = federal, .weekdays = 0x7f } };
    struct calendar_def def = { .kind = CAL_RULES, .n_rules = 3, .rules = rules, .name = "support" };
    calendar[1] = calendar_open(&def, zone_load("America/New_York"));
    mask = (1u << 19) - 1;
    slot = calloc(mask + 1, sizeof *slot);
    int fd = argc > 1 ? open(argv[1], O_RDONLY) : 0;
    static char buf[1 << 18];
    size_t have = 0;
    for (;;) {
        ssize_t got = read(fd, buf + have, sizeof buf - have);
        if (got <= 0) { break; }
        have += (size_t)got;
        char *line = buf, *nl;
        while ((nl = memchr(line, '\n', have - (size_t)(line - buf))) != NULL) { event(line, nl); line = nl + 1; }
        have -= (size_t)(line - buf);
        memmove(buf, line, have);
    }
    fwrite(out, 1, n_out, stdout);
    fprintf(stderr, "response met %llu missed %llu, resolution met %llu missed %llu\n", (unsigned long long)met[0], (unsigned long long)missed[0], (unsigned long long)met[1], (unsigned long long)missed[1]);
    return 0;
}
