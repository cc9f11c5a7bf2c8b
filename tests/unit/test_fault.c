/* SPDX-License-Identifier: MIT */
/* What happens when the machine refuses: the n-th allocation, the n-th read or write fails, for every n. There must be a status
 * or a message, no crash, no leak (the sanitizer build looks), and no call of the hook for mistakes of ours. The linker puts
 * the functions below in the place of libc's for all of the two libraries (--wrap, see the Makefile). */
#include "base/io.h"
#include "msa/compile.h"
#include "msa/run.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include <cmocka.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_pread(int fd, void *p, size_t n, off_t at);
ssize_t __real_write(int fd, const void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_pread(int fd, void *p, size_t n, off_t at);
ssize_t __wrap_write(int fd, const void *p, size_t n);

/* The call after `calls` more ones fails, and all behind it when `for_good`. */
struct fault { long calls; bool on, for_good, hit; };
static struct fault memory, input, output;
static size_t most_at_once; /* bytes a read gives, 0: what was asked for */
static bool interrupted;    /* every other read is, first */

static bool fails(struct fault *f)
{
    if (!f->on || f->calls-- > 0) { return false; }
    if (!f->for_good) { f->on = false; }
    return f->hit = true;
}

static void arm(struct fault *f, long calls, bool for_good)
{
    *f = (struct fault){ .calls = calls, .on = true, .for_good = for_good };
}

static bool disarm(struct fault *f)
{
    f->on = false;
    return f->hit;
}

void *__wrap_malloc(size_t n) { return fails(&memory) ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t n, size_t size) { return fails(&memory) ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t n) { return fails(&memory) ? NULL : __real_realloc(p, n); }

static ssize_t refused(void)
{
    errno = EIO;
    return -1;
}

static bool interrupts(void)
{
    static bool last;
    if (!interrupted || (last = !last)) { return false; }
    errno = EINTR;
    return true;
}

static size_t cut(size_t n) { return most_at_once && n > most_at_once ? most_at_once : n; }

ssize_t __wrap_read(int fd, void *p, size_t n)
{
    if (fails(&input)) { return refused(); }
    return interrupts() ? -1 : __real_read(fd, p, cut(n));
}

ssize_t __wrap_pread(int fd, void *p, size_t n, off_t at)
{
    if (fails(&input)) { return refused(); }
    return interrupts() ? -1 : __real_pread(fd, p, cut(n), at);
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    if (fails(&output)) { return refused(); }
    return interrupts() ? -1 : __real_write(fd, p, cut(n));
}

/* A calendar's table grows in the middle of a question, which has no way to refuse: there the hook is called, and what the
 * call held is lost. So each memory test runs twice: with calendars, when leaks are not looked for, and without. */
static jmp_buf *calendar_gave_up;

#if defined(__SANITIZE_ADDRESS__)
void __lsan_disable(void);
void __lsan_enable(void);
#else
#define __lsan_disable() ((void)0)
#define __lsan_enable() ((void)0)
#endif

static void on_bug(const char *file, int line, const char *what)
{
    memory.on = false;
    if (calendar_gave_up && strcmp(what, "no memory for a calendar") == 0) { longjmp(*calendar_gave_up, 1); }
    fail_msg("the hook for our mistakes was called from %s:%d: %s", file, line, what);
}

/* ---- the material ---- */

static const char agreement[] =
    "agreement \"Fault\" { provider \"P\" ; customer \"C\" ; effective 2026-01-01 ; timezone \"Europe/Berlin\" }\n"
    "use itil\nuse holidays.de\nuse adapters.helpdesk_italian\n"
    "calendar office { mon to fri 09:00 to 17:30 ; closed de.berlin }\n"
    "clock response of ticket { starts on opened ; stops on message from provider when public ; on closed stop\n"
    "    target by priority { priority | within | counted in ; P1 | 15 min | 24x7 ; P2 to P4 | 4 h | office }\n"
    "    at 80% of target notify \"Manager\" }\n"
    "clock resolution of ticket { starts on opened ; stops on resolved ; pauses while waiting ; continues on reopened ; on closed stop\n"
    "    target 3 business days, end of day in office }\n"
    "measure attainment { share of response met ; by priority ; each month }\n"
    "rule \"major\" { on opened when priority is P1 ; notify \"Manager\" }\n"
    "test \"one\" { 2026-03-02 09:00 opened \"T1\", priority P2 ; expect response of \"T1\" breached, due 2026-03-02 13:00 ; as of 2026-03-03 09:00 }\n";

static const char without_calendar[] =
    "agreement \"Fault\" { provider \"P\" ; customer \"C\" ; effective 2026-01-01 ; timezone \"Europe/Berlin\" }\n"
    "use itil\nuse adapters.helpdesk_italian\n"
    "clock response of ticket { starts on opened ; stops on message from provider when public ; on closed stop\n"
    "    target by priority { priority | within | counted in ; P1 | 15 min | 24x7 ; P2 to P4 | 4 h | 24x7 } }\n"
    "clock resolution of ticket { starts on opened ; stops on resolved ; pauses while waiting ; continues on reopened ; on closed stop\n"
    "    target 72 h in 24x7 }\n"
    "measure attainment { share of response met ; by priority ; each month }\n";

static const char wrong[] =
    "agreement \"Fault\" { provider \"P\" ; customer \"C\" ; effective 2026-02-30 ; timezone \"Europe/Nowhere\" }\n"
    "use nothing\nclock response of tickt { starts on opend ; target 4 hours }\nrule { on on }\n";

static char *events, *rows;
static struct str module, plain; /* plain: counts in 24x7 only */

static char *made_events(void)
{
    static const char *const then[] = {"message\",\"sender\":\"provider\",\"public\":true", "waiting\",\"awaiting\":\"customer\"", "resumed\"", "resolved\"",
                                       "reopened\"", "closed\""};
    struct sb b = {0};
    for (int i = 0; i < 600; i++) {
        int day = 1 + i * 7 % 28;
        sb_printf(&b, "{\"id\":%d,\"at\":\"2026-%02d-%02dT10:%02d:00Z\",\"event\":\"opened\",\"ticket\":\"T%d\",\"priority\":\"P%d\",\"site\":\"a place, number %d\"}\n", i,
                  1 + i % 9, day, i % 60, i, i % 5, i);
        sb_printf(&b, "{\"at\":\"2026-%02d-%02dT15:%02d:00Z\",\"event\":\"%s,\"ticket\":\"T%d\"}\n", 1 + i % 9, day, i % 60, then[i % 6], i);
        if (i % 100 == 0) { sb_puts(&b, "not a record\n"); }
    }
    return b.p;
}

static char *made_rows(void)
{
    struct sb b = {0};
    sb_puts(&b, "Case ID,Activity,Resource,Complete Timestamp,service_level,customer,product\n");
    static const char *const activity[] = {"Assign seriousness", "Take in charge ticket", "Wait", "Resolve ticket", "Closed", "\"odd, and\nin two lines\""};
    for (int i = 0; i < 900; i++) {
        sb_printf(&b, "Case %d,%s,Value %d,2011/%02d/%02d 09:51:%02d.000,Value %d,C,P\n", i % 150, activity[i / 150], i % 7, 1 + i / 150, 1 + i % 28, i % 60, i % 3);
    }
    return b.p;
}

static int sum_up(void *ctx, const struct msa_result *r)
{
    uint64_t *sum = ctx;
    *sum = *sum * 31 + (uint64_t)r->at + r->key.n + r->id.n + (unsigned)r->kind * 7u + r->line;
    return 0;
}

static enum msa_status ran(const struct msa_module *m, const char *text, const char *name, const char *adapter, bool stream, uint64_t *sum)
{
    struct msa_options o = {.as_of = MSA_NONE, .adapter = adapter, .stream = stream, .lateness = INT64_C(400) * 86400 * 1000000};
    struct msa_run *run;
    struct msa_fault fault = {MSA_OK, ""};
    *sum = 1;
    enum msa_status s = msa_run_open(m, &o, (struct msa_sink){sum, sum_up}, &run, &fault);
    if (s == MSA_OK) {
        s = msa_run_bytes(run, text, strlen(text), name, NULL, &fault);
        if (s == MSA_OK || s == MSA_REJECTED) { s = msa_run_finish(run, &fault); }
        msa_run_close(run);
    }
    assert_true(s == MSA_OK || fault.text[0]);
    return s == MSA_REJECTED ? MSA_OK : s; /* the rejects are in the sum */
}

static enum msa_status ran_fd(const struct msa_module *m, int fd, const char *name, const char *adapter, uint64_t *sum)
{
    struct msa_options o = {.as_of = MSA_NONE, .adapter = adapter};
    struct msa_run *run;
    struct msa_fault fault = {MSA_OK, ""};
    *sum = 1;
    assert_int_equal(msa_run_open(m, &o, (struct msa_sink){sum, sum_up}, &run, &fault), MSA_OK);
    enum msa_status s = msa_run_file(run, fd, name, NULL, &fault);
    if (s == MSA_OK || s == MSA_REJECTED) { s = msa_run_finish(run, &fault); }
    msa_run_close(run);
    assert_true(s == MSA_OK || fault.text[0]);
    return s == MSA_REJECTED ? MSA_OK : s; /* the rejects are in the sum */
}

static int compiled(const char *text, struct str *out)
{
    size_t n;
    struct msa_compilation *c = msa_compile_text("fault.msa", text, strlen(text), NULL);
    const void *bytes = msa_compilation_module(c, &n);
    if (!bytes) {
        fputs(msa_compilation_messages(c, MSA_MESSAGES_TEXT, &n), stderr);
        return -1;
    }
    char *copy = malloc(n);
    memcpy(copy, bytes, n);
    *out = str_make(copy, n);
    msa_compilation_free(c);
    return 0;
}

static int make(void **state)
{
    (void)state;
    msa_bug_hook = on_bug;
    if (compiled(agreement, &module) || compiled(without_calendar, &plain)) { return -1; }
    events = made_events();
    rows = made_rows();
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    free((char *)(uintptr_t)module.p);
    free((char *)(uintptr_t)plain.p);
    free(events);
    free(rows);
    return 0;
}

static struct msa_module *loaded_from(struct str bytes)
{
    struct msa_module *m;
    struct msa_fault fault;
    assert_int_equal(msa_module_load(bytes.p, bytes.n, &m, &fault), MSA_OK);
    return m;
}

static struct msa_module *loaded(void) { return loaded_from(module); }

/* ---- memory ---- */

/* Every n at first, then steps that grow: late allocations are much alike. */
static long next(long n) { return n + 1 + n / 40; }

/* One try with a fault; false: a calendar gave up in it. */
static bool tried(void (*step)(void *ctx), void *ctx, bool calendars)
{
    jmp_buf back;
    if (!calendars) {
        step(ctx);
        return true;
    }
    __lsan_disable();
    calendar_gave_up = &back;
    bool done = setjmp(back) == 0;
    if (done) { step(ctx); }
    calendar_gave_up = NULL;
    __lsan_enable();
    return done;
}

struct compiling { const char *text; long n; bool for_good, hit; };

static void compile_once(void *ctx)
{
    struct compiling *t = ctx;
    size_t length;
    arm(&memory, t->n, t->for_good);
    struct msa_compilation *c = msa_compile_text("-", t->text, strlen(t->text), NULL);
    if (c) {
        for (int form = MSA_MESSAGES_TEXT; form <= MSA_MESSAGES_SARIF; form++) { (void)msa_compilation_messages(c, (enum msa_message_form)form, &length); }
        (void)msa_compilation_tree(c, &length);
    }
    t->hit = disarm(&memory);
    assert_true(c || t->hit);
    msa_compilation_free(c);
}

static void compiling(const char *text, bool calendars)
{
    struct compiling t = {.text = text, .hit = true};
    for (; t.hit; t.n = next(t.n)) {
        for (int i = 0; i < 2; i++) {
            t.for_good = i;
            if (!tried(compile_once, &t, calendars)) { t.hit = true; }
        }
    }
    assert_true(t.n > 5);
}

static void compile_without_memory(void **state)
{
    (void)state;
    compiling(agreement, true);
    compiling(without_calendar, true);
    compiling(wrong, false);
}

static void load_without_memory(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        struct msa_module *m;
        struct msa_fault fault;
        arm(&memory, n, n % 2);
        enum msa_status s = msa_module_load(module.p, module.n, &m, &fault);
        bool hit = disarm(&memory);
        assert_int_equal(s, hit ? MSA_NO_MEMORY : MSA_OK);
        if (s == MSA_OK) { msa_module_free(m); }
        if (!hit) { break; }
    }
}

struct running { const struct msa_module *m; const char *text, *name, *adapter; bool stream, for_good, hit; long n; uint64_t good; };

static void run_once(void *ctx)
{
    struct running *t = ctx;
    uint64_t sum;
    arm(&memory, t->n, t->for_good);
    enum msa_status s = ran(t->m, t->text, t->name, t->adapter, t->stream, &sum);
    t->hit = disarm(&memory);
    assert_true(s == MSA_OK || (t->hit && s == MSA_NO_MEMORY));
    if (s == MSA_OK) { assert_int_equal(sum, t->good); } /* what could be done without was done without */
}

static void running(struct running t, struct str bytes, bool calendars)
{
    t.m = loaded_from(bytes);
    t.hit = true;
    assert_int_equal(ran(t.m, t.text, t.name, t.adapter, t.stream, &t.good), MSA_OK);
    for (; t.hit; t.n = next(t.n)) {
        for (int i = 0; i < 2; i++) {
            t.for_good = i;
            if (!tried(run_once, &t, calendars)) { t.hit = true; }
        }
    }
    assert_true(t.n > 20);
    msa_module_free((struct msa_module *)(uintptr_t)t.m);
}

static void run_without_memory(void **state)
{
    (void)state;
    for (int stream = 0; stream < 2; stream++) {
        running((struct running){.text = events, .name = "e.ndjson", .stream = stream}, module, true);
        running((struct running){.text = events, .name = "e.ndjson", .stream = stream}, plain, false);
    }
}

static void run_rows_without_memory(void **state)
{
    (void)state;
    running((struct running){.text = rows, .name = "r.csv", .adapter = "helpdesk_italian"}, module, true);
    running((struct running){.text = rows, .name = "r.csv", .adapter = "helpdesk_italian"}, plain, false);
}

static void limits_of_memory(void **state)
{
    (void)state;
    struct msa_module *m = loaded();
    for (size_t limit = 1; limit < (size_t)4 << 20; limit = limit * 3 / 2 + 1) {
        struct msa_options o = {.as_of = MSA_NONE, .memory_limit = limit};
        struct msa_run *run;
        struct msa_fault fault = {MSA_OK, ""};
        uint64_t sum = 1;
        enum msa_status s = msa_run_open(m, &o, (struct msa_sink){&sum, sum_up}, &run, &fault);
        if (s == MSA_OK) {
            s = msa_run_bytes(run, events, strlen(events), "e.ndjson", NULL, &fault);
            if (s == MSA_OK || s == MSA_REJECTED) { s = msa_run_finish(run, &fault); }
            msa_run_close(run);
        }
        assert_true(s == MSA_OK || s == MSA_REJECTED || (s == MSA_LIMIT && fault.text[0]));
    }
    msa_module_free(m);
}

static void begun(void *ctx, const struct msa_example *e) { *(size_t *)ctx += e->name.n; }
static void looked(void *ctx, const struct msa_expectation *x) { *(size_t *)ctx += x->expected.n; }
static void ended(void *ctx, const struct msa_example *e, size_t failed, const struct msa_fault *fault)
{
    (void)e;
    (void)fault;
    *(size_t *)ctx += failed;
}

struct asking { const struct msa_module *m; long n; bool hit; };

static void example_once(void *ctx)
{
    struct asking *t = ctx;
    size_t sum = 0;
    struct msa_example_sink sink = {&sum, begun, looked, ended};
    struct msa_fault fault;
    arm(&memory, t->n, t->n % 2);
    enum msa_status s = msa_example_run(t->m, 0, sink, &fault);
    t->hit = disarm(&memory);
    assert_true(s == MSA_OK || (t->hit && s == MSA_NO_MEMORY));
}

static void calendar_once(void *ctx)
{
    struct asking *t = ctx;
    struct msa_calendar *c;
    struct msa_fault fault;
    struct msa_text name = {"office", 6};
    arm(&memory, t->n, t->n % 2);
    enum msa_status s = msa_calendar_open(t->m, name, NULL, &c, &fault);
    if (s == MSA_OK) {
        (void)msa_calendar_due(c, 0, 1000000);
        msa_calendar_close(c);
    }
    t->hit = disarm(&memory);
    assert_true(s == MSA_OK || (t->hit && s == MSA_NO_MEMORY));
}

static void asking(void (*once)(void *ctx))
{
    struct msa_module *m = loaded();
    struct asking t = {.m = m, .hit = true};
    for (; t.hit; t.n++) {
        if (!tried(once, &t, true)) { t.hit = true; }
    }
    msa_module_free(m);
}

static void examples_without_memory(void **state)
{
    (void)state;
    struct msa_module *m = loaded();
    assert_int_equal(msa_module_examples(m), 1);
    msa_module_free(m);
    asking(example_once);
}

static void calendars_without_memory(void **state)
{
    (void)state;
    asking(calendar_once);
}

/* ---- reading and writing ---- */

static int file_of(const char *text)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fflush(f);
    int fd = dup(fileno(f));
    fclose(f);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static void reads_that_fail(void **state)
{
    (void)state;
    static const struct { bool rows; const char *name, *adapter; } of[] = {{false, "e.ndjson", NULL}, {true, "r.csv", "helpdesk_italian"}};
    struct msa_module *m = loaded();
    for (size_t i = 0; i < 2; i++) {
        bool hit = true;
        uint64_t sum;
        most_at_once = 4096;
        long n = 0;
        for (; hit; n++) {
            int fd = file_of(of[i].rows ? rows : events);
            arm(&input, n, true);
            enum msa_status s = ran_fd(m, fd, of[i].name, of[i].adapter, &sum);
            hit = disarm(&input);
            /* A rejected record that cannot be read again is shown without its text. */
            assert_true(s == MSA_OK || s == MSA_IO);
            if (hit && n == 0) { assert_int_equal(s, MSA_IO); }
            close(fd);
        }
        assert_true(n > 5);
        most_at_once = 0;
    }
    msa_module_free(m);
}

static void reads_in_pieces(void **state)
{
    (void)state;
    struct msa_module *m = loaded();
    uint64_t good[2], sum;
    static const size_t pieces[] = {1, 2, 3, 61, 4097, 65536};
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; k <= sizeof pieces / sizeof *pieces; k++) {
            int fd = file_of(i ? rows : events);
            most_at_once = k ? pieces[k - 1] : 0;
            interrupted = k > 0;
            assert_int_equal(ran_fd(m, fd, i ? "r.csv" : "e.ndjson", i ? "helpdesk_italian" : NULL, k ? &sum : &good[i]), MSA_OK);
            if (k) { assert_int_equal(sum, good[i]); }
            close(fd);
        }
    }
    most_at_once = 0;
    interrupted = false;
    msa_module_free(m);
}

static void agreements_that_cannot_be_read(void **state)
{
    (void)state;
    char path[] = "/tmp/msa-fault-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, agreement, sizeof agreement - 1), sizeof agreement - 1);
    close(fd);
    most_at_once = 100;
    bool hit = true;
    for (long n = 0; hit && n < 100; n++) {
        arm(&input, n, false);
        struct msa_compilation *c = msa_compile_file(path, NULL);
        hit = disarm(&input);
        assert_non_null(c);
        assert_int_equal(msa_compilation_errors(c) > 0, hit);
        msa_compilation_free(c);
    }
    most_at_once = 0;
    unlink(path);
}

static void writes_that_fail(void **state)
{
    (void)state;
    char block[1000] = {0}, path[] = "/tmp/msa-fault-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    bool hit = true;
    for (long n = 0; hit; n++) {
        struct io_writer w;
        arm(&output, n, false); /* the first error stays, later writes do not hide it */
        most_at_once = 50000;
        io_writer_init(&w, fd);
        for (int i = 0; i < 1000; i++) { io_write(&w, block, sizeof block); }
        int error = io_writer_free(&w);
        hit = disarm(&output);
        assert_int_equal(error, hit ? EIO : 0);
        /* A file is replaced whole or not at all. */
        arm(&output, n, false);
        error = io_write_file(path, str_make(block, sizeof block));
        assert_int_equal(error, disarm(&output) ? EIO : 0);
    }
    most_at_once = 0;
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile_without_memory), cmocka_unit_test(load_without_memory), cmocka_unit_test(run_without_memory),
        cmocka_unit_test(run_rows_without_memory), cmocka_unit_test(limits_of_memory), cmocka_unit_test(examples_without_memory),
        cmocka_unit_test(calendars_without_memory), cmocka_unit_test(reads_that_fail), cmocka_unit_test(reads_in_pieces),
        cmocka_unit_test(agreements_that_cannot_be_read), cmocka_unit_test(writes_that_fail),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
