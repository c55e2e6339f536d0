import { UsageFault } from '../text/faults.ts';
import type { Hash } from './hash.ts';

/** A keyed authentication code of some bytes, as 64 lower-case hexadecimal digits. */
export type Mac = (message: Uint8Array) => string;

/** HMAC with SHA-256 (RFC 2104 §2) over the hash port; two calls of the hash for each message. */
export function createMac(key: Uint8Array, hash: Hash): Mac {
  const block = key.length > BLOCK ? bytesOfHex(hash('SHA-256', key)) : key;
  const inner = padded(block, 0x36);
  const outer = padded(block, 0x5c);
  return (message) => hash('SHA-256', joined(outer, bytesOfHex(hash('SHA-256', joined(inner, message)))));
}

function padded(key: Uint8Array, pad: number): Uint8Array {
  const out = new Uint8Array(BLOCK).fill(pad);
  for (let i = 0; i < key.length; i += 1) out[i] = (key[i] ?? 0) ^ pad;
  return out;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const out = new Uint8Array(head.length + tail.length);
  out.set(head);
  out.set(tail, head.length);
  return out;
}

function bytesOfHex(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < out.length; i += 1) {
    const byte = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
    if (Number.isNaN(byte)) throw new UsageFault('the hash port must give hexadecimal digits');
    out[i] = byte;
  }
  return out;
}

/** The block of SHA-256, in bytes. */
const BLOCK = 64;
