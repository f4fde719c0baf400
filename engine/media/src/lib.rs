//! What a file is, and where its bytes are kept.
