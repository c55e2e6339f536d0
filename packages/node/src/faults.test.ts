import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressText, LISTEN_FAULTS, ListenFault, listenFaultOf, transportFaultOf } from './faults.ts';

const errno = (code: string): Error => Object.assign(new Error(`bind ${code}`), { code });

test('what the system says about an address becomes a code and a sentence with a cure', () => {
  const of = (code: string): readonly [string, string] => {
    const fault = listenFaultOf(errno(code), 'udp', '192.0.2.1', 5_060);
    return [fault.code, fault.message];
  };
  assert.deepEqual(of('EADDRINUSE'), [
    'NODE_E_TAKEN',
    'udp:192.0.2.1:5060 is taken: another program listens there. Stop it or choose another port.',
  ]);
  assert.deepEqual(of('EADDRNOTAVAIL'), [
    'NODE_E_NOT_LOCAL',
    '192.0.2.1 is not an address of this machine, so udp:192.0.2.1:5060 cannot be opened.',
  ]);
  assert.deepEqual(of('EACCES'), [
    'NODE_E_PRIVILEGED',
    'This user may not open udp:192.0.2.1:5060. Choose a port from 1024 up or grant the right.',
  ]);
  assert.deepEqual(of('EIO'), ['NODE_E_LISTEN', 'udp:192.0.2.1:5060 cannot be opened: bind EIO']);
});

test('a listen fault keeps its cause and its address, and every code has a sentence', () => {
  const cause = errno('EADDRINUSE');
  const fault = listenFaultOf(cause, 'tcp', '::1', 5_060);
  assert.equal(fault.cause, cause);
  assert.deepEqual([fault.protocol, fault.host, fault.port, fault.name], ['tcp', '::1', 5_060, 'ListenFault']);
  assert.match(fault.message, /tcp:\[::1\]:5060/);
  for (const code of Object.keys(LISTEN_FAULTS)) assert.match(code, /^NODE_E_[A-Z_]+$/);
  assert.match(new ListenFault('NODE_E_WILDCARD', 'udp', '0.0.0.0', 5_060).message, /one socket for each/);
});

test('what the system says about a peer becomes a code of the engine', () => {
  const of = (code: string): string => transportFaultOf(errno(code), 'peer').code;
  const codes = [
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'EMSGSIZE',
    'ENOBUFS',
    'ECANCELED',
    'EFOO',
  ];
  const expected = [
    'refused',
    'unreachable',
    'unreachable',
    'reset',
    'reset',
    'timeout',
    'tooLarge',
    'queueFull',
    'closed',
    'other',
  ];
  assert.deepEqual(codes.map(of), expected);
  assert.equal(transportFaultOf(errno('ECONNREFUSED'), '192.0.2.1:5060').text, '192.0.2.1:5060 refused the connection');
  assert.deepEqual(transportFaultOf('odd', 'peer'), { code: 'other', text: 'peer failed (odd)' });
});

test('an IPv6 address is written in brackets before a port', () => {
  assert.equal(addressText('2001:db8::1', 5_060), '[2001:db8::1]:5060');
  assert.equal(addressText('192.0.2.1', 5_060), '192.0.2.1:5060');
});
