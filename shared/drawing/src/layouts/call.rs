//! The call to action: a plate like a great button, with the request, the brand's name and an arrow.

use typeset::Laid;
use typeset::safe::Rect;

use super::{Page, arrow, is_rtl};

/// Where the parts of a call to action lie.
pub(crate) struct CallLayout {
    pub(crate) plate: Rect,
    pub(crate) radius: f32,
    pub(crate) text: Laid,
    pub(crate) text_at: (f32, f32),
    pub(crate) brand: Option<Laid>,
    pub(crate) brand_at: (f32, f32),
    /// The square that the arrow's disc fills.
    pub(crate) arrow: Rect,
    pub(crate) rtl: bool,
}

impl Page<'_> {
    pub(crate) fn call_layout(&self, text: &str, brand: Option<&str>) -> CallLayout {
        let unit = self.unit;
        let stage = self.stage;
        let (pad, gap, disc) = (64.0 * unit, 44.0 * unit, 116.0 * unit);
        let inner = stage.width - 2.0 * pad;
        let room = (inner, stage.height - 2.0 * pad - gap - disc);
        let text = self.fit(
            &self.look.titled(text),
            self.look.heading(1.06),
            room,
            (72.0, 168.0 * self.look.scale),
        );
        let rtl = is_rtl(&text);
        let brand = brand.map(|name| self.line(name, 800, 52.0, inner - disc - gap));
        let height = 2.0 * pad + text.height + gap + disc;
        let top = self.top_of(height);
        let row = top + pad + text.height + gap;
        let left = stage.x + pad;
        let brand_x = match &brand {
            Some(laid) if rtl => left + inner - laid.width - laid.x(),
            Some(laid) => left - laid.x(),
            None => left,
        };
        CallLayout {
            plate: Rect {
                x: stage.x,
                y: top,
                width: stage.width,
                height,
            },
            radius: 64.0 * self.look.round.min(1.0) * unit,
            text_at: (left, top + pad),
            brand_at: (
                brand_x,
                row + (disc - brand.as_ref().map_or(0.0, |laid| laid.height)) / 2.0,
            ),
            arrow: Rect {
                x: if rtl { left } else { left + inner - disc },
                y: row,
                width: disc,
                height: disc,
            },
            text,
            brand,
            rtl,
        }
    }

    pub(super) fn call(&mut self, text: &str, brand: Option<&str>) {
        let call = self.call_layout(text, brand);
        let (mark, on_mark) = (self.scheme.mark, self.scheme.on_mark);
        self.sheet
            .plate("plate", call.plate, call.radius, mark, 1.0);
        let svg = arrow(
            call.arrow.x,
            call.arrow.y,
            call.arrow.width,
            on_mark,
            mark,
            call.rtl,
        );
        self.sheet.drawn("arrow", call.arrow, svg);
        self.sheet
            .text("call", call.text, call.text_at.0, call.text_at.1, on_mark);
        if let Some(brand) = call.brand {
            self.sheet
                .text("brand", brand, call.brand_at.0, call.brand_at.1, on_mark);
        }
    }
}
