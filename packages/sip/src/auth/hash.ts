/** The hash functions that digest authentication names (RFC 7616 §3.2, RFC 8760 §2.1). */
export type HashAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

/** A synchronous hash port: lower-case hex of the digest; text is hashed as its UTF-8 bytes. */
export type Hash = (algorithm: HashAlgorithm, data: string | Uint8Array) => string;
