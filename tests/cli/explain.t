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
    Paused from 09:30 (waiting on customer, line 6) to Wednesday 1 April 2026, 10:00 (resumed, line 7): 17 h 30 min of open time left out.
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

Changes of the target, by whom and how, and the reasons of a pause. A wait that does not pause the clock is none of them.

  $ msa explain changes.msa changes.ndjson --ticket T1 --clock resolution
  Ticket T1, clock resolution: met
    Clause resolution of "Changes" (changes.msa:5).
    It started on Monday 2 March 2026, 09:00 (opened, line 1).
    The target is 8.5 h in office, for priority P3 (changes.msa:15).
    Until Monday 2 March 2026, 14:00 (changed, line 7) it was 8.5 h in office, for priority P3 (changes.msa:15); on the change: recompute.
    Until Monday 2 March 2026, 15:00 (changed, line 8) it was 8 h in office, for priority P2 (changes.msa:14); on the change: recompute.
    Counted from 09:00 to 10:00: 1 h; 1 h in all.
    Paused from 10:00 (waiting on customer, line 2) to 13:00 (resumed, line 6): 3 h of open time left out.
    It stayed paused on Monday 2 March 2026, 11:00 (waiting on customer, vendor, line 3).
    It stayed paused on Monday 2 March 2026, 12:00 (resumed, line 5: waiting on vendor).
    Counted from 13:00 to 17:30: 4 h 30 min; 5 h 30 min in all.
    Not counted until Tuesday 3 March 2026, 09:00: outside the hours of office (night).
    Counted from 09:00 to 12:00: 3 h; 8 h 30 min in all.
    Due on Tuesday 3 March 2026, 12:00, first promised for Monday 2 March 2026, 17:30.
    It stopped on Tuesday 3 March 2026, 12:00 (resolved, line 9).
    Met: 8 h 30 min counted.
  $ msa explain changes.msa changes.ndjson --ticket T1 --clock resolution --format json | grep -o '"step":"[a-z]*_*target".*still_paused[^}]*}'
  "step":"target","at":"2026-03-02T09:00:00+00:00","amount":30600,"calendar":"office","target":"8.5 h","source":"changes.msa:15:20"},{"step":"earlier_target","from":"2026-03-02T09:00:00+00:00","to":"2026-03-02T14:00:00+00:00","amount":30600,"calendar":"office","target":"8.5 h","source":"changes.msa:15:20","event":"changed","line":7,"policy":"recompute","by":{"priority":"P3"}},{"step":"earlier_target","from":"2026-03-02T14:00:00+00:00","to":"2026-03-02T15:00:00+00:00","amount":28800,"calendar":"office","target":"8 h","source":"changes.msa:14:20","event":"changed","line":8,"policy":"recompute","by":{"priority":"P2"}},{"step":"counted","from":"2026-03-02T09:00:00+00:00","to":"2026-03-02T10:00:00+00:00","open":3600,"total":3600,"day":"2026-03-02","calendar":"office"},{"step":"paused","from":"2026-03-02T10:00:00+00:00","to":"2026-03-02T13:00:00+00:00","open":10800,"calendar":"office","reason":"waiting on customer","event":"waiting","line":2,"end_event":"resumed","end_line":6},{"step":"still_paused","at":"2026-03-02T11:00:00+00:00","reason":"waiting on customer, vendor","event":"waiting","line":3},{"step":"still_paused","at":"2026-03-02T12:00:00+00:00","reason":"waiting on vendor","event":"resumed","line":5}

No target at first, a change that would have lengthened, a change to none.

  $ msa explain changes.msa changes.ndjson --ticket T2
  Ticket T2, clock resolution: cancelled
    Clause resolution of "Changes" (changes.msa:5).
    It started on Monday 2 March 2026, 09:00 (opened, line 10).
    The target is 4 h in 24x7, for priority P1 (changes.msa:13).
    Until Monday 2 March 2026, 10:00 (changed, line 11) there was none, for priority missing.
    Until Monday 2 March 2026, 10:10 (changed, line 12) it was 8.5 h in office, for priority P3 (changes.msa:15); on the change: recompute.
    Counted from 09:00 to 10:30: 1 h 30 min; 1 h 30 min in all.
    It was cancelled on Monday 2 March 2026, 10:30 (changed, line 13).
    Due on Monday 2 March 2026, 13:00, first promised for Monday 2 March 2026, 17:30.
    Cancelled, because no target applies any more, no verdict: 1 h 30 min counted.
  
  Ticket T2, clock response: met
    Clause response of "Changes" (changes.msa:19).
    It started on Monday 2 March 2026, 09:00 (opened, line 10).
    The target is 2 h in 24x7, for priority P1 (changes.msa:26).
    Until Monday 2 March 2026, 10:00 (changed, line 11) there was none, for priority missing.
    Until Monday 2 March 2026, 10:10 (changed, line 12) it was 3 h in office, for priority P3 (changes.msa:27); on the change: never lengthen.
    On Monday 2 March 2026, 10:30 (changed, line 13) it would have become 3 h in office, for priority P4 (changes.msa:27), due later: never lengthen.
    Counted from 09:00 to 11:00: 2 h; 2 h in all.
    Due on Monday 2 March 2026, 11:00, first promised for Monday 2 March 2026, 12:00.
    It stopped on Monday 2 March 2026, 11:00 (responded, line 14).
    Met: 2 h counted.

Used up exactly at closing; a pause by a state, which a wait goes on with.

  $ msa explain changes.msa changes.ndjson --ticket T3 --clock resolution
  Ticket T3, clock resolution: met
    Clause resolution of "Changes" (changes.msa:5).
    It started on Monday 2 March 2026, 09:00 (opened, line 15).
    The target is 8.5 h in office, for priority P3 (changes.msa:15).
    Counted from 09:00 to 17:30: 8 h 30 min; 8 h 30 min in all.
    Due on Monday 2 March 2026, 17:30, at closing.
    It stopped on Monday 2 March 2026, 17:30 (resolved, line 17).
    Met: 8 h 30 min counted.
  $ msa explain changes.msa changes.ndjson --ticket T4 --clock resolution
  Ticket T4, clock resolution: paused
    Clause resolution of "Changes" (changes.msa:5).
    It started on Monday 2 March 2026, 09:00 (opened, line 18).
    The target is 8 h in office, for priority P2 (changes.msa:14).
    Counted from 09:00 to 10:00: 1 h; 1 h in all.
    Paused from 10:00 (changed, line 20) to Tuesday 3 March 2026, 12:00: 10 h 30 min of open time left out.
    It stayed paused on Monday 2 March 2026, 16:00 (waiting on customer, line 21).
    As things stand on Tuesday 3 March 2026, 12:00, it is still open.
    Paused, so that there is no due time: 1 h counted, 7 h left.
