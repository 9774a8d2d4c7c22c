//! One card of the cart is one form: whichever of its buttons is pressed, every quantity typed in it is taken along and
//! kept, or comes back as it was typed with what is wrong beside it.

use std::str::FromStr;

use domain::{
    carts::parse_units,
    ids::{OfferId, OrganisationId},
    problem::Problem,
    quantity::Units,
};
use store::carts::{Check, QuantitiesError, Wanted};

use super::{index, problem, viewer};
use crate::{
    ctx::{Buyer, Ctx},
    error::Error,
    flash::Flash,
    form::Form,
    handler::Answer,
};

/// Before the offer's id in the name of a quantity's field.
const FIELD: &str = "units-";

pub(super) fn field(offer: OfferId) -> String {
    format!("{FIELD}{offer}")
}

/// Which button of the card was pressed; its value is the word and what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    /// Also Enter in a field.
    Save,
    Next,
    Less(OfferId),
    More(OfferId),
    Remove(OfferId),
    /// So many as are left.
    Take(OfferId, Units),
}

impl FromStr for Pressed {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let mut words = word.split(' ');
        let verb = words.next().unwrap_or_default();
        let mut offer = || words.next().and_then(|id| id.parse().ok()).ok_or(());
        Ok(match verb {
            "" | "save" => Self::Save,
            "next" => Self::Next,
            "less" => Self::Less(offer()?),
            "more" => Self::More(offer()?),
            "remove" => Self::Remove(offer()?),
            "take" => {
                let offer = offer()?;
                let units = words.next().unwrap_or_default();
                Self::Take(offer, parse_units(units).map_err(|_| ())?)
            }
            _ => return Err(()),
        })
    }
}

pub(super) async fn submit(ctx: &Ctx, buyer: &Buyer, cooperative: &str) -> Answer {
    let cooperative: OrganisationId = cooperative.parse().map_err(|_| Error::BadRequest)?;
    let pressed = match ctx.posted().all("do").collect::<Vec<_>>().as_slice() {
        [] => Ok(Pressed::Save),
        [word] => word.parse(),
        _ => Err(()),
    };
    let pressed = pressed.map_err(|()| Error::BadRequest)?;
    let mut form = Form::of(ctx.posted(), ctx.lang());
    let wanted = wanted(ctx, pressed, &mut form);
    if form.has_errors() {
        return index::draw(ctx, buyer, form).await;
    }
    let set = ctx
        .store()
        .set_quantities(
            &ctx.act(),
            &viewer(buyer),
            buyer.organisation,
            cooperative,
            &wanted,
        )
        .await;
    match set {
        Ok(()) => {}
        Err(QuantitiesError::Lines(lines)) => {
            for (offer, error) in lines {
                form.add(&field(offer), problem(error)?);
            }
            return index::draw(ctx, buyer, form).await;
        }
        Err(QuantitiesError::Store(error)) => return Err(error.into()),
    }
    if pressed == Pressed::Next {
        return next(ctx, buyer, cooperative, form).await;
    }
    let key = match pressed {
        Pressed::Remove(_) => "cart-removed",
        _ => "cart-changed",
    };
    ctx.flash(Flash::done(ctx.t(key))).await?;
    match pressed {
        // Back to the field, not to the top of the page.
        Pressed::Less(offer) | Pressed::More(offer) | Pressed::Take(offer, _) => {
            ctx.see(format!("/cart#{}", field(offer)))
        }
        _ => ctx.see("/cart"),
    }
}

/// What was typed in each field, and what the button makes of one of them. What can't be read is noted in `form`.
fn wanted(ctx: &Ctx, pressed: Pressed, form: &mut Form) -> Vec<(OfferId, Wanted)> {
    let mut wanted: Vec<(OfferId, Wanted)> = Vec::new();
    for (name, raw) in ctx.posted().pairs() {
        let Some(offer) = name.strip_prefix(FIELD).and_then(|id| id.parse().ok()) else {
            continue;
        };
        if wanted.iter().any(|(known, _)| *known == offer) {
            form.add(name, Problem::new("form-twice"));
            continue;
        }
        let typed = match pressed {
            Pressed::Remove(out) if out == offer => Ok(Wanted::Nothing),
            Pressed::Take(of, units) if of == offer => Ok(Wanted::Exactly(units)),
            _ => parse_units(raw).map(|units| match pressed {
                Pressed::Less(of) if of == offer => Wanted::Less(units),
                Pressed::More(of) if of == offer => Wanted::More(units),
                _ => Wanted::Exactly(units),
            }),
        };
        match typed {
            Ok(typed) => wanted.push((offer, typed)),
            Err(problem) => {
                form.add(name, problem);
                wanted.push((offer, Wanted::Nothing));
            }
        }
    }
    if let Pressed::Remove(out) = pressed
        && !wanted.iter().any(|(known, _)| *known == out)
    {
        // What can't be ordered any more has no field.
        wanted.push((out, Wanted::Nothing));
    }
    wanted
}

/// On to the address, unless something of the cart can't be ordered as it is.
async fn next(ctx: &Ctx, buyer: &Buyer, cooperative: OrganisationId, mut form: Form) -> Answer {
    let check = ctx
        .store()
        .check_cart(&viewer(buyer), buyer.organisation, cooperative, ctx.now())
        .await?;
    match check {
        None => ctx.see("/cart"),
        Some(check) if check.is_ready() => {
            ctx.see(format!("/orders/new?cooperative={cooperative}"))
        }
        Some(check) => {
            hindrances(&check, &mut form);
            index::draw(ctx, buyer, form).await
        }
    }
}

/// What keeps a cart from becoming an order, each at its field.
fn hindrances(check: &Check, form: &mut Form) {
    for line in &check.lines {
        if let Some(left) = line.left {
            let problem = match left.0 {
                ..=0 => Problem::new("cart-nothing-left"),
                left => Problem::new("cart-not-enough").with("most", left),
            };
            form.add(&field(line.offer), problem);
        } else if line.misfit {
            form.add(&field(line.offer), Problem::new("cart-misfit"));
        }
    }
    for (_, title) in &check.gone {
        let problem = Problem::new("cart-gone-of").with("title", title.as_str());
        form.add("", problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_it_is_about_or_nothing_is_done() {
        let offer = OfferId(uuid::Uuid::from_u128(7));
        assert_eq!("".parse(), Ok(Pressed::Save));
        assert_eq!("next".parse(), Ok(Pressed::Next));
        assert_eq!(format!("less {offer}").parse(), Ok(Pressed::Less(offer)));
        assert_eq!(
            format!("take {offer} 12").parse(),
            Ok(Pressed::Take(offer, Units(12)))
        );
        for word in ["less", "more x", "take", "order", "take 7 12"] {
            assert_eq!(Pressed::from_str(word), Err(()), "{word}");
        }
        assert!(format!("take {offer} -1").parse::<Pressed>().is_err());
    }
}
