/* SPDX-License-Identifier: MIT */
/* Instants: what is read is written and read again as the same. */
#include "tests/fuzz/kit.h"
#include "base/civil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *why = NULL;
    char *copy = malloc(n ? n : 1), text[CIVIL_TEXT_MAX];
    if (n) { memcpy(copy, data, n); }
    instant t = civil_read_instant(copy, n, &why);
    free(copy);
    if (t == NONE) {
        promise(why != NULL, "a refusal without a reason");
        return 0;
    }
    int length = civil_write_instant(text, t, 0, true);
    promise(length > 0 && length <= CIVIL_TEXT_MAX, "the text fits");
    struct ymd y = civil_ymd(civil_split(t, NULL));
    if (y.year >= 1 && y.year <= 9999) { promise(civil_read_instant(text, (size_t)length, &why) == t, "written and read again"); }
    static const int32_t offset[] = {3600, -18000, 20700, 50400, -43200};
    for (size_t i = 0; i < sizeof offset / sizeof *offset; i++) {
        length = civil_write_instant(text, t, offset[i], false);
        y = civil_ymd(civil_split(t + offset[i] * USEC, NULL));
        if (y.year >= 1 && y.year <= 9999) { promise(civil_read_instant(text, (size_t)length, &why) == t, "with an offset"); }
    }
    return 0;
}
