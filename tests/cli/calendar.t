# calendar: questions to the hours of an agreement

  $ msa calendar desk.msa
  24x7
  never
  office
  $ msa calendar desk.msa office show 2026-04
  office, 2026-04, by the clock of Europe/London
  
    wed 2026-04-01  09:00 to 17:30
    thu 2026-04-02  09:00 to 17:30
    fri 2026-04-03  -                 Good Friday
    sat 2026-04-04  -
    sun 2026-04-05  -
        week open 17 h
  
    mon 2026-04-06  -                 Easter Monday
    tue 2026-04-07  09:00 to 17:30
    wed 2026-04-08  09:00 to 17:30
    thu 2026-04-09  09:00 to 17:30
    fri 2026-04-10  09:00 to 17:30
    sat 2026-04-11  -
    sun 2026-04-12  -
        week open 34 h
  
    mon 2026-04-13  09:00 to 17:30
    tue 2026-04-14  09:00 to 17:30
    wed 2026-04-15  09:00 to 17:30
    thu 2026-04-16  09:00 to 17:30
    fri 2026-04-17  09:00 to 17:30
    sat 2026-04-18  -
    sun 2026-04-19  -
        week open 42 h 30 min
  
    mon 2026-04-20  09:00 to 17:30
    tue 2026-04-21  09:00 to 17:30
    wed 2026-04-22  09:00 to 17:30
    thu 2026-04-23  09:00 to 17:30
    fri 2026-04-24  09:00 to 17:30
    sat 2026-04-25  -
    sun 2026-04-26  -
        week open 42 h 30 min
  
    mon 2026-04-27  09:00 to 17:30
    tue 2026-04-28  09:00 to 17:30
    wed 2026-04-29  09:00 to 17:30
    thu 2026-04-30  09:00 to 17:30
        week open 34 h
  
  open 170 h on 20 business days
  $ msa calendar desk.msa office elapsed 2026-03-06T16:00 2026-03-09T10:00
  9000  2 h 30 min
  $ msa calendar desk.msa office due 2026-03-06T16:30 '4 h'
  2026-03-09T12:00:00+00:00  Monday 9 March 2026, 12:00
  $ msa calendar desk.msa office before 2026-03-09T10:00 '90 min'
  2026-03-06T17:00:00+00:00  Friday 6 March 2026, 17:00
  $ msa calendar desk.msa office open 2026-12-24T12:00
  no  closed
  $ msa calendar desk.msa office days 2026-04-02T10:00 1 end
  2026-04-07T17:30:00+01:00  Tuesday 7 April 2026, 17:30
  $ msa calendar desk.msa office days 2026-04-02T10:00 2 16:00
  2026-04-08T16:00:00+01:00  Wednesday 8 April 2026, 16:00
  $ msa calendar desk.msa office days 2026-04-02T10:00 1 same --format json
  {"calendar":"office","question":"days","answer":"2026-04-07T10:00:00+01:00"}
  $ msa calendar desk.msa never due 2026-04-02 '1 h'
  never
  $ msa calendar desk.msa office show 2026-10 | tail -n 2
  the clocks go back 1 h on Sunday 25 October 2026, when 02:00 becomes 01:00
  open 187 h on 22 business days
  $ msa calendar desk.msa 24x7 elapsed 2026-03-29 2026-03-30
  82800  23 h
  $ msa calendar desk.msa office open 2026-03-06T10:00 --zone America/New_York
  yes  open

Many questions: one answer each, the bare value; a bad one never loses its line.

  $ printf 'elapsed\t2026-03-06T16:00\t2026-03-09T10:00\nopen\t2026-03-29T01:30\n\nopne\t2026-03-06\ndue\t2026-03-06T16:30\t4 hours\ndue\t2026-03-06T16:30\t0 s\ndays\t2026-03-06\t-1\tend\n' | msa calendar desk.msa office
  9000
  error: the clocks skip this time
  error: there is no question ``: show, elapsed, due, before, open or days
  error: there is no question `opne`; did you mean `open`?
  error: the units are `h`, `min` and `s`
  2026-03-06T16:30:00+00:00
  error: the number of days is 0 to 100000
  $ printf 'open\t2026-03-06T12:00\nopen\n' | msa calendar desk.msa office --format json
  {"calendar":"office","question":"open","answer":true}
  {"error":"the question is `open AT`"}

  $ msa calendar desk.msa ofice open 2026-03-06
  msa: there is no calendar "ofice" in this agreement; did you mean `office`?
  [64]
  $ msa calendar desk.msa office open 2026-02-30
  msa: there is no such date
  [64]
  $ msa calendar desk.msa office show 2026-13
  msa: a month is written 2026-03
  [64]
  $ msa calendar desk.msa office open 2026-03-06 --zone Mars/Base
  msa: the system has no time zone "Mars/Base"; zones are named like Europe/Berlin
  [64]
