# What is open, what is due next; who was told when nobody was there; the hour that comes twice

  $ msa eval night.msa night.ndjson --open --format table --as-of 2026-10-28
  as of Wed 2026-10-28 00:00 by the clock of Europe/Berlin: 3 open, 1 of them late
  thing  clock     state      due                   left             clause  priority
  T4     response  breached   Mon 2026-10-26 15:30  9 h 30 min over  1.2     P2
  T2     response  no target                                         1.2     P3
  T3     response  no target                                         1.2     (missing)
  msa: 3 of 13 records rejected
  [65]
  $ msa eval night.msa night.ndjson events.ndjson --open --format table --as-of 2026-10-26T12:00
  as of Mon 2026-10-26 12:00 by the clock of Europe/Berlin: 2 open, 0 of them late
  thing  clock     state    due                   left             clause  priority
  T4     response  running  Mon 2026-10-26 15:30  3 h 30 min left  1.2     P2
  T6     response  running  Mon 2026-10-26 16:00  4 h left         1.2     P2
  msa: 2 of 21 records rejected
  [65]
  $ msa eval night.msa night.ndjson --open --format csv --as-of 2026-10-28 | tr -d '\r'
  msa: 3 of 13 records rejected
  key,clock,cycle,state,due,remaining,overrun,by.priority
  T4,response,1,breached,2026-10-26T15:30:00+01:00,,34200,P2
  T2,response,1,no target,,,,P3
  T3,response,1,no target,,,,
  $ msa eval night.msa night.ndjson --open --as-of 2026-10-28 --columns ticket,state,overrun,remaining
  {"ticket":"T4","state":"breached","overrun":34200}
  {"ticket":"T2","state":"no target"}
  {"ticket":"T3","state":"no target"}
  msa: 3 of 13 records rejected
  [65]
  $ msa eval desk.msa events.ndjson --open --format table
  as of Tue 2026-04-07 12:00 by the clock of Europe/London: 0 open, 0 of them late
  $ msa eval desk.msa events.ndjson --as-of 2026-03-31 --open --format table
  as of Tue 2026-03-31 00:00 by the clock of Europe/London: 1 open, 0 of them late
  thing  clock     state   due  left      clause  priority
  T3     response  paused       3 h left  4.1     P2
  $ msa eval night.msa night.ndjson --open --only clock
  msa: --open shows open clocks and nothing else, so --only has no place beside it
  [64]
  $ msa eval night.msa night.ndjson --only reject,notices
  msa: --only: there are no results of kind `notices`; did you mean `notice`?
  [64]
  $ msa eval night.msa night.ndjson --only reject,notice --format csv --columns kind,key,recipients,reason | tr -d '\r'
  msa: 3 of 13 records rejected
  kind,key,recipients,reason
  notice,T1,,
  notice,T2,,
  notice,T3,,
  notice,T4,,
  reject,,,"`priority`: `Px` is not one of P1, P2, P3, P4; did you mean `P1`?"
  notice,T6,Ms Weber,
  notice,T7,,
  reject,T8,,"there is no ticket ""T8"": no event that opens it came before"
  reject,,,"a record is one JSON object, from { to }"

A table is cut where a screen ends, and nowhere else.

  $ msa eval night.msa night.ndjson --format table
  what        clause   thing  clock     when                         details
  notice      1.3      T1     opened    Sun 2026-10-25 02:30 +02:00  nobody: `assignee` is missing
  escalation  1.4      T1     alarm     Sun 2026-10-25 02:30 +02:00  start: First
  escalation  1.4      T1     alarm     Sun 2026-10-25 02:40 +02:00  10 min after start: nobody: `assignee` is missing
  escalation  1.4      T1     alarm     Sun 2026-10-25 02:50 +02:00  20 min after start: Third
  escalation  1.2      T1     response  Sun 2026-10-25 02:00 +01:00  50% of target: nobody: `assignee` is missing
  escalation  1.2      T1     response  Sun 2026-10-25 02:18 +01:00  80% of target: Lead (`assignee` is missing)
  breach      1.2      T1     response  Sun 2026-10-25 02:30 +01:00  not within 1 h in 24x7
  breached    1.2      T1     response  Sun 2026-10-25 03:30         1 h over, 2 h of 1 h, priority P1
  notice      1.3      T2     opened    Mon 2026-10-26 11:30         nobody: `assignee` is missing
  notice      1.3      T3     opened    Mon 2026-10-26 11:30         nobody: `assignee` is missing
  notice      1.3      T4     opened    Mon 2026-10-26 11:30         nobody: `assignee` is missing
  reject                                                             night.ndjson:6:72: `priority`: `Px` is not one of P1, P2, P3, P4; did you mean `P1`?
  notice      1.3      T6     opened    Mon 2026-10-26 12:00         Ms Weber
  escalation  1.2      T6     response  Mon 2026-10-26 12:15         50% of target: Ms Weber
  met         1.2      T6     response  Mon 2026-10-26 12:20         20 min of 30 min, priority P2, exception 1.5
  notice      1.3      T7     opened    Mon 2026-10-26 12:30         nobody: `assignee` is missing
  escalation  1.4      T7     alarm     Mon 2026-10-26 12:30         start: First
  cancelled   1.2      T7     response  Mon 2026-10-26 12:31         1 min of 1 h, priority P1
  reject      changed  T8     changed   Mon 2026-10-26 12:40         night.ndjson:12: there is no ticket "T8": no event that opens it came before
  reject                                                             night.ndjson:13:1: a record is one JSON object, from { to }
  no target   1.2      T2     response  Mon 2026-10-26 12:40         1 h 10 min, priority P3
  no target   1.2      T3     response  Mon 2026-10-26 12:40         1 h 10 min, priority missing
  running     1.2      T4     response  Mon 2026-10-26 12:40         2 h 50 min left, due Mon 2026-10-26 15:30, 1 h 10 min of 4 h, priority P2
  measure     1.6             kept      Mon 2026-10-26 12:40         2026-10: 0.00 % (0 of 1), goal at least 95%: missed, priority P1, so far
  measure     1.6             kept      Mon 2026-10-26 12:40         2026-10: 100.00 % (1 of 1), goal at least 95%: kept, priority P2, so far
  msa: 3 of 13 records rejected
  [65]
  $ COLUMNS=80 msa eval night.msa night.ndjson --format table --only reject,notice,breach
  what    clause   thing  clock     when                         details
  notice  1.3      T1     opened    Sun 2026-10-25 02:30 +02:00  nobody: `assignee` …
  breach  1.2      T1     response  Sun 2026-10-25 02:30 +01:00  not within 1 h in 2…
  notice  1.3      T2     opened    Mon 2026-10-26 11:30         nobody: `assignee` …
  notice  1.3      T3     opened    Mon 2026-10-26 11:30         nobody: `assignee` …
  notice  1.3      T4     opened    Mon 2026-10-26 11:30         nobody: `assignee` …
  reject                                                         night.ndjson:6:72: …
  notice  1.3      T6     opened    Mon 2026-10-26 12:00         Ms Weber
  notice  1.3      T7     opened    Mon 2026-10-26 12:30         nobody: `assignee` …
  reject  changed  T8     changed   Mon 2026-10-26 12:40         night.ndjson:12: th…
  reject                                                         night.ndjson:13:1: …
  msa: 3 of 13 records rejected
  [65]

Nobody is told when the attribute is missing.

  $ msa eval night.msa night.ndjson --only escalation,notice --columns kind,ticket,step,recipients
  {"kind":"notice","ticket":"T1","recipients":[]}
  {"kind":"escalation","ticket":"T1","step":"start","recipients":["First"]}
  {"kind":"escalation","ticket":"T1","step":"10 min after start","recipients":[]}
  {"kind":"escalation","ticket":"T1","step":"20 min after start","recipients":["Third"]}
  {"kind":"escalation","ticket":"T1","step":"50% of target","recipients":[]}
  {"kind":"escalation","ticket":"T1","step":"80% of target","recipients":["Lead"]}
  {"kind":"notice","ticket":"T2","recipients":[]}
  {"kind":"notice","ticket":"T3","recipients":[]}
  {"kind":"notice","ticket":"T4","recipients":[]}
  {"kind":"notice","ticket":"T6","recipients":["Ms Weber"]}
  {"kind":"escalation","ticket":"T6","step":"50% of target","recipients":["Ms Weber"]}
  {"kind":"notice","ticket":"T7","recipients":[]}
  {"kind":"escalation","ticket":"T7","step":"start","recipients":["First"]}
  msa: 3 of 13 records rejected
  [65]
