/* SPDX-License-Identifier: MIT */
/* Gives files to a fuzz target without libFuzzer: inputs that once broke something stay tests where there is no clang. */
#include "base/io.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arena a;
        struct str bytes;
        arena_init(&a, NULL);
        fprintf(stderr, "%s\n", argv[i]);
        if (io_read_file(&a, argv[i], 0, (size_t)1 << 30, &bytes)) { return 66; }
        LLVMFuzzerTestOneInput((const uint8_t *)bytes.p, bytes.n);
        arena_free(&a);
    }
    return 0;
}
