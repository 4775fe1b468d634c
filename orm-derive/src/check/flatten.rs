//! Rules for structs of shared columns.

use crate::{diag::Errors, kind::last_word, model::Model};

/// What a model is as a whole stands in the model.
pub(super) fn check_shared(model: &mut Model, errors: &mut Errors) {
    let attrs = &mut model.attrs;
    macro_rules! refuse { ($from:expr; $($slot:ident)*) => {$(
        if let Some(arg) = $from.$slot.take() {
            errors.at(&arg, format!("`{}` is said of a model, and this is a struct of columns that models share", arg.name));
        }
    )*}}
    refuse!(attrs; table ordering clean hooks view materialized_view);
    for field in model.shared.drain(..) {
        errors
            .at(&field.ty, "shared columns are flattened into a model only; add a second field to the model");
    }
    model.fields.retain_mut(|field| {
        let attrs = &mut field.attrs;
        refuse!(attrs; primary_key version soft_delete columns key);
        let is_far = field.kind().is_far();
        if is_far {
            let what = last_word(&field.ty);
            errors.at(&field.ty, format!("a `{what}` has no column to share; it belongs in the model"));
            model.broken = true;
        }
        !is_far
    });
}
