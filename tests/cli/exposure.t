# The worst case: what nothing bounds is named, bounds are given by name, caps are applied

  $ msa exposure limits.msa
  Fees, owed by the customer
    5.1 Base, each month: at most EUR 1,000.00
    5.3 Seats, each month: unbounded (seats has no upper bound)
        graduated by seats: first 10 | EUR 10.00 per seat; next 10 | EUR 8.00 per seat; beyond | EUR 6.00 per seat
    5.4 Trips, each month: unbounded (the number of trips has no upper bound)
        km x EUR 0.42 per km
    5.5 Setup, once: at most EUR 500.00
  
  Credits, owed by the provider
    6.1 Slow, each month: at most EUR 100.00, limited by clause 6.3
        by quality: at least 95% | 0% of rent; from 80% to below 95% | 5% of rent; below 80% | 20% of rent; no data | 0% of rent
    6.2 Sorry, each month: at most EUR 100.00, limited by clause 6.3
    together, each month: at most EUR 100.00
  
  Liability of the provider
    8.1 in general, the term: at most EUR 12,000.00
        year
    8.1 for data_loss, the term: at most EUR 24,000.00
        2 x year
    8.1 for fraud, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
  $ msa exposure limits.msa --with seats=0..25,trips=..4,quality=96%..100%
  Fees, owed by the customer
    5.1 Base, each month: at most EUR 1,000.00
    5.3 Seats, each month: at most EUR 210.00
        graduated by seats: first 10 | EUR 10.00 per seat; next 10 | EUR 8.00 per seat; beyond | EUR 6.00 per seat
    5.4 Trips, each month: at most EUR 396.00
        km x EUR 0.42 per km
    5.5 Setup, once: at most EUR 500.00
    together, each month: at most EUR 1,606.00
  
  Credits, owed by the provider
    6.1 Slow, each month: at most EUR 0.00
        by quality: at least 95% | 0% of rent; from 80% to below 95% | 5% of rent; below 80% | 20% of rent; no data | 0% of rent
    6.2 Sorry, each month: at most EUR 100.00, limited by clause 6.3
    together, each month: at most EUR 100.00
  
  Liability of the provider
    8.1 in general, the term: at most EUR 12,000.00
        year
    8.1 for data_loss, the term: at most EUR 24,000.00
        2 x year
    8.1 for fraud, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
  $ msa exposure limits.msa --with seats=5,trips=2,km=..100 --format json
  {"what":"fee","party":"customer","clause":"5.1","source":"limits.msa:12:13","name":"base","title":"Base","period":"each month","most":"1000.00","currency":"EUR"}
  {"what":"fee","party":"customer","clause":"5.3","source":"limits.msa:14:13","name":"per_seat","title":"Seats","period":"each month","formula":"graduated by seats: first 10 | EUR 10.00 per seat; next 10 | EUR 8.00 per seat; beyond | EUR 6.00 per seat","most":"50.00","currency":"EUR"}
  {"what":"fee","party":"customer","clause":"5.4","source":"limits.msa:23:13","name":"trips","title":"Trips","period":"each month","formula":"km x EUR 0.42 per km","most":"84.00","currency":"EUR"}
  {"what":"fee","party":"customer","clause":"5.5","source":"limits.msa:24:13","name":"setup","title":"Setup","period":"once","most":"500.00","currency":"EUR"}
  {"what":"fee","together":true,"period":"each month","most":"1134.00","currency":"EUR"}
  {"what":"credit","party":"provider","clause":"6.1","source":"limits.msa:29:16","name":"slow","title":"Slow","period":"each month","formula":"by quality: at least 95% | 0% of rent; from 80% to below 95% | 5% of rent; below 80% | 20% of rent; no data | 0% of rent","most":"100.00","currency":"EUR","capped_by":"6.3"}
  {"what":"credit","party":"provider","clause":"6.2","source":"limits.msa:30:16","name":"sorry","title":"Sorry","period":"each month","most":"100.00","currency":"EUR","capped_by":"6.3"}
  {"what":"credit","together":true,"period":"each month","most":"100.00","currency":"EUR"}
  {"what":"liability","party":"provider","clause":"8.1","source":"limits.msa:34:9","period":"the term","formula":"year","most":"12000.00","currency":"EUR"}
  {"what":"liability","party":"provider","clause":"8.1","source":"limits.msa:34:9","incident":"data_loss","period":"the term","formula":"2 x year","most":"24000.00","currency":"EUR"}
  {"what":"liability","party":"provider","clause":"8.1","source":"limits.msa:34:9","incident":"fraud","period":"the term","currency":"EUR","unbounded":true,"because":"it is not limited"}
  {"what":"liability","party":"customer","period":"the term","currency":"EUR","unbounded":true,"because":"no clause limits it"}
  $ msa exposure limits.msa --with 'seats=5 .. 10, quality=80%..94.9%' | head -3
  Fees, owed by the customer
    5.1 Base, each month: at most EUR 1,000.00
    5.3 Seats, each month: at most EUR 100.00
  $ msa exposure harbour.msa --with seats=..60,visits=..10,hours=..8
  Fees, owed by the customer
    5.1 Platform, each month: at most USD 4,500.00
    5.3 Seats, each month: at most USD 2,400.00
        seats x USD 40 per seat
    5.4 Visits, each month: at most USD 12,000.00
        hours x USD 150 per hour
    together, each month: at most USD 18,900.00
  
  Taxes, owed by the customer
    5.5 Sales tax, each month: at most USD 1,677.38
        8.875% x (charges less credits)
  
  Interest, owed by the customer
    7.2 interest, each month: unbounded (what is owed at a time has no upper bound)
        12% per year of what is overdue
  
  Credits, owed by the provider
    6.1 Slow answers, each month: at most USD 450.00, limited by clause 6.2
        by quality: at least 95% | 0% of rent; from 80% to below 95% | 5% of rent; below 80% | 15% of rent; no data | 0% of rent
  
  Liability of the provider
    8.1 in general, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
  $ msa exposure limits.msa --with seat=20..60
  msa: --with: no formula reads `seat`; did you mean `seats`?
  [64]
  $ msa exposure limits.msa --with zzzzzzzz=1
  msa: --with: no formula reads `zzzzzzzz`; it takes the names of quantities, measures, series, events and their values
  [64]
  $ msa exposure limits.msa --with seats=x..3
  msa: --with seats=x..3: it is written `seats=20..60`, `seats=..60` or `uptime=97%..100%`; several with commas
  [64]
  $ msa exposure limits.msa --with seats=60..20
  msa: --with seats=60..20: the lower end comes first
  [64]
  $ msa exposure limits.msa --with seats=
  msa: --with seats=: it is written `seats=20..60`, `seats=..60` or `uptime=97%..100%`; several with commas
  [64]
  $ msa exposure limits.msa --with =3
  msa: --with =3: it is written `seats=20..60`, `seats=..60` or `uptime=97%..100%`; several with commas
  [64]
  $ msa exposure limits.msa --with 20..60
  msa: --with 20..60: it is written `seats=20..60`, `seats=..60` or `uptime=97%..100%`; several with commas
  [64]
  $ msa exposure limits.msa --format csv
  msa: --format of exposure is text or json
  [64]
  $ msa exposure desk.msa
  Liability of the provider
    in general, the term: unbounded (no clause limits it)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
  $ msa exposure mistake.msa 2>&1 | head -1
  error[E0207]: there is no event `opend`
  $ printf 'agreement "Y" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 36 months ; currency USD, rounding half up }\nliability of customer is not limited\nfee flat { every month in advance ; USD 12,000.00 }\nlimit liability of provider to (charges, invoiced in the 12 months before the first incident), the first year annualised by day\n' > years.msa
  $ msa exposure years.msa | grep -A1 'the term'
  warning[W0503]: the agreement does not say its time zone
    --> years.msa:1:11
     |
   1 | agreement "Y" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 36 months ; currency USD, rounding half up }
     |           ^^^
     |
     = note: times are read and shown in UTC, and days begin at midnight UTC
     = help: write `timezone "Europe/Berlin"`, or `timezone "UTC"` if that is meant
  
  1 warning
    limit at line 4 in general, the term: unbounded (the days before the incident)
        (charges, invoiced in the 12 months before the first incident)
  --
    limit at line 2 in general, the term: unbounded (it is not limited)
