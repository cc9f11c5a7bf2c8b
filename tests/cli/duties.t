# Duties: what falls due, a pause because the customer is late, the credit of a recovery to the cent

  $ msa dates duties.msa duties.ndjson --as-of 2026-03-03
  Past
    Sat 2026-01-31  invoice 2026-01 was due, USD 1,000.00 open (clause 5.2)
  
  To come
    Tue 2026-03-03  invoice 2026-02 is due, USD 955.00 open (clause 5.2)
    Wed 2026-03-04  Answer questions: T1, until 18:00 (clause 10.1)
    Sun 2026-03-15  last day: Test restores (clause 10.2)
    Tue 2026-03-31  invoice 2026-03 is due, USD 940.00 open (clause 5.2)
    Wed 2026-04-01  the next invoice is issued (clause 5.2)
    Fri 2027-12-31  last day of the term (the term)
  $ msa explain duties.msa duties.ndjson --ticket T1
  Ticket T1, clock answer_questions "Answer questions": breached
    Clause 10.1 of "Duties" (duties.msa:19).
    It started on Monday 2 March 2026, 10:00 (info_requested, line 2).
    The target is within 2 business days, end of day in support (duties.msa:19).
    Counted from 10:00 to 18:00: 8 h; 8 h in all.
    Not counted until Tuesday 3 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 18:00: 10 h; 18 h in all.
    Not counted until Wednesday 4 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 18:00: 10 h; 28 h in all.
    Due on Wednesday 4 March 2026, 18:00, at closing.
    Not counted until Thursday 5 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 15:00: 7 h; 35 h in all.
    It stopped on Thursday 5 March 2026, 15:00 (info_given, line 4).
    Missed: 35 h counted, 7 h too late.
    Escalation at breach on Wednesday 4 March 2026, 18:00: Account manager is told.
  
  Ticket T1, clock resolution: met
    Clause 4.2 of "Duties" (duties.msa:10).
    It started on Monday 2 March 2026, 09:00 (opened, line 1).
    The target is 40 h in support (duties.msa:10).
    Counted from 09:00 to 18:00: 9 h; 9 h in all.
    Not counted until Tuesday 3 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 18:00: 10 h; 19 h in all.
    Not counted until Wednesday 4 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 18:00: 10 h; 29 h in all.
    Paused from 18:00 (answer_questions late) to Thursday 5 March 2026, 15:00 (info_given, line 4): 7 h of open time left out.
    Counted from 15:00 to 18:00: 3 h; 32 h in all.
    Not counted until Friday 6 March 2026, 08:00: outside the hours of support (night).
    Counted from 08:00 to 15:00: 7 h; 39 h in all.
    It stopped on Friday 6 March 2026, 15:00 (resolved, line 5).
    Due on Friday 6 March 2026, 16:00, first promised for Friday 6 March 2026, 09:00.
    Met: 39 h counted, 1 h to spare.
  $ msa explain duties.msa duties.ndjson --charge erp_back --period 2026-03 --as-of 2026-04-02
  ERP: back in time for service ERP, 2026-03: USD -200.00
    Clause 10.3 (duties.msa:21), on invoice 2026-04. Line 10.3/erp_back/2026-03/ERP/2.
        (flat, earned in that month): USD 1,000.00 (duties.msa:21)
      0.2 x USD 1,000.00: USD 200.00 (duties.msa:21)
  $ msa explain duties.msa duties.ndjson --charge test_restores --period 2026-W11 --as-of 2026-04-02
  Test restores, 2026-W11: USD -15.00
    Clause 10.2 (duties.msa:20), on invoice 2026-04. Line 10.2/test_restores/2026-W11.
        done on restore_tested: 0 (duties.msa:20)
      0 below 1: yes (duties.msa:20)
      for a whole period: USD 15.00 (duties.msa:20)
  $ msa exposure duties.msa
  Fees, owed by the customer
    5.1 flat, each month: at most USD 1,000.00
  
  Credits, owed by the provider
    10.3 ERP: back in time, each month: unbounded (the number of erp_back has no upper bound)
        20% x (flat, earned in that month)
    10.3 ERP: age of the data, each month: unbounded (the number of erp_data has no upper bound)
        20% x (flat, earned in that month)
    10.2 Test restores, each week: at most USD 15.00
  
  Liability of the provider
    8.1 in general, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
