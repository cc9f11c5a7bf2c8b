# The agreement's term: periods are cut where it begins and ends; what began outside is judged, marked and counted

  $ msa eval term.msa term.ndjson --only clock --columns ticket,state,outside_term --format csv
  ticket,state,outside_term
  T1,met,true
  T2,met,true
  T3,breached,
  T4,met,
  T5,met,true
  $ msa eval term.msa term.ndjson --only measure --columns measure,period,period_from,period_to,value,no_data,outside_term,final --format csv | sed '/,true,,/d'
  measure,period,period_from,period_to,value,no_data,outside_term,final
  attainment,2026-03-01 to 2026-03-09,2026-03-01T00:00:00+00:00,2026-03-10T00:00:00+00:00,100.00,,true,true
  yearly,2026-01-01 to 2026-03-09,2026-01-01T00:00:00+00:00,2026-03-10T00:00:00+00:00,100.00,,true,true
  whole,before 2026-03-10,2026-03-05T10:00:00+00:00,2026-03-10T00:00:00+00:00,100.00,,true,true
  contract,2025-03-10 to 2026-03-09,2025-03-10T00:00:00+00:00,2026-03-10T00:00:00+00:00,1,,true,true
  attainment,2026-03,2026-03-10T00:00:00+00:00,2026-04-01T00:00:00+00:00,50.00,,,true
  yearly,2026,2026-03-10T00:00:00+00:00,2027-01-01T00:00:00+00:00,50.00,,,true
  whole,all,2026-03-10T00:00:00+00:00,2027-03-10T00:00:00+00:00,50.00,,,true
  contract,2026-03-10 to 2027-03-09,2026-03-10T00:00:00+00:00,2027-03-10T00:00:00+00:00,1,,,true
  attainment,2027-03-10 to 2027-03-31,2027-03-10T00:00:00+00:00,2027-04-01T00:00:00+00:00,100.00,,true,
  yearly,2027-03-10 to 2027-12-31,2027-03-10T00:00:00+00:00,2028-01-01T00:00:00+00:00,100.00,,true,
  whole,after 2027-03-09,2027-03-10T00:00:00+00:00,,100.00,,true,
  contract,2027-03-10 to 2028-03-09,2027-03-10T00:00:00+00:00,2028-03-10T00:00:00+00:00,2,,true,
  $ msa eval term.msa term.ndjson --only clock --columns ticket,outside_term | head -2
  {"ticket":"T1","outside_term":true}
  {"ticket":"T2","outside_term":true}
  $ msa eval term.msa term.ndjson --only measure | head -1
  {"kind":"measure","agreement":"Term","clause":"4.2","source":"term.msa:11:17","at":"2026-03-10T00:00:00+00:00","id":"4.2/attainment/2026-03-01 to 2026-03-09","outside_term":true,"measure":"attainment","period":"2026-03-01 to 2026-03-09","period_from":"2026-03-01T00:00:00+00:00","period_to":"2026-03-10T00:00:00+00:00","value":100.00,"unit":"%","part":1,"whole":1,"met":1,"breached":0,"running":1,"n_paused":0,"cancelled":0,"n_excused":0,"final":true}
  $ msa eval term.msa term.ndjson --summary | sed -n '/^whole/,/^$/p; /^records/,/^escal/p'
  whole, clause 4.4
    before 2026-03-10  100.00 % (1 of 1)
    all                50.00 % (1 of 2)
    after 2027-03-09   100.00 % (2 of 2), so far
  
  records 10, events 10, rejected 0, duplicates 0
  began before the agreement took effect: 2 cycles, judged like all others
  began after the agreement's term: 1 cycle, judged like all others
  escalations 0, notices 0, corrections 0
  $ msa eval term.msa term.ndjson --summary --format json | grep -o '"before_term.*after_term":[0-9]*'
  "before_term":2,"after_term":1
  $ msa explain term.msa term.ndjson --ticket T1
  Ticket T1, clock response: met
    Clause 4.1 of "Term" (term.msa:5).
    It began outside the agreement's term, and is judged all the same.
    It started on Thursday 5 March 2026, 10:00 (opened, line 1).
    The target is 4 h in 24x7 (term.msa:8).
    Counted from 10:00 to 11:00: 1 h; 1 h in all.
    It stopped on Thursday 5 March 2026, 11:00 (responded, line 2).
    Due on Thursday 5 March 2026, 14:00.
    Met: 1 h counted, 3 h to spare.
  $ msa explain term.msa term.ndjson --measure whole
  Measure whole, before 2026-03-10: 100.00 % (1 of 1)
    Clause 4.4 of "Term" (term.msa:13).
    Met (1)
      T1  Thu 2026-03-05 11:00  1 h of 4 h
    Left out, open at the end of the period (1)
      T2  Mon 2026-03-09 22:00  decided later
  
  Measure whole, all: 50.00 % (1 of 2)
    Clause 4.4 of "Term" (term.msa:13).
    Met (1)
      T2  Tue 2026-03-10 01:00  3 h of 4 h
    Missed (1)
      T3  Tue 2026-03-10 04:00  5 h of 4 h, 1 h over
    Left out, open at the end of the period (1)
      T4  Tue 2027-03-09 23:59:59  decided later
  
  Measure whole, after 2027-03-09: 100.00 % (2 of 2), so far
    Clause 4.4 of "Term" (term.msa:13).
    Met (2)
      T4  Wed 2027-03-10 00:00  1 s of 4 h
      T5  Sat 2027-03-20 01:00  1 h of 4 h

A term that renews does not end: nobody tells `msa` that notice was given.

  $ sed 's/term 12 months/term 12 months, renews 12 months unless 90 days notice/' term.msa > renews.msa
  $ msa eval renews.msa term.ndjson --summary | sed -n '/^whole/,/^$/p; /^records/,/^escal/p'
  whole, clause 4.4
    before 2026-03-10  100.00 % (1 of 1)
    all                75.00 % (3 of 4), so far
  
  records 10, events 10, rejected 0, duplicates 0
  began before the agreement took effect: 2 cycles, judged like all others
  escalations 0, notices 0, corrections 0

Uptime: the whole begins where the agreement takes effect.

  $ msa eval up.msa up.ndjson --as-of 2026-04-01 --only measure --columns period,period_from,part,whole,value,outside_term --format csv
  period,period_from,part,whole,value,outside_term
  2026-03-01 to 2026-03-09,2026-03-01T00:00:00+01:00,770400,777600,99.07,true
  2026-03,2026-03-10T00:00:00+01:00,1895400,1897200,99.90,
  2026-03,2026-03-10T00:00:00+01:00,1897200,1897200,100.00,
