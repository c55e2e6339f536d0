import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Binding } from '@strowger/sip/roles/registrar';
import fc from 'fast-check';
import { bindingsFrom, earliestFrom, heldOf, NUMBERS } from './held-bindings.ts';

test('bindings come back as they were, whatever their texts and numbers are', () => {
  fc.assert(
    fc.property(fc.array(anyBinding, { maxLength: 4 }), (bindings) => {
      const { numbers, texts } = heldOf(bindings);
      assert.equal(numbers.length, NUMBERS * bindings.length);
      assert.deepEqual(bindingsFrom(numbers, 0, bindings.length, texts), bindings);
      if (bindings.length > 0)
        assert.equal(
          earliestFrom(numbers, 0, bindings.length),
          Math.min(...bindings.map(({ expiresAt }) => expiresAt)),
        );
    }),
  );
});

test('texts that are cut off are no bindings', () => {
  const [binding] = fc.sample(anyBinding, 1);
  const { numbers, texts } = heldOf(binding === undefined ? [] : [binding]);
  assert.throws(() => bindingsFrom(numbers, 0, 1, texts.slice(0, -1)), TypeError);
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\n', '"', '[', 'a\nb', '\0', '\u00e9\n\u{1f4de}', 'sip:alice@192.0.2.1'),
);
const anyNumber = fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER });
const perhaps = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(some, { nil: undefined });

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const anyBinding: fc.Arbitrary<Binding> = record({
  key: anyText,
  contact: anyText,
  params: anyText,
  q: perhaps(fc.nat(1000)),
  callId: anyText,
  cseq: anyNumber,
  expiresAt: anyNumber,
  registeredAt: anyNumber,
  updatedAt: anyNumber,
  path: fc.array(anyText, { maxLength: 3 }),
  flow: record({
    local: record({
      protocol: fc.constantFrom('udp', 'tcp', 'tls', 'ws', 'wss'),
      host: anyText,
      port: fc.nat(65_535),
    }),
    host: anyText,
    port: fc.nat(65_535),
    connection: anyNumber,
  }),
  reach: fc.constantFrom('contact', 'flow'),
  instance: perhaps(anyText),
  regId: perhaps(fc.nat()),
  gruusSince: perhaps(anyNumber),
  userAgent: perhaps(anyText),
});
