# The summary: what is late, values in their order, measures and goals

  $ msa eval night.msa night.ndjson --as-of 2026-11-02 --summary | sed '/^agreement sha256/d; /^time zone data/d'
  msa: 3 of 13 records rejected
  Night: events from Sun 2026-10-25 02:30 +02:00 to Mon 2026-10-26 12:31
  times by the clock of Europe/Berlin
  
  response
               month         met  breached   open   late  paused  cancelled  excused  attainment
    P1         2026-10         0         1      0      0       0          1        0        0.00 %
    P2         2026-10         1         1      1      1       0          0        0       50.00 %
    P3         open            0         0      0      0       0          0        0  1 without target
    (missing)  open            0         0      0      0       0          0        0  1 without target
    all                        1         2      1      1       0          1        0       33.33 %
  
  kept (Responses kept), clause 1.6
    P1  2026-10  0.00 % (0 of 1), goal at least 95%: missed
    P2  2026-10  50.00 % (1 of 2), goal at least 95%: missed
  
  worst misses (open time beyond the target)
    33 h 30 min         T4  response (P2), clause 1.2, due Mon 2026-10-26 15:30, still open
    1 h                 T1  response (P1), clause 1.2, due Sun 2026-10-25 02:30 +01:00
  
  records 13, events 10, rejected 3, duplicates 0
  escalations 9, notices 6, corrections 0
  $ msa eval night.msa night.ndjson --as-of 2026-11-02 --summary --format json | sed 's/"sha256.*//'
  msa: 3 of 13 records rejected
  {"agreement":"Night","from":"2026-10-25T02:30:00+02:00","to":"2026-10-26T12:31:00+01:00","zone":"Europe/Berlin","clocks":[{"clock":"response","by":{"priority":"P1"},"month":"2026-10","met":0,"breached":1,"open":0,"late":0,"paused":0,"cancelled":1,"excused":0,"measured":0,"no_target":0,"attainment":0.00},{"clock":"response","by":{"priority":"P2"},"month":"2026-10","met":1,"breached":1,"open":1,"late":1,"paused":0,"cancelled":0,"excused":0,"measured":0,"no_target":0,"attainment":50.00},{"clock":"response","by":{"priority":"P3"},"met":0,"breached":0,"open":0,"late":0,"paused":0,"cancelled":0,"excused":0,"measured":0,"no_target":1},{"clock":"response","by":{"priority":""},"met":0,"breached":0,"open":0,"late":0,"paused":0,"cancelled":0,"excused":0,"measured":0,"no_target":1}],"measures":[{"kind":"measure","agreement":"Night","clause":"1.6","source":"night.msa:23:17","at":"2026-11-01T00:00:00+01:00","id":"1.6/kept/2026-10/P1","by":{"priority":"P1"},"measure":"kept","period":"2026-10","period_from":"2026-10-01T00:00:00+02:00","period_to":"2026-11-01T00:00:00+01:00","value":0.00,"unit":"%","goal":"at least 95%","goal_state":"missed","part":0,"whole":1,"met":0,"breached":1,"running":0,"n_paused":0,"cancelled":1,"n_excused":0,"final":true},{"kind":"measure","agreement":"Night","clause":"1.6","source":"night.msa:23:17","at":"2026-11-01T00:00:00+01:00","id":"1.6/kept/2026-10/P2","by":{"priority":"P2"},"measure":"kept","period":"2026-10","period_from":"2026-10-01T00:00:00+02:00","period_to":"2026-11-01T00:00:00+01:00","value":50.00,"unit":"%","goal":"at least 95%","goal_state":"missed","part":1,"whole":2,"met":1,"breached":1,"running":0,"n_paused":0,"cancelled":0,"n_excused":0,"final":true}],"worst":[{"key":"T4","clock":"response","clause":"1.2","overrun":120600,"due":"2026-10-26T15:30:00+01:00"},{"key":"T1","clock":"response","clause":"1.2","overrun":3600,"due":"2026-10-25T02:30:00+01:00","stopped":"2026-10-25T03:30:00+01:00"}],"records":13,"events":10,"rejected":3,"duplicates":0,"ignored":0,"before_term":0,"after_term":0,"escalations":9,"notices":6,"corrections":0,"recorded":0,"recorded_equal":0,
  $ msa eval desk.msa events.ndjson --as-of 2026-05-01 --summary | sed '/^agreement sha256/d; /^time zone data/d'
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
    2026-04  0.00 % (0 of 1)
  
  worst misses (open time beyond the target)
    16 h                T3  response (P2), clause 4.1, due Wed 2026-04-01 13:00
    1 h 45 min          T2  response (P3), clause 4.1, due Mon 2026-03-09 12:00
  
  records 8, events 8, rejected 0, duplicates 0
  escalations 4, notices 0, corrections 0
  $ msa eval desk.msa events.ndjson --format json
  msa: --format json belongs to --summary; results are written as ndjson, an object a line
  [64]
