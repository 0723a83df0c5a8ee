//! QR codes as SVG and PNG, with the quiet zone that readers need.

use std::fmt::Write as _;

use maud::{Markup, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Width of a module in a PNG, in pixels: 25 mm at 300 dpi for the sizes used here.
const MODULE_PIXELS: usize = 12;

/// Width of the quiet zone, in modules.
const QUIET_MODULES: usize = 4;

fn code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()
}

/// The code as an SVG document.
#[must_use]
pub fn svg(text: &str) -> Option<String> {
    let image = code(text)?
        .render::<svg::Color<'_>>()
        .quiet_zone(true)
        .min_dimensions(240, 240)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build();
    Some(image)
}

/// The code as a picture inside a page, for what must not be asked for at an address of its own.
#[must_use]
pub fn inline(text: &str, alt: &str) -> Option<Markup> {
    let code = code(text)?;
    let modules = code.width();
    let side = modules + 2 * QUIET_MODULES;
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        let (x, y) = (place % modules + QUIET_MODULES, place / modules + QUIET_MODULES);
        if colour == qrcode::Color::Dark {
            write!(path, "M{x} {y}h1v1h-1z").ok()?;
        }
    }
    Some(html! {
        svg.qr xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (side) " " (side) }
            width="280" height="280" role="img" aria-label=(alt) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#ffffff" {}
            path d=(path) fill="#000000" {}
        }
    })
}

/// The code as a black and white PNG file.
#[must_use]
pub fn png(text: &str) -> Option<Vec<u8>> {
    let code = code(text)?;
    let modules = code.width();
    let side = (modules + 2 * QUIET_MODULES) * MODULE_PIXELS;
    let colours = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let module = |place: usize| (place / MODULE_PIXELS).checked_sub(QUIET_MODULES);
        let inside = |place: usize| module(place).filter(|module| *module < modules);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => colours.get(y * modules + x) == Some(&qrcode::Color::Dark),
            _ => false,
        }
    };
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| if is_dark(x, y) { 0 } else { 255 })
        .collect();
    write_png(u32::try_from(side).ok()?, &pixels)
}

fn write_png(side: u32, pixels: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_code_reads_back_as_its_text() {
        let text = "https://line.me/R/oaMessage/%40123abcde/?%E6%8B%9B%E5%BE%85%20K7M4-2QXY";
        let file = png(text).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let (width, height) = (info.width as usize, info.height as usize);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            pixels[y * width + x]
        });
        let (_, content) = image.detect_grids()[0].decode().unwrap();
        assert_eq!(content, text);
    }

    #[test]
    fn a_code_inside_a_page_reads_back_as_its_text() {
        let picture = inline("otpauth://totp/x?secret=ABC", "code").unwrap().into_string();
        let side: usize = picture
            .split("viewBox=\"0 0 ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let mut dark = vec![false; side * side];
        for square in
            picture.split(" d=\"").nth(1).unwrap().split('"').next().unwrap().split('M').skip(1)
        {
            let (x, rest) = square.split_once(' ').unwrap();
            let y: usize = rest.split('h').next().unwrap().parse().unwrap();
            dark[y * side + x.parse::<usize>().unwrap()] = true;
        }
        let pixels = |x: usize, y: usize| if dark[y / 8 * side + x / 8] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 8, side * 8, pixels);
        assert_eq!(image.detect_grids()[0].decode().unwrap().1, "otpauth://totp/x?secret=ABC");
        assert!(!picture.contains("style"));
    }

    #[test]
    fn an_svg_code_is_a_document_of_its_own() {
        assert!(svg("x").unwrap().contains("<svg"));
    }
}
