# what happens when the command line is wrong, and where help is

  $ msa 2>&1 | head -n 3
  msa COMMAND [ARGUMENT...]: managed services agreements, judged to the second and explained
  
    check          say what is wrong with an agreement
  $ msa > nothing 2>&1
  [64]
  $ msa evl
  msa: there is no command `evl`; did you mean `eval`?
  [64]
  $ msa check
  msa: something is missing: msa check FILE...
  [64]
  $ msa check desk.msa --wornings-as-errors
  msa: `msa check` has no option --wornings-as-errors; did you mean --warnings-as-errors?
  [64]
  $ msa check desk.msa --color=sometimes
  msa: --color is always, never or auto
  [64]
  $ msa eval desk.msa events.ndjson --format tabel
  msa: --format of eval is ndjson, csv, table or none; did you mean table?
  [64]
  $ msa eval desk.msa events.ndjson --columns tiket
  msa: --columns: results have no field `tiket`; did you mean `ticket`?
  [64]
  $ msa eval desk.msa events.ndjson --as-of yesterday
  msa: --as-of yesterday: a time is written 2026-03-06T17:50, with an offset such as -05:00 if wanted
  [64]
  $ msa eval desk.msa events.ndjson --as-of 2026-03-29T01:30
  msa: --as-of 2026-03-29T01:30: the clocks skip this time
  [64]
  $ msa eval desk.msa events.ndjson --stream=soon
  msa: --stream=soon: a duration is a number with a unit, such as `2 h 30 min`
  [64]
  $ msa eval - - < desk.msa
  msa: standard input can be read once only
  [64]
  $ msa eval desk.msa nowhere.ndjson
  msa: cannot open nowhere.ndjson: No such file or directory
  [66]
  $ msa eval desk.msa events.ndjson --adapter nobody
  msa: this agreement has no adapters, so no `nobody`: `use adapters...` brings them in
  [64]
  $ msa eval events.ndjson desk.msa 
  msa: events.ndjson looks like events; the agreement comes first: msa eval AGREEMENT [EVENTS...]
  [64]
  $ msa compile desk.msa
  msa: where to? msa compile desk.msa -o OUT
  [64]
  $ msa compile desk.msa -o nowhere/desk.msac
  msa: cannot write nowhere/desk.msac: No such file or directory
  [74]
  $ msa explain desk.msa events.ndjson
  msa: which one? msa explain desk.msa events.ndjson --ticket T1, --measure NAME, or --invoice 2026-03
  [64]
  $ msa help nothing
  msa: there is no command `nothing`; see `msa help`
  [64]
  $ msa help version
  msa version [OPTION...]: versions of the program, the module format and the time zone data
  
  The version of the time zone data matters: the same agreement and events give the same results with the same data.
  
  Options:
        --color=WHEN          always, never, or auto (default: on a terminal, unless NO_COLOR is set)
    -h, --help                help for the command
  
  Example:
    msa version
  
  Exit status:
     0  fine
     1  the agreement says no: an example failed, or, with --fail-on-breach, a clock was breached
    64  the command line is wrong
    65  the agreement has mistakes, or records of the input were rejected
    66  a file cannot be opened
    70  a mistake of this program; please report it
    74  reading or writing failed
  $ msa version | sed 's/[0-9].*/…/'
  msa …
  module format …
  time zone data …
  $ msa --version | wc -l
  3
  $ msa explain-error unclosed-brace | head -n 1
  E0104 (unclosed-brace): a `{` is never closed
  $ msa explain-error e0104 | grep -c '^```msa'
  2
  $ msa explain-error E99999999
  msa: there is no message E99999999; `msa explain-error` lists all
  [64]
  $ msa explain-error | grep -c '^[EW][0-9][0-9][0-9][0-9]  ' | awk '{ print ($1 > 50) }'
  1
  $ msa eval desk.msa events.ndjson > /dev/full
  msa: cannot write: No space left on device
  [74]

No file that is read is written over, whatever it is called: events, the agreement and what it uses.

  $ mkdir own && cp desk.msa events.ndjson own && cd own && ln -s events.ndjson link && ln events.ndjson hard && printf 'scale level: low, high\n' >levels.msa && echo 'use levels' >>desk.msa && cat * | cksum >../before
  $ cd own && msa eval desk.msa events.ndjson --rejects events.ndjson
  msa: --rejects events.ndjson would write over a file that is read here; name another one
  [64]
  $ cd own && msa eval desk.msa events.ndjson --rejects link
  msa: --rejects link would write over a file that is read here: it is the same as events.ndjson; name another one
  [64]
  $ cd own && msa eval desk.msa --rejects hard <events.ndjson
  msa: --rejects hard would write over a file that is read here: it is the same as standard input; name another one
  [64]
  $ cd own && msa eval desk.msa events.ndjson --rejects desk.msa
  msa: --rejects desk.msa would write over a file that is read here; name another one
  [64]
  $ cd own && msa eval desk.msa events.ndjson --rejects ./levels.msa
  msa: --rejects ./levels.msa would write over a file that is read here: it is the same as levels.msa; name another one
  [64]
  $ cd own && msa eval desk.msa events.ndjson >>hard
  msa: standard output goes into a file that is read here, events.ndjson; send it into another one
  [64]
  $ cd own && msa explain desk.msa - --ticket T1 <events.ndjson >>hard
  msa: standard output goes into a file that is read here, standard input; send it into another one
  [64]
  $ cd own && msa compile desk.msa -o desk.msa
  msa: -o desk.msa would write over a file that is read here; name another one
  [64]
  $ cd own && msa compile desk.msa -o ../own/levels.msa
  msa: -o ../own/levels.msa would write over a file that is read here: it is the same as levels.msa; name another one
  [64]
  $ cd own && cat * | cksum | cmp - ../before && echo untouched
  untouched
  $ cd own && msa eval desk.msa events.ndjson --rejects all >all
  msa: --rejects all: the results on standard output go into this file; name another one
  [64]
  $ cd own && msa eval desk.msa events.ndjson --rejects /dev/null >/dev/null && msa compile desk.msa -o desk.msac && msa compile desk.msa -o desk.msac && echo fine
  fine

A time to judge at that no calendar knows is a mistake of the command line.

  $ msa eval desk.msa events.ndjson --as-of 9999-01-01
  msa: --as-of 9999-01-01: calendars know the years 1700 to 2500
  [64]
  $ msa explain desk.msa events.ndjson --ticket T1 --as-of 1500-01-01T00:00:00Z
  msa: --as-of 1500-01-01T00:00:00Z: calendars know the years 1700 to 2500
  [64]
