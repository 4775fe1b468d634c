//! Window functions.

use super::{scope::Lower, value::Lowered};
use crate::{
    Error, Result,
    ast::{self, Expr, Frame, Nulls},
    node::Window,
};

impl Lower {
    pub(crate) fn window(&mut self, window: &Window) -> Result<Lowered> {
        if window.of.distinct || !window.of.order.is_empty() {
            return Err(Error::usage(
                "`distinct` or `order_by` of an aggregate that is `over` a window; PostgreSQL has neither",
            ));
        }
        let of = self.aggregated(&window.of)?;
        let partition = window.partition.iter().map(|by| Ok(self.value(by)?.0)).collect::<Result<_>>()?;
        let order = window.order.iter().map(|order| self.order_by(order)).collect::<Result<_>>()?;
        let frame = match &window.frame {
            None => None,
            Some(Frame { unit, from, to, exclude }) => Some(Frame {
                unit: *unit,
                from: from.try_map(|distance| self.param(distance).map(|(distance, _)| distance))?,
                to: to.try_map(|distance| self.param(distance).map(|(distance, _)| distance))?,
                exclude: *exclude,
            }),
        };
        let nulls = of.function.nulls != Nulls::Never;
        Ok((Expr::Window(Box::new(ast::Window { of, partition, order, frame })), nulls))
    }
}
