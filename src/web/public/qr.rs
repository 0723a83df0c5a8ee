//! QR codes as SVG and PNG, with the quiet zone that readers need.

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
    fn an_svg_code_is_a_document_of_its_own() {
        assert!(svg("x").unwrap().contains("<svg"));
    }
}
