/* SPDX-License-Identifier: MIT */
/* The ledger's term: which day is the last, and what a renewal makes of it. */
#include "engine_kit.h"

struct term { const char *effective; int64_t length, renews, notice; const char *as_of, *expected; };
static const struct term *of; /* of the kit that is being made */

static date day(const char *text)
{
    const char *why = NULL;
    int64_t of_day;
    return civil_split(civil_read_instant(text, strlen(text), &why), &of_day);
}

static void with_term(struct kit *k)
{
    struct m_agreement *a = mb_at_agreement(k->mb, 0);
    a->effective = day(of->effective);
    a->term_length = of->length;
    a->term_last = civil_add_length((date)a->effective, of->length) - 1;
    a->term_renews = of->renews;
    a->term_notice = of->notice;
    mb_add_terms(k->mb, (struct m_terms){.calendar = NO_REF, .interest = NO_REF, .period = PERIOD_MONTH, .period_n = 1});
}

/* Renewals carry the name of the last day before them: months count from the first day of all, so that the 31st comes back. */
static const struct term terms[] = {
    {"2026-01-31T00:00:00Z", -1, -1, NONE, "2026-06-15T00:00:00Z",
     "state term/2026-02-27 at=2026-02-27T00:00:00Z\nstate term/2026-03-30 at=2026-03-30T00:00:00Z\nstate term/2026-04-29 at=2026-04-29T00:00:00Z\nstate term/2026-05-30 at=2026-05-30T00:00:00Z\ndeadline /deadline/term at=2026-06-29T00:00:00Z because last day of the term; it renews\n"},
    {"2026-01-31T00:00:00Z", -12, NONE, NONE, "2027-06-15T00:00:00Z", "state term/2027-01-30 at=2027-01-30T00:00:00Z\n"},
    {"2026-01-01T00:00:00Z", 30, 14, NONE, "2026-03-01T00:00:00Z",
     "state term/2026-01-30 at=2026-01-30T00:00:00Z\nstate term/2026-02-13 at=2026-02-13T00:00:00Z\nstate term/2026-02-27 at=2026-02-27T00:00:00Z\ndeadline /deadline/term at=2026-03-13T00:00:00Z because last day of the term; it renews\n"},
    {"2026-01-01T00:00:00Z", -1, 7, 3, "2026-02-10T00:00:00Z",
     "state term/2026-01-31 at=2026-01-31T00:00:00Z\nstate term/2026-02-07 at=2026-02-07T00:00:00Z\ndeadline /deadline/renewal at=2026-02-11T00:00:00Z because last day for notice that the agreement does not renew\ndeadline /deadline/term at=2026-02-14T00:00:00Z because last day of the term; it renews\n"},
};

static void last_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(terms); i++) {
        of = &terms[i];
        struct kit k = {.before_finish = with_term};
        kit_open(&k);
        kit_expect(&k, of->as_of, of->expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(last_days)};
    return cmocka_run_group_tests_name("the ledger's term", tests, NULL, NULL);
}
