/* SPDX-License-Identifier: MIT */
/* Clocks: open time of an entity between start and stop, less its pauses, against a target (semantics C1 to C10, T6, T8).
 *
 * What a clock has counted is never stored but read off its stretches, so that a new calendar, a new target or a question
 * about an earlier instant need no second bookkeeping. */
#ifndef MSA_RUNTIME_CLOCK_H
#define MSA_RUNTIME_CLOCK_H
#include "base/str.h"
#include "bytecode/module.h"
#include "base/zone.h"
#include "msa/run.h"

struct engine;
struct entity;

enum clock_phase { CLOCK_IDLE, CLOCK_LIVE, CLOCK_ENDED };
#define CLOCK_STRETCHES 2 /* kept in the clock itself: start, and one pause before the next array is needed */
#define CLOCK_STEPS_MAX 64
#define STEP_BREACH NO_REF /* the timer at due */

struct clock {
    uint8_t phase;     /* enum clock_phase */
    uint8_t ended_as;  /* enum msa_clock_state */
    bool pending;      /* no target yet (C9) */
    bool asked;        /* its own slots pause it; a suspension pauses it without being asked */
    bool had_target;
    bool paused, breached, hidden, excused, late;
    bool reported;     /* a line about this cycle's end has been given */
    bool next_after, next_late;
    uint8_t changed_ended; /* 1 + the policy of a change that came after it had ended, for a reopening; 0: none */
    uint32_t cycle, revision;
    uint32_t target;   /* TARGET index, NO_REF: none */
    uint32_t calendar; /* number of the calendar counted in */
    uint32_t line, file; /* of the event that started the cycle */
    uint32_t next_step;
    uint32_t chosen;   /* the values that chose the target (chosen.h); 0: none */
    instant started, stopped;
    instant due;       /* NONE: none, or none while paused (C4); NEVER: the calendar has closed for good (T4) */
    instant due_first, breached_at;
    instant first_late; /* of its first missed cycle; NONE: none was */
    instant first_at;  /* when due_first was found: one that did not outlast its instant was promised to nobody */
    instant moved_at;  /* the last change of target: no breach is stamped before it (C5) */
    instant record;    /* TARGET_RECORD: the instant in the attribute when the target was found */
    uint32_t seen_target, seen_calendar; /* what the target function gave last, taken or not (never lengthen) */
    instant seen_record;
    micros base;       /* counted before stretch `base_stretch` as far as the target is concerned (keep the share used) */
    instant next;      /* its first timer; NEVER: none */
    uint64_t fired;    /* steps, one bit each */
    uint32_t base_stretch;
    uint32_t n_stretches, cap_stretches;
    struct msa_segment *far_stretches; /* when more than CLOCK_STRETCHES */
    struct msa_segment near_stretches[CLOCK_STRETCHES];
};

static inline struct msa_segment *clock_stretches(struct clock *c)
{
    return c->cap_stretches ? c->far_stretches : c->near_stretches;
}
void clock_release(struct engine *e, struct clock *c);

/* ---- what handlers do ---- */
void clock_start(struct engine *e, struct entity *n, uint32_t slot);
void clock_restart(struct engine *e, struct entity *n, uint32_t slot, bool while_running);
void clock_stop(struct engine *e, struct entity *n, uint32_t slot, enum stop_kind kind);
void clock_continue(struct engine *e, struct entity *n, uint32_t slot);
void clock_pause(struct engine *e, struct entity *n, uint32_t slot, bool pause);
/* A suspension of the agreement began or ended. */
void clock_suspend(struct engine *e, struct entity *n, uint32_t slot);
void clock_hide(struct engine *e, struct entity *n, uint32_t slot, bool hide);
void clock_retarget(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy);

/* ---- what time does ---- */
/* Finds the clock's first timer again after anything about it has changed. */
void clock_schedule(struct engine *e, struct entity *n, uint32_t slot);
/* Its first timer is now. */
void clock_fire(struct engine *e, struct entity *n, uint32_t slot);

/* ---- what can be asked ---- */
/* Open time counted in the stretches of [from, to), each in its own calendar, or all in `calendar` unless it is NO_REF. */
micros clock_counted(struct engine *e, struct clock *c, uint32_t calendar, instant from, instant to);
/* The earliest instant from `from` on at which the counted time reaches `base` + amount, the clock going on as it does; a
 * clock that is paused is taken to resume now. Counts from stretch `first`. */
instant clock_reaches(struct engine *e, struct clock *c, micros amount, uint32_t calendar, uint32_t first, instant from);
/* A date, later by the open time of each pause from `from` on that began before it (T8). */
instant clock_add_pauses(struct engine *e, struct clock *c, instant due, uint32_t calendar, instant from);
/* Open time of pauses and closed stretches that moved a due date: those before `due` (T8). */
micros clock_paused_open(struct engine *e, struct clock *c, instant due);
/* Plain time in pauses until t. */
micros clock_paused_plain(struct clock *c, instant t);
/* Is it late, and the like; a clock that never began is nothing. */
bool clock_asked(const struct engine *e, struct entity *n, uint32_t slot, enum clock_question question, instant at);
/* How it stands. */
enum msa_clock_state clock_state(const struct clock *c);

/* ---- step.c ---- */
/* The instant at which a step is reached as things stand; NEVER when it cannot be. */
instant step_instant(struct engine *e, struct entity *n, struct clock *c, const struct m_clock *record, const struct m_step *step);
void step_fire(struct engine *e, struct entity *n, uint32_t slot, uint32_t step, bool late);
/* t moved by n local days, the wall-clock time kept. */
instant step_shift_days(const struct zone *zone, instant t, int64_t n);
#endif
