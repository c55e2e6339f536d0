/** A STUN message (RFC 8489 §5) as it came; its attributes are views into its bytes. */
export interface StunMessage {
  readonly kind: StunKind;
  /** 1 is Binding. */
  readonly method: number;
  /** 12 bytes. */
  readonly transactionId: Uint8Array;
  readonly attributes: readonly StunAttribute[];
  readonly bytes: Uint8Array;
}

export type StunKind = 'request' | 'indication' | 'success' | 'error';

export interface StunAttribute {
  readonly type: number;
  /** Without padding. */
  readonly value: Uint8Array;
  /** Where its header stands in the message. */
  readonly at: number;
}

/** What a message is made of. Attributes that cover others (integrity, fingerprint) are added to its bytes. */
export interface NewStunMessage {
  readonly kind: StunKind;
  readonly method: number;
  readonly transactionId: Uint8Array;
  readonly attributes: readonly Pick<StunAttribute, 'type' | 'value'>[];
}

/**
 * True for what may be STUN and cannot be SIP: two bits of zero, the magic cookie and the right length (RFC 8489 §5, §6.3,
 * RFC 5626 §8). Costs a few comparisons.
 */
export function isStun(bytes: Uint8Array): boolean {
  const length = bytes.length;
  return (
    length >= HEADER_BYTES &&
    (bytes[0] as number) < 64 &&
    bytes[4] === 0x21 &&
    bytes[5] === 0x12 &&
    bytes[6] === 0xa4 &&
    bytes[7] === 0x42 &&
    (length & 3) === 0 &&
    uint16(bytes, 2) === length - HEADER_BYTES
  );
}

/** `undefined` for what is no STUN message, or one whose attributes run over its end. */
export function parseStun(bytes: Uint8Array): StunMessage | undefined {
  if (!isStun(bytes)) return undefined;
  const attributes: StunAttribute[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at = endOfAttribute(bytes, at)) {
    const end = at + 4 + uint16(bytes, at + 2);
    if (end > bytes.length) return undefined;
    attributes.push({ type: uint16(bytes, at), value: bytes.subarray(at + 4, end), at });
  }
  const type = uint16(bytes, 0);
  return {
    kind: KINDS[((type & 0x100) >> 7) | ((type & 0x10) >> 4)] ?? 'request',
    method: ((type & 0x3e00) >> 2) | ((type & 0xe0) >> 1) | (type & 0x0f),
    transactionId: bytes.subarray(8, HEADER_BYTES),
    attributes,
    bytes,
  };
}

export function printStun({ kind, method, transactionId, attributes }: NewStunMessage): Uint8Array {
  const length = attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const out = new Uint8Array(HEADER_BYTES + length);
  const bits = KINDS.indexOf(kind);
  const type =
    ((method & 0xf80) << 2) | ((method & 0x70) << 1) | (method & 0x0f) | ((bits & 2) << 7) | ((bits & 1) << 4);
  setUint16(out, 0, type);
  setUint16(out, 2, length);
  out.set(MAGIC_COOKIE, 4);
  out.set(transactionId, 8);
  let at = HEADER_BYTES;
  for (const attribute of attributes) at = putAttribute(out, at, attribute.type, attribute.value);
  return out;
}

/** The message with one attribute behind its others, and the length that this makes. */
export function withAttribute(bytes: Uint8Array, type: number, value: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 4 + padded(value.length));
  out.set(bytes);
  setUint16(out, 2, out.length - HEADER_BYTES);
  putAttribute(out, bytes.length, type, value);
  return out;
}

/** The first attribute of a type counts (RFC 8489 §14). */
export const attributeOf = (message: StunMessage, type: number): StunAttribute | undefined =>
  message.attributes.find((attribute) => attribute.type === type);

/** Offset behind an attribute and its padding (RFC 8489 §14). */
export const endOfAttribute = (bytes: Uint8Array, at: number): number => at + 4 + padded(uint16(bytes, at + 2));

export const uint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

export function setUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export const HEADER_BYTES = 20;
export const MAGIC_COOKIE: readonly number[] = [0x21, 0x12, 0xa4, 0x42];
export const BINDING = 1;

/** The attribute types of RFC 8489 §18.3. */
export const STUN_ATTRIBUTES = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  realm: 0x0014,
  nonce: 0x0015,
  messageIntegritySha256: 0x001c,
  passwordAlgorithm: 0x001d,
  userhash: 0x001e,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
} as const;

function putAttribute(out: Uint8Array, at: number, type: number, value: Uint8Array): number {
  setUint16(out, at, type);
  setUint16(out, at + 2, value.length);
  out.set(value, at + 4);
  return at + 4 + padded(value.length);
}

const padded = (length: number): number => (length + 3) & ~3;

/** By the two bits of the class (RFC 8489 §5). */
const KINDS: readonly StunKind[] = ['request', 'indication', 'success', 'error'];
