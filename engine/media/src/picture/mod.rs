//! Pictures: decoded within limits, turned upright, written anew without what they carried along, and made small.

mod gif;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
};

/// What a picture may cost. The sides and pixels are checked before anything is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// Most bytes of the file.
    pub bytes: usize,
    /// Longest side, in pixels.
    pub side: u32,
    /// Most pixels of the picture; of an animation, of all its frames together eight times that.
    pub pixels: u64,
    /// Most bytes of memory that decoding may take.
    pub memory: u64,
    /// Most frames of an animation.
    pub frames: usize,
    /// Longest side of what is kept, in pixels; larger ones are made smaller. At least 1.
    pub kept_side: u32,
    /// Longest side of the small picture, in pixels. At least 1.
    pub thumbnail_side: u32,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            bytes: 20 * 1024 * 1024,
            side: 16_384,
            pixels: 50_000_000,
            memory: 256 * 1024 * 1024,
            frames: 500,
            kept_side: 4_096,
            thumbnail_side: 320,
        }
    }
}

/// A picture written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub mime: &'static str,
    /// Its usual extension, without a point.
    pub extension: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What is kept of an uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// To be shown large.
    pub picture: Encoded,
    /// To be shown in a conversation; never animated, never larger than the picture.
    pub thumbnail: Encoded,
    /// Whether the picture moves.
    pub animated: bool,
}

/// Why a picture is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not PNG, JPEG, GIF or WebP.
    #[error("this is not a picture of a kind that can be shown")]
    NotAPicture,
    /// Cut off or damaged.
    #[error("the picture is damaged")]
    Broken,
    /// More bytes, pixels or memory than the limits allow.
    #[error("the picture is too large")]
    TooLarge,
}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::NotAPicture,
            _ => Self::Broken,
        }
    }
}

/// Decodes `bytes` and writes the picture anew. Everything that is not the picture is gone: EXIF and the place it
/// was taken, XMP, comments, thumbnails inside, what was appended. It stands upright, whatever its EXIF said. A
/// small ICC profile is kept, or colours would change.
///
/// - JPEG stays JPEG (quality 85); PNG, and GIF that does not move, become PNG; WebP becomes PNG if it is
///   transparent somewhere, JPEG otherwise (there is only a lossless writer for it).
/// - GIF that moves stays as it was encoded, its blocks copied one by one without comments and other programs' data;
///   beyond [`PictureLimits::frames`] or pixels its first frame is kept as PNG. Of other animations the first frame
///   is kept.
///
/// Pure CPU, seconds for the largest, and up to 16 bytes of memory for each pixel: to be called on a bounded pool of
/// blocking threads. It does not panic, whatever the bytes are: should a decoder do so, the picture is
/// [`PictureError::Broken`].
pub fn prepare(bytes: &[u8], limits: &PictureLimits) -> Result<Prepared, PictureError> {
    // Nothing outlives the call that a panic could leave half done.
    catch_unwind(AssertUnwindSafe(|| renew(bytes, limits))).unwrap_or(Err(PictureError::Broken))
}

fn renew(bytes: &[u8], limits: &PictureLimits) -> Result<Prepared, PictureError> {
    let format = format(bytes).ok_or(PictureError::NotAPicture)?;
    if bytes.len() > limits.bytes {
        return Err(PictureError::TooLarge);
    }
    let (picture, profile) = decode(bytes, format, limits)?;
    let thumbnail = {
        let small = fit(&picture, limits.thumbnail_side);
        let small = small.as_ref().unwrap_or(&picture);
        if is_opaque(small) {
            jpeg(small, None, 75)?
        } else {
            png(small, None)?
        }
    };
    if format == ImageFormat::Gif
        && let Some((bytes, width, height)) = gif::copy(bytes, limits)
    {
        return Ok(Prepared {
            picture: Encoded {
                bytes,
                mime: "image/gif",
                extension: "gif",
                width,
                height,
            },
            thumbnail,
            animated: true,
        });
    }
    let picture = fit(&picture, limits.kept_side).unwrap_or(picture);
    let lossy = match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => is_opaque(&picture),
        _ => false,
    };
    Ok(Prepared {
        picture: if lossy {
            jpeg(&picture, profile, 85)?
        } else {
            png(&picture, profile)?
        },
        thumbnail,
        animated: false,
    })
}

/// By content, and only those that are compiled in.
fn format(bytes: &[u8]) -> Option<ImageFormat> {
    match crate::sniff(bytes).mime {
        "image/png" => Some(ImageFormat::Png),
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

type Profile = Option<Vec<u8>>;

/// The picture upright, in eight bits a channel, and its colour profile.
fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &PictureLimits,
) -> Result<(DynamicImage, Profile), PictureError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(limits.side);
    bounds.max_image_height = Some(limits.side);
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels
        || width.max(height) > limits.side
        || decoder.total_bytes() > limits.memory
    {
        return Err(PictureError::TooLarge);
    }
    if pixels == 0 {
        return Err(PictureError::Broken);
    }
    let orientation = decoder
        .orientation()
        .unwrap_or(image::metadata::Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = plain(DynamicImage::from_decoder(decoder)?);
    picture.apply_orientation(orientation);
    let profile = profile.filter(|profile| fits(profile, &picture));
    Ok((picture, profile))
}

/// Eight bits a channel: what every browser shows and every encoder here writes.
fn plain(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => {
            picture
        }
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(picture.into_luma8()),
        _ if picture.has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        _ => DynamicImage::ImageRgb8(picture.into_rgb8()),
    }
}

/// Whether a colour profile is small and of the colours that the picture now has.
fn fits(profile: &[u8], picture: &DynamicImage) -> bool {
    let space: &[u8] = match picture {
        DynamicImage::ImageLuma8(_) => b"GRAY",
        _ => b"RGB ",
    };
    profile.len() <= 64 * 1024 && profile.get(16..20) == Some(space)
}

/// Smaller, if a side is longer than `side`.
fn fit(picture: &DynamicImage, side: u32) -> Option<DynamicImage> {
    let side = side.max(1);
    (picture.width().max(picture.height()) > side).then(|| picture.thumbnail(side, side))
}

fn is_opaque(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        _ => true,
    }
}

fn jpeg(picture: &DynamicImage, profile: Profile, quality: u8) -> Result<Encoded, PictureError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = profile {
        // A profile that cannot be kept only changes shades.
        let _ = encoder.set_icc_profile(profile);
    }
    if picture.has_alpha() {
        picture.to_rgb8().write_with_encoder(encoder)?;
    } else {
        picture.write_with_encoder(encoder)?;
    }
    Ok(encoded(bytes, "image/jpeg", "jpg", picture))
}

fn png(picture: &DynamicImage, profile: Profile) -> Result<Encoded, PictureError> {
    let mut bytes = Vec::new();
    // Screenshots are worth the time; of the largest ones the size matters less than the seconds.
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    let effort = if pixels <= 8_000_000 {
        CompressionType::Default
    } else {
        CompressionType::Fast
    };
    let mut encoder = PngEncoder::new_with_quality(&mut bytes, effort, FilterType::Adaptive);
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile);
    }
    picture.write_with_encoder(encoder)?;
    Ok(encoded(bytes, "image/png", "png", picture))
}

fn encoded(
    bytes: Vec<u8>,
    mime: &'static str,
    extension: &'static str,
    picture: &DynamicImage,
) -> Encoded {
    Encoded {
        bytes,
        mime,
        extension,
        width: picture.width(),
        height: picture.height(),
    }
}
