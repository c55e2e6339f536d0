import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { mappedAddressOf, xorAddressValue } from './address.ts';
import { checkFingerprint, withFingerprint } from './fingerprint.ts';
import { type Hmac, integrityOf, withIntegrity } from './integrity.ts';
import { attributeOf, parseStun, printStun, STUN_ATTRIBUTES, type StunMessage } from './message.ts';

test('the sample request is read, and its integrity and fingerprint are right (RFC 5769 §2.1)', () => {
  const message = messageOf(REQUEST);
  assert.deepEqual(
    [message.kind, message.method, hexOf(message.transactionId)],
    ['request', 1, 'b7e7a701bc34d686fa87dfae'],
  );
  assert.equal(textOf(message, STUN_ATTRIBUTES.software), 'STUN test client');
  assert.equal(textOf(message, STUN_ATTRIBUTES.username), 'evtj:h6vY');
  assert.equal(integrityOf(message, 'SHA-1', SHORT_TERM_KEY, hmac), 'right');
  assert.equal(checkFingerprint(message.bytes), 'right');
});

test('the sample responses tell their addresses of both families (RFC 5769 §2.2, §2.3)', () => {
  for (const [sample, host] of [
    [RESPONSE_V4, '192.0.2.1'],
    [RESPONSE_V6, '2001:db8:1234:5678:11:2233:4455:6677'],
  ] as const) {
    const message = messageOf(sample);
    assert.equal(message.kind, 'success');
    assert.deepEqual(mappedAddressOf(message), { host, port: 32853 });
    const own = xorAddressValue({ host, port: 32853 }, message.transactionId);
    assert.deepEqual(own, new Uint8Array(attributeOf(message, STUN_ATTRIBUTES.xorMappedAddress)?.value ?? []));
    assert.equal(integrityOf(message, 'SHA-1', SHORT_TERM_KEY, hmac), 'right');
    assert.equal(checkFingerprint(message.bytes), 'right');
  }
});

test('long-term credentials sign with a hash of user, realm and password (RFC 5769 §2.4, RFC 8489 §B.1)', () => {
  const key = (algorithm: string): Uint8Array =>
    createHash(algorithm).update('マトリックス:example.org:TheMatrIX').digest();
  assert.equal(integrityOf(messageOf(LONG_TERM), 'SHA-1', key('md5'), hmac), 'right');
  assert.equal(integrityOf(messageOf(LONG_TERM_SHA256), 'SHA-256', key('sha256'), hmac), 'right');
});

test('what is printed from the parts of a sample is the sample, byte for byte', () => {
  for (const sample of [REQUEST, RESPONSE_V4, RESPONSE_V6]) {
    const message = messageOf(sample);
    const attributes = message.attributes.filter(
      ({ type }) => type !== STUN_ATTRIBUTES.messageIntegrity && type !== STUN_ATTRIBUTES.fingerprint,
    );
    const signed = withIntegrity(printStun({ ...message, attributes }), 'SHA-1', SHORT_TERM_KEY, hmac);
    // The samples pad with blanks, which may be anything (RFC 8489 §14); ours are zeros, so the codes differ where there is padding.
    const ours = messageOf(hexOf(withFingerprint(signed)));
    assert.deepEqual(
      ours.attributes.map(({ type, value }) => [type, value.length]),
      message.attributes.map(({ type, value }) => [type, value.length]),
    );
    assert.equal(integrityOf(ours, 'SHA-1', SHORT_TERM_KEY, hmac), 'right');
    assert.equal(checkFingerprint(ours.bytes), 'right');
  }
});

test('one changed byte makes integrity and fingerprint wrong', () => {
  const bytes = bytesOf(REQUEST);
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  const message = messageOf(hexOf(bytes));
  assert.equal(integrityOf(message, 'SHA-1', SHORT_TERM_KEY, hmac), 'wrong');
  assert.equal(checkFingerprint(bytes), 'wrong');
});

test('a code that is cut short proves nothing, and none is none (RFC 8489 §14.6)', () => {
  const bare = printStun({ kind: 'request', method: 1, transactionId: new Uint8Array(12), attributes: [] });
  const message = messageOf(hexOf(bare));
  assert.equal(integrityOf(message, 'SHA-256', SHORT_TERM_KEY, hmac), 'absent');
  assert.equal(checkFingerprint(bare), 'absent');
  const value = new Uint8Array(16);
  const cut = printStun({
    ...message,
    attributes: [{ type: STUN_ATTRIBUTES.messageIntegritySha256, value }],
  });
  assert.equal(integrityOf(messageOf(hexOf(cut)), 'SHA-256', SHORT_TERM_KEY, hmac), 'wrong');
});

const hmac: Hmac = (algorithm, key, data) =>
  createHmac(algorithm === 'SHA-1' ? 'sha1' : 'sha256', key)
    .update(data)
    .digest();

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function messageOf(hex: string): StunMessage {
  const message = parseStun(bytesOf(hex));
  assert.ok(message !== undefined, 'a STUN message');
  return message;
}

const textOf = (message: StunMessage, type: number): string =>
  Buffer.from(attributeOf(message, type)?.value ?? []).toString('utf8');

const SHORT_TERM_KEY = new Uint8Array(Buffer.from('VOkJxbRl1RmTxUk/WvJxBt'));

/** RFC 5769 §2.1. */
const REQUEST =
  '000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff' +
  '80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249' +
  'c1b571a280280004e57a3bcf';
/** RFC 5769 §2.2. */
const RESPONSE_V4 =
  '0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643' +
  '000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96';
/** RFC 5769 §2.3. */
const RESPONSE_V6 =
  '010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9fa' +
  'a5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c';
/** RFC 5769 §2.4. */
const LONG_TERM =
  '000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c' +
  '662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014' +
  'f67024656dd64a3e02b8e0712e85c9a28ca89666';
/** RFC 8489 §B.1 as erratum 6268 corrects it. */
const LONG_TERM_SHA256 =
  '000100902112a44278ad3433c6ad72c029da412e001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b2' +
  '05c46e41407f1704001500296f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c3946535476' +
  '79363473410000000014000b6578616d706c652e6f726700001d000400020000001c0020b5c7bf005b6c52a21c51c5e8' +
  '92f81924136296cb927c43149309278cc6518e65';
