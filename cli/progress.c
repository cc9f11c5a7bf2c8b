/* SPDX-License-Identifier: MIT */
/* A timer's signal shows it, so that reading, which calls nothing back, is seen as well. The handler uses only what may be
 * used there. */
#include "cli/progress.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

volatile uint64_t progress_count;
static volatile sig_atomic_t reading = -1, shown;
static bool begun;

static char *number(char *p, uint64_t v)
{
    char digits[20];
    int n = 0;
    do { digits[n++] = (char)('0' + v % 10); } while (v /= 10);
    while (n) { *p++ = digits[--n]; }
    return p;
}

static char *words(char *p, const char *s)
{
    size_t n = strlen(s);
    memcpy(p, s, n);
    return p + n;
}

static void show(int signal_number)
{
    int before = errno;
    char line[100], *p = words(line, "\r\033[K");
    struct stat st;
    int fd = reading;
    off_t at = fd >= 0 ? lseek(fd, 0, SEEK_CUR) : -1;
    (void)signal_number;
    if (at > 0 && fstat(fd, &st) == 0 && st.st_size > 0 && at <= st.st_size) {
        p = number(p, (uint64_t)at * 100 / (uint64_t)st.st_size);
        p = words(p, " % read, ");
    }
    p = number(p, progress_count);
    p = words(p, " results");
    if (write(STDERR_FILENO, line, (size_t)(p - line)) > 0) { shown = 1; }
    errno = before;
}

static void every(long microseconds)
{
    struct itimerval t = {{0, microseconds}, {0, microseconds * 2}};
    setitimer(ITIMER_REAL, &t, NULL);
}

void progress_begin(void)
{
    if (!isatty(STDERR_FILENO)) { return; }
    struct sigaction a = {.sa_handler = show, .sa_flags = SA_RESTART};
    sigemptyset(&a.sa_mask);
    begun = sigaction(SIGALRM, &a, NULL) == 0;
    if (begun) { every(400000); }
}

void progress_file(int fd) { reading = fd; }

void progress_end(void)
{
    if (!begun) { return; }
    every(0);
    signal(SIGALRM, SIG_IGN);
    begun = false;
    if (shown && write(STDERR_FILENO, "\r\033[K", 4) < 0) { shown = 0; }
}
