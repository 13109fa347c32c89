//! The peephole pass: improvements that look at few operations at a time.
//!
//! It works on code whose labels are not resolved yet, and never changes what a
//! script can observe.

use crate::bytecode::Op;
use crate::lower::build::{Builder, Fixup, Label, UNBOUND};

/// Improves the operations of `builder` in place.
pub(crate) fn improve(builder: &mut Builder) {
    thread_jumps(builder);
}

/// The most jumps that are followed from one label.
const CHAIN_MAX: usize = 8;

/// Lets jumps to jumps go where those lead.
fn thread_jumps(builder: &mut Builder) {
    let mut leads_to: Vec<Option<Label>> = vec![None; builder.ops.len() + 1];
    for Fixup { at, label } in &builder.fixups {
        if matches!(builder.ops[*at as usize], Op::Jump { .. }) {
            leads_to[*at as usize] = Some(*label);
        }
    }
    for index in 0..builder.fixups.len() {
        let mut label = builder.fixups[index].label;
        for _ in 0..CHAIN_MAX {
            let address = builder.labels[label.0 as usize];
            match leads_to.get(address as usize).copied().flatten() {
                Some(next) if address != UNBOUND && next != label => label = next,
                _ => break,
            }
        }
        builder.fixups[index].label = label;
    }
}
