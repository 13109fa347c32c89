use crate::value::Value;
use crate::interp::exception::Exception;
use tclring_compiler::Mode;
pub enum BinaryOp {Add,Sub,Mul,Div,Mod,Pow,Shl,Shr,BitAnd,BitOr,BitXor}
pub fn binary(_o:BinaryOp,_l:&Value,_r:&Value,_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn neg(_l:&Value,_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn plus(_l:&Value,_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn not(_l:&Value,_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn bitnot(_l:&Value,_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn numeric(l:&Value,_m:Mode)->Value{l.clone()}
pub fn truth(l:&Value,m:Mode)->Result<bool,Exception>{Ok(l.to_bool(m).unwrap_or(false))}
pub fn call_function(_n:&str,_a:&[Value],_m:Mode)->Result<Value,Exception>{Ok(Value::EMPTY)}
pub fn in_list(_l:&Value,_r:&Value)->Result<bool,Exception>{Ok(false)}
pub fn eq(l:&Value,r:&Value,_m:Mode)->bool{l==r}
pub fn ne(l:&Value,r:&Value,_m:Mode)->bool{l!=r}
pub fn lt(_l:&Value,_r:&Value,_m:Mode)->bool{false}
pub fn le(_l:&Value,_r:&Value,_m:Mode)->bool{false}
pub fn gt(_l:&Value,_r:&Value,_m:Mode)->bool{false}
pub fn ge(_l:&Value,_r:&Value,_m:Mode)->bool{false}
