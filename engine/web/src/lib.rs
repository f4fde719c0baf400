//! The browser side, embedded: every file that `build.rs` built from the TypeScript beside this file.
//!
//! Invariant: this crate knows bytes and their names, nothing of HTTP.

/// One file to serve.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// As built.
    pub bytes: &'static [u8],
    /// The same compressed with brotli, where that is worth it.
    pub brotli: Option<&'static [u8]>,
    /// The same compressed with gzip, where that is worth it.
    pub gzip: Option<&'static [u8]>,
    /// For `Content-Type`.
    pub mime: &'static str,
    /// For `ETag`, quoted; weak, since one stands for all encodings.
    pub etag: &'static str,
    /// Whether the name changes with the content, so that it may be cached for ever.
    pub immutable: bool,
}

/// Path below the root, without a leading slash, and the file, sorted by path.
const ASSETS: &[(&str, Asset)] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path`, with or without a leading slash; the page itself at `/`.
pub fn asset(path: &str) -> Option<Asset> {
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let at = ASSETS.binary_search_by_key(&path, |(name, _)| name).ok()?;
    Some(ASSETS[at].1)
}

/// Every path, for tests and tools.
pub fn paths() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|(path, _)| *path)
}

impl Asset {
    /// The bytes to send to a client that accepts `encodings` (its `Accept-Encoding`), and what to name in
    /// `Content-Encoding`.
    pub fn encoded(&self, encodings: &str) -> (&'static [u8], Option<&'static str>) {
        let accepts = |name: &str| {
            encodings.split(',').any(|offer| {
                let (coding, quality) = offer.split_once(';').unwrap_or((offer, ""));
                coding.trim().eq_ignore_ascii_case(name)
                    && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
            _ => (self.bytes, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_at_the_root_and_names_only_files_that_exist() {
        let page = asset("/").expect("the page is embedded");
        assert_eq!(page.mime, "text/html; charset=utf-8");
        assert!(!page.immutable);
        let html = std::str::from_utf8(page.bytes).expect("the page is UTF-8");
        let named: Vec<&str> = html
            .split('"')
            .filter(|text| text.starts_with("/assets/"))
            .collect();
        assert!(named.len() >= 4, "{named:?}");
        for path in named {
            assert!(asset(path).is_some(), "{path} is not embedded");
        }
    }

    #[test]
    fn every_path_is_found_and_stamped_ones_are_immutable() {
        for path in paths() {
            let asset = asset(path).expect("listed paths are found");
            assert!(!asset.bytes.is_empty(), "{path}");
            // Pages of others name the client kit by an address that stays.
            let stamped = path.contains('-') && !path.ends_with("/webim-sdk.js");
            assert_eq!(asset.immutable, stamped, "{path}");
        }
        assert!(asset("/assets/nothing.js").is_none());
        assert!(asset("../Cargo.toml").is_none());
    }

    #[test]
    fn the_best_encoding_that_is_accepted_is_chosen() {
        let page = asset("/").expect("the page is embedded");
        assert_eq!(page.encoded("gzip, deflate, br").1, Some("br"));
        assert_eq!(page.encoded("gzip, br;q=0").1, Some("gzip"));
        assert_eq!(page.encoded("identity").1, None);
        assert_eq!(page.encoded("identity").0, page.bytes);
    }
}
