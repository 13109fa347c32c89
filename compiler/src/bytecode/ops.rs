//! The opcode table.
//!
//! One row per operation: what it does, its name in listings, and its operands
//! with their kinds. The enum, the listing, the operand checks and the
//! reference page follow from it.

use super::operand::*;

/// Calls `$then!` with every row of the opcode table.
#[macro_export]
macro_rules! for_each_op {
    ($then:ident) => {
        $then! {
            // ---- moving values ----
            /// dst = src; a temporary src is taken.
            Move = "move" { dst: Def, src: Use }
            /// dst = src, which stays where it is, a temporary too.
            Copy = "copy" { dst: Def, src: Use }
            /// dst = constant
            LoadConst = "const" { dst: Def, value: Const }
            /// dst = the return options of a success
            LoadOptions = "options" { dst: Def }
            /// The return options of a success are those in src.
            KeepOptions = "keepoptions" { src: Use }
            /// dst = number
            LoadInt = "int" { dst: Def, value: Immediate32 }
            /// dst = the variable (element `key` of it, if there is one); fires read traces.
            LoadVar = "loadvar" { dst: Def, place: Place, key: OptionalUse }
            /// the variable (element `key`) = src, which is taken from a temporary. dst = the variable's value afterwards.
            StoreVar = "storevar" { src: Use, place: Place, key: OptionalUse }
            /// dst = the variable's value as it is, no traces fired (the result of a store).
            LoadRaw = "loadraw" { dst: Def, place: Place, key: OptionalUse }
            /// dst = the variable whose whole name (`a`, `a(i)`, `n::a`) is in name.
            LoadNamed = "loadnamed" { dst: Def, name: Use }
            /// the variable whose whole name is in name = src. srcdst = its value afterwards.
            StoreNamed = "storenamed" { srcdst: UseDef, name: Use }
            /// dst = 1 if the variable (element) exists, else 0
            Exists = "exists" { dst: Def, place: Place, key: OptionalUse }
            /// Unsets the variable (element); complain: an error if it does not exist.
            Unset = "unset" { complain: Small, place: Place, key: OptionalUse }

            // ---- changing variables in place; want: srcdst receives the variable's new value ----
            /// variable += srcdst (an integer)
            Incr = "incr" { want: Small, place: Place, key: OptionalUse, srcdst: UseDef }
            /// named register += number; dst (if any) = its new value
            IncrLocal = "incrlocal" { local: Use, by: Immediate, dst: OptionalDef }
            /// scalar variable += by (an integer); dst (if any) = its new value
            IncrBy = "incrby" { place: Place, by: Use, dst: OptionalDef }
            /// string append of srcdst
            Append = "append" { want: Small, place: Place, key: OptionalUse, srcdst: UseDef }
            /// list append of srcdst as one element
            Lappend = "lappend" { want: Small, place: Place, key: OptionalUse, srcdst: UseDef }
            /// list append of the elements of the list srcdst
            LappendList = "lappendlist" { want: Small, place: Place, key: OptionalUse, srcdst: UseDef }
            /// lset of a scalar variable: first.. = count index words, then the value. want: first = the new list
            Lset = "lset" { want: Small, place: Place, first: Window, count: Immediate }
            /// lset of a scalar variable: one index word, then the value, which is taken from a temporary
            LsetAt = "lsetat" { place: Place, index: Use, value: Use }
            /// lset of a scalar variable: one index word, then a constant value
            LsetConst = "lsetconst" { place: Place, index: Use, value: Const16 }
            /// dict set of a scalar variable: first.. = count keys, then the value. want: first = the new dict
            DictSet = "dictset" { want: Small, place: Place, first: Window, count: Immediate }
            /// dict unset of a scalar variable: first.. = count keys. want: first = the new dict
            DictUnset = "dictunset" { want: Small, place: Place, first: Window, count: Immediate }
            /// dict incr of a scalar variable: first = key, first+1 = increment. want: first = the new dict
            DictIncr = "dictincr" { want: Small, place: Place, first: Window }
            /// dict append of a scalar variable: first = key, first+1 = text. want: first = the new dict
            DictAppend = "dictappend" { want: Small, place: Place, first: Window }
            /// dict lappend of a scalar variable: first = key, first+1 = element. want: first = the new dict
            DictLappend = "dictlappend" { want: Small, place: Place, first: Window }

            // ---- linking named registers ----
            /// named register = link to the global variable whose name is in name
            LinkGlobal = "global" { local: Place, name: Use }
            /// named register = link to the namespace variable whose name is in name (created if need be)
            LinkVariable = "variable" { local: Place, name: Use }
            /// named register = link to the variable `name` of the frame `level` (text as in upvar, e.g. 1 or #0)
            LinkUpvar = "upvar" { local: Place, level: Use, name: Use }

            // ---- arithmetic ----
            /// dst = lhs + rhs
            Add = "add" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs - rhs
            Sub = "sub" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs * rhs
            Mul = "mul" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs / rhs
            Div = "div" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs % rhs
            Mod = "mod" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs ** rhs
            Pow = "pow" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs << rhs
            Shl = "shl" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs >> rhs
            Shr = "shr" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs & rhs
            BitAnd = "bitand" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs | rhs
            BitOr = "bitor" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs ^ rhs
            BitXor = "bitxor" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs + number; a negative number comes from a subtraction, which errors must name
            AddImm = "addimm" { dst: Def, lhs: Use, rhs: Immediate }
            /// dst = lhs * number
            MulImm = "mulimm" { dst: Def, lhs: Use, rhs: Immediate }
            /// dst = lhs % number (not 0)
            ModImm = "modimm" { dst: Def, lhs: Use, rhs: Immediate }
            /// dst = lhs + constant
            AddConst = "addconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs - constant
            SubConst = "subconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs * constant
            MulConst = "mulconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs / constant
            DivConst = "divconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs % constant
            ModConst = "modconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs & constant
            BitAndConst = "bitandconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs << constant
            ShlConst = "shlconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = lhs >> constant
            ShrConst = "shrconst" { dst: Def, lhs: Use, rhs: Const16 }
            /// dst = constant - rhs
            ConstSub = "constsub" { dst: Def, lhs: Const16, rhs: Use }
            /// dst = constant * rhs
            ConstMul = "constmul" { dst: Def, lhs: Const16, rhs: Use }
            /// dst = -src
            Neg = "neg" { dst: Def, src: Use }
            /// dst = +src
            Plus = "plus" { dst: Def, src: Use }
            /// dst = !src
            Not = "not" { dst: Def, src: Use }
            /// dst = ~src
            BitNot = "bitnot" { dst: Def, src: Use }
            /// dst = src as a number if it reads as one, else src unchanged (the result of expr)
            Numeric = "numeric" { dst: Def, src: Use }
            /// dst = src as a truth value 0 or 1, or the error of expr
            Truth = "truth" { dst: Def, src: Use }
            /// dst = the math function number `function` (see `bytecode::MATH_FUNCTIONS`) of one argument
            MathCall = "mathcall" { function: Small, dst: Def, src: Use }

            // ---- comparison: dst = 0 or 1 ----
            /// dst = lhs == rhs
            Eq = "eq" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs != rhs
            Ne = "ne" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs < rhs
            Lt = "lt" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs <= rhs
            Le = "le" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs > rhs
            Gt = "gt" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs >= rhs
            Ge = "ge" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs eq rhs
            StrEq = "streq" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs ne rhs
            StrNe = "strne" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs lt rhs
            StrLt = "strlt" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs le rhs
            StrLe = "strle" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs gt rhs
            StrGt = "strgt" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs ge rhs
            StrGe = "strge" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs in rhs
            In = "in" { dst: Def, lhs: Use, rhs: Use }
            /// dst = lhs ni rhs
            NotIn = "ni" { dst: Def, lhs: Use, rhs: Use }

            // ---- jumps ----
            /// goto target
            Jump = "jump" { target: Target }
            /// if cond (a truth value) goto target
            JumpTrue = "jumptrue" { cond: Use, target: Target }
            /// if !cond goto target
            JumpFalse = "jumpfalse" { cond: Use, target: Target }
            /// if lhs == rhs goto near
            JumpEq = "jumpeq" { lhs: Use, rhs: Use, near: Near }
            /// if lhs != rhs goto near
            JumpNe = "jumpne" { lhs: Use, rhs: Use, near: Near }
            /// if lhs < rhs goto near
            JumpLt = "jumplt" { lhs: Use, rhs: Use, near: Near }
            /// if !(lhs < rhs) goto near
            JumpNotLt = "jumpnotlt" { lhs: Use, rhs: Use, near: Near }
            /// if lhs <= rhs goto near
            JumpLe = "jumple" { lhs: Use, rhs: Use, near: Near }
            /// if !(lhs <= rhs) goto near
            JumpNotLe = "jumpnotle" { lhs: Use, rhs: Use, near: Near }
            /// if lhs > rhs goto near
            JumpGt = "jumpgt" { lhs: Use, rhs: Use, near: Near }
            /// if !(lhs > rhs) goto near
            JumpNotGt = "jumpnotgt" { lhs: Use, rhs: Use, near: Near }
            /// if lhs >= rhs goto near
            JumpGe = "jumpge" { lhs: Use, rhs: Use, near: Near }
            /// if !(lhs >= rhs) goto near
            JumpNotGe = "jumpnotge" { lhs: Use, rhs: Use, near: Near }
            /// if lhs eq rhs goto near
            JumpStrEq = "jumpstreq" { lhs: Use, rhs: Use, near: Near }
            /// if lhs ne rhs goto near
            JumpStrNe = "jumpstrne" { lhs: Use, rhs: Use, near: Near }
            /// if lhs == number goto near
            JumpEqImm = "jumpeqimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs != number goto near
            JumpNeImm = "jumpneimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs < number goto near
            JumpLtImm = "jumpltimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if !(lhs < number) goto near
            JumpNotLtImm = "jumpnotltimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs <= number goto near
            JumpLeImm = "jumpleimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if !(lhs <= number) goto near
            JumpNotLeImm = "jumpnotleimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs > number goto near
            JumpGtImm = "jumpgtimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if !(lhs > number) goto near
            JumpNotGtImm = "jumpnotgtimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs >= number goto near
            JumpGeImm = "jumpgeimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if !(lhs >= number) goto near
            JumpNotGeImm = "jumpnotgeimm" { lhs: Use, rhs: Immediate, near: Near }
            /// if lhs == constant goto near
            JumpEqConst = "jumpeqconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs != constant goto near
            JumpNeConst = "jumpneconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs < constant goto near
            JumpLtConst = "jumpltconst" { lhs: Use, rhs: Const16, near: Near }
            /// if !(lhs < constant) goto near
            JumpNotLtConst = "jumpnotltconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs <= constant goto near
            JumpLeConst = "jumpleconst" { lhs: Use, rhs: Const16, near: Near }
            /// if !(lhs <= constant) goto near
            JumpNotLeConst = "jumpnotleconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs > constant goto near
            JumpGtConst = "jumpgtconst" { lhs: Use, rhs: Const16, near: Near }
            /// if !(lhs > constant) goto near
            JumpNotGtConst = "jumpnotgtconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs >= constant goto near
            JumpGeConst = "jumpgeconst" { lhs: Use, rhs: Const16, near: Near }
            /// if !(lhs >= constant) goto near
            JumpNotGeConst = "jumpnotgeconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs eq constant goto near
            JumpStrEqConst = "jumpstreqconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs ne constant goto near
            JumpStrNeConst = "jumpstrneconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs lt constant goto near
            JumpStrLtConst = "jumpstrltconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs le constant goto near
            JumpStrLeConst = "jumpstrleconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs gt constant goto near
            JumpStrGtConst = "jumpstrgtconst" { lhs: Use, rhs: Const16, near: Near }
            /// if lhs ge constant goto near
            JumpStrGeConst = "jumpstrgeconst" { lhs: Use, rhs: Const16, near: Near }
            /// goto the target of src's text in the jump table, or its default
            JumpTable = "jumptable" { src: Use, table: Aux }

            // ---- strings ----
            /// dst = the texts of count temporaries joined
            Concat = "concat" { dst: Def, first: Window, count: Immediate }
            /// dst = string length src
            StrLen = "strlen" { dst: Def, src: Use }
            /// dst = string index src index
            StrIndex = "strindex" { dst: Def, src: Use, index: Use }
            /// dst = string range src first first+1 (two temporaries)
            StrRange = "strrange" { dst: Def, src: Use, first: Window }
            /// dst = string match pattern src; nocase as flag
            StrMatch = "strmatch" { nocase: Small, dst: Def, pattern: Use, src: Use }
            /// dst = regexp pattern src; nocase as flag
            RegexpMatch = "regexpmatch" { nocase: Small, dst: Def, pattern: Use, src: Use }

            // ---- lists ----
            /// dst = list of count temporaries, which are taken
            List = "list" { dst: Def, first: Window, count: Immediate }
            /// appends src to the list in the temporary acc
            ListPush = "listpush" { acc: UseDef, src: Use }
            /// appends the elements of src to the list in the temporary acc
            ListSplice = "listsplice" { acc: UseDef, src: Use }
            /// dst = llength src
            Llength = "llength" { dst: Def, src: Use }
            /// dst = lindex src index (index may be a list of indexes)
            Lindex = "lindex" { dst: Def, src: Use, index: Use }
            /// dst = lindex src number
            LindexImm = "lindeximm" { dst: Def, src: Use, index: Immediate }
            /// dst = lindex src first.. (count indexes, each a single one)
            LindexMany = "lindexmany" { count: Small, dst: Def, src: Use, first: Window }
            /// dst = lrange src first first+1 (two temporaries)
            Lrange = "lrange" { dst: Def, src: Use, first: Window }
            /// dst = element number `at` of the list src, or the empty string (lassign); src is a list already
            ListElement = "listelement" { dst: Def, src: Use, at: Immediate }
            /// dst = the elements of the list src from number `at` on (the result of lassign)
            ListRest = "listrest" { dst: Def, src: Use, at: Immediate }
            /// Checks that the temporary is a list and makes it one.
            CheckList = "checklist" { list: UseDef }

            // ---- foreach: base.. = the lists, then the counter ----
            /// Checks the lists of the shape in base.., sets the counter before the first round.
            ForeachStart = "foreachstart" { base: Window, shape: Aux }
            /// Steps the counter; goto near when the rounds are over.
            ForeachNext = "foreachnext" { base: Window, shape: Aux, near: Near }
            /// dst = this round's value for variable number `which` (counted over all groups)
            ForeachValue = "foreachvalue" { which: Small, dst: Def, base: Window, shape: Aux }
            /// Steps the counter of a loop over the list base alone; dst = the element; goto near when the rounds are over.
            ForeachEach = "foreacheach" { dst: Def, base: Window, near: Near }

            // ---- dicts ----
            /// dst = dict get src first.. (count keys, at least one)
            DictGet = "dictget" { count: Small, dst: Def, src: Use, first: Window }
            /// dst = dict exists src first.. (count keys)
            DictExists = "dictexists" { count: Small, dst: Def, src: Use, first: Window }
            /// base = iteration over the dict src (base, base+1 and base+2 are its temporaries)
            DictStart = "dictstart" { base: Window, src: Use }
            /// base+1 = key, base+2 = value of the next entry; goto near when there is none
            DictNext = "dictnext" { base: Window, near: Near }
            /// Checks that the temporary is a dict and makes it one.
            CheckDict = "checkdict" { dict: UseDef }
            /// variable = the value of key in the dict src, which is a temporary that has been checked; unset if it has none
            DictBind = "dictbind" { place: Place, src: Use, key: Use }
            /// dst = the dict at the end of the path first.. (count keys) in src; sets the variables that its keys name
            DictExpand = "dictexpand" { count: Small, dst: Def, src: Use, first: Window }
            /// dst = 1 if the variable has a value, which is a dict, or 0
            DictHeld = "dictheld" { dst: Def, place: Place }
            /// dst = the value of the scalar variable, or nothing if it has none
            LoadIfSet = "loadifset" { dst: Def, place: Place }
            /// The dict in the variable gets the entries first.. (count pairs of key and value); a key whose value is nothing goes.
            DictMerge = "dictmerge" { place: Place, first: Window, count: Immediate }
            /// The dict at the end of the path first.. (count keys) in the variable gets what the variables hold that the keys of src name.
            DictCollect = "dictcollect" { count: Small, place: Place, src: UseDef, first: Window }

            // ---- calls ----
            /// dst = the command of the call site with its words in first..; word 0 is the command's name, and is not
            /// written before if the call site knows it
            Call = "call" { dst: Def, first: Window, site: Site }
            /// dst = the command whose words are in first.., but for those that the call site spreads: the elements of
            /// these are the words
            CallSpread = "callspread" { dst: Def, first: Window, site: Site }
            /// dst = the command whose words are the elements of the list in words
            CallList = "calllist" { dst: Def, words: Use }
            /// dst = result of the script in src, evaluated in this frame (eval of one word)
            EvalScript = "evalscript" { dst: Def, src: Use }
            /// dst = the command of the code with the number `command`, evaluated from its text as the top level does
            EvalCommand = "evalcommand" { dst: OptionalDef, command: Aux }
            /// dst = expr of the text in src, evaluated in this frame
            EvalExpr = "evalexpr" { dst: Def, src: Use }
            /// Ends the frame with the result src.
            Return = "return" { src: Use }
            /// Raises completion code `code` (2 return, 3 break, 4 continue) with the empty result.
            Raise = "raise" { code: Small }
            /// Raises the error with the message and error code (a list) of two constants (a syntax error met at run time).
            Throw = "throw" { message: Const16, error_code: Const16, command: Aux }
            /// Begins a caught range: handlers that cover it put code, result, options into base, base+1, base+2. No effect of its own.
            Nop = "nop" { }
            /// If the exception in base.. (code, result, options) is an error, its options say that it came up `-during` the outcome with the options in during.
            During = "during" { base: Window, during: Use }
            /// Raises again the exception in base.. (code, result, options), as at the end of try.
            Rethrow = "rethrow" { base: Window }
        }
    };
}

macro_rules! define_enum {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal { $($field:ident: $kind:ident),* })*) => {
        /// An operation: 8 bytes, copied, matched on directly.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Op {
            $($(#[doc = $doc])* #[allow(missing_docs, reason = "the row's sentence names its operands")] $name { $($field: $kind),* },)*
        }

        impl Op {
            /// The operation's name in listings.
            pub fn name(self) -> &'static str {
                match self { $(Op::$name { .. } => $text,)* }
            }

            /// Calls `visit` with the name, kind and number of every operand.
            pub fn operands(self, mut visit: impl FnMut(&'static str, Kind, i64)) {
                match self {
                    $(Op::$name { $($field),* } => {
                        $(visit(stringify!($field), <$kind as Operand>::KIND, $field.number());)*
                        let _ = &mut visit;
                    })*
                }
            }

            /// The operation named `name` with the operand numbers `numbers`, in the table's order.
            pub fn from_parts(name: &str, numbers: &[i64]) -> Option<Op> {
                let mut numbers = numbers.iter().copied();
                let op = match name {
                    $($text => Op::$name { $($field: <$kind as Operand>::from_number(numbers.next()?)?),* },)*
                    _ => return None,
                };
                numbers.next().is_none().then_some(op)
            }
        }

        /// A row of the opcode table: name, sentence, operands as (name, kind).
        pub const ROWS: &[(&str, &str, &[(&str, Kind)])] = &[
            $(($text, concat!($($doc),*), &[$((stringify!($field), <$kind as Operand>::KIND)),*]),)*
        ];
    };
}
for_each_op!(define_enum);

const _: () = assert!(size_of::<Op>() == 8, "an operation is 8 bytes");

/// The math functions of one argument that [`Op::MathCall`] numbers.
pub const MATH_FUNCTIONS: &[&str] = &[
    "abs", "acos", "asin", "atan", "bool", "ceil", "cos", "cosh", "double", "entier", "exp", "floor", "int",
    "isqrt", "log", "log10", "round", "sin", "sinh", "sqrt", "tan", "tanh", "wide",
];
