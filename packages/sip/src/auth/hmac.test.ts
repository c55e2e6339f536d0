import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { UsageFault } from '../text/faults.ts';
import type { Hash } from './hash.ts';
import { createMac } from './hmac.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** RFC 4231 §4.2 to §4.8: key, data, the first bytes that HMAC-SHA-256 must give. */
const vectors: readonly (readonly [string, Uint8Array, Uint8Array, string])[] = [
  ['§4.2', filled(20, 0x0b), ascii('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    '§4.3',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  ['§4.4', filled(20, 0xaa), filled(50, 0xdd), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [
    '§4.5',
    Uint8Array.from({ length: 25 }, (_, i) => i + 1),
    filled(50, 0xcd),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  ['§4.6', filled(20, 0x0c), ascii('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [
    '§4.7',
    filled(131, 0xaa),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    '§4.8',
    filled(131, 0xaa),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
];

for (const [section, key, data, expected] of vectors)
  test(`the vector of RFC 4231 ${section} is computed`, () => {
    const mac = createMac(key, hash)(data);
    assert.equal(mac.slice(0, expected.length), expected);
    assert.equal(mac, createHmac('sha256', key).update(data).digest('hex'));
  });

test('keys around the block of 64 bytes give what another implementation gives (RFC 2104 §2)', () => {
  for (const length of [0, 1, 63, 64, 65, 128])
    assert.equal(
      createMac(filled(length, 7), hash)(ascii('x')),
      createHmac('sha256', filled(length, 7)).update('x').digest('hex'),
    );
});

test('a hash port that gives something else than hexadecimal digits is found out', () => {
  assert.throws(() => createMac(filled(65, 1), () => 'zz'), UsageFault);
  assert.throws(() => createMac(filled(65, 1), () => 'z'.repeat(64)), UsageFault);
  assert.throws(() => createMac(filled(65, 1), () => 'a'.repeat(128)), UsageFault);
});
