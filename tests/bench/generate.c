/* SPDX-License-Identifier: MIT */
/* Events for the benchmark: NDJSON lines of about 250 bytes, some eight a ticket, two years in time order, one line in ten
 * with the keys in another order. The same count and seed give the same bytes.
 *
 *     generate 1000000 [seed] > events.ndjson */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;
static uint64_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
static uint32_t below(uint32_t n) { return (uint32_t)(rnd() >> 33) % n; }

struct pending { int64_t at; uint32_t ticket; uint8_t step, kind; };
static struct pending *heap;
static size_t n_heap, cap_heap;

static void push(struct pending p)
{
    if (n_heap == cap_heap) {
        cap_heap = cap_heap ? cap_heap * 2 : 4096;
        heap = realloc(heap, cap_heap * sizeof *heap);
        if (heap == NULL) { exit(1); }
    }
    size_t i = n_heap++;
    while (i > 0 && heap[(i - 1) / 2].at > p.at) { heap[i] = heap[(i - 1) / 2]; i = (i - 1) / 2; }
    heap[i] = p;
}

static struct pending pop(void)
{
    struct pending top = heap[0], last = heap[--n_heap];
    size_t i = 0;
    for (;;) {
        size_t k = 2 * i + 1;
        if (k >= n_heap) { break; }
        if (k + 1 < n_heap && heap[k + 1].at < heap[k].at) { k++; }
        if (heap[k].at >= last.at) { break; }
        heap[i] = heap[k];
        i = k;
    }
    heap[i] = last;
    return top;
}

static void stamp(char *out, int64_t t)
{
    int64_t days = t / 86400, s = t % 86400, z = days + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int d = (int)(doy - (153 * mp + 2) / 5 + 1), m = (int)(mp < 10 ? mp + 3 : mp - 9), y = (int)(yoe + era * 400 + (m <= 2));
    sprintf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

static const char *const level[] = { "high", "medium", "low" }, *const site[] = { "HQ", "Plant", "Warehouse", "Branch 12" };
static const char *const summary[] = { "cannot reach the file server since this morning", "printer on floor 2 shows \\\"offline\\\" again", "new laptop for a colleague who starts next week",
    "ERP is slow when posting invoices at month end", "VPN drops every few minutes when working from home" };

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 1000000;
    state = 0x9E3779B97F4A7C15u ^ (argc > 2 ? (uint64_t)atol(argv[2]) : 1);
    int64_t start = 1704096000, span = 2LL * 365 * 86400; /* 2024-01-01 */
    long tickets = count / 8 + 1, opened = 0;
    char at[32];
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    for (long n = 0; n < count;) {
        int64_t next = opened < tickets ? start + span * opened / tickets : INT64_MAX;
        struct pending p;
        if (n_heap == 0 || heap[0].at > next) { p = (struct pending){ next, (uint32_t)opened++, 0, (uint8_t)below(100) }; }
        else { p = pop(); }
        stamp(at, p.at);
        const char *event = "message", *extra = "";
        char own[160];
        uint64_t h = (uint64_t)p.ticket * 2654435761u;
        switch (p.step) {
        case 0: event = "opened"; sprintf(own, ",\"impact\":\"%s\",\"urgency\":\"%s\",\"site\":\"%s\",\"category\":\"server\"", level[h % 3], level[h / 3 % 3], site[h / 9 % 4]); extra = own; break;
        case 1: extra = ",\"sender\":\"provider\",\"public\":true,\"automatic\":true"; break;
        case 2: extra = ",\"sender\":\"provider\",\"public\":true,\"automatic\":false"; break;
        case 3: event = p.kind < 20 ? "changed" : "message"; sprintf(own, p.kind < 20 ? ",\"urgency\":\"%s\"" : ",\"sender\":\"%s\",\"public\":true", p.kind < 20 ? level[(h / 36) % 3] : "customer"); extra = own; break;
        case 4: event = p.kind < 50 ? "waiting" : "message"; extra = p.kind < 50 ? ",\"awaiting\":\"customer\",\"reason\":\"asked for a screenshot\"" : ",\"sender\":\"provider\",\"public\":false"; break;
        case 5: event = p.kind < 50 ? "resumed" : "message"; extra = p.kind < 50 ? "" : ",\"sender\":\"customer\",\"public\":true"; break;
        case 6: event = "resolved"; extra = ",\"code\":\"fixed\""; break;
        default: event = "closed"; break;
        }
        const char *text = summary[h / 100 % 5];
        if (below(10) == 0) { printf("{\"event\":\"%s\",\"source\":\"second exporter\",\"ticket\":\"T%07u\"%s,\"summary\":\"%s\",\"agent\":\"agent %u\",\"tags\":[\"a\",\"b\"],\"at\":\"%s\"}\n", event, p.ticket, extra, text, (unsigned)(h % 40), at); }
        else { printf("{\"at\":\"%s\",\"event\":\"%s\",\"id\":\"e%09ld\",\"ticket\":\"T%07u\"%s,\"summary\":\"%s\",\"agent\":\"agent %u\",\"queue\":\"service desk, first line\",\"channel\":\"portal\"}\n", at, event, n, p.ticket, extra, text, (unsigned)(h % 40)); }
        n++;
        static const int64_t wait[] = { 30, 1800, 7200, 3600, 14400, 28800, 432000 };
        if (p.step < 7) { push((struct pending){ p.at + wait[p.step] / 2 + below((uint32_t)wait[p.step]), p.ticket, (uint8_t)(p.step + 1), p.kind }); }
    }
    return 0;
}
