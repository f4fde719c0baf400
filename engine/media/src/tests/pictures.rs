//! Pictures as they come from telephones, and as nobody should send them.

use std::io::Cursor;

use image::codecs::gif::{GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{
    Delay, DynamicImage, Frame, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
};
use proptest::prelude::*;

use super::seeded;
use crate::{PictureError, PictureLimits, Prepared, prepare, sniff};

/// EXIF (big endian, two entries): orientation 6 (turned right) and, as a description, a place.
const EXIF: &[u8] = b"MM\0\x2a\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x10\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 39.9 116.39\0";

/// Red on the left, blue on the right, 40 by 20.
fn two() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(40, 20, |x, _| {
        if x < 20 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    }))
}

fn with_exif(mut encoder: impl ImageEncoder, picture: &DynamicImage) {
    encoder.set_exif_metadata(EXIF.to_vec()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    with_exif(JpegEncoder::new(&mut bytes), &two());
    bytes
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    with_exif(PngEncoder::new(&mut bytes), picture);
    bytes
}

fn webp(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    with_exif(WebPEncoder::new_lossless(&mut bytes), picture);
    bytes
}

fn gif(frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for shade in 0..frames {
        let picture = RgbaImage::from_pixel(8, 6, Rgba([shade * 20, 0, 0, 255]));
        let frame = Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1));
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    bytes
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn ok(bytes: &[u8]) -> Prepared {
    let prepared = prepare(bytes, &PictureLimits::default()).unwrap();
    for encoded in [&prepared.picture, &prepared.thumbnail] {
        let found = sniff(&encoded.bytes);
        assert_eq!(
            (found.mime, found.extension),
            (encoded.mime, encoded.extension)
        );
        let read = image::load_from_memory(&encoded.bytes).unwrap();
        assert_eq!(
            (read.width(), read.height()),
            (encoded.width, encoded.height)
        );
        assert!(!holds(&encoded.bytes, b"GPS 39.9") && !holds(&encoded.bytes, b"Exif"));
    }
    prepared
}

#[test]
fn what_a_telephone_adds_is_gone_and_the_picture_stands_upright() {
    let bytes = jpeg();
    assert!(holds(&bytes, b"GPS 39.9"));
    let prepared = ok(&bytes);
    assert_eq!(prepared.picture.mime, "image/jpeg");
    assert_eq!((prepared.picture.width, prepared.picture.height), (20, 40));
    let shown = image::load_from_memory(&prepared.picture.bytes)
        .unwrap()
        .into_rgb8();
    assert!(shown.get_pixel(10, 5).0[0] > 200, "left is now above");
    assert!(shown.get_pixel(10, 35).0[2] > 200);
}

#[test]
fn each_format_becomes_what_can_be_shown() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 4])));
    for (bytes, mime) in [
        (png(&two()), "image/png"),
        (png(&clear), "image/png"),
        (png(&DynamicImage::new_rgba16(3, 3)), "image/png"),
        (png(&DynamicImage::new_luma_a8(3, 3)), "image/png"),
        (png(&DynamicImage::new_luma16(3, 3)), "image/png"),
        (webp(&two()), "image/jpeg"),
        (webp(&clear), "image/png"),
        (gif(1), "image/png"),
        (gif(3), "image/gif"),
    ] {
        let prepared = ok(&bytes);
        assert_eq!(prepared.picture.mime, mime);
        assert_eq!(prepared.animated, mime == "image/gif");
    }
}

#[test]
fn large_ones_are_made_small() {
    let limits = PictureLimits {
        kept_side: 30,
        thumbnail_side: 10,
        ..PictureLimits::default()
    };
    // Turned by their EXIF.
    let prepared = prepare(&png(&DynamicImage::new_rgb8(90, 30)), &limits).unwrap();
    assert_eq!((prepared.picture.width, prepared.picture.height), (10, 30));
    assert_eq!(
        (prepared.thumbnail.width, prepared.thumbnail.height),
        (3, 10)
    );
    let line = prepare(&png(&DynamicImage::new_rgb8(400, 1)), &limits).unwrap();
    assert_eq!((line.thumbnail.width, line.thumbnail.height), (1, 10));
}

#[test]
fn animations_keep_their_frames_and_nothing_else() {
    let mut bytes = gif(3);
    let end = bytes.len() - 1;
    bytes.splice(
        end..end,
        b"\x21\xfe\x05hello\0\x21\xff\x0bXMP DataXMP\x06secret\0"
            .iter()
            .copied(),
    );
    bytes.extend_from_slice(b"<script>tail</script>");
    let prepared = ok(&bytes);
    assert!(prepared.animated);
    for word in [&b"hello"[..], b"XMP", b"secret", b"tail"] {
        assert!(!holds(&prepared.picture.bytes, word));
    }
    assert!(holds(&prepared.picture.bytes, b"NETSCAPE2.0"));
    assert_eq!(prepared.picture.bytes, gif(3));
    assert_eq!(prepared.thumbnail.mime, "image/jpeg");
}

#[test]
fn animations_beyond_the_limits_stand_still() {
    let few = PictureLimits {
        frames: 2,
        ..PictureLimits::default()
    };
    let small = PictureLimits {
        pixels: 8 * 6,
        ..PictureLimits::default()
    };
    assert!(!prepare(&gif(3), &few).unwrap().animated);
    assert!(prepare(&gif(8), &small).unwrap().animated);
    assert!(!prepare(&gif(9), &small).unwrap().animated);
}

/// A PNG that says it is larger than it is.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&DynamicImage::new_luma8(1, 1));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

#[test]
fn bombs_are_refused_before_they_are_opened() {
    let limits = PictureLimits::default();
    for (width, height) in [
        (60_000, 60_000),
        (16_000, 16_000),
        (1, 1 << 30),
        (u32::MAX >> 1, u32::MAX >> 1),
    ] {
        let found = prepare(&bomb(width, height), &limits);
        assert_eq!(found, Err(PictureError::TooLarge), "{width} x {height}");
    }
    let narrow = PictureLimits {
        memory: 100,
        ..limits
    };
    assert_eq!(prepare(&png(&two()), &narrow), Err(PictureError::TooLarge));
    let short = PictureLimits {
        bytes: 10,
        ..limits
    };
    assert_eq!(prepare(&png(&two()), &short), Err(PictureError::TooLarge));
    assert_eq!(
        prepare(&bomb(2_000, 2_000), &limits),
        Err(PictureError::Broken)
    );
}

#[test]
fn what_is_no_picture_is_refused() {
    let limits = PictureLimits::default();
    let mut bmp = Cursor::new(Vec::new());
    bmp.get_mut().extend_from_slice(b"BM\x3a\0\0\0\0\0\0\0");
    for bytes in [
        &b""[..],
        b"<svg xmlns='x'><script/></svg>",
        b"GIF89a/*<script>*/",
        b"%PDF-1.7",
        bmp.get_ref(),
    ] {
        assert_eq!(prepare(bytes, &limits), Err(PictureError::NotAPicture));
    }
    for bytes in [
        &b"\x89PNG\r\n\x1a\n\0\0"[..],
        b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        b"GIF89a\x01\0\x01\0",
        b"RIFF\x10\0\0\0WEBPVP8L",
    ] {
        assert!(prepare(bytes, &limits).is_err());
    }
    assert_eq!(image::guess_format(&jpeg()).unwrap(), ImageFormat::Jpeg);
}

proptest! {
    #![proptest_config(seeded(200))]

    #[test]
    fn damaged_pictures_never_panic(which in 0_usize..5, cut in 0.0_f64..1.2, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)) {
        let mut bytes = match which {
            0 => jpeg(),
            1 => png(&two()),
            2 => webp(&two()),
            3 => gif(3),
            _ => bomb(64, 64),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        for (at, value) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
        }
        let limits = PictureLimits { pixels: 100_000, side: 1_000, memory: 4 << 20, ..PictureLimits::default() };
        if let Ok(prepared) = prepare(&bytes, &limits) {
            prop_assert!(image::load_from_memory(&prepared.picture.bytes).is_ok());
            prop_assert!(prepared.thumbnail.width <= 320 && prepared.thumbnail.height <= 320);
        }
    }
}
