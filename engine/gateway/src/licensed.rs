//! A LayIM that the operator has a licence for, served in place of ours under the same addresses.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::pages::matches;

/// Files and bytes in the folder, at most, and how deep they may lie.
const FILES: usize = 1_000;
const BYTES: usize = 64 * 1024 * 1024;
const DEPTH: usize = 4;
/// Where LayIM looks for what belongs to it, below layui's own folder.
const MODULE: &str = "/css/modules/layim/";

/// The files of the folder, held in memory: what is not among them cannot be asked for.
#[derive(Clone, Debug)]
pub struct Licensed(Arc<BTreeMap<String, File>>);

#[derive(Debug)]
struct File {
    bytes: Bytes,
    mime: &'static str,
    etag: String,
}

impl Licensed {
    /// Reads `layim.js` and what lies beside it.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut left = BYTES;
        collect(folder, "", 0, &mut left, &mut files)?;
        if !files.contains_key("layim.js") {
            let message = "there is no layim.js in the folder";
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        Ok(Self(Arc::new(files)))
    }

    /// The page with this LayIM in place of ours, by addresses that have no stamp.
    pub(crate) fn page(&self, html: &str) -> String {
        let parts = html.split('"').map(|part| {
            let name = ["js", "css"].into_iter().find(|end| {
                self.0.contains_key(&format!("layim.{end}"))
                    && part.starts_with("/assets/layim-")
                    && part.ends_with(&format!(".{end}"))
            });
            name.map_or_else(|| part.to_owned(), |end| format!("/assets/layim.{end}"))
        });
        parts.collect::<Vec<_>>().join("\"")
    }

    /// What is asked for below `/assets/`, if it is this LayIM's.
    pub(crate) fn serve(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let name = match path.split_once(MODULE) {
            Some((layui, name)) if layui.starts_with("layui-") => name,
            _ if matches!(path, "layim.js" | "layim.css") => path,
            _ => return None,
        };
        let file = self.0.get(name)?;
        let common = [
            (ETAG, file.etag.clone()),
            (CACHE_CONTROL, "no-cache".into()),
        ];
        Some(if matches(headers, &file.etag) {
            (StatusCode::NOT_MODIFIED, common).into_response()
        } else {
            (common, [(CONTENT_TYPE, file.mime)], file.bytes.clone()).into_response()
        })
    }
}

fn collect(
    folder: &Path,
    below: &str,
    depth: usize,
    left: &mut usize,
    files: &mut BTreeMap<String, File>,
) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() && depth < DEPTH {
            collect(&path, &format!("{below}{name}/"), depth + 1, left, files)?;
        } else if kind.is_file() {
            let meta = entry.metadata()?;
            let bytes = std::fs::read(&path)?;
            *left = left.checked_sub(bytes.len()).ok_or_else(too_large)?;
            let changed = meta.modified().ok();
            let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let etag = format!(
                "W/\"{:x}-{:x}\"",
                bytes.len(),
                changed.unwrap_or_default().as_millis()
            );
            let mime = mime(&name);
            let bytes = bytes.into();
            files.insert(format!("{below}{name}"), File { bytes, mime, etag });
            if files.len() > FILES {
                return Err(too_large());
            }
        }
    }
    Ok(())
}

fn too_large() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "there is more in the folder than a LayIM",
    )
}

fn mime(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "mp3" => "audio/mpeg",
        "woff2" => "font/woff2",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_without_layim_is_refused() {
        let empty = folder(&[("readme.txt", "x")]);
        assert!(Licensed::read(empty.path()).is_err());
        assert!(Licensed::read(&empty.path().join("nothing")).is_err());
    }

    #[test]
    fn the_page_names_what_the_folder_has() {
        let html = r#"<link href="/assets/layim-0a.css"><script src="/assets/layim-0b.js"></script><script src="/assets/app-1.js">"#;
        let only = folder(&[("layim.js", "x")]);
        let page = Licensed::read(only.path()).unwrap().page(html);
        assert!(
            page.contains(r#""/assets/layim-0a.css""#) && page.contains(r#""/assets/layim.js""#)
        );
        let both = folder(&[("layim.js", "x"), ("layim.css", "y")]);
        let page = Licensed::read(both.path()).unwrap().page(html);
        assert!(page.contains(r#""/assets/layim.css""#) && page.contains("app-1"));
    }

    #[test]
    fn only_what_is_in_the_folder_is_served() {
        let all = folder(&[
            ("layim.js", "x"),
            ("skin/1.jpg", "y"),
            ("voice/default.mp3", "z"),
        ]);
        let licensed = Licensed::read(all.path()).unwrap();
        let status = |path: &str| {
            licensed
                .serve(path, &HeaderMap::new())
                .map(|answer| answer.status().as_u16())
        };
        assert_eq!(status("layim.js"), Some(200));
        assert_eq!(
            status("layui-2.13.6/css/modules/layim/skin/1.jpg"),
            Some(200)
        );
        for path in [
            "layim.css",
            "app-1.js",
            "skin/1.jpg",
            "layui-2/css/modules/layim/../layim.js",
            "x/css/modules/layim/layim.js",
        ] {
            assert_eq!(status(path), None, "{path}");
        }
        let etag = licensed
            .serve("layim.js", &HeaderMap::new())
            .unwrap()
            .headers()[ETAG]
            .clone();
        let has = [(axum::http::header::IF_NONE_MATCH, etag)]
            .into_iter()
            .collect();
        assert_eq!(licensed.serve("layim.js", &has).unwrap().status(), 304);
    }
}
