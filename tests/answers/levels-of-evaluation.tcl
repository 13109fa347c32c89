# How many levels of evaluation each way to come back to the same place takes: how often a counter is increased until the
# limit of 20, 21 and 22 is reached, and how long what errorInfo tells is.
set ways {
    proc            {proc m {} {incr ::n; m}} m
    procEval        {proc m {} {incr ::n; eval {m}}} m
    procEvalWords   {proc m {} {incr ::n; eval m ; list}} m
    procSpread      {proc m {} {incr ::n; {*}m; list}} m
    procSpreadTwo   {proc m {{a 0}} {incr ::n; {*}{m 1}; list}} m
    procVar         {proc m {} {incr ::n; set c m; $c; list}} m
    procSub         {proc m {} {incr ::n; set x [m]}} m
    procReturn      {proc m {} {incr ::n; return [m]}} m
    procIf          {proc m {} {incr ::n; if 1 {m}; list}} m
    procIfVar       {proc m {} {incr ::n; set b {m;list}; if 1 $b}} m
    procForeach     {proc m {} {incr ::n; foreach a 1 {m}}} m
    procForeachVar  {proc m {} {incr ::n; set b m; foreach a 1 $b}} m
    procWhileVar    {proc m {} {incr ::n; set b m; while 1 $b}} m
    procForVar      {proc m {} {incr ::n; set b m; for {} 1 {} $b}} m
    procSwitch      {proc m {} {incr ::n; switch a a m}} m
    procSwitchVar   {proc m {} {incr ::n; set b {a m}; switch a $b}} m
    procTry         {proc m {} {incr ::n; try {m} finally {list}}} m
    procTryVar      {proc m {} {incr ::n; set b m; try $b finally {list}}} m
    procTryFinally  {proc m {} {incr ::n; set b m; try {list} finally $b}} m
    procTryHandler  {proc m {} {incr ::n; set b m; try {error a} on error {} $b}} m
    procTryHandlerIn {proc m {} {incr ::n; try {error a} on error {} {m}}} m
    procCatch       {proc m {} {incr ::n; if {[catch {m} r o]} {return -options $o $r}}} m
    procCatchVar    {proc m {} {incr ::n; set b m; if {[catch $b r o]} {return -options $o $r}}} m
    procSubst       {proc m {} {incr ::n; subst {[m]}}} m
    procSubstVar    {proc m {} {incr ::n; set b {[m]}; subst $b}} m
    procExpr        {proc m {} {incr ::n; expr {[m]}}} m
    procExprVar     {proc m {} {incr ::n; set b {[m]}; expr $b}} m
    procLmap        {proc m {} {incr ::n; lmap a 1 {m}}} m
    procLmapVar     {proc m {} {incr ::n; set b m; lmap a 1 $b}} m
    procDictFor     {proc m {} {incr ::n; dict for {a b} {1 2} {m}}} m
    procDictForVar  {proc m {} {incr ::n; set b m; dict for {a b} {1 2} $b}} m
    procDictForVar2 {proc m {} {incr ::n; set body m; dict for {a b} {1 2} $body}} m
    procDictMap     {proc m {} {incr ::n; set body m; dict map {a b} {1 2} $body}} m
    procDictFilter  {proc m {} {incr ::n; set body m; dict filter {1 2} script {a b} $body}} m
    procDictUpdate  {proc m {} {incr ::n; set d {1 2}; dict update d 1 k {m}}} m
    procDictUpdateVar {proc m {} {incr ::n; set b m; set d {1 2}; dict update d 1 k $b}} m
    procDictWith    {proc m {} {incr ::n; set d {a 2}; dict with d {m}}} m
    procDictWithVar {proc m {} {incr ::n; set b m; set d {a 2}; dict with d $b}} m
    procArrayFor    {proc m {} {incr ::n; array set d {a 2}; array for {k v} d {m}}} m
    procLsort       {proc m {a b} {incr ::n; lsort -command m {1 2}}} {m 1 2}
    procRegsub      {proc m {args} {incr ::n; regsub -command a a m}} {m 1 2}
    procTime        {proc m {args} {incr ::n; time m}} {m 1 2}
    procTimerate    {proc m {args} {incr ::n; timerate m 10 10}} {m 1 2}
    procApply       {proc m {args} {incr ::n; apply {{} m}}} {m 1 2}
    apply           {set l {l {incr ::n; apply $l $l}}} {apply $l $l}
    applySpread     {set l {l {incr ::n; {*}[list apply $l $l]}}} {apply $l $l}
    applyEval       {set l {l {incr ::n; eval {apply $l $l}}}} {apply $l $l}
    uplevel         {proc m {args} {incr ::n; uplevel 1 m}} {m 1 2}
    uplevelTwo      {proc m {args} {incr ::n; uplevel 1 {list; m}}} {m 1 2}
    uplevelWords    {proc m {args} {incr ::n; uplevel 1 m 1}} {m 1 2}
    uplevelHash     {proc m {args} {incr ::n; uplevel #0 m}} {m 1 2}
    namespaceEval   {proc m {args} {incr ::n; namespace eval :: m}} {m 1 2}
    namespaceEval2  {proc m {args} {incr ::n; namespace eval :: {list;m}}} {m 1 2}
    namespaceEvalW  {proc m {args} {incr ::n; namespace eval :: m 1}} {m 1 2}
    namespaceInscope {proc m {args} {incr ::n; namespace inscope :: m}} {m 1 2}
    namespaceInscopeW {proc m {args} {incr ::n; namespace inscope :: m 1}} {m 1 2}
    namespaceCode   {proc m {args} {incr ::n; {*}[namespace code m] 1}} {m 1 2}
    namespaceCode2  {proc m {args} {incr ::n; eval [namespace code m] 1}} {m 1 2}
    namespaceSpread {proc m {args} {incr ::n; {*}{namespace eval :: m}}} {m 1 2}
    unknownNs       {proc m {args} {incr ::n; nowhere}; namespace unknown m} {m 1 2}
    unknown         {proc unknown {args} {incr ::n; nowhere}} {unknown}
    alias           {proc m {args} {incr ::n; b}; interp alias {} b {} m} {m}
    aliasWords      {proc m {args} {incr ::n; b 2}; interp alias {} b {} m 1} {m}
    aliasAlias      {proc m {args} {incr ::n; c 2}; interp alias {} b {} m 1; interp alias {} c {} b} {m}
    aliasSpread     {proc m {args} {incr ::n; {*}b 2}; interp alias {} b {} m 1} {m}
    aliasEval       {interp alias {} b {} eval {incr ::n;b}} {b}
    aliasEvalW      {interp alias {} b {} eval {incr ::n;b} list} {b}
    import          {namespace eval q {namespace export *; proc m {args} {incr ::n; ::m}}; namespace import q::m} {m}
    importTwo       {namespace eval q {namespace export *; proc m {args} {incr ::n; ::m}}; namespace eval r {namespace import ::q::m; namespace export *}; namespace import r::m} {m}
    importSpread    {namespace eval q {namespace export *; proc m {args} {incr ::n; {*}::m}}; namespace import q::m} {m}
    ensemble        {namespace eval q {namespace export *; proc m {args} {incr ::n; ::q m}; namespace ensemble create}} {q m}
    ensembleSpread  {namespace eval q {namespace export *; proc m {args} {incr ::n; {*}{::q m}}; namespace ensemble create}} {q m}
    ensembleEval    {namespace eval q {namespace export *; proc m {args} {incr ::n; eval ::q m}; namespace ensemble create}} {q m}
    ensembleMap     {namespace ensemble create -command q -map {m {p 1}}; proc p args {incr ::n; q m}} {q m}
    ensembleParam   {namespace ensemble create -command q -parameters x -map {m {p 1}}; proc p args {incr ::n; q 1 m}} {q 1 m}
    ensembleUnknown {namespace ensemble create -command q -map {m {p 1}} -unknown u; proc u args {list p}; proc p args {incr ::n; q k}} {q k}
    ensembleInUnknown {namespace ensemble create -command q -map {m {p 1}} -unknown u; proc u args {incr ::n; q k}} {q k}
    ensembleSelf    {namespace ensemble create -command q -map {m {q k} k p}; proc p args {incr ::n; q m}} {q m}
    ensembleNested  {namespace ensemble create -command r -map {k p}; namespace ensemble create -command q -map {m r}; proc p args {incr ::n; q m k}} {q m k}
    traceOther      {proc m args {incr ::n; p}; proc p {} {m}; trace add execution p leave list} m
    traceOther2     {proc m args {incr ::n; p}; proc p {} {m}; trace add execution p enter list} m
    coroutine       {proc m {} {incr ::n; coroutine c$::n m}} m
    coroutineSub    {proc m {} {incr ::n; set x [coroutine c$::n m]}} m
    yieldtoYield    {proc m {} {incr ::n; yield; m}; proc k {} {while 1 {c; }}} {coroutine c m; k}
    coroNest        {proc m {} {incr ::n; coroutine c$::n apply {{} {yield; m}}; c$::n}} {m}
    tailcall        {proc m {} {if {[incr ::n]>200} {error stop}; tailcall m}} m
    tailcallAlternate {proc m {} {incr ::n; p; list}; proc p {} {tailcall m}} m
    interpEvalSelf  {proc m {} {incr ::n; interp eval {} m}} m
    interpEvalSelfW {proc m {} {incr ::n; interp eval {} m 1}; proc m args [info body m]} m
    interpInvoke    {proc m {} {incr ::n; interp invokehidden {} h}; interp hide {} eval h; interp expose {} h eval; interp hide {} m h} {interp invokehidden {} h}
    childEval       {interp create k; proc m {} {incr ::n; interp eval k {b}}; interp alias k b {} m} m
    childEval2      {interp create k; proc m {} {incr ::n; k eval {b; list}}; interp alias k b {} m} m
    childProc       {interp create k; k eval {proc p {} {b}}; proc m {} {incr ::n; k eval p}; interp alias k b {} m} m
    childAlias      {interp create k; k eval {proc p {} {b}}; proc m {} {incr ::n; a}; interp alias k b {} m; interp alias {} a k p} m
    childHidden     {interp create k; k eval {proc p {} {b}}; k hide p; proc m {} {incr ::n; k invokehidden p}; interp alias k b {} m} m
    unset           {proc m args {incr ::n; unset -nocomplain ::v; set ::v 1; trace add variable ::v unset m; unset ::v}} m
}
set oo {
    {my} {method m {} {incr ::n; my m}}
    {mySub} {method m {} {incr ::n; set x [my m]}}
    {mySpread} {method m {} {incr ::n; {*}{my m}}}
    {myEval} {method m {} {incr ::n; eval {my m}}}
    {myEval2} {method m {} {incr ::n; eval {my m; list}}}
    {myVar} {method m {} {incr ::n; set c my; $c m}}
    {self} {method m {} {incr ::n; [self] m}}
    {selfSpread} {method m {} {incr ::n; {*}[list [self] m]}}
    {selfVar} {method m {} {incr ::n; set o [self]; $o m}}
    {object} {method m {} {incr ::n; ::o m}}
    {link} {constructor {} {link m}; method m {} {incr ::n; m}}
    {linkName} {constructor {} {link {k m}}; method m {} {incr ::n; k}}
    {linkSpread} {constructor {} {link {k m}}; method m {} {incr ::n; {*}k}}
    {callback} {method m {} {incr ::n; {*}[callback m]}}
    {callbackArgs} {method m args {incr ::n; {*}[callback m] 1}}
    {callbackEval} {method m args {incr ::n; eval [callback m]}}
    {callbackEval2} {method m args {incr ::n; eval [callback m] 1}}
    {callbackUplevel} {method m args {incr ::n; uplevel 1 [callback m] 1}}
    {mymethod} {method m args {incr ::n; {*}[mymethod m] 1}}
    {evalMethod} {method m {} {incr ::n; my eval {my m}}}
    {evalMethodW} {method m {} {incr ::n; my eval my m}}
    {export} {method _m {} {incr ::n; my _m}; method m {} {my _m}}
    {unknown} {method unknown args {incr ::n; my nowhere}; method m {} {my nowhere}}
    {forward} {forward f my m; method m {} {incr ::n; my f}}
    {forwardProc} {forward f ::o m; method m {} {incr ::n; my f}}
    {forwardLoop} {forward m my m}
    {forwardArgs} {forward f my m 1; method m args {incr ::n; my f}}
    {filter} {filter f; method f args {incr ::n; next}; method m {} {my m}}
    {filterNot} {filter f; method f args {incr ::n; my m}; method m {} {my m}}
    {filterNextArgs} {filter f; method f args {incr ::n; next {*}$args}; method m {} {[self] m}}
    {filterSelf} {filter m; method m args {incr ::n; my m}}
    {mixin} {mixin M; method m {} {incr ::n; my m}}
    {mixinNext} {mixin N; method m {} {incr ::n; my m}}
    {mixinNextto} {mixin T; method m {} {incr ::n; my m}}
    {super} {superclass S; method m {} {incr ::n; next}}
    {superNextto} {superclass S; method m {} {incr ::n; nextto S}}
    {superNextSpread} {superclass S; method m {} {incr ::n; {*}next}}
    {superNextVar} {superclass S; method m {} {incr ::n; set c next; $c}}
    {superNextEval} {superclass S; method m {} {incr ::n; eval next}}
    {superNextCatch} {superclass S; method m {} {incr ::n; catch next r o; return -options $o $r}}
    {superNextFull} {superclass S; method m {} {incr ::n; ::oo::Helpers::next}}
    {superNextUplevel} {superclass S; method m {} {incr ::n; my w}; method w {} {uplevel 1 next}}
    {myclassNew} {constructor {} {incr ::n; myclass new}; method m {} {}}
    {myclassCreate} {constructor {} {incr ::n; myclass create ::x$::n}; method m {} {}}
    {selfClassNew} {constructor {} {incr ::n; [self class] new}; method m {} {}}
    {classNew} {constructor {} {incr ::n; ::c new}; method m {} {}}
    {classCreate} {constructor {} {incr ::n; ::c create ::x$::n}; method m {} {}}
    {classCreateNs} {self export createWithNamespace; constructor {} {incr ::n; ::c createWithNamespace ::x$::n ::y$::n}; method m {} {}}
    {classCreateNext} {superclass SC; constructor {} {incr ::n; next; ::c create ::x$::n}; method m {} {}}
    {classSelfMethod} {self method mk {} {incr ::n; my mk}; method m {} {c mk}}
    {classSelfMethod2} {self method mk {} {incr ::n; c mk}; method m {} {c mk}}
    {classmethod} {classmethod mk {} {incr ::n; my mk}; method m {} {c mk}}
    {classmethod2} {classmethod mk {} {incr ::n; c mk}; method m {} {c mk}}
    {classmethodInst} {classmethod mk {} {incr ::n; ::o mk}; method m {} {my mk}}
    {destructor} {destructor {incr ::n; set x [c new]; $x destroy}; method m {} {[c new] destroy}}
    {copy} {method <cloned> o {incr ::n; oo::copy [self]}; method m {} {oo::copy [self]}}
    {copyNext} {method <cloned> o {incr ::n; next $o; oo::copy [self]}; method m {} {oo::copy [self]}}
    {tailcall} {method m {} {if {[incr ::n] > 200} {error stop}; tailcall my m}}
    {define} {method m {} {incr ::n; oo::define c {o m}}}
    {define2} {method m {} {incr ::n; oo::objdefine o {::o m; list}}}
    {defineSelf} {method m {} {incr ::n; oo::define c self {::o m; list}}}
    {lambda} {method m {} {incr ::n; apply {o {$o m}} [self]}}
    {proc} {method m {} {incr ::n; p ::o}}
    {private} {private method k {} {incr ::n; my k}; method m {} {my k}}
    {privateNamed} {private method k {} {incr ::n; [self] k}; method m {} {my k}}
    {namespaceEval} {method m {} {incr ::n; namespace eval [self namespace] {my m}}}
    {namespaceInscope} {method m {} {incr ::n; namespace inscope [self namespace] {my m}}}
    {foreach} {method m {} {incr ::n; foreach a 1 {my m}}}
    {catch} {method m {} {incr ::n; catch {my m} r o; return -options $o $r}}
    {try} {method m {} {incr ::n; try {my m} finally {list}}}
    {uplevel} {method m {} {incr ::n; uplevel 1 {::o m}}}
    {coroutine} {method m {} {incr ::n; coroutine c$::n my m}}
    {alias} {method m {} {incr ::n; k}}
    {nextMany} {superclass S; method m args {incr ::n; next 1}}
    {superSuper} {superclass SS; method m {} {incr ::n; next}}
    {superConstructor} {superclass SC; constructor args {incr ::n; next a}; method m args {c new}}
    {superDestructor} {superclass SD; destructor {incr ::n; next}; method m args {[c new] destroy}}
}
proc run {limit setup body} {
    interp create i
    i eval {set n 0}
    i eval $setup
    i eval {set n 0}
    interp recursionlimit i $limit
    catch {i eval $body} message options
    interp recursionlimit i 1000
    set answer [i eval set n]
    interp delete i
    if {![string match "too many nested*" $message]} {append answer " $message"}
    return [list $answer [string length [dict getdef $options -errorinfo {}]]]
}
proc show {name setup body} {
    puts [list $name {*}[lmap limit {20 21 22} {run $limit $setup $body}]]
}
foreach {name setup body} $ways {show $name $setup $body}
set classes {
    oo::class create S {method m args {::o m}}
    oo::class create SC {constructor args {::c new}}
    oo::class create SD {destructor {[c new] destroy}}
    oo::class create SS {superclass S; method m {} {next}}
    oo::class create M {}
    oo::class create N {method m {} {next}}
    oo::class create T {method m {} {nextto c}}
    proc p o {$o m}
    interp alias {} k {} o m
}
foreach {name definition} $oo {
    set setup "$classes\n[list oo::class create c $definition]\n"
    set body {c create o}
    if {[string match link* $name] || ![string match *constructor* $definition]} {
        append setup "c create o\n"
        set body {o m}
    }
    if {$name eq "superConstructor"} {set body {c new}}
    if {[string match *estructor* $name]} {set body {[c new] destroy}}
    show oo.$name $setup $body
}
