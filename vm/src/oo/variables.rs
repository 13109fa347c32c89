//! Declared variables in methods: links to the variables of the object's namespace.

use std::rc::Rc;

use super::System;
use super::method::{Declarer, MethodCall};
use super::object::Members;
use crate::interp::Machine;
use crate::interp::var::VarCell;
use crate::text;
use crate::value::Value;

/// Where the declared variables of a method are for one object, as long as nothing has changed.
#[derive(Default)]
pub(crate) struct Bindings {
    /// The identity of the code whose registers these are; 0 for none.
    unit: u64,
    /// The namespace's variable epoch, and the epoch of what declares the method.
    epochs: (u32, u32),
    /// Registers and variables.
    cells: Vec<(u16, Rc<VarCell>)>,
}

/// Which registers of a method's code are for declared variables.
#[derive(Default)]
pub(crate) struct Registers {
    /// The identity of the code; 0 for none.
    unit: u64,
    /// The epoch of what declares the method.
    epoch: u32,
    /// Registers, and the names of the variables in the object's namespace.
    names: Rc<[(u16, Value)]>,
}

impl System {
    /// What declares variables for the methods of a declarer, if it lives.
    fn declaring(&self, declarer: Declarer) -> Option<&Members> {
        match declarer {
            Declarer::Class(id) => self.class_if_any(id).map(|class| &class.members),
            Declarer::Object(id) => self.objects.get(id).map(|object| &object.own),
        }
    }

    /// The name in the object's namespace of a variable that methods of a declarer see under `name`.
    pub(super) fn declared_name(&self, declarer: Declarer, name: &Value) -> Option<Value> {
        let members = self.declaring(declarer)?;
        let private = members.private_variables.iter().find(|variable| variable.name == *name);
        match private {
            Some(private) => Some(private.full.clone()),
            None => members.variables.contains(name).then(|| name.clone()),
        }
    }
}

impl Machine {
    /// Links the registers of the frame on top, that of a method just entered, to the variables declared for it.
    #[inline]
    pub(crate) fn bind_declared(&mut self, call: &MethodCall) {
        let declarer = call.method().declarer;
        let frame = self.frame();
        let Some(unit) = &frame.unit else { return };
        let (unit, base) = (unit.identity, frame.base as usize);
        let Some(namespace) = self.namespaces.get(frame.namespace) else { return };
        let declared = self.oo.objects.get(declarer.id()).map_or(0, |object| object.epoch);
        let epochs = (namespace.variable_epoch, declared);
        let is_known = {
            let bindings = call.bindings.borrow();
            bindings.unit == unit && bindings.epochs == epochs
        };
        if !is_known {
            self.find_declared(call, declarer, (unit, epochs));
        }
        let bindings = call.bindings.borrow();
        let registers = &mut self.context_mut().registers;
        for (register, cell) in &bindings.cells {
            registers[base + usize::from(*register)] = Value::from_cell(Rc::clone(cell));
        }
    }

    #[cold]
    fn find_declared(
        &mut self,
        call: &MethodCall,
        declarer: Declarer,
        (identity, epochs): (u64, (u32, u32)),
    ) {
        let method = call.method();
        let known = {
            let registers = method.registers.borrow();
            (registers.unit == identity && registers.epoch == epochs.1).then(|| Rc::clone(&registers.names))
        };
        let names = known.unwrap_or_else(|| {
            let names = self.registers_of_declared(declarer);
            let registers = Registers { unit: identity, epoch: epochs.1, names: Rc::clone(&names) };
            *method.registers.borrow_mut() = registers;
            names
        });
        let namespace = self.frame().namespace;
        let mut cells: Vec<(u16, Rc<VarCell>)> = Vec::with_capacity(names.len());
        for (register, full) in names.iter() {
            if let Some(cell) = self.declared_cell(namespace, full) {
                cells.push((*register, cell));
            }
        }
        *call.bindings.borrow_mut() = Bindings { unit: identity, epochs, cells };
    }

    /// The registers of the code on top that are for variables that a declarer declares, with their names.
    fn registers_of_declared(&self, declarer: Declarer) -> Rc<[(u16, Value)]> {
        let mut found: Vec<(u16, Value)> = Vec::new();
        let (Some(unit), Some(members)) = (&self.frame().unit, self.oo.declaring(declarer)) else {
            return found.into();
        };
        let private = members.private_variables.iter().map(|variable| (&variable.name, &variable.full));
        for (name, full) in private.chain(members.variables.iter().map(|name| (name, name))) {
            let register = unit.register_of(name).filter(|register| *register >= unit.params);
            if let Some(register) = register.filter(|r| found.iter().all(|(known, _)| known != r)) {
                found.push((register, full.clone()));
            }
        }
        found.into()
    }

    /// The variable of an object's namespace that a method, whose frame has the number `vars`, sees under a name that
    /// its code does not have.
    pub(crate) fn declared_variable(&mut self, vars: u32, name: &Value, create: bool) -> Option<Rc<VarCell>> {
        let frame = &self.context().frames[vars as usize];
        let call = Rc::clone(frame.method.as_ref()?);
        let namespace = frame.namespace;
        let full = self.oo.declared_name(call.method().declarer, name)?;
        if create {
            self.declared_cell(namespace, &full)
        } else {
            self.namespace_cell(namespace, &full, false)
        }
    }

    /// The names of the variables declared for the method whose frame has the number `vars`; constants only, if asked so.
    pub(crate) fn declared_names(&self, vars: u32, only_constants: bool) -> Vec<Value> {
        let Some(call) = &self.context().frames[vars as usize].method else { return Vec::new() };
        let Some(members) = self.oo.declaring(call.method().declarer) else { return Vec::new() };
        let namespace = self.namespaces.get(self.context().frames[vars as usize].namespace);
        let is_constant = |full: &Value| {
            let link = namespace.and_then(|namespace| namespace.variables.get(full));
            link.and_then(Value::cell_rc).is_some_and(|cell| cell.is_const())
        };
        let private = members.private_variables.iter().map(|variable| (&variable.name, &variable.full));
        let plain = members.variables.iter().map(|name| (name, name));
        let wanted = plain.chain(private).filter(|(_, full)| !only_constants || is_constant(full));
        wanted.map(|(name, _)| name.clone()).collect()
    }
}

impl Machine {
    /// The whole name of the variable that a cell is, which links lead to; elements have their array's name.
    pub(crate) fn name_of_cell(&self, cell: &Rc<VarCell>) -> Option<Value> {
        for id in self.namespaces.ids() {
            let namespace = self.namespace(id);
            let prefix = if namespace.is_global() { Vec::new() } else { namespace.name.to_text() };
            for (name, link) in namespace.variables.iter() {
                let Some(known) = link.cell_rc().filter(|_| !namespace.links.contains(name)) else {
                    continue;
                };
                if Rc::ptr_eq(&known, cell) {
                    return Some(Value::text_value(text![prefix, "::", name]));
                }
                let Some(array) = known.array() else { continue };
                let elements = array.elements().borrow();
                let is_it =
                    |element: &Value| element.cell_rc().is_some_and(|element| Rc::ptr_eq(&element, cell));
                if let Some((key, _)) = elements.iter().find(|(_, element)| is_it(element)) {
                    return Some(Value::text_value(text![prefix, "::", name, "(", key, ")"]));
                }
            }
        }
        None
    }
}
