# Quantities and prices that change on a day to come: what falls due, and a line with a price that rose

  $ msa dates rises.msa rises.ndjson --as-of 2026-02-20
    Sun 2026-03-01  the next invoice is issued (clause 5.4)
    Tue 2026-03-03  invoice 2026-02 is due, USD 50,000.00 open (clause 5.4)
    Sun 2026-04-12  seats are 850 from this day on (clause 5.2)
    Fri 2027-01-01  the price of per_seat rises (clause 5.3)
    Sun 2028-12-31  last day of the term (the term)
  $ msa explain rises.msa rises.ndjson --as-of 2028-02-20 --line 5.3/per_seat/2028-01
  per_seat, 2028-01: USD 45,088.25
    Clause 5.3 (rises.msa:7), on invoice 2028-02. Line 5.3/per_seat/2028-01.
      2028-01-01 to 2028-01-31, 31 of 31 days: 850 seats (rises.msa:7)
              from 2027-01-01: USD 50.00 raised by 3 %: USD 51.50 (rises.msa:5)
              from 2028-01-01: USD 51.50 raised by 3 %: USD 53.045 (rises.msa:5)
            raised: USD 53.045 per seats (rises.msa:5)
          seat_price: USD 53.045 per seats (rises.msa:7)
        850 seats x USD 53.045: USD 45,088.25 (rises.msa:7)
  $ msa exposure rises.msa --with seats=..1000
  Fees, owed by the customer
    5.3 per_seat, each month: at most USD 53,045.00
        seats x seat_price
  
  Liability of the provider
    5.5 in general, the term: unbounded (it is not limited)
  
  Liability of the customer
    in general, the term: unbounded (no clause limits it)
