/** The name of a user: what stands before the @ of an address without escapes (RFC 3261 §25.1: user). */
export const USER_NAME = /^[\w.!~*'()&=+$,;?/-]+$/;

/** What it may have beside letters and digits. */
export const USER_NAME_SIGNS = "-_.!~*'()&=+$,;?/";
