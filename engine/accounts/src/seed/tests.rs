//! The predecessor's tables, as exports have them.
