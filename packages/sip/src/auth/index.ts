export * from './algorithm.ts';
export * from './answer.ts';
export * from './authentication-info.ts';
export * from './challenge.ts';
export * from './credentials.ts';
export {
  type DigestRequest,
  type Ha1s,
  type Protection,
  type Qop,
  qopOf,
  sameDigest,
} from './digest.ts';
export { isNearEnough, type UriNearness, uriNearness } from './digest-uri.ts';
export type { Hash, HashAlgorithm } from './hash.ts';
export { createNonceCounts, type NonceCountOptions, type NonceCounts, type Spending } from './nonce-counts.ts';
export { createNonces, type NonceOptions, type NonceState, type Nonces } from './nonces.ts';
export { type Digests, digestsOf } from './passwords.ts';
export { type Account, credentialsOf, type DigestSession, openSession, withNextNonce } from './session.ts';
export { type SipKey, siphash, siphashHex } from './siphash.ts';
export {
  type DigestCheck,
  type DigestPolicy,
  type DigestVerdict,
  isChallengeable,
  type KnownUser,
  nonceOf,
  verify,
} from './verify.ts';
