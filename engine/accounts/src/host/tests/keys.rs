//! Keys that sign nothing but tests.

/// Of `rsa.txt`.
pub const MODULUS: &str = "vp0OaBKQpynnFBxh2c8YBL5HdaE1MMLCx_E2nE7RbKGqP_OlkzR61BMo4MV_vz_Z77zRKSVYEOQSu6PmsesykkYc5ayzmR3h\
    A6iDnlpC7CgNPlvf6a7pXFP4tygCL5V7wUG3al92xTkTvyW8ADgr14ieIrOtlj5vO1Xw28oaNXpo4BSvZh7SAnTPn7hde8yG\
    G3ZYlqg49Gpj7mE8u3FfqVUMpv4ulGFqO5TOkoIrpVlYB05cT7jx39xusgfqTBNCaaFvdOuS7LVrFYBAchMK2pkkoAEo7HXX\
    D66vs6HBLX9GKibo-Td7N8j8HXn2gth5ckPPwKiJtiWe-zf1fMSOhQ";

/// Of 1024 bits.
pub const SMALL_MODULUS: &str = "uMmOEaP-7MtDLVLi6SoREhNK7kxLDPxP2kWhm1QnkcyLvL0LmgeiYDzQCzOsxrCITUl4Pkg_Hqo-3l0ChwFbfxUZrjaTHL8j\
    AL3ynsZ5nJkYVu_LhccR3b4aKd3Hsyb9uqTOVJx76_NbXOB5nybZfybz4TtgXPep3INwso9jZ78";

/// PKCS #8, P-256.
pub const EC_PRIVATE: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEqZNd0ClWO7HmuXAaVioKru+3llezBez8WKR4hqbgeChRANC\
    AAS0ULDo4lYyvDlBi19nN2QW5YdmmiKNV5JRGups7X726LZZ0H67S54kHT5nrJ949PZjFzJpnWWNCrlIkGeD1PPG";

/// Its public half.
pub const EC_X: &str = "tFCw6OJWMrw5QYtfZzdkFuWHZpoijVeSURrqbO1-9ug";

/// Its public half.
pub const EC_Y: &str = "tlnQfrtLniQdPmesn3j09mMXMmmdZY0KuUiQZ4PU88Y";
