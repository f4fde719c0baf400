//! What the matrix needs to try who may change the directory.

use serde_json::{Value, json};

/// The unit and the person that the rows make and take away again.
pub(super) const NAME: &str = "matrix";

/// A body that is in order, and changes nothing that another row needs.
pub(super) fn body(path: &str) -> Option<Value> {
    match path {
        "/api/v1/directory/units/{code}" | "/api/v1/directory/people/{login}" => {
            Some(json!({"name": NAME}))
        }
        "/api/v1/me/sign" => Some(json!({"sign": NAME})),
        _ => None,
    }
}
