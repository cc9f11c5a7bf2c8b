# calendar: questions to the hours of an agreement

  $ msa calendar desk.msa
  24x7
  never
  office
  $ msa calendar desk.msa office show 2026-04
  office, 2026-04, by the clock of Europe/London
  
    Wed 2026-04-01  09:00 to 17:30
    Thu 2026-04-02  09:00 to 17:30
    Fri 2026-04-03  -                 Good Friday
    Sat 2026-04-04  -
    Sun 2026-04-05  -
        week open 17 h
  
    Mon 2026-04-06  -                 Easter Monday
    Tue 2026-04-07  09:00 to 17:30
    Wed 2026-04-08  09:00 to 17:30
    Thu 2026-04-09  09:00 to 17:30
    Fri 2026-04-10  09:00 to 17:30
    Sat 2026-04-11  -
    Sun 2026-04-12  -
        week open 34 h
  
    Mon 2026-04-13  09:00 to 17:30
    Tue 2026-04-14  09:00 to 17:30
    Wed 2026-04-15  09:00 to 17:30
    Thu 2026-04-16  09:00 to 17:30
    Fri 2026-04-17  09:00 to 17:30
    Sat 2026-04-18  -
    Sun 2026-04-19  -
        week open 42 h 30 min
  
    Mon 2026-04-20  09:00 to 17:30
    Tue 2026-04-21  09:00 to 17:30
    Wed 2026-04-22  09:00 to 17:30
    Thu 2026-04-23  09:00 to 17:30
    Fri 2026-04-24  09:00 to 17:30
    Sat 2026-04-25  -
    Sun 2026-04-26  -
        week open 42 h 30 min
  
    Mon 2026-04-27  09:00 to 17:30
    Tue 2026-04-28  09:00 to 17:30
    Wed 2026-04-29  09:00 to 17:30
    Thu 2026-04-30  09:00 to 17:30
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
  error: there is no question ``: show, year, elapsed, due, before, open or days
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

A year; days that are closed in part; only calendars that have a name are listed.

  $ msa calendar desk.msa office year 2026
  office, 2026, by the clock of Europe/London
  
    January     21 business days  178 h 30 min
    February    20 business days  170 h
    March       22 business days  187 h
    April       20 business days  170 h
    May         19 business days  161 h 30 min
    June        22 business days  187 h
    July        23 business days  195 h 30 min
    August      20 business days  170 h
    September   22 business days  187 h
    October     22 business days  187 h
    November    21 business days  178 h 30 min
    December    21 business days  173 h
  
    Thu 2026-01-01  -                 New Year's Day
    Fri 2026-04-03  -                 Good Friday
    Mon 2026-04-06  -                 Easter Monday
    Mon 2026-05-04  -                 Early May bank holiday
    Mon 2026-05-25  -                 Spring bank holiday
    Mon 2026-08-31  -                 Summer bank holiday
    Thu 2026-12-24  09:00 to 12:00    closed from 12:00
    Fri 2026-12-25  -                 Christmas Day
    Sat 2026-12-26  -                 Boxing Day
    Mon 2026-12-28  -                 Boxing Day
  
  the clocks go forward 1 h on Sunday 29 March 2026, when 01:00 becomes 02:00
  the clocks go back 1 h on Sunday 25 October 2026, when 02:00 becomes 01:00
  open 2145 h on 253 business days
  $ msa calendar desk.msa office year 2026 --format json | cut -c1-300
  {"calendar":"office","question":"year","year":"2026","zone":"Europe/London","months":[{"month":"2026-01","seconds":642600,"business_days":21},{"month":"2026-02","seconds":612000,"business_days":20},{"month":"2026-03","seconds":673200,"business_days":22},{"month":"2026-04","seconds":612000,"business_
  $ msa calendar desk.msa office show 2026-12 | grep -A 1 2026-12-24
    Thu 2026-12-24  09:00 to 12:00    closed from 12:00
    Fri 2026-12-25  -                 Christmas Day
  $ msa calendar desk.msa office show 2026
  msa: a month is written 2026-03; the question for a year is `year 2026`
  [64]
  $ msa calendar desk.msa office year 26
  msa: a year is written 2026
  [64]
  $ msa calendar desk.msa office due 2026-03-06T16:30 '5 business days'
  msa: days are no length of open time; business days are asked for by `days FROM 5 same|end|HH:MM`
  [64]
  $ msa calendar shifts.msa
  24x7
  never
  office
  late
  both
  $ msa calendar shifts.msa 'office and late' open 2026-03-06T13:00
  yes  open
  $ msa calendar shifts.msa both show 2026-10 | grep 'clocks\|2026-10-30'
    Fri 2026-10-30  11:00 to 20:00    closed until 11:00
  the clocks go back 1 h on Sunday 25 October 2026, when 03:00 becomes 02:00
