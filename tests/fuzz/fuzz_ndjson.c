/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct msa_module *acme, *uptime;
    if (!acme) {
        acme = load_agreement("examples/acme/agreement.msa");
        uptime = load_agreement("examples/uptime/agreement.msa");
    }
    uint8_t last = n ? data[n - 1] : 0;
    struct how h = {"e.ndjson", (last & 1) != 0, (last & 0x42) == 0x42, (last & 4) != 0, NULL};
    both((last & 0x18) == 0x18 ? uptime : acme, h, data, n, true);
    return 0;
}
