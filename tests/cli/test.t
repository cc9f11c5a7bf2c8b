# test: the examples of an agreement

  $ msa test desk.msa
  ok a P1 (desk.msa:23)
  1 passed, 0 failed; 2 expectations
  $ msa test failing.msa
  not ok what does not hold (failing.msa:6)
      failing.msa:9
        expected  response of "T1" met, due 2026-03-06 14:00
        got       response of "T1" breached, due 2026-03-06 14:00
      failing.msa:10
        expected  no notify "Boss"
        got       told 2026-03-06 14:00 for "T1"
      failing.msa:11
        expected  attainment in 2026-03 is 1/2
        got       0 of 1, 0.00%
      failing.msa:12
        expected  24x7 closed at 2026-03-06 12:00
        got       open
      failing.msa:13
        expected  reject
        got       no record was rejected
      failing.msa:14
        expected  impact of "T1" is high
        got       no
  ok what does (failing.msa:16)
  1 passed, 1 failed; 10 expectations
  [1]
  $ msa test desk.msa mistake.msa 2>/dev/null
  ok a P1 (desk.msa:23)
  1 passed, 0 failed; 2 expectations
  [65]
