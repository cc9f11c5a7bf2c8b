/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct msa_module *acme, *volvo, *helpdesk, *servicenow;
    if (!acme) {
        acme = load_agreement("examples/acme/agreement.msa");
        volvo = load_agreement("examples/volvo/agreement.msa");
        helpdesk = load_agreement("examples/helpdesk/agreement.msa");
        servicenow = load_agreement("examples/servicenow/agreement.msa");
    }
    uint8_t last = n ? data[n - 1] : 0;
    struct how h = {"e.csv", (last & 1) != 0, (last & 0x42) == 0x42, (last & 4) != 0, NULL};
    both(acme, h, data, n, true);
    h.adapter = "helpdesk_italian";
    const struct msa_module *rows = helpdesk;
    if (n > 4 && !memcmp(data, "case", 4)) {
        rows = volvo;
        h.adapter = "vinst";
    } else if (n > 6 && !memcmp(data, "number", 6)) {
        rows = servicenow;
        h.adapter = "servicenow_audit";
    }
    both(rows, h, data, n, false);
    return 0;
}
