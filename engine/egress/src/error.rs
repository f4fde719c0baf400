//! Why a call was not made, or its answer not taken.

/// Why a call was not made, or its answer not taken. [`EgressError::word`] is the contract; the sentences may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Not an address, or one with a name and a password in it.
    #[error("this is not an address that can be called")]
    Url,
    /// Neither https nor, where it is allowed, http; or a redirect from https to http.
    #[error("this scheme is not allowed")]
    Scheme,
    /// A host that is not on the list.
    #[error("this host is not allowed")]
    Host,
    /// Every address of the host is one inside that the operator did not allow.
    #[error("this host's addresses are not allowed")]
    Address,
    /// The name is not known, or the one who should know does not answer.
    #[error("this host's name cannot be looked up")]
    Name,
    /// A header that the caller may not set, or more of them than the limit.
    #[error("these request headers are not allowed")]
    RequestHeaders,
    /// The request's body is larger than the limit.
    #[error("the request is too large")]
    RequestTooLarge,
    /// The answer's headers are larger than the limit.
    #[error("the answer's headers are too large")]
    HeadersTooLarge,
    /// The answer's body is larger than the limit; nothing of it is given.
    #[error("the answer is too large")]
    ResponseTooLarge,
    /// More redirects than the limit.
    #[error("too many redirects")]
    Redirects,
    /// Not all of the answer was there in time.
    #[error("no answer in time")]
    Timeout,
    /// As many calls as may be are under way.
    #[error("too many calls at once")]
    Busy,
    /// Nobody takes the connection, or it is not safe.
    #[error("no connection to this host")]
    Unreachable,
    /// What came is not HTTP, or ended in the middle.
    #[error("the answer is broken")]
    Broken,
}

impl EgressError {
    /// The stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Scheme => "scheme",
            Self::Host => "host",
            Self::Address => "address",
            Self::Name => "name",
            Self::RequestHeaders => "request_headers",
            Self::RequestTooLarge => "request_too_large",
            Self::HeadersTooLarge => "headers_too_large",
            Self::ResponseTooLarge => "response_too_large",
            Self::Redirects => "redirects",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::Broken => "broken",
        }
    }
}
