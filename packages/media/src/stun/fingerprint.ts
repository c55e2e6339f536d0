import { HEADER_BYTES, STUN_ATTRIBUTES, setUint16, uint16, withAttribute } from './message.ts';

/** The message with FINGERPRINT, which is its last attribute (RFC 8489 §14.7). */
export function withFingerprint(bytes: Uint8Array): Uint8Array {
  const out = withAttribute(bytes, STUN_ATTRIBUTES.fingerprint, new Uint8Array(4));
  const value = fingerprintOf(out, bytes.length);
  setUint16(out, out.length - 4, value >>> 16);
  setUint16(out, out.length - 2, value & 0xffff);
  return out;
}

/** Whether the fingerprint at the end of a message is that of the message; `absent` where its last attribute is another one. */
export function checkFingerprint(bytes: Uint8Array): 'right' | 'wrong' | 'absent' {
  const at = bytes.length - 8;
  if (at < HEADER_BYTES || uint16(bytes, at) !== STUN_ATTRIBUTES.fingerprint || uint16(bytes, at + 2) !== 4)
    return 'absent';
  const value = fingerprintOf(bytes, at);
  return uint16(bytes, at + 4) === value >>> 16 && uint16(bytes, at + 6) === (value & 0xffff) ? 'right' : 'wrong';
}

/** CRC-32 of what stands before the attribute, so that no CRC of another protocol passes for it. */
function fingerprintOf(bytes: Uint8Array, end: number): number {
  let crc = 0xffffffff;
  for (let i = 0; i < end; i += 1) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] as number)) & 255] as number);
  return (~crc ^ 0x5354554e) >>> 0;
}

/** ITU-T V.42, bits in reverse. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
