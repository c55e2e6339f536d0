import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mappedAddressOf, xorAddressValue } from './address.ts';
import { errorCodeOf, errorCodeValue, unknownAttributesOf, unknownAttributesValue } from './error-code.ts';
import { attributeOf, isStun, parseStun, printStun, STUN_ATTRIBUTES, type StunMessage } from './message.ts';

test('what is printed is read back, whatever class, method and attributes (RFC 8489 §5)', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('request', 'indication', 'success', 'error'),
      fc.nat(0xfff),
      fc.uint8Array({ minLength: 12, maxLength: 12 }),
      fc.array(attribute, { maxLength: 6 }),
      (kind, method, transactionId, attributes) => {
        const bytes = printStun({ kind, method, transactionId, attributes });
        const message = parseStun(bytes);
        assert.deepEqual([message?.kind, message?.method], [kind, method]);
        assert.deepEqual(plain(message?.transactionId), transactionId);
        assert.deepEqual(
          message?.attributes.map(({ type, value }) => ({ type, value: plain(value) })),
          attributes,
        );
      },
    ),
  );
});

test('the type of a message mixes class and method as RFC 8489 §5 draws it', () => {
  const typeOf = (kind: StunMessage['kind'], method: number): number => {
    const bytes = printStun({ kind, method, transactionId: ID, attributes: [] });
    return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  };
  assert.deepEqual(
    [typeOf('request', 1), typeOf('indication', 1), typeOf('success', 1), typeOf('error', 1), typeOf('error', 0xfff)],
    [0x0001, 0x0011, 0x0101, 0x0111, 0x3fff],
  );
});

test('no SIP message is taken for STUN, nor what has a wrong cookie or length (RFC 5626 §8, RFC 8489 §6.3)', () => {
  const good = printStun({ kind: 'request', method: 1, transactionId: ID, attributes: [] });
  assert.ok(isStun(good));
  for (const [at, value] of [
    [0, 0x40],
    [0, 0x80],
    [3, 4],
    [4, 0x20],
    [7, 0x43],
  ] as const) {
    const bad = new Uint8Array(good);
    bad[at] = value;
    assert.equal(isStun(bad), false, `byte ${at}`);
  }
  for (const text of ['', '\r\n\r\n', 'OPTIONS sip:a SIP/2.0\r\n', 'SIP/2.0 200 OK\r\n\r\n'])
    assert.equal(isStun(new Uint8Array(Buffer.from(text))), false, text);
  assert.equal(isStun(good.subarray(0, 19)), false);
});

test('no bytes make the reader fail, and an attribute that runs over the end is none', () => {
  const header = printStun({ kind: 'request', method: 1, transactionId: ID, attributes: [] });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      const body = noise.subarray(0, noise.length & ~3);
      const bytes = new Uint8Array([...header, ...body]);
      bytes[3] = body.length;
      const message = parseStun(bytes);
      for (const { value, at } of message?.attributes ?? []) assert.ok(at + 4 + value.length <= bytes.length);
      if (message !== undefined) {
        mappedAddressOf(message);
        errorCodeOf(message);
        unknownAttributesOf(message);
      }
    }),
  );
  const over = new Uint8Array([...header, 0, 6, 0, 5]);
  over[3] = 4;
  assert.equal(parseStun(over), undefined);
});

test('the first attribute of a type counts (RFC 8489 §14)', () => {
  const message = answer([
    { type: 6, value: Uint8Array.of(1) },
    { type: 6, value: Uint8Array.of(2) },
  ]);
  assert.deepEqual(plain(attributeOf(message, 6)?.value), Uint8Array.of(1));
});

test('addresses of both families come back, and the plain one of an old server too (RFC 8489 §14.1, §14.2)', () => {
  for (const host of ['0.0.0.0', '203.0.113.7', '::1', '2001:db8::a:0:0:1', 'fe80::1', '::ffff:c000:201']) {
    const value = xorAddressValue({ host, port: 61234 }, ID);
    const message = answer([{ type: STUN_ATTRIBUTES.xorMappedAddress, value }]);
    assert.deepEqual(mappedAddressOf(message), { host, port: 61234 });
  }
  const plainOne = answer([
    { type: STUN_ATTRIBUTES.mappedAddress, value: Uint8Array.of(0, 1, 0x13, 0xc4, 192, 0, 2, 1) },
  ]);
  assert.deepEqual(mappedAddressOf(plainOne), { host: '192.0.2.1', port: 5060 });
});

test('an address of no family, or cut short, is none; a text that is no address is the bug of its caller', () => {
  for (const value of [[], [0, 3, 0, 1, 1, 2, 3, 4], [0, 1, 0, 1, 1, 2, 3], [0, 2, 0, 1, 1, 2, 3, 4]])
    assert.equal(mappedAddressOf(answer([{ type: 0x20, value: Uint8Array.from(value) }])), undefined, `${value}`);
  for (const host of ['', 'localhost', '1.2.3', '256.1.1.1', '1::2::3', '1:2:3:4:5:6:7', ':::', '12345::'])
    assert.throws(() => xorAddressValue({ host, port: 1 }, ID), RangeError, host);
});

test('errors and the attributes that nobody knew come back (RFC 8489 §14.8, §14.13)', () => {
  const message = answer([
    { type: STUN_ATTRIBUTES.errorCode, value: errorCodeValue({ code: 420, reason: 'Unknown Attribute' }) },
    { type: STUN_ATTRIBUTES.unknownAttributes, value: unknownAttributesValue([0x24, 0x7fff, 0x25]) },
  ]);
  assert.deepEqual(errorCodeOf(message), { code: 420, reason: 'Unknown Attribute' });
  assert.deepEqual(unknownAttributesOf(message), [0x24, 0x7fff, 0x25]);
  for (const value of [[], [0, 0, 2, 0], [0, 0, 7, 0], [0, 0, 4, 100]])
    assert.equal(errorCodeOf(answer([{ type: 9, value: Uint8Array.from(value) }])), undefined, `${value}`);
});

const attribute = fc.tuple(fc.nat(0xffff), fc.uint8Array({ maxLength: 30 })).map(([type, value]) => ({ type, value }));

const ID = Uint8Array.from({ length: 12 }, (_, i) => 17 * i + 3);

const plain = (bytes: Uint8Array | undefined): Uint8Array => new Uint8Array(bytes ?? []);

function answer(attributes: readonly { type: number; value: Uint8Array }[]): StunMessage {
  const message = parseStun(printStun({ kind: 'success', method: 1, transactionId: ID, attributes }));
  assert.ok(message !== undefined);
  return message;
}
