# Money: invoices, their lines explained, the final account, what falls due

  $ msa invoice harbour.msa harbour.ndjson
    2026-01  2026-01-10, due 2026-02-09  USD 3,476.98    476.98 open, overdue
    2026-02  2026-02-01, due 2026-03-03  USD 6,048.27  2,048.27 open, overdue
    2026-03  2026-03-01, due 2026-03-31  USD 5,884.64           5,884.64 open
    next     not billed yet                USD 202.44
  $ msa invoice harbour.msa harbour.ndjson --period 2026-01
  Invoice 2026-01
    from Keel Services Ltd
    to   Dockside Freight, Inc.
    by   "Harbour managed IT"
    Issued on Saturday 10 January 2026, due on Monday 9 February 2026
  
  Fees
    5.1  Platform, 2026-01                    3,193.55
  
         Subtotal                             3,193.55
    5.5  Sales tax                              283.43
         Total USD                            3,476.98
         Paid 2026-02-03 (harbour.ndjson:6)  -3,000.00
         Open, overdue                          476.98
  $ msa invoice harbour.msa harbour.ndjson --period 2026-03 --color always
  [1mInvoice 2026-03[0m
    from Keel Services Ltd
    to   Dockside Freight, Inc.
    by   "Harbour managed IT"
    Issued on Sunday 1 March 2026, due on Tuesday 31 March 2026
  
  [1mFees[0m
    5.1  Platform, 2026-03                                           4,500.00
    5.3  Seats, 2026-02                      23.0357… seats   40.00    921.43
    5.4  Visits, 2026-01-25                         2 hours  150.00    300.00
  
  [1mCredits[0m
    6.1  Slow answers, 2026-01                                        -319.36
           USD -479.03, limited by clause 6.2
  
         Subtotal                                                    5,721.43
         Credits                                                      -319.36
    5.5  Sales tax                                                     479.43
    7.2  Interest on invoice 2026-01                                     3.14
         Total USD                                                   5,884.64
         Open                                                        5,884.64
  $ msa invoice harbour.msa harbour.ndjson --period next
  Not billed yet
    from Keel Services Ltd
    to   Dockside Freight, Inc.
    by   "Harbour managed IT"
  
  Fees
    5.4  Visits, 2026-03-20           1.1 hours  150.00  165.00
  
         Subtotal                                        165.00
    5.5  Sales tax                                        14.64
    7.2  Interest on invoice 2026-01                       2.82
    7.2  Interest on invoice 2026-02                      19.98
         Total USD                                       202.44
  $ msa invoice harbour.msa harbour.ndjson --period 2026-3
  msa: there is no invoice 2026-3; did you mean 2026-03? There are 2026-01, 2026-02, 2026-03, next
  [65]
  $ msa invoice harbour.msa harbour.ndjson --period 1999
  msa: there is no invoice 1999; there are 2026-01, 2026-02, 2026-03, next
  [65]
  $ msa invoice harbour.msa harbour.ndjson --period 2026-03 --all
  msa: --period names one invoice and --all takes every one: which?
  [64]
  $ msa invoice harbour.msa harbour.ndjson --format quickbook
  msa: --format of invoice is text, json, csv, xero or quickbooks; did you mean quickbooks?
  [64]
  $ msa invoice desk.msa events.ndjson
  msa: the agreement has no fees, so there are no invoices
  [65]
  $ msa invoice harbour.msa /dev/null
  msa: no invoice was issued, and nothing is to be billed
  [65]
  $ msa invoice harbour.msa harbour.ndjson bad.ndjson --period 2026-01 | tail -2
  msa: 3 of 17 records rejected
         Paid 2026-02-03 (harbour.ndjson:6)  -3,000.00
         Open, overdue                          476.98

Bookkeeping: quantity times price is the amount to the cent, or the quantity is 1. What is not billed has no place there.

  $ msa invoice harbour.msa harbour.ndjson --all --format xero --account 200 --tax-type 'Tax Exempt' --contact Dockside | tr -d '\r' | cut -d, -f1,11-21,26
  *ContactName,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,Currency
  Dockside,2026-01,Harbour managed IT,10/01/2026,09/02/2026,,"Platform, 2026-01",1,3193.55,,200,
  Dockside,2026-01,Harbour managed IT,10/01/2026,09/02/2026,,Sales tax,1,283.43,,200,Tax Exempt,USD
  Dockside,2026-02,Harbour managed IT,01/02/2026,03/03/2026,,"Platform, 2026-02",1,4500.00,,200,
  Dockside,2026-02,Harbour managed IT,01/02/2026,03/03/2026,,"Seats, 2026-01",1,567.74,,200,
  Dockside,2026-02,Harbour managed IT,01/02/2026,03/03/2026,,"Visits, 2026-01-20",3.25,150,,200,
  Dockside,2026-02,Harbour managed IT,01/02/2026,03/03/2026,,Sales tax,1,493.03,,200,Tax Exempt,USD
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,"Platform, 2026-03",1,4500.00,,200,
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,"Seats, 2026-02",1,921.43,,200,
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,"Visits, 2026-01-25",2,150,,200,
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,"Slow answers, 2026-01",1,-319.36,,200,
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,Sales tax,1,479.43,,200,Tax Exempt,USD
  Dockside,2026-03,Harbour managed IT,01/03/2026,31/03/2026,,Interest on invoice 2026-01,1,3.14,,200,Tax Exempt,USD
  $ msa invoice harbour.msa harbour.ndjson --period 2026-02 --format quickbooks --item Service | tr -d '\r'
  *InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount,ServiceDate,Currency
  2026-02,"Dockside Freight, Inc.",01/02/2026,03/03/2026,,,Harbour managed IT,Service,"Platform, 2026-02",1,4500.00,4500.00,28/02/2026,USD
  2026-02,"Dockside Freight, Inc.",01/02/2026,03/03/2026,,,Harbour managed IT,Service,"Seats, 2026-01",1,567.74,567.74,31/01/2026,USD
  2026-02,"Dockside Freight, Inc.",01/02/2026,03/03/2026,,,Harbour managed IT,Service,"Visits, 2026-01-20",3.25,150,487.50,20/01/2026,USD
  2026-02,"Dockside Freight, Inc.",01/02/2026,03/03/2026,,,Harbour managed IT,Service,Sales tax,1,493.03,493.03,01/02/2026,USD
  $ msa invoice harbour.msa harbour.ndjson --period next --format csv | tr -d '\r'
  invoice,issued,due,line,clause,section,charge,description,period,from,to,quantity,unit,price,amount,currency,note,input,id
  ,,,fee,5.4,Fees,visits,"Visits, 2026-03-20",2026-03,2026-03-01,2026-03-31,1.1,hours,150,165.00,USD,,harbour.ndjson:12,5.4/visits/2026-03/9
  ,,,tax,5.5,Fees,sales_tax,Sales tax,2026-03,2026-03-01,2026-03-31,,,,14.64,USD,,,5.5/sales_tax/2026-03
  ,,,interest,7.2,Payment,interest,Interest on invoice 2026-01,2026-02-10 to 2026-03-19,2026-02-10,2026-03-19,,,,2.82,USD,,,7.2/interest/2026-02-10 to 2026-03-19/2026-01/correction/1
  ,,,interest,7.2,Payment,interest,Interest on invoice 2026-02,2026-03-04 to 2026-03-19,2026-03-04,2026-03-19,,,,19.98,USD,,,7.2/interest/2026-03-04 to 2026-03-19/2026-02
  $ msa invoice harbour.msa harbour.ndjson --period next --format xero | wc -l | tr -d ' '
  1
  $ msa invoice harbour.msa harbour.ndjson --period 2026-03 --format json
  {"invoice":"2026-03","agreement":"Harbour managed IT","provider":"Keel Services Ltd","customer":"Dockside Freight, Inc.","issued":"2026-03-01","due":"2026-03-31","currency":"USD","lines":[{"line":"fee","category":"fee","clause":"5.1","section":"Fees","charge":"platform","description":"Platform, 2026-03","period":"2026-03","from":"2026-03-01","to":"2026-03-31","amount":"4500.00","id":"5.1/platform/2026-03"},{"line":"fee","category":"fee","clause":"5.3","section":"Fees","charge":"seats_fee","description":"Seats, 2026-02","period":"2026-02","from":"2026-02-01","to":"2026-02-28","quantity":"645/28","unit":"seats","price":"40","amount":"921.43","id":"5.3/seats_fee/2026-02"},{"line":"fee","category":"fee","clause":"5.4","section":"Fees","charge":"visits","description":"Visits, 2026-01-25","period":"2026-01","from":"2026-01-10","to":"2026-01-31","quantity":"2","unit":"hours","price":"150","amount":"300.00","input":"harbour.ndjson:5","id":"5.4/visits/2026-01/3"},{"line":"credit","category":"credit","clause":"6.1","section":"Credits","charge":"answers","description":"Slow answers, 2026-01","period":"2026-01","from":"2026-01-10","to":"2026-01-31","amount":"-319.36","note":"USD -479.03, limited by clause 6.2","id":"6.1/answers/2026-01"},{"line":"tax","category":"tax","clause":"5.5","section":"Fees","charge":"sales_tax","description":"Sales tax","period":"2026-03","from":"2026-03-01","to":"2026-03-31","amount":"479.43","id":"5.5/sales_tax/2026-03"},{"line":"interest","category":"interest","clause":"7.2","section":"Payment","charge":"interest","description":"Interest on invoice 2026-01","key":"2026-01","period":"2026-02-10 to 2026-03-01","from":"2026-02-10","to":"2026-03-01","amount":"3.14","id":"7.2/interest/2026-02-10 to 2026-03-01/2026-01"}],"subtotal":"5721.43","credits":"-319.36","tax":"479.43","interest":"3.14","total":"5884.64","payments":[],"open":"5884.64"}

Explanations go down to the cent.

  $ msa explain harbour.msa harbour.ndjson --invoice 2026-03
  Platform, 2026-03: USD 4,500.00
    Clause 5.1 (harbour.msa:20), on invoice 2026-03. Line 5.1/platform/2026-03.
      for a whole period: USD 4,500.00 (harbour.msa:20)
  
  Seats, 2026-02: USD 921.43
    Clause 5.3 (harbour.msa:22), on invoice 2026-03. Line 5.3/seats_fee/2026-02.
      2026-02-01 to 2026-02-11, 11 of 28 days: 20 seats (harbour.msa:22)
        20 seats x USD 40.00: USD 800.00 (harbour.msa:22)
        USD 800.00 x 11/28: USD 314.285714… (harbour.msa:22)
      2026-02-12 to 2026-02-28, 17 of 28 days: 25 seats (harbour.msa:22)
        25 seats x USD 40.00: USD 1,000.00 (harbour.msa:22)
        USD 1,000.00 x 17/28: USD 607.142857… (harbour.msa:22)
      together: USD 921.428571… (harbour.msa:22)
      USD 921.428571… rounded half up: USD 921.43 (harbour.msa:22)
  
  Visits, 2026-01-25: USD 300.00
    Clause 5.4 (harbour.msa:23), on invoice 2026-03. Line 5.4/visits/2026-01/3.
    For visited at harbour.ndjson:5.
      hours: 2 (harbour.msa:23)
      2 hours x USD 150.00: USD 300.00 (harbour.msa:23)
  
  Slow answers, 2026-01: USD -319.36
    Clause 6.1 (harbour.msa:28), on invoice 2026-03. Line 6.1/answers/2026-01.
        quality: 0 % (harbour.msa:29)
          row below 80% | 15% of rent (harbour.msa:33)
            (platform, earned in that month): USD 3,193.55 (harbour.msa:25)
          rent: USD 3,193.55 (harbour.msa:33)
        0.15 x USD 3,193.55: USD 479.0325 (harbour.msa:33)
      USD 479.0325 rounded half up: USD 479.03 (harbour.msa:28)
    USD -479.03, limited by clause 6.2.
  
  Sales tax: USD 479.43
    Clause 5.5 (harbour.msa:24), on invoice 2026-03. Line 5.5/sales_tax/2026-03.
        (charges less credits): USD 5,402.07 (harbour.msa:24)
      0.08875 x USD 5,402.07: USD 479.433712… (harbour.msa:24)
      USD 479.433712… rounded half up: USD 479.43 (harbour.msa:24)
  
  Interest on invoice 2026-01: USD 3.14
    Clause 7.2 (harbour.msa:43), on invoice 2026-03. Line 7.2/interest/2026-02-10 to 2026-03-01/2026-01.
        on USD 476.98, 2026-02-10 to 2026-03-01, 20 days over 365 at 12 % a year (harbour.msa:43)
      interest before rounding: USD 3.136306… (harbour.msa:43)
      USD 3.136306… rounded half up: USD 3.14 (harbour.msa:43)
  $ msa explain harbour.msa harbour.ndjson --invoice next
  Visits, 2026-03-20: USD 165.00
    Clause 5.4 (harbour.msa:23), not billed yet. Line 5.4/visits/2026-03/9.
    For visited at harbour.ndjson:12.
      hours: 1.1 (harbour.msa:23)
      1.1 hours x USD 150.00: USD 165.00 (harbour.msa:23)
  
  Sales tax: USD 14.64
    Clause 5.5 (harbour.msa:24), not billed yet. Line 5.5/sales_tax/2026-03.
        (charges less credits): USD 165.00 (harbour.msa:24)
      0.08875 x USD 165.00: USD 14.64375 (harbour.msa:24)
      USD 14.64375 rounded half up: USD 14.64 (harbour.msa:24)
  
  Interest on invoice 2026-01: USD 2.82
    Clause 7.2 (harbour.msa:43), not billed yet. Line 7.2/interest/2026-02-10 to 2026-03-19/2026-01/correction/1.
        on USD 476.98, 2026-02-10 to 2026-03-19, 38 days over 365 at 12 % a year (harbour.msa:43)
      interest before rounding: USD 5.958983… (harbour.msa:43)
      USD 5.958983… rounded half up: USD 5.96 (harbour.msa:43)
      less what was billed before: USD 2.82 (harbour.msa:43)
  
  Interest on invoice 2026-02: USD 19.98
    Clause 7.2 (harbour.msa:43), not billed yet. Line 7.2/interest/2026-03-04 to 2026-03-19/2026-02.
        on USD 6,048.27, 2026-03-04 to 2026-03-10, 7 days over 365 at 12 % a year (harbour.msa:43)
        on USD 2,048.27, 2026-03-11 to 2026-03-19, 9 days over 365 at 12 % a year (harbour.msa:43)
      interest before rounding: USD 19.979940… (harbour.msa:43)
      USD 19.979940… rounded half up: USD 19.98 (harbour.msa:43)
  $ msa explain harbour.msa harbour.ndjson --line 5.1/platform/2026-01 --format json
  {"result":{"kind":"line","agreement":"Harbour managed IT","clause":"5.1","source":"harbour.msa:20:13","at":"2026-01-10T00:00:00-05:00","id":"5.1/platform/2026-01","period":"2026-01","final":true,"charge":"platform","line":"fee","invoice":"2026-01","issued":"2026-01-10","day":"2026-01-31","from":"2026-01-10","to":"2026-01-31","amount":"3193.55","currency":"USD"},"steps":[{"depth":0,"text":"for a whole period","value":"USD 4,500.00","source":"harbour.msa:20"},{"depth":0,"text":"USD 4,500.00 x 22/31 of the period, 2026-01-10 to 2026-01-31","value":"USD 3,193.548387…","source":"harbour.msa:20"},{"depth":0,"text":"USD 3,193.548387… rounded half up","value":"USD 3,193.55","source":"harbour.msa:20"}]}
  $ msa explain harbour.msa harbour.ndjson --charge seats_fe
  msa: nothing was charged under the name `seats_fe`; did you mean seats_fee?
  [65]
  $ msa explain harbour.msa harbour.ndjson --charge seats_fee --period 2027-11
  msa: `seats_fee` has no line for 2027-11; did you mean 2026-01?
  [65]
  $ msa explain harbour.msa harbour.ndjson --invoice 1999
  msa: there is no invoice 1999; there are 2026-01, 2026-02, 2026-03, next
  [65]
  $ msa explain harbour.msa harbour.ndjson --line 5.1 --charge x
  msa: --line, --charge and --invoice each say which lines to explain: give one of them
  [64]
  $ msa explain harbour.msa harbour.ndjson --line 5.1 --ticket T1
  msa: --ticket explains something else than lines of invoices: ask for one after the other
  [64]
  $ msa explain harbour.msa harbour.ndjson --invoice 2026-01 --period 2026-01
  msa: --period belongs to --charge: msa explain harbour.msa EVENTS --charge NAME --period 2026-03
  [64]

The final account of a day that has not come.

  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31
  Final account as of Friday 31 July 2026
    Under clause 9.1 (harbour.msa:47), as if notice had been given on Friday 20 March 2026.
  
    5.3  Seats, 2026-07               26 seats  40.00   1,040.00
    9.1  Half of what remains                          38,903.23
    5.5  Sales tax                                         92.30
    7.2  Interest on invoice 2026-01                        4.70
    7.2  Interest on invoice 2026-02                       20.21
    7.2  Interest on invoice 2026-03                       58.00
    7.2  Interest on invoice 2026-04                       61.07
    7.2  Interest on invoice 2026-05                       59.49
    7.2  Interest on invoice 2026-06                       59.49
         Invoice 2026-01, unpaid                          476.98
         Invoice 2026-02, unpaid                        2,048.27
         Invoice 2026-03, unpaid                        5,884.64
         Invoice 2026-04, unpaid                        6,227.18
         Invoice 2026-05, unpaid                        6,114.60
         Invoice 2026-06, unpaid                        6,182.44
         Invoice 2026-07, unpaid                        6,235.16
  
         Owed by the customer USD                      73,467.76
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31 --by customer --format json
  {"agreement":"Harbour managed IT","last_day":"2026-07-31","clause":"9.1","notice":"2026-03-20","currency":"USD","items":[{"clause":"5.3","item":"seats_fee","amount":"1040.00"},{"clause":"9.1","item":"Half of what remains","amount":"38903.23"},{"clause":"5.5","item":"sales_tax","amount":"92.30"},{"clause":"7.2","item":"interest","amount":"4.70"},{"clause":"7.2","item":"interest","amount":"20.21"},{"clause":"7.2","item":"interest","amount":"58.00"},{"clause":"7.2","item":"interest","amount":"61.07"},{"clause":"7.2","item":"interest","amount":"59.49"},{"clause":"7.2","item":"interest","amount":"59.49"},{"clause":"9.1","item":"unpaid invoices","amount":"33169.27"}],"final_account":"73467.76","standing":"owed by the customer"}
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31 --by customer --explain | grep -A7 '^Half'
  Half of what remains: USD 38,903.23
    Clause 9.1 (harbour.msa:47), on invoice 2026-07-2. Line 9.1/Half of what remains/2026-07-31.
            2026-08-01 to 2027-12-31, 17 times USD 4,500.00: USD 76,500.00
            2028-01-01 to 2028-01-09: USD 1,306.45
        remaining platform: USD 77,806.45 (harbour.msa:47)
      0.5 x USD 77,806.45: USD 38,903.225 (harbour.msa:47)
      USD 38,903.225 rounded half up: USD 38,903.23 (harbour.msa:47)
  
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31 --explain --format json
  msa: --explain is in sentences: leave out --format json
  [64]
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-08 --by customer
  msa: not on that day: clause 9.1: it ends not before 6 months after the start; the first possible last day is 2026-07-09
  [1]
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-09 --by customer | tail -1
         Owed by the customer USD                           70,591.15
  $ msa settle harbour.msa harbour.ndjson --on 2026-03-01 --by customer --format json
  {"agreement":"Harbour managed IT","refused":"it ends not before 6 months after the start; the first possible last day is 2026-07-09","clause":"9.1","first_possible":"2026-07-09"}
  [1]
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31 --by provider
  msa: not on that day: clause 9.2: what the clause asks for is not given on 2026-03-20
  [1]
  $ msa settle harbour.msa harbour.ndjson --on 2026-05-20 --by provider --as-of 2026-05-09
  Final account as of Wednesday 20 May 2026
    Under clause 9.2 "Not paid" (harbour.msa:48), as if notice had been given on Saturday 9 May 2026.
  
    5.1  Correction: Platform, 2026-05                                                                -1,596.77
           USD 4,500.00 was billed, USD 2,903.23 is owed with what is known now
    5.3  Seats, 2026-05                                                        16.7741… seats  40.00     670.97
    5.5  Sales tax                                                                                       -82.16
    7.2  Interest on invoice 2026-01                                                                       2.98
    7.2  Interest on invoice 2026-02                                                                      12.79
    7.2  Interest on invoice 2026-03                                                                      36.74
    7.2  Interest on invoice 2026-04                                                                      38.68
         Invoice 2026-02, unpaid                                                                       1,608.48
         Invoice 2026-03, unpaid                                                                       5,884.64
         Invoice 2026-04, unpaid                                                                       6,227.18
         Invoice 2026-05, unpaid                                                                       6,114.60
         What the last invoice gives back, set against the others                                        916.77
  
         Owed by the customer USD                                                                     19,834.90
  $ msa settle harbour.msa harbour.ndjson --on 2026-05-20 --by provider --as-of 2026-05-10 | head -2
  Final account as of Wednesday 20 May 2026
    Under clause 9.2 "Not paid" (harbour.msa:48), as if notice had been given on Sunday 10 May 2026.
  $ msa settle harbour.msa harbour.ndjson --on 2026-07-31 --by customer --for cause
  msa: not on that day: no clause gives this power
  [1]
  $ msa settle harbour.msa harbour.ndjson --on 9999-12-31
  msa: not on that day: it is more than 20 years ahead
  [1]
  $ msa settle harbour.msa harbour.ndjson --on 2026-02-30
  msa: --on 2026-02-30: there is no such date
  [64]
  $ msa settle harbour.msa harbour.ndjson --on 30.6.2026
  msa: --on 30.6.2026: a date is written 2026-03-31
  [64]
  $ msa settle harbour.msa harbour.ndjson
  msa: with which last day? msa settle harbour.msa EVENTS --on 2026-12-31
  [64]
  $ msa settle harbour.msa /dev/null --on 2026-07-31
  msa: as of when? The events say nothing: give --as-of, the day on which notice would be given
  [65]
  $ msa settle desk.msa events.ndjson --on 2026-07-31
  msa: the agreement has no fees, so there is nothing to settle
  [65]

What falls due.

  $ msa dates harbour.msa harbour.ndjson
  Past
    Mon 2026-02-09  invoice 2026-01 was due, USD 476.98 open (clause 7.1)
    Tue 2026-03-03  invoice 2026-02 was due, USD 2,048.27 open (clause 7.1)
  
  To come
    Tue 2026-03-31  invoice 2026-03 is due, USD 5,884.64 open (clause 7.1)
    Wed 2026-04-01  the next invoice is issued (clause 7.1)
    Fri 2026-04-10  first day for a notice to terminate, if nothing changes (clause 9.2)
    Mon 2026-04-20  first possible last day, by a notice on 2026-04-10 (clause 9.2)
    Thu 2026-07-09  first possible last day, by a notice on 2026-03-20 (clause 9.1)
    Wed 2027-11-10  last day for notice that the agreement does not renew (the term)
    Sun 2028-01-09  last day of the term; it renews (the term)
  $ msa dates harbour.msa harbour.ndjson --as-of 2026-02-10 --format json
  {"day":"2026-02-09","what":"invoice 2026-01 was due, USD 476.98 open","clause":"7.1","source":"harbour.msa:42:9","amount":"476.98","past":true,"id":"7.1/invoice/2026-01/open"}
  {"day":"2026-02-20","what":"last day to claim Slow answers of 2026-01, USD 479.03","clause":"6.1","source":"harbour.msa:28:16","id":"6.1/deadline/answers/2026-01"}
  {"day":"2026-03-01","what":"the next invoice is issued","clause":"7.1","source":"harbour.msa:42:9","id":"7.1/deadline/invoice"}
  {"day":"2026-03-03","what":"invoice 2026-02 is due, USD 6,048.27 open","clause":"7.1","source":"harbour.msa:42:9","id":"7.1/deadline/2026-02"}
  {"day":"2026-04-10","what":"first day for a notice to terminate, if nothing changes","clause":"9.2","source":"harbour.msa:48:32","id":"9.2/deadline/possible"}
  {"day":"2026-04-20","what":"first possible last day, by a notice on 2026-04-10","clause":"9.2","source":"harbour.msa:48:32","id":"9.2/deadline/earliest"}
  {"day":"2026-07-09","what":"first possible last day, by a notice on 2026-02-10","clause":"9.1","source":"harbour.msa:47:9","id":"9.1/deadline/earliest"}
  {"day":"2027-11-10","what":"last day for notice that the agreement does not renew","id":"/deadline/renewal"}
  {"day":"2028-01-09","what":"last day of the term; it renews","id":"/deadline/term"}
  $ msa dates harbour.msa --as-of 2026-01-15 --format ics | tr -d '\r'
  BEGIN:VCALENDAR
  VERSION:2.0
  PRODID:-//msa//dates//EN
  BEGIN:VEVENT
  UID:7.1/deadline/invoice@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20260201
  SUMMARY:the next invoice is issued
  DESCRIPTION:Harbour managed IT\, clause 7.1 (harbour.msa:42:9)
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:7.1/deadline/2026-01@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20260209
  SUMMARY:invoice 2026-01 is due\, USD 3\,476.98 open
  DESCRIPTION:Harbour managed IT\, clause 7.1 (harbour.msa:42:9)
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:9.2/deadline/possible@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20260410
  SUMMARY:first day for a notice to terminate\, if nothing changes
  DESCRIPTION:Harbour managed IT\, clause 9.2 (harbour.msa:48:32)
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:9.2/deadline/earliest@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20260420
  SUMMARY:first possible last day\, by a notice on 2026-04-10
  DESCRIPTION:Harbour managed IT\, clause 9.2 (harbour.msa:48:32)
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:9.1/deadline/earliest@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20260709
  SUMMARY:first possible last day\, by a notice on 2026-01-15
  DESCRIPTION:Harbour managed IT\, clause 9.1 (harbour.msa:47:9)
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:/deadline/renewal@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20271110
  SUMMARY:last day for notice that the agreement does not renew
  DESCRIPTION:Harbour managed IT\, the term
  TRANSP:TRANSPARENT
  END:VEVENT
  BEGIN:VEVENT
  UID:/deadline/term@Harbour-managed-IT
  DTSTAMP:20260115T050000Z
  DTSTART;VALUE=DATE:20280109
  SUMMARY:last day of the term\; it renews
  DESCRIPTION:Harbour managed IT\, the term
  TRANSP:TRANSPARENT
  END:VEVENT
  END:VCALENDAR
  $ msa dates harbour.msa harbour.ndjson --as-of 2026-02-10 --format ics | grep -c "$(printf '\r')$"
  76
  $ msa dates harbour.msa
  msa: as of when? Name files of events, `-` for standard input, or --as-of: msa dates harbour.msa --as-of 2026-03-01
  [64]
  $ msa dates harbour.msa /dev/null
  msa: as of when? There are no events: give --as-of
  [65]
  $ msa dates desk.msa --as-of 2026-01-15
  nothing falls due

# A fee that is paid once: the first event that meets its condition; one told late that lies before it takes its place

  $ msa invoice once.msa once.ndjson --as-of 2026-04-15
    2026-03  2026-03-01, due 2026-03-15  EUR 15.00  15.00 open, overdue
  $ msa invoice once.msa once.ndjson --as-of 2026-07-15 --period 2026-06
  Invoice 2026-06
    from P
    to   C
    by   "Once"
    Issued on Monday 1 June 2026, due on Monday 15 June 2026
  
  Fees
    5.1  Correction: Setup, 2026-02                                     -15.00
           EUR 15.00 was billed, EUR 0.00 is owed with what is known now
           because of golive at once.ndjson:3
    5.1  Setup, 2026-01-20                                               19.00
  
         Total EUR                                                        4.00
         Open, overdue                                                    4.00
  $ msa exposure once.msa
  Fees, owed by the customer
    5.1 Setup, once: unbounded (size has no upper bound)
        EUR 10 + (EUR 1 x size)
  
  Liability of the provider
    limit at line 9 in general, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)

# An amendment may take out a fee before it begins

  $ msa check removed_early.msa
  removed_early.msa: no mistakes
  $ printf 'agreement "U" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 36 months ; currency USD, rounding half up ; timezone "UTC" }\nuse itil\nliability of provider is not limited\nfee flat { every month in advance ; USD 100.00 }\ninvoices every month, due 30 days after issue\ncustomer may terminate "Out" { notice 30 days ; settles unpaid "Open invoices" }\n' > open.msa
  $ echo '{"event":"notice_given","at":"2026-02-10T10:00:00Z","giver":"customer","right":"Out"}' | msa eval open.msa --as-of 2026-05-01 --only settlement --format ndjson | sed 's/.*"charge":"\([^"]*\)".*"amount":"\([^"]*\)".*/\1 \2/'
  flat 38.71
  Open invoices 200.00
  final account 238.71

A term that does not renew has its end from the start; a power ends it before.

  $ cat > short.msa <<'END'
  > agreement "Short" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 12 months ; currency EUR, rounding half up ; timezone "Europe/Berlin" }
  > use itil
  > 1.1 fee flat { EUR 900.00 every month in advance, prorated by day }
  > 1.2 invoices every month, due 10 days after issue
  > 1.3 liability of provider is not limited
  > 1.4 customer may terminate for convenience { notice 30 days ; settles 50% of remaining flat "Half of what remains" }
  > END
  $ msa settle short.msa /dev/null --as-of 2026-05-02 --on 2026-06-15 --by customer | grep Half
    1.4  Half of what remains      2,925.00
  $ msa settle short.msa /dev/null --as-of 2026-05-02 --on 2027-01-15 --by customer
  msa: not on that day: the agreement ends on 2026-12-31 anyway
  [1]
