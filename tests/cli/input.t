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

A live feed: each result is there as soon as it is certain, and a record without an event says how far time has come. A stop at
that instant still counts.

  $ cat >live.sh <<'END'
  > mkfifo in out
  > msa eval --stream night.msa - --only clock,breach,reject --columns kind,ticket,at,state,input,reason --format csv <in >out 2>err &
  > exec 3>in 4<out
  > say() { echo "+ $1"; printf '%s\n' "$1" >&3; }
  > hear() { timeout 20 sh -c 'i=0; while [ $i -lt $1 ] && read -r line; do echo "$line"; i=$((i + 1)); done' - "$1" <&4; }
  > say '{"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"A","priority":"P1"}'
  > say '{"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"B","priority":"P1"}'
  > say '{"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"C","priority":"P9"}'
  > hear 2
  > say '{"advance":"2026-10-26T10:00:00Z"}'
  > say '{"advance":"2026-10-26T09:30:00Z"}'
  > say '{"at":"2026-10-26T10:00:00Z","event":"responded","ticket":"A"}'
  > say '{"advance":"2026-10-26T10:00:01Z"}'
  > hear 2
  > exec 3>&-
  > cat <&4
  > wait $! || echo "[$?]"
  > END
  $ sh live.sh
  + {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"A","priority":"P1"}
  + {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"B","priority":"P1"}
  + {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"C","priority":"P9"}
  kind,ticket,at,state,input,reason
  reject,,,,<stdin>:3:71,"`priority`: `P9` is not one of P1, P2, P3, P4; did you mean `P1`?"
  + {"advance":"2026-10-26T10:00:00Z"}
  + {"advance":"2026-10-26T09:30:00Z"}
  + {"at":"2026-10-26T10:00:00Z","event":"responded","ticket":"A"}
  + {"advance":"2026-10-26T10:00:01Z"}
  clock,A,2026-10-26T11:00:00+01:00,met,<stdin>:6,
  breach,B,2026-10-26T11:00:00+01:00,breached,,
  clock,B,2026-10-26T11:00:01+01:00,breached,<stdin>:2,
  [65]

As a file it says the same; an instant is read as any other, and lies within the years that calendars know.

  $ cat >advance.ndjson <<'END'
  > {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"A","priority":"P1"}
  > {"at":"2026-10-26T09:00:00Z","event":"opened","ticket":"B","priority":"P1"}
  > {"advance":"2026-10-26T10:00:01Z"}
  > {"advance":"2026-10-26T10:00:00Z"}
  > {"at":"2026-10-26T10:00:00Z","event":"responded","ticket":"A"}
  > {"advance":"tomorrow"}
  > {"advance":"2601-01-01T00:00:00Z"}
  > END
  $ for how in '' --stream=1h; do msa eval night.msa advance.ndjson $how --only clock,breach,reject --columns kind,ticket,at,state,input,reason --format csv -v 2>&1 | grep -v 'state of'; done
  kind,ticket,at,state,input,reason
  clock,A,2026-10-26T11:00:00+01:00,met,advance.ndjson:5,
  reject,,,,advance.ndjson:6:12,`advance`: `tomorrow`: expected a time such as 2026-03-06T17:50:00Z
  breach,B,2026-10-26T11:00:00+01:00,breached,,
  reject,,,,advance.ndjson:7,"its time, 2601-01-01T00:00:00Z, is outside the years 1700 to 2500, which calendars know"
  clock,B,2026-10-26T11:00:01+01:00,breached,advance.ndjson:2,
  msa: 7 records, 3 events, 18 results, 2 rejected, 0 duplicates, 0 ignored
  kind,ticket,at,state,input,reason
  reject,,,,advance.ndjson:6:12,`advance`: `tomorrow`: expected a time such as 2026-03-06T17:50:00Z
  reject,,,,advance.ndjson:7,"its time, 2601-01-01T00:00:00Z, is outside the years 1700 to 2500, which calendars know"
  clock,A,2026-10-26T11:00:00+01:00,met,advance.ndjson:5,
  breach,B,2026-10-26T11:00:00+01:00,breached,,
  clock,B,2026-10-26T11:00:01+01:00,breached,advance.ndjson:2,
  msa: 7 records, 3 events, 18 results, 2 rejected, 0 duplicates, 0 ignored
  $ printf 'at,event,ticket,priority,advance\n2026-10-26T09:00:00Z,opened,B,P1,\n,,,,2026-10-26T10:30:00Z\n' | msa eval night.msa - --only clock --columns kind,ticket,at,state --format csv
  kind,ticket,at,state
  clock,B,2026-10-26T11:30:00+01:00,breached

A field that is declared has a value of its type, also where no clause reads it.

  $ cat >unread.msa <<'END'
  > agreement "Unread" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "UTC" }
  > scale level: low, high
  > entity case { }
  > event begun of case { creates ; level: level ; note: text ; times: count ; size: number }
  > event grown of case { size: number }
  > section 1 "x" {
  >     1.1 clock work of case { starts on begun ; measured only }
  >     1.2 measure sizes "Sizes" { sum of size of grown ; each month }
  > }
  > END
  $ cat >unread.ndjson <<'END'
  > {"at":"2026-01-02T00:00:00Z","event":"begun","case":"A","level":"low","note":5,"times":4,"size":1.5}
  > {"at":"2026-01-02T00:00:00Z","event":"begun","case":"B","level":"hihg"}
  > {"at":"2026-01-02T00:00:00Z","event":"begun","case":"C","note":["x"]}
  > {"at":"2026-01-02T00:00:00Z","event":"begun","case":"D","times":"m\u0061ny"}
  > {"at":"2026-01-02T00:00:00Z","event":"begun","case":"E","size":null,"other":[{}]}
  > {"at":"2026-01-02T00:00:00Z","event":"grown","case":"A","size":2,"level":"hihg"}
  > END
  $ msa eval unread.msa unread.ndjson --only reject,clock --format csv --columns kind,case,input,reason
  kind,case,input,reason
  reject,,unread.ndjson:2:65,"`level`: `hihg` is not one of low, high; did you mean `high`?"
  reject,,unread.ndjson:3:64,`note`: a list where a text was expected
  reject,,unread.ndjson:4:65,`times`: the text `many` where a whole number was expected
  clock,A,unread.ndjson:1,
  clock,E,unread.ndjson:5,
  msa: 3 of 6 records rejected
  [65]
