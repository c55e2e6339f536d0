import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSameListen, type Listen, parseListen, printListen } from './listen.ts';
import { isRefusal } from './reading.ts';

function listen(text: string): Listen {
  const read = parseListen(text);
  assert.ok(!isRefusal(read), `${text} is refused`);
  return read.value;
}

function hint(text: string): string {
  const read = parseListen(text);
  assert.ok(isRefusal(read), `${text} is accepted`);
  return read.hint ?? read.expected;
}

test('a listening address is protocol, IP address and port', () => {
  assert.deepEqual(listen('udp:127.0.0.1:5060'), { protocol: 'udp', host: '127.0.0.1', port: 5060 });
  assert.deepEqual(listen('tcp:[::1]:5060'), { protocol: 'tcp', host: '::1', port: 5060 });
  assert.deepEqual(listen('UDP:0.0.0.0:0'), { protocol: 'udp', host: '0.0.0.0', port: 0 });
  assert.equal(listen('udp:0.0.0.0:65535').port, 65_535);
});

test('every protocol of SIP here can be listened on', () => {
  for (const protocol of ['udp', 'tcp', 'tls', 'ws', 'wss'] as const)
    assert.equal(listen(`${protocol.toUpperCase()}:0.0.0.0:5061`).protocol, protocol);
  assert.equal(hint('https:0.0.0.0:443'), 'the protocols are udp, tcp, tls, ws and wss');
});

test('protocols over TCP cannot share a port, UDP and one of them can', () => {
  assert.equal(isSameListen(listen('tls:127.0.0.1:5061'), listen('wss:0.0.0.0:5061')), true);
  assert.equal(isSameListen(listen('udp:127.0.0.1:5061'), listen('tls:127.0.0.1:5061')), false);
});

test('a slip is answered with the address that was likely meant', () => {
  assert.equal(hint('udp:5060'), 'for every address write udp:0.0.0.0:5060');
  assert.equal(hint('udp:*:5060'), 'for every address write udp:0.0.0.0:5060');
  assert.equal(hint('tcp::5060'), 'for every address write tcp:0.0.0.0:5060');
  assert.equal(hint('tcp:localhost:5060'), 'write tcp:127.0.0.1:5060');
  assert.equal(hint('127.0.0.1'), 'did you mean udp:127.0.0.1:5060?');
  assert.equal(hint('127.0.0.1:5070'), 'did you mean udp:127.0.0.1:5070?');
  assert.equal(hint('udp:127.0.0.1'), 'the port is missing: udp:127.0.0.1:5060');
  assert.equal(hint('udp:[::1]'), 'the port is missing: udp:[::1]:5060');
  assert.equal(hint('udp:::1:5060'), 'an IPv6 address needs brackets: udp:[::1]:5060');
  assert.equal(hint('udp:fe80::a'), 'an IPv6 address needs brackets and a port: udp:[fe80::a]:5060');
});

test('other protocols, host names, ports above 65535 and empty texts are refused', () => {
  for (const text of [
    '',
    'udp',
    'sctp:1.2.3.4:5060',
    'udp:example.com:5060',
    'udp:1.2.3.4:65536',
    'udp:[1.2.3.4]:5060',
    'udp:1.2.3.4:',
    'udp:1.2.3.4:5060 ',
  ]) {
    hint(text);
  }
});

test('a printed listening address reads as itself', () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(fc.constantFrom('udp' as const, 'tcp' as const), host, fc.nat(65_535), (protocol, host, port) => {
      assert.deepEqual(listen(printListen({ protocol, host, port })), { protocol, host, port });
    }),
  );
});

test('reading any text as a listening address gives a value or a refusal, never a throw', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('udp', ':', '[', ']', '::1', '0.0.0.0', '5060'));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const read = parseListen(pieces.join(''));
      assert.ok('value' in read || read.expected.length > 0);
    }),
  );
});

test('two addresses clash when one socket would take the place of the other', () => {
  const clash = (a: string, b: string): boolean => isSameListen(listen(a), listen(b));
  assert.ok(clash('udp:127.0.0.1:5060', 'udp:127.0.0.1:5060'));
  assert.ok(clash('udp:[::1]:5060', 'udp:[0:0:0:0:0:0:0:1]:5060'));
  assert.ok(clash('udp:0.0.0.0:5060', 'udp:127.0.0.1:5060'));
  assert.ok(clash('udp:[2001:db8::1]:5060', 'udp:[::]:5060'));
  assert.ok(!clash('udp:0.0.0.0:5060', 'udp:[::]:5060'));
  assert.ok(!clash('udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'));
  assert.ok(!clash('udp:127.0.0.1:5060', 'udp:127.0.0.1:5070'));
  assert.ok(!clash('udp:127.0.0.1:5060', 'udp:127.0.0.2:5060'));
  assert.ok(!clash('udp:127.0.0.1:0', 'udp:127.0.0.1:0'));
});
