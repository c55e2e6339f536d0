import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Flow, Protocol } from '../uri/transport.ts';
import { FlowTokens, type FlowUse } from './flow-token.ts';

const PATH: FlowUse = { type: 'path' };
const CALL: FlowUse = { type: 'call', callId: 'c', callerTag: 't' };

test('a token brings back the flow that it was made of, of every protocol and family (RFC 5626 §5.2)', () => {
  fc.assert(
    fc.property(anyFlow, (flow) => {
      const token = tokens().tokenOf(flow, PATH) ?? '';
      assert.match(token, /^0\.[-\w]+$/);
      assert.deepEqual(tokens().flowOf(token, PATH), flow);
    }),
  );
});

test('a token of a datagram flow of IPv4 is short', () => {
  assert.equal(tokens().tokenOf(udp(), PATH)?.length, 30);
});

test('nobody else can make one or change it: 403 (RFC 5626 §5.3.1)', () => {
  const token = tokens().tokenOf(udp(), PATH) ?? '';
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '7', '_'), (at, char) => {
      const changed = `${token.slice(0, at)}${char}${token.slice(at + 1)}`;
      if (changed === token || at < 2) return;
      assert.deepEqual(tokens().judge(changed, PATH, udp({ port: 9 })), { type: 'forged' });
    }),
  );
  for (const text of ['', '0.', '0.AAAA', '0.!', token.slice(0, -2), `${token}AAAA`])
    assert.equal(tokens().flowOf(text, PATH), undefined, text);
  assert.equal(new FlowTokens([9, 9, 9, 9], 1).flowOf(token, PATH), undefined);
});

test('a token is good for one use: not that of Path in a call, nor of one call in another', () => {
  const ofPath = tokens().tokenOf(udp(), PATH) ?? '';
  const ofCall = tokens().tokenOf(udp(), CALL) ?? '';
  assert.equal(tokens().flowOf(ofPath, CALL), undefined);
  assert.equal(tokens().flowOf(ofCall, PATH), undefined);
  assert.equal(tokens().flowOf(ofCall, { ...CALL, callId: 'd' }), undefined);
  assert.equal(tokens().flowOf(ofCall, { ...CALL, callerTag: 'u' }), undefined);
  assert.deepEqual(tokens().flowOf(ofCall, CALL), udp());
});

test('a request from the flow itself is outgoing, from anywhere else incoming (RFC 5626 §5.3)', () => {
  const token = tokens().tokenOf(udp(), PATH) ?? '';
  assert.deepEqual(tokens().judge(token, PATH, udp()), { type: 'outgoing' });
  for (const source of [udp({ port: 4 }), udp({ host: '203.0.113.8' })])
    assert.deepEqual(tokens().judge(token, PATH, source), { type: 'incoming', flow: udp() });
});

test('datagram flows outlive a restart, connections are dead after it (RFC 5626 §5.3.1)', () => {
  const tcp = { ...udp(), local: { ...udp().local, protocol: 'tcp' }, connection: 7 } as const;
  assert.deepEqual(tokens(2).flowOf(tokens(1).tokenOf(udp(), PATH) ?? '', PATH), udp());
  assert.equal(tokens(1).flowOf(tokens(1).tokenOf(tcp, PATH) ?? '', PATH)?.connection, 7);
  assert.equal(tokens(2).flowOf(tokens(1).tokenOf(tcp, PATH) ?? '', PATH)?.connection, -1);
});

test('an address that means something on one link only has no token', () => {
  assert.equal(tokens().tokenOf(udp({ host: 'fe80::1%eth0' }), PATH), undefined);
});

test('every token says which worker made it', () => {
  assert.match(new FlowTokens([1, 2, 3, 4], 1, 35).tokenOf(udp(), PATH) ?? '', /^z\./);
});

const tokens = (life = 1): FlowTokens => new FlowTokens([1, 2, 3, 4], life);

const udp = (other: Partial<Flow> = {}): Flow => ({
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '203.0.113.7',
  port: 61234,
  connection: 0,
  ...other,
});

const address = fc.constantFrom('0.0.0.0', '192.0.2.1', '255.255.255.255', '::', '2001:db8::7', 'fd00::1:0:0:1');
const port = fc.integer({ min: 1, max: 65_535 });
const anyFlow: fc.Arbitrary<Flow> = fc
  .tuple(fc.constantFrom<Protocol>('udp', 'tcp', 'tls', 'ws', 'wss'), address, port, address, port, fc.nat(2 ** 31))
  .map(([protocol, ours, oursPort, host, theirs, connection]) => ({
    local: { protocol, host: ours, port: oursPort },
    host,
    port: theirs,
    connection: protocol === 'udp' ? 0 : connection,
  }));
