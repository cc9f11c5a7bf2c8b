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
