//! Prints what pictures and streams cost here: `cargo run --release --package webim-media --example cost`.

use std::io::{self, Write};
use std::time::Instant;

use bytes::Bytes;
use futures_util::TryStreamExt;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use uuid::Uuid;
use webim_media::{Key, PictureLimits, Store, StoreLimits, prepare};

const MIB: usize = 1024 * 1024;

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    // First, so that the peak of memory is its own.
    let runtime = tokio::runtime::Runtime::new()?;
    runtime
        .block_on(stream(&mut out, 1_024))
        .map_err(io::Error::other)?;
    for (width, height) in [(1_280, 960), (4_000, 3_000), (8_000, 6_000)] {
        let bytes = photo(width, height);
        let began = Instant::now();
        let prepared = prepare(&bytes, &PictureLimits::default()).map_err(io::Error::other)?;
        let spent = began.elapsed().as_secs_f64() * 1e3;
        writeln!(
            out,
            "JPEG, {width} x {height}, {} KiB: {spent:.0} ms; {} x {}, {} KiB; small {} KiB",
            bytes.len() / 1024,
            prepared.picture.width,
            prepared.picture.height,
            prepared.picture.bytes.len() / 1024,
            prepared.thumbnail.bytes.len() / 1024,
        )?;
    }
    Ok(())
}

/// Something like a photograph: slopes and grain.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut grain = 1_u32;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = grain >> 28;
        Rgb([
            x * 200 / width + noise,
            y * 200 / height + noise,
            (x + y) * 100 / (width + height) + noise,
        ]
        .map(|value| u8::try_from(value).unwrap_or(u8::MAX)))
    });
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    // Writing into memory cannot fail, and an empty file would show below.
    let _ = DynamicImage::ImageRgb8(picture).write_with_encoder(encoder);
    bytes
}

async fn stream(
    out: &mut io::Stdout,
    mib: usize,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let folder = std::env::temp_dir().join(format!("webim-media-cost-{}", std::process::id()));
    let store = Store::folder(&folder, StoreLimits::default())?;
    let key = Key::whole(Uuid::nil());
    let before = peak();
    let began = Instant::now();
    let mut upload = store.put(key, u64::MAX)?;
    for _ in 0..mib * 16 {
        upload.write(Bytes::from(vec![7; MIB / 16])).await?;
    }
    upload.finish().await?;
    let stored = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut pieces = store.get(key, None).await?.into_stream();
    let mut read = 0;
    while let Some(piece) = pieces.try_next().await? {
        read += piece.len();
    }
    let loaded = began.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&folder)?;
    writeln!(
        out,
        "{mib} MiB in {stored:.2} s in, {loaded:.2} s out ({} MiB)",
        read / MIB
    )?;
    writeln!(out, "peak memory before {before}, after {}", peak())?;
    Ok(())
}

/// The most memory this process has had, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim().to_owned())
}
