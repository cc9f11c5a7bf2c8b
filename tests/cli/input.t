# Records: what counts once, what time does to a stream, what is rejected

The same record twice counts once, however it is written and to whatever thing it belongs; another record under its id is
rejected, and where the first one is, is said.

  $ cat >twice.ndjson <<'END'
  > {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"A/1","priority":"P1","id":1}
  > {"at":"2026-10-26T09:05:00Z","event":"responded","ticket":"A/1","id":"m-17"}
  > {"id":"m-17","ticket":"A/1","at":"2026-10-26T10:05:00+01:00","event":"responded"}
  > {"at":"2026-10-26T09:06:00Z","event":"opened","ticket":"B","priority":"P1","id":"m-17"}
  > {"at":"2026-10-26T09:07:00Z","event":"opened","ticket":"B","priority":"P1","id":"m-18"}
  > END
  $ msa eval night.msa twice.ndjson --only clock,duplicate,reject --format csv --columns kind,ticket,id,state,input,reason
  kind,ticket,id,state,input,reason
  clock,A/1,1.2/A%2F1/response/1,met,twice.ndjson:2,
  duplicate,A/1,d4dd1eb142945e71e,,twice.ndjson:3,an event with this id came before
  reject,B,x1c146b70ea902300,,twice.ndjson:4,"its `id` was given to another record before, twice.ndjson:2: an id names one record"
  clock,B,1.2/B/response/1,running,twice.ndjson:5,
  msa: 1 of 5 records rejected
  [65]

A ticket that was forgotten and comes again has ids of its own.

  $ cat >life.msa <<'END'
  > agreement "Lives" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "Europe/Berlin" }
  > entity case { forgotten 1 days after done }
  > event begun of case { creates }
  > event done of case { ends }
  > clock work of case { starts on begun ; stops on done ; on done stop ; measured only }
  > END
  $ cat >life.ndjson <<'END'
  > {"at":"2026-03-02T09:00:00Z","event":"begun","case":"C%1"}
  > {"at":"2026-03-02T10:00:00Z","event":"done","case":"C%1"}
  > {"at":"2026-03-05T09:00:00Z","event":"begun","case":"C%1"}
  > {"at":"2026-03-05T10:00:00Z","event":"done","case":"C%1"}
  > {"at":"2026-03-09T09:00:00Z","event":"begun","case":"C%1"}
  > END
  $ msa eval life.msa life.ndjson --format csv --columns kind,case,id,state,started
  kind,case,id,state,started
  clock,C%1,work/C%251/work/1,stopped,2026-03-02T10:00:00+01:00
  clock,C%1,work/C%251/~2/work/1,stopped,2026-03-05T10:00:00+01:00
  clock,C%1,work/C%251/~3/work/1,running,2026-03-09T10:00:00+01:00

A calculation that cannot be done rejects its event whole, whatever it had changed before; the others go on as if it had not been.

  $ cat >trap.msa <<'END'
  > agreement "Traps" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "Europe/Berlin" }
  > scale size: small, large
  > entity case { size : size ; amount : number ; parts : number ; each : number ; note : text ; forgotten 10 days after done }
  > event begun of case { creates ; sets amount, parts, note, size }
  > event split of case { sets parts, note, size }
  > event done of case { ends }
  > section 1 "x" {
  >     1.1 clock work of case { starts on begun ; stops on done ; on done stop
  >       target by size { 
  >         size | within | counted in
  >         small | 1 h | 24x7
  >         large | 2 h | 24x7
  >       }
  >       on change of size recompute
  >       at 50% of target notify "Boss"
  >     }
  >     1.2 rule "Tell first" { on split when each at least 0
  >         notify "Lead" }
  >     1.3 rule "Each" { on begun, split
  >         set each to amount / parts }
  >     1.4 measure sizes "Sizes" { sum of parts of split ; by size ; each month }
  >     1.5 measure kept "Kept" { share of work met ; by size ; each month }
  > }
  > END
  $ cat >trap.ndjson <<'END'
  > {"at":"2026-03-01T09:00:00Z","event":"begun","case":"A","amount":10,"parts":0,"size":"small","note":"a long note about something that is on the heap"}
  > {"at":"2026-03-02T09:00:00Z","event":"begun","case":"A","amount":10,"parts":2,"size":"small","note":"a long note about something that is on the heap"}
  > {"at":"2026-03-02T09:05:00Z","event":"split","case":"A","parts":8000000000000,"size":"small"}
  > {"at":"2026-03-02T09:10:00Z","event":"split","case":"A","parts":0,"size":"large","note":"another note about something"}
  > {"at":"2026-03-02T09:15:00Z","event":"split","case":"A","parts":8000000000000,"size":"small","note":"another note about something","id":"x"}
  > {"at":"2026-03-02T09:20:00Z","event":"split","case":"A","parts":4,"size":"large","note":"the third note about something","id":"x"}
  > {"at":"2026-03-02T09:40:00Z","event":"split","case":"A","parts":8000000000000,"size":"small","note":"another note about something"}
  > {"at":"2026-03-02T10:50:00Z","event":"done","case":"A"}
  > END
  $ msa eval trap.msa trap.ndjson --format csv --columns kind,case,at,id,state,due,input,reason,value,met
  kind,case,at,id,state,due,input,reason,value,met
  reject,A,2026-03-01T10:00:00+01:00,x63380d04c6e05145,,,trap.ndjson:1,clause 1.3 (trap.msa:19:14): division by zero,,
  notice,A,2026-03-02T10:05:00+01:00,1.2/A/notice/1,,,trap.ndjson:3,,,
  reject,A,2026-03-02T10:10:00+01:00,xe2e339b5e0b42901,,,trap.ndjson:4,clause 1.3 (trap.msa:19:14): division by zero,,
  reject,A,2026-03-02T10:15:00+01:00,x88b98a1db79dd963,,,trap.ndjson:5,clause 1.4: a sum is too large,,
  notice,A,2026-03-02T10:20:00+01:00,1.2/A/notice/2,,,trap.ndjson:6,,,
  reject,A,2026-03-02T10:40:00+01:00,x00d01e8063d75ae8,,,trap.ndjson:7,clause 1.4: a sum is too large,,
  escalation,A,2026-03-02T11:00:00+01:00,1.1/A/work/1/step/1,running,2026-03-02T12:00:00+01:00,,,,
  clock,A,2026-03-02T11:50:00+01:00,1.1/A/work/1,met,2026-03-02T12:00:00+01:00,trap.ndjson:8,,,
  measure,,2026-03-02T11:50:00+01:00,1.4/sizes/2026-03/small,,,,,8000000000000,
  measure,,2026-03-02T11:50:00+01:00,1.4/sizes/2026-03/large,,,,,4,
  measure,,2026-03-02T11:50:00+01:00,1.5/kept/2026-03/large,,,,,100.00,1
  msa: 4 of 8 records rejected
  [65]
  $ msa eval trap.msa trap.ndjson --only clock,escalation,breach,notice,measure --columns kind,case,at,id,state,due,by,value,met 2>/dev/null >with
  > sed -n '2,3p;6p;8p' trap.ndjson | msa eval trap.msa - --columns kind,case,at,id,state,due,by,value,met >without
  > cmp with without && echo same
  same

When time alone brings it about there is no event to reject: the run ends, with the clause and the instant.

  $ sed 's/share of work met/share of work met ; where amount \/ parts above 0/; /1.2 rule/,/each to/d' trap.msa >where.msa
  $ sed -n '2p;4p' trap.ndjson | msa eval where.msa - --as-of 2026-03-03T00:00:00Z --only clock,breach,reject --columns kind,at,reason,input
  msa: clause 1.5 (where.msa:18:57): division by zero, at 2026-03-02T12:00:00+01:00, when time passed
  [65]
