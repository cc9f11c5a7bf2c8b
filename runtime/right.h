/* SPDX-License-Identifier: MIT */
/* Powers, for the files that make them up: right.c (they arise, notices, effects), settle.c (what leaving comes to). */
#ifndef MSA_RUNTIME_RIGHT_H
#define MSA_RUNTIME_RIGHT_H
#include "runtime/ledger_state.h"

/* Does its condition hold at the end of the day, with what is known before the horizon? */
bool right_holds(struct ledger *l, const struct m_right *r, date day, instant horizon);
/* Can it be used on this day, with what is known before the horizon? */
bool right_is_there(struct ledger *l, uint32_t right, date day, instant horizon);
/* The last day of a notice that is received on `received`; `told`: the day that it names, NO_DATE none. */
date right_notice_ends(const struct ledger *l, const struct m_right *r, date received, date told);
/* The first day on which notice can be given; the agreement's first where nothing is said. */
date right_notice_from(const struct ledger *l, const struct m_right *r);
/* The last day on which the agreement can end at the earliest; NO_DATE where nothing is said. */
date right_not_before(const struct ledger *l, const struct m_right *r);
/* What ends by it ends with this day: the agreement, or the fees that the right names. */
void right_end_on(struct ledger *l, const struct m_right *r, date last);
/* A result about it, to be given. */
struct msa_result *right_tell(struct ledger *l, enum msa_result_kind kind, const struct m_right *r, date day, const char *state, date last);
/* How long the notice is, in words: `5 business days`. */
struct str right_notice_words(struct ledger *l, const struct m_right *r);
#endif
