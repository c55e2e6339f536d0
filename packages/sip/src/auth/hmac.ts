import { isHex } from '../text/chars.ts';
import { UsageFault } from '../text/faults.ts';
import type { Hash } from './hash.ts';

/** A keyed authentication code of some bytes, as 64 lower-case hexadecimal digits. */
export type Mac = (message: Uint8Array) => string;

/** HMAC with SHA-256 (RFC 2104 §2) over the hash port; two calls of the hash for each message. */
export function createMac(key: Uint8Array, hash: Hash): Mac {
  const block = new Uint8Array(BLOCK);
  if (key.length > BLOCK) writeHex(hash('SHA-256', key), block, 0);
  else block.set(key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = new Uint8Array(BLOCK + DIGEST);
  outer.set(block.map((byte) => byte ^ 0x5c));
  return (message) => {
    const first = new Uint8Array(BLOCK + message.length);
    first.set(inner);
    first.set(message, BLOCK);
    writeHex(hash('SHA-256', first), outer, BLOCK);
    return hash('SHA-256', outer);
  };
}

/** Writes the bytes of a digest in hexadecimal digits into `out` from `start` on. */
function writeHex(hex: string, out: Uint8Array, start: number): void {
  if (hex.length !== DIGEST * 2) throw new UsageFault('the hash port must give 64 hexadecimal digits for SHA-256');
  for (let i = 0; i < DIGEST; i += 1) out[start + i] = (nibble(hex, i * 2) << 4) | nibble(hex, i * 2 + 1);
}

function nibble(hex: string, at: number): number {
  const c = hex.charCodeAt(at);
  if (!isHex(c)) throw new UsageFault('the hash port must give hexadecimal digits');
  return c < 58 ? c - 48 : (c | 32) - 87;
}

/** The digest of SHA-256, in bytes. */
const DIGEST = 32;
/** The block of SHA-256, in bytes. */
const BLOCK = 64;
