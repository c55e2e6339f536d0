import assert from 'node:assert/strict';
import {
  answerKeepAlive,
  checkFingerprint,
  errorCodeOf,
  integrityOf,
  isStun,
  mappedAddressOf,
  parseStun,
  printStun,
  unknownAttributesOf,
} from '@strowger/media/stun';
import { bytesOf } from '../corpus.ts';
import { decoder } from '../target.ts';

/** What comes to the SIP port and is no SIP. Each input is read as it is, and with a header that makes STUN of it. */
export const stun = decoder('stun', [], {
  words: [
    ...[
      '\0\x01\0\0',
      '\x01\x01',
      '\x01\x11',
      '\0\x11',
      '\x21\x12\xa4\x42',
      '\0\0',
      '\xff\xff',
      '\0\x04',
      '\0\x08',
      '\0\x14',
    ],
    ...[
      '\0\x06\0\x04abcd',
      '\0\x08\0\x14',
      '\0\x09\0\x04',
      '\0\x0a\0\x02',
      '\0\x1c\0\x20',
      '\0\x20\0\x08\0\x01',
      '\0\x20\0\x14\0\x02',
    ],
    ...['\x80\x22\0\x03abc\0', '\x80\x28\0\x04', '\x80\x28\0\x04\0\0\0\0', '\x7f\xff\0\0'],
  ],
  decode: (input) => {
    const bytes = bytesOf(input);
    read(bytes);
    read(withHeader(bytes));
  },
});

function read(bytes: Uint8Array): void {
  const answer = answerKeepAlive(bytes, FROM);
  // The longest: 420 with eight names, and a fingerprint.
  if (answer !== undefined) assert.ok(isStun(answer) && parseStun(answer) !== undefined && answer.length <= 76);
  const message = parseStun(bytes);
  if (message === undefined) return;
  for (const { value, at } of message.attributes) assert.ok(at + 4 + value.length <= bytes.length);
  const { port = 0 } = mappedAddressOf(message) ?? {};
  assert.ok(port >= 0 && port <= 65_535);
  errorCodeOf(message);
  unknownAttributesOf(message);
  checkFingerprint(bytes);
  for (const algorithm of ['SHA-1', 'SHA-256'] as const)
    assert.notEqual(integrityOf(message, algorithm, KEY, noHmac), 'right');
  const again = parseStun(printStun(message));
  assert.deepEqual(
    again?.attributes,
    message.attributes.map((one, i) => ({ ...one, at: again?.attributes[i]?.at })),
  );
  assert.deepEqual([again?.kind, again?.method], [message.kind, message.method]);
}

/** The cookie and the length that belong there. */
function withHeader(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.max(20, (bytes.length + 3) & ~3));
  out.set(bytes);
  out.set([(out[0] ?? 0) & 63, out[1] ?? 0, (out.length - 20) >> 8, out.length - 20, 0x21, 0x12, 0xa4, 0x42]);
  return out;
}

const FROM = { host: '192.0.2.7', port: 5060 };
const KEY = new Uint8Array(16);
/** No code has 3 in each byte that was not made to. */
const noHmac = (): Uint8Array => new Uint8Array(0);
