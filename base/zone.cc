/* SPDX-License-Identifier: MIT */
/* Time zones. cctz reads the zone files and applies their rules for future years; at loading its transitions are laid out
 * as an array of stretches of constant offset, with an index by time, so that a question costs a shift and a step or two
 * instead of a conversion to civil time (3 against 44 ns). Nothing here throws across the seam. */
#include "base/zone.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

using seconds_point = cctz::time_point<cctz::seconds>;

/* Stretches are laid out to here. Gregorian dates repeat in 400 years, weekdays included, so a later instant of a zone
 * with a rule is looked up 400 years earlier. */
constexpr instant laid_out = INT64_C(17093000000) * USEC; /* in the year 2511 */
constexpr instant cycle = 146097 * DAY_US;
constexpr instant cyclic_from = laid_out - 400 * DAY_US;
constexpr instant utmost = INT64_MAX - 4 * DAY_US; /* readings stay inside 64 bits */

/* The index: one entry for each 2^43 us (102 days) from `index_start` on. */
constexpr int index_shift = 43;
constexpr instant index_start = INT64_C(-8520000000) * USEC; /* in the year 1700 */

struct stretch {
    instant from, until;
    int32_t offset;
};

} // namespace

struct zone {
    std::string name;
    cctz::time_zone rules;
    std::vector<stretch> stretches; /* whole time line, in order */
    std::vector<uint16_t> index;    /* stretch at the start of each slot */
    bool cyclic;                    /* has a rule for ever */
};

namespace {

std::mutex lock;
std::map<std::string, std::unique_ptr<zone>> &loaded()
{
    static std::map<std::string, std::unique_ptr<zone>> zones;
    return zones;
}

/* "+HH:MM", "-HH:MM", also without the colon or the minutes. */
bool read_fixed(const char *name, int *offset)
{
    size_t n = std::strlen(name);
    if ((name[0] != '+' && name[0] != '-') || (n != 3 && n != 5 && n != 6) || (n == 6 && name[3] != ':'))
        return false;
    std::string digits(name + 1);
    if (n == 6)
        digits.erase(2, 1);
    for (char c : digits)
        if (c < '0' || c > '9')
            return false;
    digits.resize(4, '0');
    int hours = (digits[0] - '0') * 10 + digits[1] - '0', minutes = (digits[2] - '0') * 10 + digits[3] - '0';
    if (hours > 23 || minutes > 59)
        return false;
    *offset = (name[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* An IANA name and nothing else: no paths, no library-specific spellings, nothing that names this machine's own zone. */
bool plausible(const char *name)
{
    size_t n = std::strlen(name);
    if (n == 0 || n > 64 || name[0] == '/' || std::strstr(name, "..") || !std::strcmp(name, "localtime") || !std::strcmp(name, "posixrules")
        || !std::strncmp(name, "right/", 6) || !std::strncmp(name, "posix/", 6) || !std::strncmp(name, "Fixed/", 6))
        return false;
    for (const char *p = name; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || std::strchr("/_+-", *p)))
            return false;
    return true;
}

/* A new stretch from `from` on; one of equal offset (a change of name only) joins the last. */
void begin(zone &z, instant from, int32_t offset)
{
    if (z.stretches.back().offset == offset)
        return;
    z.stretches.back().until = from;
    z.stretches.push_back({ from, INT64_MAX, offset });
}

void lay_out(zone &z)
{
    seconds_point at = seconds_point::min();
    z.stretches.push_back({ INT64_MIN, INT64_MAX, z.rules.lookup(seconds_point(cctz::seconds(-100000000000))).offset });
    cctz::time_zone::civil_transition change;
    while (z.rules.next_transition(at, &change)) {
        seconds_point next = z.rules.lookup(change.to).trans;
        if (next <= at)
            break;
        at = next;
        int64_t s = at.time_since_epoch().count();
        if (s >= laid_out / USEC)
            break;
        if (s > INT64_MIN / USEC)
            begin(z, s * USEC, z.rules.lookup(at).offset);
    }
    /* cctz stops some 400 years after the last change on file; go on by the cycle. */
    z.cyclic = z.stretches.back().from > laid_out - 150 * 365 * DAY_US;
    if (z.cyclic) {
        instant done = z.stretches.back().from;
        for (size_t i = 1; i < z.stretches.size(); i++) {
            instant from = z.stretches[i].from + cycle;
            if (from >= laid_out)
                break;
            if (from > done)
                begin(z, from, z.stretches[i].offset);
        }
    }
    size_t i = 0;
    for (instant t = index_start; t < laid_out; t += INT64_C(1) << index_shift) {
        while (z.stretches[i].until <= t)
            i++;
        z.index.push_back(static_cast<uint16_t>(i));
    }
}

inline const stretch *find(const zone *z, instant t)
{
    uint64_t slot = static_cast<uint64_t>(t - index_start) >> index_shift;
    const stretch *s = z->stretches.data();
    if (t >= index_start && slot < z->index.size())
        s += z->index[slot];
    else if (t >= laid_out)
        s += z->stretches.size() - 1;
    while (s->until <= t && s->until != INT64_MAX)
        s++;
    return s;
}

/* Whole cycles to go back to the part that is laid out. */
inline instant cycles_back(const zone *z, instant t)
{
    return t < cyclic_from || !z->cyclic ? 0 : ((t - cyclic_from) / cycle + 1) * cycle;
}

inline instant limit(instant t)
{
    return t > utmost ? utmost : t < -utmost ? -utmost : t;
}

const zone *load(const char *name)
{
    int fixed = 0;
    std::lock_guard<std::mutex> held(lock);
    auto it = loaded().find(name);
    if (it != loaded().end())
        return it->second.get();
    auto z = std::make_unique<zone>();
    z->name = name;
    if (!std::strcmp(name, "UTC"))
        z->rules = cctz::utc_time_zone();
    else if (read_fixed(name, &fixed))
        z->rules = cctz::fixed_time_zone(cctz::seconds(fixed));
    else if (!plausible(name) || !cctz::load_time_zone(name, &z->rules))
        return nullptr;
    lay_out(*z);
    return (loaded()[name] = std::move(z)).get();
}

/* The first word of a file, for "+VERSION", or what follows "# version " for tzdata.zi. */
bool read_version(const std::string &path, char *out, size_t size)
{
    char line[128] = "";
    std::FILE *f = std::fopen(path.c_str(), "r");
    if (!f)
        return false;
    bool ok = std::fgets(line, sizeof line, f) != nullptr;
    std::fclose(f);
    if (!ok)
        return false;
    const char *p = line, head[] = "# version ";
    if (*p == '#') {
        if (std::strncmp(p, head, sizeof head - 1))
            return false;
        p += sizeof head - 1;
    }
    size_t n = std::strcspn(p, " \t\r\n");
    if (n == 0 || n >= size)
        return false;
    std::memcpy(out, p, n);
    out[n] = '\0';
    return true;
}

} // namespace

extern "C" {

const struct zone *zone_load(const char *name)
{
    try {
        return name ? load(name) : nullptr;
    } catch (...) { /* out of memory */
        return nullptr;
    }
}

const char *zone_name(const struct zone *z)
{
    return z->name.c_str();
}

/* The library reads the zone files of $TZDIR where that is set; so does this. */
const char *zone_data_version(void)
{
    static char version[32];
    try {
        std::lock_guard<std::mutex> held(lock);
        if (!*version) {
            const char *env = std::getenv("TZDIR");
            std::string dir = env && *env ? env : "/usr/share/zoneinfo";
            if (!read_version(dir + "/tzdata.zi", version, sizeof version) && !read_version(dir + "/+VERSION", version, sizeof version)
                && !read_version(dir + "/VERSION", version, sizeof version))
                std::strcpy(version, "unknown");
        }
        return version;
    } catch (...) {
        return "unknown";
    }
}

void zone_unload_all(void)
{
    try {
        std::lock_guard<std::mutex> held(lock);
        loaded().clear();
    } catch (...) {
    }
}

int32_t zone_offset(const struct zone *z, instant t, instant *from, instant *until)
{
    instant back = 0;
    if (__builtin_expect(t >= cyclic_from, 0)) {
        t = limit(t);
        back = cycles_back(z, t);
    }
    const stretch *s = find(z, t - back);
    if (from)
        *from = s->from == INT64_MIN ? INT64_MIN : s->from + back;
    if (until && __builtin_add_overflow(s->until, back, until))
        *until = INT64_MAX;
    return s->offset;
}

const char *zone_abbreviation(const struct zone *z, instant t)
{
    try {
        t = limit(t);
        int64_t s = t / USEC - (t % USEC < 0);
        return z->rules.lookup(seconds_point(cctz::seconds(s))).abbr;
    } catch (...) {
        return "";
    }
}

int64_t zone_wall(const struct zone *z, instant t)
{
    t = limit(t);
    return t + zone_offset(z, t, nullptr, nullptr) * USEC;
}

/* The stretches that can hold the reading lie within a day and a bit; usually there is one. */
enum wall_kind zone_instant(const struct zone *z, int64_t wall, instant *earlier, instant *later, instant *jump)
{
    const instant reach = 26 * HOUR_US;
    wall = limit(wall);
    instant at = limit(wall - reach), first = NONE, second = NONE, change = NONE, from, until, none[3];
    earlier = earlier ? earlier : &none[0];
    later = later ? later : &none[1];
    jump = jump ? jump : &none[2];
    int32_t before = zone_offset(z, at, &from, &until), offset = before;
    for (;;) {
        instant t = wall - offset * USEC;
        if (t >= from && t < until) {
            if (first == NONE) {
                first = t;
            } else {
                second = t;
                change = from;
            }
        } else if (first == NONE && t >= until) { /* so far behind us: skipped, if the next stretch starts past it */
            before = offset;
            change = until;
        }
        if (until > wall + reach || (first == NONE && t < from))
            break;
        offset = zone_offset(z, until, &from, &until);
    }
    if (first == NONE) {
        *earlier = wall - offset * USEC;
        *later = wall - before * USEC;
        *jump = change;
        return WALL_SKIPPED;
    }
    *earlier = first;
    *later = second == NONE ? first : second;
    *jump = second == NONE ? NONE : change;
    return second == NONE ? WALL_UNIQUE : WALL_REPEATED;
}

} // extern "C"
