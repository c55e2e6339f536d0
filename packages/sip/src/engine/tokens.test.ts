import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@strowger/testkit';
import fc from 'fast-check';
import { destinationOf, loopHashOf, Tokens, wayOf } from './tokens.ts';

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
  assert.equal(loopHashOf(one.statelessBranch('x', 'via', one.loopHash('way'))), one.loopHash('way'));
  assert.notEqual(one.loopHash('way'), one.loopHash('another way'));
  assert.notEqual(one.loopHash('way'), tokens(1, 0, [9, 9, 9, 9]).loopHash('way'), 'nobody outside can make it');
  for (const foreign of ['', 'z9hG4bK', '1', 'z9hG4bKabc', '.s.', 'z9hG4bK0.s.x'])
    assert.equal(typeof loopHashOf(foreign), 'string');
});

test('tags have at least 32 random bits and differ (RFC 3261 §19.3)', () => {
  const one = tokens();
  const tags = Array.from({ length: 500 }, () => one.tag());
  assert.equal(new Set(tags).size, 500);
  assert.ok(tags.every((tag) => /^0\.[a-z0-9]{5,}$/.test(tag)));
});

test('a route token is a way to one place for either side of its call, and nothing to any other call', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (callId, caller, callee, other) => {
      const one = tokens();
      const token = one.routeToken(callId, caller, 'phone:5060');
      assert.equal(one.judgeRouteToken(token, callId, caller, callee, 'phone:5060'), 'way', 'a request of the caller');
      assert.equal(one.judgeRouteToken(token, callId, callee, caller, 'phone:5060'), 'way', 'a request of the callee');
      assert.equal(one.judgeRouteToken(token, callId, caller, callee, 'gateway:5060'), 'call', 'another place');
      if (other !== caller && callee !== caller)
        assert.equal(one.judgeRouteToken(token, callId, other, callee, 'phone:5060'), 'none');
      if (other !== callId) assert.equal(one.judgeRouteToken(token, other, caller, callee, 'phone:5060'), 'none');
      assert.equal(one.judgeRouteToken(`${token}0`, callId, caller, callee, 'phone:5060'), 'none');
    }),
  );
});

test('a URI leads to its host and port, or to its maddr; what is no SIP URI leads nowhere', () => {
  assert.equal(destinationOf('sip:alice@Phone.Example:5070;transport=tcp'), 'phone.example:5070');
  assert.equal(destinationOf('sip:phone.example'), 'phone.example:');
  assert.equal(destinationOf('sip:phone.example;maddr=192.0.2.1'), '192.0.2.1:');
  for (const nowhere of [undefined, 'tel:+1', 'sip:']) assert.equal(destinationOf(nowhere), '');
});

test('another key makes other tokens; the same key makes the same after a restart', () => {
  const token = tokens(1).routeToken('call', 'tag', 'a:1');
  assert.equal(tokens(2).routeToken('call', 'tag', 'a:1'), token);
  assert.notEqual(tokens(1, 0, [4, 3, 2, 1]).routeToken('call', 'tag', 'a:1'), token);
});

test('what is signed for one purpose does not serve another', () => {
  const one = tokens();
  const hashes = [
    one.routeToken('a', 'b', 'c').slice(2, 18),
    one.routeToken('a', 'b', 'c').slice(18),
    one.statelessTag('a\nb').slice(2),
    one.statelessBranch('a\nb', 'a\nb', 'l').slice(-16),
    one.statelessBranch('a\nb', 'a\nb', 'l').slice(-33, -17),
  ];
  assert.equal(new Set(hashes).size, 5);
  assert.ok(hashes.every((hash) => !hash.startsWith(one.loopHash('a\nb'))));
});

test('a stateless branch is the same for the same request, and known only with the Via of who sent that (RFC 3261 §16.11)', () => {
  const one = tokens();
  assert.equal(one.statelessBranch('x', 'via', 'l'), tokens(7).statelessBranch('x', 'via', 'l'));
  assert.notEqual(one.statelessBranch('x', 'via', 'l'), one.statelessBranch('y', 'via', 'l'));
  assert.ok(one.isStateless(one.statelessBranch('x', 'via', 'l'), 'via'));
  assert.ok(!one.isStateless(one.statelessBranch('x', 'via', 'l'), 'another via'));
  for (const other of [one.branch('abc'), 'z9hG4bK', '', '0.s.1', 'z9hG4bKforged', 'z9hG4bK0.s.x'])
    assert.ok(!one.isStateless(other, 'via'), other);
});

test('every identifier says which worker made it', () => {
  const seventh = tokens(1, 35);
  assert.match(seventh.branch('h'), /^z9hG4bKz\./);
  for (const made of [seventh.tag(), seventh.routeToken('a', 'b', 'c'), seventh.statelessTag('x')])
    assert.match(made, /^z\./);
  assert.match(seventh.statelessBranch('x', 'via', 'l'), /^z9hG4bKz\.s\./);
});

test('a way is for who claims the same as when the call began, and leads nowhere without a host', () => {
  assert.equal(wayOf('sip:phone.example', ''), 'phone.example:');
  assert.notEqual(wayOf('sip:phone.example', 'alice@example.com'), wayOf('sip:phone.example', 'bob@example.com'));
  assert.notEqual(wayOf('sip:phone.example', 'alice@example.com'), wayOf('sip:phone.example', ''));
  assert.equal(wayOf('tel:+1', 'alice@example.com'), '');
});
