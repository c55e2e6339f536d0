import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@strowger/testkit';
import fc from 'fast-check';
import { loopHashOf, Tokens } from './tokens.ts';

const tokens = (seed = 1, worker = 0, key: readonly [number, number, number, number] = [1, 2, 3, 4]): Tokens =>
  new Tokens(createSeededRandom(seed, 'tokens'), key, worker);

test('branches begin with the magic cookie and are all different, in one life and in the next (RFC 3261 §8.1.1.7)', () => {
  const [one, next] = [tokens(1), tokens(2)];
  const branches = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? one : next).branch('abc'));
  assert.equal(new Set(branches).size, 1000);
  assert.ok(branches.every((branch) => branch.startsWith('z9hG4bK')));
});

test('the loop hash is read back from a branch of ours, whatever a stranger’s branch is', () => {
  const one = tokens();
  assert.equal(loopHashOf(one.branch(one.loopHash('way'))), one.loopHash('way'));
  assert.notEqual(one.loopHash('way'), one.loopHash('another way'));
  assert.notEqual(one.loopHash('way'), tokens(1, 0, [9, 9, 9, 9]).loopHash('way'), 'nobody outside can make it');
  for (const foreign of ['', 'z9hG4bK', '1', 'z9hG4bKabc']) assert.equal(typeof loopHashOf(foreign), 'string');
});

test('tags have at least 32 random bits and differ (RFC 3261 §19.3)', () => {
  const one = tokens();
  const tags = Array.from({ length: 500 }, () => one.tag());
  assert.equal(new Set(tags).size, 500);
  assert.ok(tags.every((tag) => /^0\.[a-z0-9]{5,}$/.test(tag)));
});

test('a route token fits its call and caller, from either side, and no other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (callId, caller, callee, other) => {
      const one = tokens();
      const token = one.routeToken(callId, caller);
      assert.ok(one.isRouteToken(token, callId, caller, callee), 'a request of the caller');
      assert.ok(one.isRouteToken(token, callId, callee, caller), 'a request of the callee');
      if (other !== caller && callee !== caller) assert.ok(!one.isRouteToken(token, callId, other, callee));
      if (other !== callId) assert.ok(!one.isRouteToken(token, other, caller, callee));
      assert.ok(!one.isRouteToken(`${token}0`, callId, caller, callee));
    }),
  );
});

test('another key makes other tokens; the same key makes the same after a restart', () => {
  const token = tokens(1).routeToken('call', 'tag');
  assert.equal(tokens(2).routeToken('call', 'tag'), token);
  assert.notEqual(tokens(1, 0, [4, 3, 2, 1]).routeToken('call', 'tag'), token);
});

test('what is signed for one purpose does not serve another', () => {
  const one = tokens();
  const hashes = [
    one.routeToken('a', 'b').slice(2),
    one.statelessTag('a\nb').slice(2),
    one.statelessBranch('a\nb').slice(-16),
  ];
  assert.equal(new Set(hashes).size, 3);
  assert.ok(hashes.every((hash) => !hash.startsWith(one.loopHash('a\nb'))));
});

test('a stateless branch is the same for the same request and known for what it is (RFC 3261 §16.11)', () => {
  const one = tokens();
  assert.equal(one.statelessBranch('x'), tokens(7).statelessBranch('x'));
  assert.notEqual(one.statelessBranch('x'), one.statelessBranch('y'));
  assert.ok(one.isStateless(one.statelessBranch('x')));
  for (const other of [one.branch('abc'), 'z9hG4bK', '', '0.s.1', 'z9hG4bKforged'])
    assert.ok(!one.isStateless(other), other);
});

test('every identifier says which worker made it', () => {
  const seventh = tokens(1, 35);
  assert.match(seventh.branch('h'), /^z9hG4bKz\./);
  for (const made of [seventh.tag(), seventh.routeToken('a', 'b'), seventh.statelessTag('x')])
    assert.match(made, /^z\./);
  assert.match(seventh.statelessBranch('x'), /^z9hG4bKz\.s\./);
});
