import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Direction, directionOf, ownDirection, reversed, withDirection } from './direction.ts';
import { createMedia, createSdp, type Media, type Sdp } from './sdp.ts';

test("a media section has its own direction, or the session's, or sendrecv (RFC 8866 §6.7)", () => {
  for (const direction of ALL) {
    assert.equal(directionOf(session(), audio(direction)), direction);
    assert.equal(directionOf(session(direction), audio()), direction);
    assert.equal(directionOf(session('inactive'), audio(direction)), direction);
  }
  assert.equal(directionOf(session(), audio()), 'sendrecv');
  assert.equal(ownDirection(audio('ptime')), undefined);
});

test('lenient: of several directions at one level the last one counts (RFC 8866 §6.7)', () => {
  assert.equal(directionOf(session('sendonly'), audio('sendrecv', 'x', 'inactive', 'ptime')), 'inactive');
});

test('an attribute that only looks like a direction is none (RFC 8866 §6.7)', () => {
  const media = { ...audio(), attributes: [{ name: 'inactive', value: 'x' }] };
  assert.equal(directionOf(session('Sendonly'), media), 'sendrecv');
});

test('a new direction stands where the first old one stood and is the only one', () => {
  const held = withDirection(audio('x', 'sendrecv', 'y', 'inactive'), 'sendonly');
  assert.deepEqual(
    held.attributes.map(({ name }) => name),
    ['x', 'sendonly', 'y'],
  );
  assert.equal(ownDirection(withDirection(session('x'), 'recvonly')), 'recvonly');
});

test('what one side sends the other receives (RFC 3264 §6.1)', () => {
  assert.deepEqual(ALL.map(reversed), ['sendrecv', 'recvonly', 'sendonly', 'inactive']);
});

const ALL: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

const properties = (names: readonly string[]) => names.map((name) => ({ name, value: undefined }));

const audio = (...names: readonly string[]): Media =>
  createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'], attributes: properties(names) });

const session = (...names: readonly string[]): Sdp =>
  createSdp({
    origin: { username: '-', sessionId: '1', sessionVersion: '1', nettype: 'IN', addrtype: 'IP4', address: 'h' },
    attributes: properties(names),
  });
