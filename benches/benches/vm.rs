//! The loop and the values: small programs and operations, in one process.

use criterion::{Criterion, criterion_group, criterion_main};
use tclring_vm::interp::{Machine, RunEnd};
use tclring_vm::value::{Dict, Value};

/// Programs: name, what is defined once, what one round runs.
const PROGRAMS: &[(&str, &str, &str)] = &[
    (
        "call",
        "proc fib n {if {$n < 2} {return $n}; expr {[fib [expr {$n - 1}]] + [fib [expr {$n - 2}]]}}",
        "fib 15",
    ),
    (
        "loop",
        "proc loop n {set s 0; for {set i 0} {$i < $n} {incr i} {incr s [expr {$i * 3 % 7}]}; set s}",
        "loop 1000",
    ),
    (
        "list",
        "proc fill n {set l {}; for {set i 0} {$i < $n} {incr i} {lappend l $i}; lindex $l end}",
        "fill 1000",
    ),
    (
        "dict",
        "proc count n {set d {}; for {set i 0} {$i < $n} {incr i} {dict incr d [expr {$i % 50}]}; dict size $d}",
        "count 1000",
    ),
    (
        "text",
        "proc text n {set t {}; for {set i 0} {$i < $n} {incr i} {append t x$i}; string length $t}",
        "text 1000",
    ),
];

fn run(machine: &mut Machine, script: &Value) -> Value {
    match machine.run_script(script.clone(), false) {
        RunEnd::Done(Ok(value)) => value,
        RunEnd::Done(Err(e)) => panic!("the program failed: {}", e.result.to_display()),
        _ => panic!("the program runs to its end"),
    }
}

fn programs(criterion: &mut Criterion) {
    for (name, setup, round) in PROGRAMS {
        let mut machine = Machine::new();
        run(&mut machine, &Value::from(*setup));
        let script = Value::cacheable(round.as_bytes().to_vec());
        criterion.bench_function(&format!("vm/{name}"), |b| b.iter(|| run(&mut machine, &script)));
    }
}

fn values(criterion: &mut Criterion) {
    criterion.bench_function("value/list text", |b| {
        b.iter(|| Value::list((0..100).map(Value::int).collect()).text().len());
    });
    criterion.bench_function("value/split", |b| {
        let text = (0..100).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        b.iter(|| Value::from(text.as_str()).to_list().expect("it is a list").items().len());
    });
    criterion.bench_function("value/dict", |b| {
        let keys: Vec<Value> = (0..100).map(|n| Value::from(format!("key{n}"))).collect();
        b.iter(|| {
            let mut dict = Dict::default();
            for key in &keys {
                dict.insert(key, Value::int(1));
            }
            dict.len()
        });
    });
}

criterion_group!(benches, programs, values);
criterion_main!(benches);
