/* SPDX-License-Identifier: MIT */
/* ISO 4217: how many digits the minor unit of a currency has. */
#ifndef MSA_BASE_CURRENCY_H
#define MSA_BASE_CURRENCY_H
#include "base/str.h"

/* Digits of the minor unit (USD 2, JPY 0, KWD 3, CLF 4); -1: there is no such currency. */
int currency_places(struct str code);
/* The code nearest to a wrong one: same letters in another order, or one letter other; NULL: none is near. */
const char *currency_near(struct str code);
#endif
