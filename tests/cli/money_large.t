# Money: the largest sums, and amounts that nobody can pay

  $ msa eval largest.msa /dev/null --as-of 2026-01-03
  msa: clause 5.2, 2026-01-01: an amount is larger than 10^15 of the smallest unit of the currency, at 2026-01-02T00:00:00+09:00, when time passed
  [65]
  $ sed '/5.2 fee/d' largest.msa > one.msa
  $ msa eval one.msa finer.ndjson --as-of 2026-01-08 --format ndjson --columns kind,at,amount,total,open,reason
  {"kind":"line","at":"2026-01-01T00:00:00+09:00","amount":"1000000000000000"}
  {"kind":"invoice","at":"2026-01-01T00:00:00+09:00","total":"1000000000000000","open":"1000000000000000"}
  {"kind":"refused","at":"2026-01-07T10:00:00+09:00","reason":"the amount is finer than the smallest unit of the currency, which nobody can pay"}
  {"kind":"refused","at":"2026-01-07T11:00:00+09:00","reason":"an amount below zero is no payment: money that went back is said by correcting the payment itself"}
  {"kind":"invoice","at":"2026-01-01T00:00:00+09:00","total":"1000000000000000","open":"1000000000000000"}
  {"kind":"deadline","at":"2026-01-31T00:00:00+09:00","reason":"invoice 2026-01 is due, JPY 1,000,000,000,000,000 open"}
  {"kind":"deadline","at":"2026-02-01T00:00:00+09:00","reason":"the next invoice is issued"}
