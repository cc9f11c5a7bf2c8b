/* SPDX-License-Identifier: MIT */
/* Types in words, values from literals, and tests as intervals. Every scalar is a whole number (module.h), so that every
 * test of a cell or a condition is a half-open interval and tables can be cut into classes exactly. */
#include "compiler/literal.h"
#include "base/civil.h"
#include "base/zone.h"
#include "compiler/money.h"
#include "compiler/unit.h"

#define MILLION 1000000

bool type_eq(struct type a, struct type b)
{
    if (a.vt == VT_ERROR || b.vt == VT_ERROR || a.vt == VT_MISSING || b.vt == VT_MISSING) { return true; }
    return a.vt == b.vt && (a.vt != VT_SCALE || a.scale == b.scale);
}

struct str type_word(struct unit *u, struct type t)
{
    switch (t.vt) {
    case VT_FLAG: return STR("yes or no");
    case VT_SCALE: return str_printf(u->arena, "a value of `%.*s`", STR_ARG(t.scale->name));
    case VT_COUNT: return STR("a whole number");
    case VT_NUMBER: return STR("a number");
    case VT_PERCENT: return STR("a percentage");
    case VT_DURATION: return STR("a length of time");
    case VT_INSTANT: return STR("a date with a time");
    case VT_DATE: return STR("a date");
    case VT_TIME: return STR("a time of day");
    case VT_CALENDAR: return STR("a calendar");
    case VT_TARGET: return STR("a target");
    case VT_TEXT: return STR("a text");
    case VT_MONEY: case VT_EXACT: return STR("an amount of money");
    case VT_MISSING: return STR("missing");
    default: return STR("something else");
    }
}

static struct str decimal(struct unit *u, int64_t millionths)
{
    struct sb b = { .arena = u->arena };
    if (millionths < 0) { sb_char(&b, '-'); }
    uint64_t m = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths;
    sb_u64(&b, m / MILLION);
    if (m % MILLION != 0) {
        sb_printf(&b, ".%06u", (unsigned)(m % MILLION));
        while (b.p[b.n - 1] == '0') { b.p[--b.n] = 0; }
    }
    return sb_str(&b);
}

struct str value_words(struct unit *u, struct type t, int64_t v)
{
    char buf[CIVIL_TEXT_MAX];
    if (v == NONE) { return STR("missing"); }
    switch (t.vt) {
    case VT_FLAG: return v ? STR("yes") : STR("no");
    case VT_SCALE: return v >= 0 && v < t.scale->n ? t.scale->value[v] : STR("?");
    case VT_COUNT: return str_printf(u->arena, "%lld", (long long)v);
    case VT_NUMBER: return decimal(u, v);
    case VT_PERCENT: return str_printf(u->arena, "%.*s%%", STR_ARG(decimal(u, v)));
    case VT_DURATION: return str_dup(u->arena, (struct str){ buf, (size_t)civil_write_hms(buf, v) });
    case VT_DATE:
        if (v < -200000 || v > 500000) { return v < 0 ? STR("any early date") : STR("any late date"); }
        return str_dup(u->arena, (struct str){ buf, (size_t)civil_write_date(buf, (date)v) });
    case VT_TIME:
        if (v % 60 != 0) { return str_printf(u->arena, "%02d:%02d:%02d", (int)(v / 3600), (int)(v / 60 % 60), (int)(v % 60)); }
        return str_printf(u->arena, "%02d:%02d", (int)(v / 3600), (int)(v / 60 % 60));
    case VT_INSTANT: return str_dup(u->arena, (struct str){ buf, (size_t)civil_write_instant(buf, v, 0, true) });
    case VT_MONEY: return money_words(u, v);
    default: return STR("?");
    }
}

/* What a literal is by itself, for "expected …, got …". */
static struct str literal_word(struct unit *u, const struct node *e)
{
    switch ((enum node_kind)e->kind) {
    case N_TEXT: return STR("a text");
    case N_NUMBER: return STR("a number without a unit");
    case N_PERCENT: return STR("a percentage");
    case N_COUNTED: return STR("a length of time");
    case N_DATE: return STR("a date");
    case N_TIME: return STR("a time of day");
    case N_INSTANT: return STR("a date with a time");
    case N_YESNO: return STR("yes or no");
    case N_MONEY: return STR("an amount of money");
    case N_NAME: return str_printf(u->arena, "the name `%.*s`", STR_ARG(e->text));
    default: return str_printf(u->arena, "a %s", node_kind_name[e->kind]);
    }
}

int64_t scale_value(const struct scale_info *s, struct str name)
{
    uint32_t id = names_find(s->place, name);
    return id == 0 ? NONE : (int64_t)id - 1;
}

void unknown_value(struct unit *u, const struct scale_info *s, struct str name, struct span at)
{
    struct diag *d = diag(u->diags, E0303_UNKNOWN_VALUE, at, "`%.*s` is not a value of `%.*s`", STR_ARG(name), STR_ARG(s->name));
    struct suggestion g;
    suggest_start(&g, name);
    struct sb all = { .arena = u->arena };
    for (uint32_t i = 0; i < s->n; i++) {
        suggest_offer(&g, s->value[i]);
        sb_printf(&all, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(s->value[i]));
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    diag_note(d, "its values are %.*s", STR_ARG(sb_str(&all)));
}

instant instant_of(struct unit *u, const struct node *e)
{
    if (e->number2 != NONE) { return e->number - e->number2 * USEC; }
    const struct zone *z = zone_load(str_c(u->arena, u->zone));
    instant earlier = 0, later = 0;
    if (z == NULL) { return e->number; }
    enum wall_kind k = zone_instant(z, e->number, &earlier, &later, NULL);
    if (k == WALL_SKIPPED) {
        struct diag *d = diag(u->diags, E0501_SKIPPED_TIME, e->span, "this time does not exist in %.*s: the clocks skip it", STR_ARG(u->zone));
        diag_help(d, "write an offset behind it, such as `-05:00`, or another time");
    } else if (k == WALL_REPEATED) {
        struct diag *d = diag(u->diags, W0501_REPEATED_TIME, e->span, "this time occurs twice in %.*s; the earlier is taken", STR_ARG(u->zone));
        diag_help(d, "write an offset behind it to say which");
    }
    return earlier;
}

bool literal_check(struct unit *u, struct source_module *m, const struct node *e, struct type t, int64_t *scalar, struct str *text)
{
    (void)m;
    *scalar = NONE;
    *text = (struct str){ NULL, 0 };
    if (e->kind == N_BROKEN) { return false; }
    if (e->kind == N_MONEY && t.vt != VT_MONEY && money_by_sign(u, e)) { return false; }
    if (e->kind == N_NEGATE && e->n == 1 && literal_check(u, m, e->kid[0], t, scalar, text)) { *scalar = -*scalar; return true; }
    switch (t.vt) {
    case VT_ERROR: return false;
    case VT_SCALE:
        if (e->kind != N_NAME && e->kind != N_TEXT && e->kind != N_NUMBER) { break; }
        *scalar = scale_value(t.scale, e->text);
        if (*scalar == NONE) { unknown_value(u, t.scale, e->text, e->span); return false; }
        return true;
    case VT_FLAG: if (e->kind == N_YESNO) { *scalar = e->number; return true; } break;
    case VT_TEXT: if (e->kind == N_TEXT || e->kind == N_NAME || e->kind == N_NUMBER) { *text = e->text; return true; } break;
    case VT_COUNT:
        if (e->kind != N_NUMBER) { break; }
        if (e->number % MILLION != 0) {
            diag(u->diags, E0304_WHOLE_NUMBER, e->span, "a whole number is expected here, not %.*s", STR_ARG(e->text));
            return false;
        }
        *scalar = e->number / MILLION;
        return true;
    case VT_NUMBER: if (e->kind == N_NUMBER) { *scalar = e->number; return true; } break;
    case VT_PERCENT: if (e->kind == N_PERCENT) { *scalar = e->number; return true; } break;
    case VT_DURATION:
        if (e->kind == N_NUMBER) {
            struct diag *d = diag(u->diags, E0305_UNIT_MISSING, e->span, "%.*s of what?", STR_ARG(e->text));
            diag_help(d, "write the unit: `%.*s s`, `%.*s min` or `%.*s h`", STR_ARG(e->text), STR_ARG(e->text), STR_ARG(e->text));
            return false;
        }
        if (e->kind != N_COUNTED) { break; }
        if (e->number2 == NONE) {
            struct diag *d = diag(u->diags, E0306_NOT_A_LENGTH, e->span, "`%.*s` moves a date and is not an exact length of time", STR_ARG(source_text(u->sources, e->span)));
            diag_help(d, "for an exact length write hours, such as `24 h`");
            return false;
        }
        *scalar = e->number2;
        return true;
    case VT_INSTANT:
        if (e->kind == N_INSTANT) { *scalar = instant_of(u, e); return true; }
        break;
    case VT_DATE: if (e->kind == N_DATE) { *scalar = e->number; return true; } break;
    case VT_TIME: if (e->kind == N_TIME) { *scalar = e->number; return true; } break;
    case VT_MONEY:
        if (e->kind == N_MONEY) { return money_read(u, e, scalar); }
        if (e->kind == N_NUMBER) {
            struct diag *d = diag(u->diags, E0305_UNIT_MISSING, e->span, "%.*s of what?", STR_ARG(e->text));
            diag_help(d, "write the currency: `%.*s %.*s`", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")), STR_ARG(e->text));
            return false;
        }
        break;
    default: break;
    }
    struct diag *d = diag(u->diags, E0302_TYPE, e->span, "%.*s is expected here", STR_ARG(type_word(u, t)));
    diag_label(d, e->span, "this is %.*s", STR_ARG(literal_word(u, e)));
    return false;
}

/* Orders of the ends of a band or range. */
static bool ends_ordered(struct unit *u, const struct node *e, struct interval r)
{
    if (r.from < r.to) { return true; }
    struct diag *d = diag(u->diags, E0307_EMPTY_RANGE, e->span, "nothing lies in `%.*s`", STR_ARG(source_text(u->sources, e->span)));
    diag_help(d, "the smaller (or more urgent) end comes first");
    return false;
}

bool interval_check(struct unit *u, struct source_module *m, const struct node *e, struct type t, struct interval *out)
{
    struct str text;
    int64_t v;
    *out = (struct interval){ NONE + 1, NEVER };
    if (e->kind == N_RANGE) {
        struct interval lo, hi;
        if (t.vt == VT_SCALE && !t.scale->ordered) {
            struct diag *d = diag(u->diags, E0315_NO_ORDER, e->span, "the values of `%.*s` have no order", STR_ARG(t.scale->name));
            diag_help(d, t.scale->is_party ? "name each of them" : "name each of them, or declare it as a `scale`");
            return false;
        }
        if (!interval_check(u, m, e->kid[0], t, &lo) || !interval_check(u, m, e->kid[1], t, &hi)) { return false; }
        *out = (struct interval){ lo.from, hi.to };
        return ends_ordered(u, e, *out);
    }
    if (e->kind == N_BAND) {
        if (t.vt == VT_SCALE || t.vt == VT_FLAG) {
            struct diag *d = diag(u->diags, E0308_BAND_ON_SCALE, e->span, "on `%.*s` it is not clear which way this runs", STR_ARG(t.vt == VT_SCALE ? t.scale->name : STR("yes or no")));
            diag_help(d, "name both ends, such as `%.*s to %.*s`", STR_ARG(t.vt == VT_SCALE ? t.scale->value[0] : STR("no")), STR_ARG(t.vt == VT_SCALE ? t.scale->value[t.scale->n - 1] : STR("yes")));
            return false;
        }
        if (e->kid[0] != NULL) {
            if (!literal_check(u, m, e->kid[0], t, &v, &text)) { return false; }
            out->from = e->number == 1 ? v : v + 1;
        }
        if (e->kid[1] != NULL) {
            if (!literal_check(u, m, e->kid[1], t, &v, &text)) { return false; }
            out->to = e->number2 == 1 ? v + 1 : v;
        }
        return ends_ordered(u, e, *out);
    }
    if (!literal_check(u, m, e, t, &v, &text)) { return false; }
    *out = (struct interval){ v, v + 1 };
    return true;
}
