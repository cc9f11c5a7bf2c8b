# explain: how a verdict came about, in sentences that can be read aloud

Over a weekend.

  $ msa explain desk.msa events.ndjson --ticket T2
  Ticket T2, clock response "First response": breached
    Clause 4.1 of "Desk" (desk.msa:11).
    It started on Friday 6 March 2026, 16:30 (opened, line 3).
    The target is 4 h in office, for priority P3 (desk.msa:19).
    Counted from 16:30 to 17:30: 1 h; 1 h in all.
    Not counted until Monday 9 March 2026, 09:00: outside the hours of office (Saturday, Sunday).
    Counted from 09:00 to 12:00: 3 h; 4 h in all.
    Due on Monday 9 March 2026, 12:00.
    Counted from 12:00 to 13:45: 1 h 45 min; 5 h 45 min in all.
    It stopped on Monday 9 March 2026, 13:45 (responded, line 4).
    Missed: 5 h 45 min counted, 1 h 45 min too late.
    Escalation at 80% of target on Monday 9 March 2026, 11:12: Service delivery manager is told.
    Escalation at breach on Monday 9 March 2026, 12:00: Director is told.

Over a pause, the change to summer time and Easter.

  $ msa explain desk.msa events.ndjson --ticket T3
  Ticket T3, clock response "First response": breached
    Clause 4.1 of "Desk" (desk.msa:11).
    It started on Friday 27 March 2026, 17:00 (opened, line 5).
    The target is 4 h in office, for priority P2 (desk.msa:19).
    Counted from 17:00 to 17:30: 30 min; 30 min in all.
    Not counted until Monday 30 March 2026, 09:00: outside the hours of office (Saturday, Sunday).
    The clocks of Europe/London go forward 1 h on Sunday 29 March 2026, when 01:00 becomes 02:00.
    Counted from Monday 30 March 2026, 09:00 to 09:30: 30 min; 1 h in all.
    Paused from 09:30 (waiting, line 6) to Wednesday 1 April 2026, 10:00: 17 h 30 min of open time left out.
    Counted from 10:00 to 13:00: 3 h; 4 h in all.
    Due on Wednesday 1 April 2026, 13:00, first promised for Monday 30 March 2026, 12:30.
    Counted from 13:00 to 17:30: 4 h 30 min; 8 h 30 min in all.
    Not counted until Thursday 2 April 2026, 09:00: outside the hours of office (night).
    Counted from 09:00 to 17:30: 8 h 30 min; 17 h in all.
    Not counted until Tuesday 7 April 2026, 09:00: outside the hours of office (Saturday, Sunday; Friday 3 April 2026 is Good Friday; Monday 6 April 2026 is Easter Monday).
    Counted from 09:00 to 12:00: 3 h; 20 h in all.
    It stopped on Tuesday 7 April 2026, 12:00 (responded, line 8).
    Missed: 20 h counted, 16 h too late.
    Escalation at 80% of target on Wednesday 1 April 2026, 12:12: Service delivery manager is told.
    Escalation at breach on Wednesday 1 April 2026, 13:00: Director is told.
  $ msa explain desk.msa events.ndjson --key T1 --format json
  {"kind":"clock","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-06T16:12:00+00:00","id":"4.1/T1/response/1","entity":"ticket","ticket":"T1","clock":"response","cycle":1,"state":"met","started":"2026-03-06T16:00:00+00:00","due":"2026-03-06T16:15:00+00:00","due_first":"2026-03-06T16:15:00+00:00","stopped":"2026-03-06T16:12:00+00:00","elapsed":720,"elapsed_plain":720,"target":"15 min","target_source":"desk.msa:18:24","calendar":"24x7","paused":0,"remaining":180,"by":{"priority":"P1"},"event":"responded","input":"events.ndjson:2","steps":[{"step":"start","at":"2026-03-06T16:00:00+00:00","event":"opened","line":1},{"step":"target","at":"2026-03-06T16:00:00+00:00","amount":900,"calendar":"24x7","target":"15 min","source":"desk.msa:18:24"},{"step":"counted","from":"2026-03-06T16:00:00+00:00","to":"2026-03-06T16:12:00+00:00","open":720,"total":720,"calendar":"24x7"},{"step":"stop","at":"2026-03-06T16:12:00+00:00","total":720,"event":"responded","line":2},{"step":"due","at":"2026-03-06T16:15:00+00:00"}]}
  $ msa explain desk.msa events.ndjson --ticket T4
  msa: no event names T4; did you mean T1?
  [65]
  $ msa explain desk.msa events.ndjson --ticket T1 --clock resolution
  msa: T1 has no clock `resolution`; it has response
  [65]
