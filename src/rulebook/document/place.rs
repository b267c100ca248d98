//! Where in a document something stands.

/// One step down into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To the value of a field.
    Key(String),
    /// To an item of a list, from 0.
    Index(usize),
}

/// The steps from the whole document down to one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place(pub(super) Vec<Step>);

impl Place {
    /// The place of a field of the object at this place.
    pub(super) fn field(mut self, key: &str) -> Self {
        self.0.push(Step::Key(key.to_owned()));
        self
    }

    /// As faults show it: fields and indices joined by dots; empty for the whole document.
    pub(super) fn text(&self) -> String {
        let steps = self.0.iter().map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    }
}

/// The same while it is being read: a chain on the stack, so that a value without a fault costs no
/// allocation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'p> {
    /// The whole document.
    Root,
    /// The value of a field.
    Key(&'p Path<'p>, &'p str),
    /// An item of a list.
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    pub(super) fn place(&self) -> Place {
        let (mut steps, mut here) = (Vec::new(), self);
        loop {
            let (parent, step) = match here {
                Self::Root => break,
                Self::Key(parent, key) => (*parent, Step::Key((*key).to_owned())),
                Self::Index(parent, index) => (*parent, Step::Index(*index)),
            };
            steps.push(step);
            here = parent;
        }
        steps.reverse();
        Place(steps)
    }
}
