import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addAttribute,
  attributesOf,
  effectiveValuesOf,
  hasAttribute,
  removeAttributes,
  replaceAttributes,
  setAttribute,
  valuesOf,
} from './attributes.ts';
import { type Attribute, createMedia, createSdp } from './sdp.ts';

test('attributes are found by name with regard to case, in their order (RFC 8866 §5)', () => {
  assert.deepEqual(attributesOf(MEDIA, 'x'), [
    { name: 'x', value: '1' },
    { name: 'x', value: undefined },
    { name: 'x', value: '' },
  ]);
  assert.deepEqual(valuesOf(MEDIA, 'x'), ['1', '']);
  assert.deepEqual(valuesOf(MEDIA, 'X'), ['3']);
  assert.deepEqual([hasAttribute(MEDIA, 'y'), hasAttribute(MEDIA, 'Y')], [true, false]);
});

test('what a media section does not say, the session says', () => {
  assert.deepEqual(effectiveValuesOf(SDP, MEDIA, 'x'), ['1', '']);
  assert.deepEqual(effectiveValuesOf(SDP, MEDIA, 's'), ['session']);
  assert.deepEqual(effectiveValuesOf(SDP, MEDIA, 'none'), []);
});

test('an attribute is added behind the others', () => {
  assert.deepEqual(addAttribute(SDP, 'rtcp-mux').attributes.at(-1), { name: 'rtcp-mux', value: undefined });
  assert.deepEqual(names(addAttribute(MEDIA, 'x', '4').attributes), 'x1 y x X3 x x4');
});

test('an attribute is set at the place of the first one of its name', () => {
  assert.deepEqual(names(setAttribute(MEDIA, 'x', '9').attributes), 'x9 y X3');
  assert.deepEqual(names(setAttribute(MEDIA, 'z', '9').attributes), 'x1 y x X3 x z9');
});

test('attributes are replaced or removed by several names', () => {
  const by = { name: 'n', value: undefined };
  assert.deepEqual(names(replaceAttributes(MEDIA, ['y', 'X'], by).attributes), 'x1 n x x');
  assert.deepEqual(names(removeAttributes(MEDIA, 'x', 'y').attributes), 'X3');
  assert.equal(MEDIA.attributes.length, 5);
});

const names = (attributes: readonly Attribute[]): string =>
  attributes.map(({ name, value }) => `${name}${value ?? ''}`).join(' ');

const MEDIA = createMedia({
  kind: 'audio',
  port: 1,
  proto: 'RTP/AVP',
  formats: ['0'],
  attributes: [
    { name: 'x', value: '1' },
    { name: 'y', value: undefined },
    { name: 'x', value: undefined },
    { name: 'X', value: '3' },
    { name: 'x', value: '' },
  ],
});

const SDP = createSdp({
  origin: { username: '-', sessionId: '1', sessionVersion: '1', nettype: 'IN', addrtype: 'IP4', address: 'h' },
  attributes: [
    { name: 's', value: 'session' },
    { name: 'x', value: 'session' },
  ],
});
