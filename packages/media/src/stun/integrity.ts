import { attributeOf, HEADER_BYTES, STUN_ATTRIBUTES, type StunMessage, setUint16, withAttribute } from './message.ts';

/** A synchronous HMAC port (RFC 2104): the code of `data`, 20 or 32 bytes. */
export type Hmac = (algorithm: IntegrityAlgorithm, key: Uint8Array, data: Uint8Array) => Uint8Array;

/** SHA-1 for MESSAGE-INTEGRITY (RFC 8489 §14.5), SHA-256 for MESSAGE-INTEGRITY-SHA256 (§14.6). */
export type IntegrityAlgorithm = 'SHA-1' | 'SHA-256';

/**
 * The message protected with a key, which is the password of short-term credentials (RFC 8489 §9.1.1) or a hash of user, realm
 * and password of long-term ones (§9.2.2). Only the fingerprint may follow.
 */
export function withIntegrity(
  bytes: Uint8Array,
  algorithm: IntegrityAlgorithm,
  key: Uint8Array,
  hmac: Hmac,
): Uint8Array {
  const code = hmac(algorithm, key, coveredBy(bytes, bytes.length, SIZES[algorithm]));
  return withAttribute(bytes, TYPES[algorithm], code);
}

/** Whether a message proves that its sender has the key; `absent` when it does not try. Cut codes are not taken (§14.6). */
export function integrityOf(
  message: StunMessage,
  algorithm: IntegrityAlgorithm,
  key: Uint8Array,
  hmac: Hmac,
): 'right' | 'wrong' | 'absent' {
  const attribute = attributeOf(message, TYPES[algorithm]);
  if (attribute === undefined) return 'absent';
  const size = SIZES[algorithm];
  if (attribute.value.length !== size) return 'wrong';
  const code = hmac(algorithm, key, coveredBy(message.bytes, attribute.at, size));
  let difference = 0;
  for (let i = 0; i < size; i += 1) difference |= (code[i] ?? 0) ^ (attribute.value[i] as number);
  return difference === 0 ? 'right' : 'wrong';
}

/** The message before the attribute, with the length that it has up to the end of the attribute. */
function coveredBy(bytes: Uint8Array, at: number, size: number): Uint8Array {
  const covered = bytes.slice(0, at);
  setUint16(covered, 2, at + 4 + size - HEADER_BYTES);
  return covered;
}

const TYPES = {
  'SHA-1': STUN_ATTRIBUTES.messageIntegrity,
  'SHA-256': STUN_ATTRIBUTES.messageIntegritySha256,
} as const;
const SIZES = { 'SHA-1': 20, 'SHA-256': 32 } as const;
