import { attributeOf, STUN_ATTRIBUTES, type StunMessage, setUint16, uint16 } from './message.ts';

/** Why a request failed (RFC 8489 §14.8): 300 to 699, and a phrase for people. */
export interface StunError {
  readonly code: number;
  readonly reason: string;
}

/** The value of ERROR-CODE; the phrase is ASCII. */
export function errorCodeValue({ code, reason }: StunError): Uint8Array {
  const out = new Uint8Array(4 + reason.length);
  out[2] = Math.floor(code / 100);
  out[3] = code % 100;
  for (let i = 0; i < reason.length; i += 1) out[4 + i] = reason.charCodeAt(i) & 127;
  return out;
}

/** `undefined` where there is none, or a broken one. The phrase has one character a byte. */
export function errorCodeOf(message: StunMessage): StunError | undefined {
  const value = attributeOf(message, STUN_ATTRIBUTES.errorCode)?.value;
  if (value === undefined || value.length < 4) return undefined;
  const [hundreds, rest] = [(value[2] as number) & 7, value[3] as number];
  if (hundreds < 3 || hundreds > 6 || rest > 99) return undefined;
  return { code: hundreds * 100 + rest, reason: String.fromCharCode(...value.subarray(4)) };
}

/** The value of UNKNOWN-ATTRIBUTES (RFC 8489 §14.13). */
export function unknownAttributesValue(types: readonly number[]): Uint8Array {
  const out = new Uint8Array(types.length * 2);
  for (const [i, type] of types.entries()) setUint16(out, i * 2, type);
  return out;
}

/** The types that a 420 names; none where it names none. */
export function unknownAttributesOf(message: StunMessage): readonly number[] {
  const value = attributeOf(message, STUN_ATTRIBUTES.unknownAttributes)?.value ?? new Uint8Array(0);
  return Array.from({ length: value.length >> 1 }, (_, i) => uint16(value, i * 2));
}
