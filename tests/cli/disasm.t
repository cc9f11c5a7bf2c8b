# Records of money are listed by the names of their kinds, not by numbers

  $ msa disasm harbour.msa | sed -n '/^EXACT:/,/^ *8 /p; /^LINES:/,/^ *1 /p; /^CAP:/,/^ *0 /p; /^CHARGE:/,/^ *1 /p' | sed 's/harbour.msa:[0-9:]*/PLACE/; s/clause [0-9]*/clause N/; s/([0-9]*)$/(…)/'
  EXACT: formulas of amounts: nodes, each after those it reads (…)
         0  constant, value "4500", unit "USD", at PLACE
         1  level, quantity 0 "seats", mode by day, unit "seats", at PLACE
         2  constant, value "40", unit "USD/seats", at PLACE
         3  fact, value 0, text "hours", at PLACE
         4  constant, value "150", unit "USD/h", at PLACE
         5  constant, value "71/800", at PLACE
         6  lines, lines 0 "(charges less credits)", unit "USD", at PLACE
         7  times, a exact 5, b exact 6, unit "USD", at PLACE
         8  measure, measure 0 "quality", mode at hand, at PLACE
  LINES: which lines, how counted, in which window (…)
         0  name "(charges less credits)", charges 0..3, counted invoiced, window period, window_n 0
         1  name "(platform, earned in that month)", charges 4, counted earned, window month, window_n 0
  CHARGE: fees, credits, discounts, taxes: who owes what for which reason (…)
         0  name "platform", title "Platform", clause N "5.1", kind fee, trigger every period, period month, period_n 1, flags in advance + by day, amount exact 0, sum_period month, sum_period_n 1, free_period month, free_period_n 1, free_carry 0, spread 0, at PLACE
         1  name "seats_fee", title "Seats", clause N "5.3", kind fee, trigger every period, period month, period_n 1, flags by day + levels, units exact 1, unit "seats", price exact 2, sum_period month, sum_period_n 1, free_period month, free_period_n 1, free_carry 0, spread 0, at PLACE
  CAP: upper limits over several lines (…)
         0  clause N "6.2", lines 2 "credits", limit exact 29, window month, window_n 0, flags 0
