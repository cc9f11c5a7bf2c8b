# check: mistakes with their place, and what to write instead

  $ msa check desk.msa
  desk.msa: no mistakes
  $ msa check mistake.msa
  error[E0207]: there is no event `opend`
    --> mistake.msa:4:38
     |
   4 | clock response of ticket { starts on opend ; stops on responded ; on closed stop ; target 4 h in 24x7 }
     |                                      ^^^^^
     |
     = help: did you mean `opened`?
  
  1 error
  [65]
  $ msa check mistake.msa --format json
  {"code":"E0207","slug":"unknown-name","severity":"error","message":"there is no event `opend`","span":{"file":"mistake.msa","from":{"line":4,"column":38,"byte":166},"to":{"line":4,"column":43,"byte":171}},"labels":[],"notes":[],"help":["did you mean `opened`?"],"fixes":[]}
  [65]
  $ msa check mistake.msa --format sarif | grep -o '"ruleId":"[A-Z0-9]*"'
  "ruleId":"E0207"
  $ msa check desk.msa mistake.msa 2>/dev/null
  desk.msa: no mistakes
  [65]
  $ msa check desk.msa mistake.msa --format sarif
  msa: one file at a time with --format sarif: it is one document
  [64]
  $ msa check - < desk.msa
  <stdin>: no mistakes
  $ msa check nowhere.msa
  msa: cannot open nowhere.msa: No such file or directory
  [66]
  $ printf 'agreement "A" {' | msa check - 2>&1 | head -n 2
  error[E0104]: this `{` is never closed
    --> <stdin>:1:15
  $ msa check desk.msa --dump=ast | head -n 2
  (file
    (agreement "Desk"
  $ msa check desk.msa --dump=code
  msa: --dump knows `ast`
  [64]
