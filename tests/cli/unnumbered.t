# Clauses without a number go by name, title or line; who is not told because an attribute is missing

  $ msa eval unnumbered.msa unnumbered.ndjson --only notice,escalation --columns clause,recipients,not_told,id --as-of 2026-03-01T12:00:00Z --format csv
  clause,recipients,not_told,id
  rule at line 4,Bob,,rule at line 4/T1/notice/1
  rule at line 4,,assignee,rule at line 4/T1/notice/2
  VIPs,Al,,VIPs/T1/notice/3
  boss,Cy,,boss/T1/notice/4
  4.1,Bob,assignee,4.1/T1/response/1/step/1
  rule at line 4,Bob,,rule at line 4/T2/notice/1
  rule at line 4,Di,,rule at line 4/T2/notice/2
  VIPs,Al,,VIPs/T2/notice/3
  $ msa eval unnumbered.msa unnumbered.ndjson --only escalation,clock --columns kind,ticket,exception,recipients,not_told --as-of 2026-03-01T12:00:00Z --format ndjson
  {"kind":"escalation","ticket":"T1","exception":"exception at line 15","recipients":["Bob"],"not_told":["assignee"]}
  {"kind":"clock","ticket":"T1","exception":"exception at line 15"}
  {"kind":"clock","ticket":"T2","exception":"Trifles"}
  $ msa eval unnumbered.msa unnumbered.ndjson --only escalation --as-of 2026-03-01T11:00:00Z --format ndjson
  {"kind":"escalation","agreement":"Numbers","clause":"4.1","source":"unnumbered.msa:8:15","at":"2026-03-01T10:30:00+00:00","id":"4.1/T1/response/1/step/1","entity":"ticket","ticket":"T1","clock":"response","cycle":1,"state":"running","started":"2026-03-01T10:00:00+00:00","due":"2026-03-01T11:00:00+00:00","due_first":"2026-03-01T11:00:00+00:00","elapsed":1800,"elapsed_plain":1800,"target":"1 h","target_source":"unnumbered.msa:15:53","exception":"exception at line 15","calendar":"24x7","paused":0,"remaining":1800,"step":"50% of target","recipients":["Bob"],"not_told":["assignee"]}
  $ msa eval unnumbered.msa unnumbered.ndjson --as-of 2026-03-01T12:00:00Z --format table
  what        clause          thing  clock     when                  details
  notice      rule at line 4  T1     opened    Sun 2026-03-01 10:00  Bob
  notice      rule at line 4  T1     opened    Sun 2026-03-01 10:00  nobody: `assignee` is missing
  notice      VIPs            T1     opened    Sun 2026-03-01 10:00  Al
  notice      boss            T1     opened    Sun 2026-03-01 10:00  Cy
  escalation  4.1             T1     response  Sun 2026-03-01 10:30  50% of target: Bob (`assignee` is missing)
  notice      rule at line 4  T2     opened    Sun 2026-03-01 11:00  Bob
  notice      rule at line 4  T2     opened    Sun 2026-03-01 11:00  Di
  notice      VIPs            T2     opened    Sun 2026-03-01 11:00  Al
  breach      4.1             T1     response  Sun 2026-03-01 11:00  not within 1 h in 24x7
  breached    4.1             T1     response  Sun 2026-03-01 12:00  1 h over, 2 h of 1 h, exception at line 15
  running     4.1             T2     response  Sun 2026-03-01 12:00  7 h left, due Sun 2026-03-01 19:00, 1 h of 8 h, exception "Trifles"
  $ msa explain unnumbered.msa unnumbered.ndjson --ticket T1 --as-of 2026-03-01T12:00:00Z
  Ticket T1, clock response: breached
    Clause 4.1 of "Numbers" (unnumbered.msa:8).
    It started on Sunday 1 March 2026, 10:00 (opened, line 1).
    The target is 1 h in 24x7 by exception at line 15 (unnumbered.msa:15).
    Counted from 10:00 to 11:00: 1 h; 1 h in all.
    Due on Sunday 1 March 2026, 11:00.
    Counted from 11:00 to 12:00: 1 h; 2 h in all.
    As things stand on Sunday 1 March 2026, 12:00, it is still open.
    Missed, and still open: 2 h counted, 1 h too late.
    Escalation at 50% of target on Sunday 1 March 2026, 10:30: Bob is told (`assignee` is missing).
  
  Ticket T1, who was told
    Sunday 1 March 2026, 10:00: Bob (rule at line 4, opened, line 1).
    Sunday 1 March 2026, 10:00: nobody: `assignee` is missing (rule at line 4, opened, line 1).
    Sunday 1 March 2026, 10:00: Al (rule, VIPs, opened, line 1).
    Sunday 1 March 2026, 10:00: Cy (rule, boss, opened, line 1).
    Sunday 1 March 2026, 10:30: Bob (`assignee` is missing) (clock response, clause 4.1, 50% of target).
  $ msa explain unnumbered.msa unnumbered.ndjson --ticket T2
  Ticket T2, clock response: running
    Clause 4.1 of "Numbers" (unnumbered.msa:8).
    It started on Sunday 1 March 2026, 11:00 (opened, line 2).
    The target is 8 h in 24x7 by exception "Trifles" (unnumbered.msa:16).
    As things stand on Sunday 1 March 2026, 11:00, it is still open.
    Due on Sunday 1 March 2026, 19:00.
    Running: 0 min counted, 8 h left.
  
  Ticket T2, who was told
    Sunday 1 March 2026, 11:00: Bob (rule at line 4, opened, line 2).
    Sunday 1 March 2026, 11:00: Di (rule at line 4, opened, line 2).
    Sunday 1 March 2026, 11:00: Al (rule, VIPs, opened, line 2).
