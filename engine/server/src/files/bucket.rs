//! A bucket of a store that speaks S3, and the one question that `object_store` does not ask there: which uploads are
//! begun and not ended.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::MultipartStore as _;
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions, Signer as _, Url};
use object_store::{ClientOptions, Error, RetryConfig};
use webim_egress::{Egress, HostRule, Inside, Limits, Request, Rules};
use webim_media::{Half, Halves};
use webim_model::Millis;

use crate::config::FilesSection;

/// How long a request may stand still; how long it takes in all depends on the file.
const STILL: Duration = Duration::from_secs(30);
/// How long one that failed is tried again.
const TRIED: Duration = Duration::from_secs(20);
/// How long a signed question holds.
const SIGNED: Duration = Duration::from_mins(5);
/// Answers of up to a thousand uploads that are read in one go; the rest is found the next time.
const PAGES: usize = 20;

/// A bucket of which we use what lies below a prefix.
pub(super) struct Bucket {
    s3: AmazonS3,
    prefix: String,
    /// Whether the operator named the address, which may then be one inside.
    own: bool,
}

impl Bucket {
    pub fn open(section: &FilesSection, name: &str, prefix: &str) -> Result<Self, Error> {
        let options = ClientOptions::new()
            .with_timeout_disabled()
            .with_read_timeout(STILL)
            .with_connect_timeout(Duration::from_secs(5))
            .with_allow_http(section.endpoint.starts_with("http://"));
        let retry = RetryConfig {
            max_retries: 4,
            retry_timeout: TRIED,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(name)
            .with_client_options(options)
            .with_retry(retry);
        if !section.endpoint.is_empty() {
            builder = builder.with_endpoint(section.endpoint.trim_end_matches('/'));
        }
        if !section.region.is_empty() {
            builder = builder.with_region(&section.region);
        }
        if !section.access_key.is_empty() {
            builder = builder
                .with_access_key_id(&section.access_key)
                .with_secret_access_key(&section.secret_key.0);
        }
        Ok(Self {
            s3: builder.build()?,
            prefix: prefix.to_owned(),
            own: !section.endpoint.is_empty(),
        })
    }

    pub fn objects(&self) -> AmazonS3 {
        self.s3.clone()
    }

    fn below(&self) -> String {
        if self.prefix.is_empty() {
            String::new()
        } else {
            format!("{}/", self.prefix)
        }
    }

    async fn page(&self, after: Option<(&str, &str)>) -> Result<String, Error> {
        let below = self.below();
        let mut query = vec![("uploads", ""), ("prefix", &below)];
        if let Some((key, id)) = after {
            query.extend([("key-marker", key), ("upload-id-marker", id)]);
        }
        let options = SignedUrlOptions::default().with_query(query);
        let root = Path::default();
        let url = self
            .s3
            .signed_url_opts(Method::GET, &root, SIGNED, &options)
            .await?;
        let answer = self.egress(&url).call(Request::get(url)).await;
        let answer = answer.map_err(|error| failed(format!("{}: {error}", error.word())))?;
        if answer.status != 200 {
            return Err(failed(format!("status {}", answer.status)));
        }
        String::from_utf8(answer.body.into()).map_err(|_| failed("not text"))
    }

    /// What asks the bucket's own host and no other.
    fn egress(&self, url: &Url) -> Egress {
        let host = url.host_str().unwrap_or_default();
        let rule = HostRule::parse(host).ok();
        let named = [Inside::parse(host).ok(), rule.clone().map(Inside::Host)];
        let inside = named.into_iter().flatten().filter(|_| self.own);
        Egress::new(Rules {
            hosts: rule.into_iter().collect(),
            http: url.scheme() == "http",
            inside: inside.collect(),
            limits: Limits {
                redirects: 0,
                response_bytes: 4 * 1_024 * 1_024,
                deadline: STILL,
                ..Limits::default()
            },
        })
    }

    async fn begun(&self) -> Result<Vec<Half>, Error> {
        let (mut found, mut after) = (Vec::new(), None::<(String, String)>);
        for _ in 0..PAGES {
            let marker = after.as_ref().map(|(key, id)| (&**key, &**id));
            let page = self.page(marker).await?;
            for upload in elements(&page, "Upload") {
                let (Some(key), Some(id)) = (text(upload, "Key"), text(upload, "UploadId")) else {
                    continue;
                };
                let begun = text(upload, "Initiated").and_then(|time| moment(&time));
                let Some(path) = key.strip_prefix(&self.below()) else {
                    continue;
                };
                found.push(Half {
                    path: Path::from(path),
                    id,
                    begun: begun.ok_or_else(|| failed("an upload without its time"))?,
                });
            }
            let next = (
                text(&page, "NextKeyMarker"),
                text(&page, "NextUploadIdMarker"),
            );
            match (text(&page, "IsTruncated").as_deref(), next) {
                (Some("true"), (Some(key), Some(id))) => after = Some((key, id)),
                _ => break,
            }
        }
        Ok(found)
    }
}

impl Halves for Bucket {
    fn list(&self) -> BoxFuture<'_, Result<Vec<Half>, Error>> {
        self.begun().boxed()
    }

    fn end<'a>(&'a self, half: &'a Half) -> BoxFuture<'a, Result<(), Error>> {
        let path = Path::from(format!("{}{}", self.below(), half.path));
        async move { self.s3.abort_multipart(&path, &half.id).await }.boxed()
    }
}

fn failed(why: impl Into<String>) -> Error {
    let why: String = why.into();
    Error::Generic {
        store: "S3",
        source: format!("the uploads that are begun cannot be listed: {why}").into(),
    }
}

/// What stands between the tags of each such element.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&*begin).skip(1);
    parts
        .filter_map(|part| part.split_once(&*end).map(|(inner, _)| inner))
        .collect()
}

/// The text of the first such element.
fn text(xml: &str, name: &str) -> Option<String> {
    let inner = *elements(xml, name).first()?;
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let text = plain
        .iter()
        .fold(inner.to_owned(), |text, (from, to)| text.replace(from, to));
    Some(text).filter(|text| !text.is_empty())
}

/// A moment as S3 writes it: `2026-11-23T02:20:00.000Z`.
fn moment(text: &str) -> Option<Millis> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let time = time.split('.').next()?;
    let mut time = time.splitn(3, ':').map(str::parse::<i64>);
    let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970 in the Gregorian calendar, in years that begin in March.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 719_469;
    Some(Millis(
        ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for (text, millis) in [
            ("1970-01-01T00:00:00.000Z", Some(0)),
            ("2000-02-29T12:00:00Z", Some(951_825_600_000)),
            ("2026-11-23T02:20:01.999Z", Some(1_795_400_401_000)),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-23", None),
            ("", None),
        ] {
            assert_eq!(moment(text), millis.map(Millis), "{text}");
        }
    }

    #[test]
    fn a_list_of_uploads_is_read() {
        let xml = "<R><IsTruncated>false</IsTruncated><NextKeyMarker></NextKeyMarker><Upload><Key>a&amp;lt;</Key>\
            <UploadId>1</UploadId></Upload><Upload><Key>b</Key></Upload></R>";
        let uploads = elements(xml, "Upload");
        let keys: Vec<_> = uploads.iter().map(|upload| text(upload, "Key")).collect();
        assert_eq!(keys, [Some("a&lt;".to_owned()), Some("b".to_owned())]);
        assert_eq!(text(xml, "NextKeyMarker"), None);
        assert_eq!(text(xml, "Nothing"), None);
    }
}
