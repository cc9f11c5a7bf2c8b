# explain: exceptions, call-outs, what is missing, what was rejected

An exception gave the target, after a change.

  $ msa explain night.msa night.ndjson --ticket T6
  Ticket T6, clock response: met
    Clause 1.2 of "Night" (night.msa:6).
    It started on Monday 26 October 2026, 12:00 (opened, line 7).
    The target is 30 min in 24x7 by exception 1.5 "Geschäftsleitung" (night.msa:22).
    Until Monday 26 October 2026, 12:05 (changed, line 8) it was 4 h in office, for priority P2 (night.msa:13); on the change: recompute.
    Counted from 12:00 to 12:20: 20 min; 20 min in all.
    It stopped on Monday 26 October 2026, 12:20 (responded, line 9).
    Due on Monday 26 October 2026, 12:30, first promised for Monday 26 October 2026, 16:00.
    Met: 20 min counted, 10 min to spare.
    Escalation at 50% of target on Monday 26 October 2026, 12:15: Ms Weber is told.
  
  Ticket T6, who was told
    Monday 26 October 2026, 12:00: Ms Weber (rule, clause 1.3, opened, line 7).
    Monday 26 October 2026, 12:15: Ms Weber (clock response, clause 1.2, 50% of target).
  $ msa explain night.msa night.ndjson --ticket T6 --clock response --format json | cut -c1-600
  {"kind":"escalation","agreement":"Night","clause":"1.2","source":"night.msa:6:15","at":"2026-10-26T12:15:00+01:00","id":"1.2/T6/response/1/step/1","entity":"ticket","ticket":"T6","clock":"response","cycle":1,"state":"running","started":"2026-10-26T12:00:00+01:00","due":"2026-10-26T12:30:00+01:00","due_first":"2026-10-26T16:00:00+01:00","elapsed":900,"elapsed_plain":900,"target":"30 min","target_source":"night.msa:22:65","exception":"1.5","target_changed_at":"2026-10-26T12:05:00+01:00","calendar":"24x7","paused":0,"remaining":900,"by":{"priority":"P2"},"step":"50% of target","recipients":["Ms W
  {"kind":"clock","agreement":"Night","clause":"1.2","source":"night.msa:6:15","at":"2026-10-26T12:20:00+01:00","id":"1.2/T6/response/1","entity":"ticket","ticket":"T6","clock":"response","cycle":1,"state":"met","started":"2026-10-26T12:00:00+01:00","due":"2026-10-26T12:30:00+01:00","due_first":"2026-10-26T16:00:00+01:00","stopped":"2026-10-26T12:20:00+01:00","elapsed":1200,"elapsed_plain":1200,"target":"30 min","target_source":"night.msa:22:65","exception":"1.5","target_changed_at":"2026-10-26T12:05:00+01:00","calendar":"24x7","paused":0,"remaining":600,"by":{"priority":"P2"},"event":"responded

Who was told: by rules and chains, too.

  $ msa explain night.msa night.ndjson --ticket T1
  Ticket T1, clock response: breached
    Clause 1.2 of "Night" (night.msa:6).
    It started on Sunday 25 October 2026, 02:30 +02:00 (opened, line 1).
    The target is 1 h in 24x7, for priority P1 (night.msa:12).
    Counted from 02:30 +02:00 to 02:30 +01:00: 1 h; 1 h in all.
    The clocks of Europe/Berlin go back 1 h on Sunday 25 October 2026, when 03:00 becomes 02:00.
    Due on Sunday 25 October 2026, 02:30 +01:00.
    Counted from Sunday 25 October 2026, 02:30 +01:00 to 03:30: 1 h; 2 h in all.
    It stopped on Sunday 25 October 2026, 03:30 (responded, line 2).
    Missed: 2 h counted, 1 h too late.
    Escalation at 50% of target on Sunday 25 October 2026, 02:00 +01:00: nobody: `assignee` is missing.
    Escalation at 80% of target on Sunday 25 October 2026, 02:18 +01:00: Lead is told (`assignee` is missing).
  
  Ticket T1, who was told
    Sunday 25 October 2026, 02:30 +02:00: nobody: `assignee` is missing (rule, clause 1.3, opened, line 1).
    Sunday 25 October 2026, 02:30 +02:00: First (chain alarm, clause 1.4, start).
    Sunday 25 October 2026, 02:40 +02:00: nobody: `assignee` is missing (chain alarm, clause 1.4, 10 min after start).
    Sunday 25 October 2026, 02:50 +02:00: Third (chain alarm, clause 1.4, 20 min after start).
    Sunday 25 October 2026, 02:00 +01:00: nobody: `assignee` is missing (clock response, clause 1.2, 50% of target).
    Sunday 25 October 2026, 02:18 +01:00: Lead (`assignee` is missing) (clock response, clause 1.2, 80% of target).
  $ msa explain night.msa night.ndjson --ticket T1 --clock alarm
  Ticket T1, who was told
    Sunday 25 October 2026, 02:30 +02:00: First (chain alarm, clause 1.4, start).
    Sunday 25 October 2026, 02:40 +02:00: nobody: `assignee` is missing (chain alarm, clause 1.4, 10 min after start).
    Sunday 25 October 2026, 02:50 +02:00: Third (chain alarm, clause 1.4, 20 min after start).
  $ msa explain night.msa night.ndjson --ticket T1 --clock alarms
  msa: T1 has no clock `alarms`; it has alarm, response
  [65]

No target, and why.

  $ msa explain night.msa night.ndjson --ticket T2
  Ticket T2, clock response: no target
    Clause 1.2 of "Night" (night.msa:6).
    It started on Monday 26 October 2026, 11:30 (opened, line 3).
    Counted from 11:30 to 12:40: 1 h 10 min; 1 h 10 min in all.
    As things stand on Monday 26 October 2026, 12:40, it is still open.
    No target: no row gives one for priority P3.
  
  Ticket T2, who was told
    Monday 26 October 2026, 11:30: nobody: `assignee` is missing (rule, clause 1.3, opened, line 3).
  $ msa explain night.msa night.ndjson --ticket T3 --clock response
  Ticket T3, clock response: no target
    Clause 1.2 of "Night" (night.msa:6).
    It started on Monday 26 October 2026, 11:30 (opened, line 4).
    Counted from 11:30 to 12:40: 1 h 10 min; 1 h 10 min in all.
    As things stand on Monday 26 October 2026, 12:40, it is still open.
    No target: priority is missing, and no row applies.

Cancelled; a record that names it could not be read.

  $ msa explain night.msa night.ndjson --ticket T7
  Ticket T7, clock response: cancelled
    Clause 1.2 of "Night" (night.msa:6).
    It started on Monday 26 October 2026, 12:30 (opened, line 10).
    The target is 1 h in 24x7, for priority P1 (night.msa:12).
    Counted from 12:30 to 12:31: 1 min; 1 min in all.
    It was cancelled on Monday 26 October 2026, 12:31 (cancelled, line 11).
    Due on Monday 26 October 2026, 13:30.
    Cancelled, no verdict: 1 min counted.
  
  Ticket T7, who was told
    Monday 26 October 2026, 12:30: nobody: `assignee` is missing (rule, clause 1.3, opened, line 10).
    Monday 26 October 2026, 12:30: First (chain alarm, clause 1.4, start).
  
  Ticket T7, records that could not be used
    Rejected: night.ndjson:13:1: a record is one JSON object, from { to }

Nothing to explain.

  $ msa explain night.msa night.ndjson --ticket T5
  No clock has started for T5: records that name it could not be used.
    Rejected: night.ndjson:6:72: `priority`: `Px` is not one of P1, P2, P3, P4; did you mean `P1`?
  [65]
  $ msa explain night.msa night.ndjson --ticket T9
  msa: no event names T9; did you mean T1?
  [65]
  $ msa explain night.msa night.ndjson --ticket INC0012345
  msa: no event names INC0012345
  [65]
  $ msa explain night.msa --ticket T9 < night.ndjson
  msa: no event names T9; did you mean T1?
  [65]
  $ msa explain night.msa night.ndjson --ticket T8
  No clock has started for T8: records that name it could not be used.
    Rejected: night.ndjson:12: there is no ticket "T8": no event that opens it came before
  [65]
  $ printf '{"at":"2026-03-06T16:00:00Z","event":"opened","ticket":"T1","priority":"P1"}\n{"at":"2026-03-06T16:00:00Z","event":"service_listed","service":"S1"}\n' > two.ndjson; msa explain desk.msa two.ndjson --key S1
  msa: no clock has started for S1, and nobody was told: none of its events begins one
  [65]

The list behind a figure.

  $ msa explain night.msa night.ndjson --measure kept
  Measure kept "Responses kept", 2026-10, priority P1: 0.00 % (0 of 1), goal at least 95%: missed, so far
    Clause 1.6 of "Night" (night.msa:23).
    Missed (1)
      T1  Sun 2026-10-25 02:30 +01:00  2 h of 1 h, 1 h over, priority P1
    Left out, cancelled (1)
      T7  Mon 2026-10-26 12:31  1 min of 1 h, priority P1
  
  Measure kept "Responses kept", 2026-10, priority P2: 100.00 % (1 of 1), goal at least 95%: kept, so far
    Clause 1.6 of "Night" (night.msa:23).
    Met (1)
      T6  Mon 2026-10-26 12:20  20 min of 30 min, priority P2
    Left out, open at the end of the period (1)
      T4  Mon 2026-10-26 11:30  1 h 10 min of 4 h, priority P2
  msa: 3 records were rejected; what they would have been does not show here
  [65]
  $ msa explain night.msa night.ndjson --measure kept --format json | cut -c1-900 | head -n 1
  msa: 3 records were rejected; what they would have been does not show here
  {"kind":"measure","agreement":"Night","clause":"1.6","source":"night.msa:23:17","at":"2026-10-26T12:40:00+01:00","id":"1.6/kept/2026-10/P1","by":{"priority":"P1"},"measure":"kept","period":"2026-10","period_from":"2026-10-01T00:00:00+02:00","period_to":"2026-11-01T00:00:00+01:00","value":0.00,"unit":"%","goal":"at least 95%","goal_state":"missed","part":0,"whole":1,"met":0,"breached":1,"running":0,"n_paused":0,"cancelled":1,"n_excused":0,"cycles":[{"ticket":"T1","clock":"response","cycle":1,"counted":"missed","started":"2026-10-25T02:30:00+02:00","at":"2026-10-25T02:30:00+01:00","elapsed":7200,"overrun":3600},{"ticket":"T7","clock":"response","cycle":1,"counted":"cancelled","started":"2026-10-26T12:30:00+01:00","at":"2026-10-26T12:31:00+01:00","elapsed":60}]}
  $ msa explain desk.msa events.ndjson --measure attainment --period 2026-03
  Measure attainment "Attainment", 2026-03: 50.00 % (1 of 2)
    Clause 4.2 of "Desk" (desk.msa:30).
    Met (1)
      T1  Fri 2026-03-06 16:12  12 min of 15 min, priority P1
    Missed (1)
      T2  Mon 2026-03-09 12:00  5 h 45 min of 4 h, 1 h 45 min over, priority P3
    Left out, open at the end of the period (1)
      T3  Fri 2026-03-27 17:00  decided later, priority P2
  $ msa explain desk.msa events.ndjson --measure attainment --period 2026-13
  msa: attainment has no figure for the period 2026-13; it has 2026-03, 2026-04
  [65]
  $ msa explain desk.msa events.ndjson --measure atainment
  msa: this agreement has no measure `atainment`; did you mean `attainment`?
  [64]
  $ msa explain desk.msa events.ndjson --measure attainment --ticket T1
  msa: --measure stands alone: without --ticket, --key and --clock
  [64]
  $ msa explain desk.msa events.ndjson --ticket T1 --period 2026-03
  msa: --period belongs to --measure or --charge: msa explain desk.msa events.ndjson --measure NAME --period 2026-03
  [64]
  $ msa eval night.msa night.ndjson --only measure --columns measure,by.priority,value,goal,goal_state
  {"measure":"kept","by.priority":"P1","value":0.00,"goal":"at least 95%","goal_state":"missed"}
  {"measure":"kept","by.priority":"P2","value":100.00,"goal":"at least 95%","goal_state":"kept"}
  msa: 3 of 13 records rejected
  [65]
  $ msa eval night.msa night.ndjson --only clock --columns ticket,target,exception,target_changed_at
  {"ticket":"T1","target":"1 h"}
  {"ticket":"T6","target":"30 min","exception":"1.5","target_changed_at":"2026-10-26T12:05:00+01:00"}
  {"ticket":"T7","target":"1 h"}
  {"ticket":"T2"}
  {"ticket":"T3"}
  {"ticket":"T4","target":"4 h"}
  msa: 3 of 13 records rejected
  [65]

States that the input recorded: `none` there is `no target`, in what was recorded and in what was found. A due time that never comes
is `never`.

  $ printf 'number,made,priority,verdict\nA,2026-03-02 09:00,1,n\nB,2026-03-02 09:00,4,n\nC,2026-03-02 09:00,4,y\nD,2026-03-02 09:00,1,e\nE,2026-03-02 09:00,2,y\n' >recorded.csv
  $ msa eval recorded.msa recorded.csv --adapter log --format csv --columns kind,ticket,state,due,aspect,recorded,computed
  kind,ticket,state,due,aspect,recorded,computed
  clock,A,running,2026-03-02T13:00:00+00:00,,,
  difference,A,running,2026-03-02T13:00:00+00:00,state,no target,running
  clock,B,no target,,,,
  clock,C,no target,,,,
  difference,C,no target,,state,running,no target
  clock,D,running,2026-03-02T13:00:00+00:00,,,
  difference,D,running,2026-03-02T13:00:00+00:00,state,met or no target,running
  clock,E,running,never,,,
  $ msa eval recorded.msa recorded.csv --adapter log --as-of 2026-03-02T08:00:00Z -v --format none
  msa: 5 records, 0 events, 0 results, 0 rejected, 0 duplicates, 5 ignored
  msa: state of open things: 9560 bytes
