# eval: events judged, in every format

  $ msa eval desk.msa events.ndjson --as-of 2026-05-01
  {"kind":"clock","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-06T16:12:00+00:00","id":"4.1/T1/response/1","entity":"ticket","ticket":"T1","clock":"response","cycle":1,"state":"met","started":"2026-03-06T16:00:00+00:00","due":"2026-03-06T16:15:00+00:00","due_first":"2026-03-06T16:15:00+00:00","stopped":"2026-03-06T16:12:00+00:00","elapsed":720,"elapsed_plain":720,"target":"15 min","target_source":"desk.msa:18:24","calendar":"24x7","paused":0,"remaining":180,"by":{"priority":"P1"},"event":"responded","input":"events.ndjson:2"}
  {"kind":"escalation","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-09T11:12:00+00:00","id":"4.1/T2/response/1/step/1","entity":"ticket","ticket":"T2","clock":"response","cycle":1,"state":"running","started":"2026-03-06T16:30:00+00:00","due":"2026-03-09T12:00:00+00:00","due_first":"2026-03-09T12:00:00+00:00","elapsed":11520,"elapsed_plain":240120,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":0,"remaining":2880,"by":{"priority":"P3"},"step":"80% of target","recipients":["Service delivery manager"]}
  {"kind":"breach","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-09T12:00:00+00:00","id":"4.1/T2/response/1/breach","entity":"ticket","ticket":"T2","clock":"response","cycle":1,"state":"breached","started":"2026-03-06T16:30:00+00:00","due":"2026-03-09T12:00:00+00:00","due_first":"2026-03-09T12:00:00+00:00","breached_at":"2026-03-09T12:00:00+00:00","elapsed":14400,"elapsed_plain":243000,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":0,"overrun":0,"by":{"priority":"P3"}}
  {"kind":"escalation","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-09T12:00:00+00:00","id":"4.1/T2/response/1/step/2","entity":"ticket","ticket":"T2","clock":"response","cycle":1,"state":"breached","started":"2026-03-06T16:30:00+00:00","due":"2026-03-09T12:00:00+00:00","due_first":"2026-03-09T12:00:00+00:00","breached_at":"2026-03-09T12:00:00+00:00","elapsed":14400,"elapsed_plain":243000,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":0,"overrun":0,"by":{"priority":"P3"},"step":"breach","recipients":["Director"]}
  {"kind":"clock","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-09T13:45:00+00:00","id":"4.1/T2/response/1","entity":"ticket","ticket":"T2","clock":"response","cycle":1,"state":"breached","started":"2026-03-06T16:30:00+00:00","due":"2026-03-09T12:00:00+00:00","due_first":"2026-03-09T12:00:00+00:00","stopped":"2026-03-09T13:45:00+00:00","breached_at":"2026-03-09T12:00:00+00:00","elapsed":20700,"elapsed_plain":249300,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":0,"overrun":6300,"by":{"priority":"P3"},"event":"responded","input":"events.ndjson:4"}
  {"kind":"measure","agreement":"Desk","clause":"4.2","source":"desk.msa:30:17","at":"2026-04-01T00:00:00+01:00","id":"4.2/attainment/2026-03","measure":"attainment","period":"2026-03","period_from":"2026-03-01T00:00:00+00:00","period_to":"2026-04-01T00:00:00+01:00","value":50.00,"unit":"%","part":1,"whole":2,"met":1,"breached":1,"running":0,"n_paused":1,"cancelled":0,"n_excused":0,"final":true}
  {"kind":"escalation","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-04-01T12:12:00+01:00","id":"4.1/T3/response/1/step/1","entity":"ticket","ticket":"T3","clock":"response","cycle":1,"state":"running","started":"2026-03-27T17:00:00+00:00","due":"2026-04-01T13:00:00+01:00","due_first":"2026-03-30T12:30:00+01:00","elapsed":11520,"elapsed_plain":411120,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":174600,"remaining":2880,"by":{"priority":"P2"},"step":"80% of target","recipients":["Service delivery manager"]}
  {"kind":"breach","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-04-01T13:00:00+01:00","id":"4.1/T3/response/1/breach","entity":"ticket","ticket":"T3","clock":"response","cycle":1,"state":"breached","started":"2026-03-27T17:00:00+00:00","due":"2026-04-01T13:00:00+01:00","due_first":"2026-03-30T12:30:00+01:00","breached_at":"2026-04-01T13:00:00+01:00","elapsed":14400,"elapsed_plain":414000,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":174600,"overrun":0,"by":{"priority":"P2"}}
  {"kind":"escalation","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-04-01T13:00:00+01:00","id":"4.1/T3/response/1/step/2","entity":"ticket","ticket":"T3","clock":"response","cycle":1,"state":"breached","started":"2026-03-27T17:00:00+00:00","due":"2026-04-01T13:00:00+01:00","due_first":"2026-03-30T12:30:00+01:00","breached_at":"2026-04-01T13:00:00+01:00","elapsed":14400,"elapsed_plain":414000,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":174600,"overrun":0,"by":{"priority":"P2"},"step":"breach","recipients":["Director"]}
  {"kind":"clock","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-04-07T12:00:00+01:00","id":"4.1/T3/response/1","entity":"ticket","ticket":"T3","clock":"response","cycle":1,"state":"breached","started":"2026-03-27T17:00:00+00:00","due":"2026-04-01T13:00:00+01:00","due_first":"2026-03-30T12:30:00+01:00","stopped":"2026-04-07T12:00:00+01:00","breached_at":"2026-04-01T13:00:00+01:00","elapsed":72000,"elapsed_plain":928800,"target":"4 h","target_source":"desk.msa:19:24","calendar":"office","paused":174600,"overrun":57600,"by":{"priority":"P2"},"event":"responded","input":"events.ndjson:8"}
  {"kind":"measure","agreement":"Desk","clause":"4.2","source":"desk.msa:30:17","at":"2026-05-01T00:00:00+01:00","id":"4.2/attainment/2026-04","measure":"attainment","period":"2026-04","period_from":"2026-04-01T00:00:00+01:00","period_to":"2026-05-01T00:00:00+01:00","value":0.00,"unit":"%","part":0,"whole":1,"met":0,"breached":1,"running":0,"n_paused":0,"cancelled":0,"n_excused":0,"final":true}
  $ msa eval desk.msa events.ndjson --format table
  what        clause  thing  clock       when                  details
  met         4.1     T1     response    Fri 2026-03-06 16:12  12 min of 15 min, priority P1
  escalation  4.1     T2     response    Mon 2026-03-09 11:12  80% of target: Service delivery manager
  breach      4.1     T2     response    Mon 2026-03-09 12:00  not within 4 h in office
  escalation  4.1     T2     response    Mon 2026-03-09 12:00  breach: Director
  breached    4.1     T2     response    Mon 2026-03-09 13:45  1 h 45 min over, 5 h 45 min of 4 h, priority P3
  measure     4.2            attainment  Wed 2026-04-01 00:00  2026-03: 50.00 % (1 of 2)
  escalation  4.1     T3     response    Wed 2026-04-01 12:12  80% of target: Service delivery manager
  breach      4.1     T3     response    Wed 2026-04-01 13:00  not within 4 h in office
  escalation  4.1     T3     response    Wed 2026-04-01 13:00  breach: Director
  breached    4.1     T3     response    Tue 2026-04-07 12:00  16 h over, 20 h of 4 h, priority P2
  measure     4.2            attainment  Tue 2026-04-07 12:00  2026-04: 0.00 % (0 of 1), so far
  $ msa eval desk.msa events.ndjson --format csv --columns ticket,clock,state,due,elapsed,by.priority | tr -d '\r'
  ticket,clock,state,due,elapsed,by.priority
  T1,response,met,2026-03-06T16:15:00+00:00,720,P1
  T2,response,running,2026-03-09T12:00:00+00:00,11520,P3
  T2,response,breached,2026-03-09T12:00:00+00:00,14400,P3
  T2,response,breached,2026-03-09T12:00:00+00:00,14400,P3
  T2,response,breached,2026-03-09T12:00:00+00:00,20700,P3
  ,,,,,
  T3,response,running,2026-04-01T13:00:00+01:00,11520,P2
  T3,response,breached,2026-04-01T13:00:00+01:00,14400,P2
  T3,response,breached,2026-04-01T13:00:00+01:00,14400,P2
  T3,response,breached,2026-04-01T13:00:00+01:00,72000,P2
  ,,,,,
  $ msa eval desk.msa events.ndjson --summary | grep -v '^agreement sha256\|^time zone data'
  Desk: events from Fri 2026-03-06 16:00 to Tue 2026-04-07 12:00
  times by the clock of Europe/London
  
  response (First response)
              month         met  breached   open   late  paused  cancelled  excused  attainment
    P1        2026-03         1         0      0      0       0          0        0      100.00 %
    P2        2026-04         0         1      0      0       0          0        0        0.00 %
    P3        2026-03         0         1      0      0       0          0        0        0.00 %
    all                       1         2      0      0       0          0        0       33.33 %
  
  attainment (Attainment), clause 4.2
    2026-03  50.00 % (1 of 2)
    2026-04  0.00 % (0 of 1), so far
  
  worst misses (open time beyond the target)
    16 h                T3  response (P2), clause 4.1, due Wed 2026-04-01 13:00
    1 h 45 min          T2  response (P3), clause 4.1, due Mon 2026-03-09 12:00
  
  records 8, events 8, rejected 0, duplicates 0
  escalations 4, notices 0, corrections 0
  $ msa eval desk.msa < events.ndjson > events.out
  $ msa eval desk.msa - < events.ndjson | cmp - events.out
  $ msa eval desk.msa events.ndjson | sed 's/events.ndjson/<stdin>/' | cmp - events.out
  $ msa eval desk.msa events.ndjson --stream=1h | cut -c1-120 | head -n 2
  {"kind":"clock","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-06T16:12:00+00:00","id":"4.1/T
  {"kind":"escalation","agreement":"Desk","clause":"4.1","source":"desk.msa:11:15","at":"2026-03-09T11:12:00+00:00","id":"

A compiled agreement gives the same bytes, and so does the standard input.

  $ msa compile desk.msa -o desk.msac
  $ msa eval desk.msac events.ndjson > a; msa eval desk.msa events.ndjson | cmp - a
  $ msa eval - events.ndjson < desk.msac | cmp - a
  $ msa compile desk.msac -o again
  msa: desk.msac is compiled already
  [65]
  $ msa disasm desk.msac | head -n 1
  compiled agreement, format 1.0: "Desk"

Breaches and rejects show in the exit status.

  $ msa eval desk.msa events.ndjson --format none --fail-on-breach
  [1]
  $ head -n 2 events.ndjson | msa eval desk.msa --format none --fail-on-breach
  $ msa eval desk.msa bad.ndjson --columns kind,ticket,state,input,reason --rejects bad.out
  {"kind":"reject","input":"bad.ndjson:2:38","reason":"there is no event `opend` in this agreement; did you mean `opened`?"}
  {"kind":"reject","input":"bad.ndjson:3:7","reason":"`at`: `2026-02-30T16:05:00Z`: february of that year has 28 days"}
  {"kind":"reject","input":"bad.ndjson:4:1","reason":"a record is one JSON object, from { to }"}
  {"kind":"clock","ticket":"T1","state":"met","input":"bad.ndjson:5"}
  {"kind":"measure"}
  msa: 3 of 5 records rejected
  [65]
  $ cat bad.out
  {"input":"bad.ndjson:2:38","reason":"there is no event `opend` in this agreement; did you mean `opened`?","verbatim":"{\"at\":\"2026-03-06T16:05:00Z\",\"event\":\"opend\",\"ticket\":\"T9\"}"}
  {"input":"bad.ndjson:3:7","reason":"`at`: `2026-02-30T16:05:00Z`: february of that year has 28 days","verbatim":"{\"at\":\"2026-02-30T16:05:00Z\",\"event\":\"opened\",\"ticket\":\"T9\",\"priority\":\"P1\"}"}
  {"input":"bad.ndjson:4:1","reason":"a record is one JSON object, from { to }","verbatim":"not json"}
  $ msa eval desk.msa bad.ndjson --strict --format none
  msa: bad.ndjson:2: there is no event `opend` in this agreement; did you mean `opened`?
  msa: 1 of 2 records rejected
  [65]
  $ msa eval desk.msa events.ndjson --format none --verbose 2>&1 | sed 's/[0-9]* bytes$/… bytes/'
  msa: 8 records, 8 events, 11 results, 0 rejected, 0 duplicates, 0 ignored
  msa: state of open things: … bytes
