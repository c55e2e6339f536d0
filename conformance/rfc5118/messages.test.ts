import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, contact, type Request, read, readAll, via } from '@strowger/sip/message';
import { parseSdp } from '@strowger/sip/sdp';
import { parseUri, sameHost } from '@strowger/sip/uri';
import { parsedMessage } from '../support/torture-message.ts';

const requestIn = (name: string): Request => {
  const parsed = parsedMessage('rfc5118', `${name}.dat`);
  return parsed.kind === 'request' ? parsed : assert.fail(`${name} is ${parsed.kind}`);
};

const hostAndPort = (text: string): readonly unknown[] => {
  const uri = parseUri(text);
  return uri.type === 'sip' ? [uri.host, uri.port] : assert.fail(`${text} is no SIP URI`);
};

test('a port within the brackets is a part of the address, one behind them is a port (RFC 5118 §4.3, §4.4)', () => {
  assert.deepEqual(hostAndPort(requestIn('port-ambiguous').uri), ['[2001:db8::10:5070]', undefined]);
  assert.deepEqual(hostAndPort(requestIn('port-unambiguous').uri), ['[2001:db8::10]', 5070]);
  assert.deepEqual(hostAndPort(requestIn('ipv6-good').uri), ['[2001:db8::10]', undefined]);
});

test('an address without brackets is no host (RFC 5118 §4.2)', () => {
  assert.throws(() => parseUri(requestIn('ipv6-bad').uri), { name: 'SyntaxFault' });
});

test('received is read with and without brackets (RFC 5118 §4.5)', () => {
  const received = (name: string) => read(requestIn(name), via)?.params.get('received');
  assert.equal(received('via-received-param-with-delim'), '[2001:db8::9:255]');
  assert.equal(received('via-received-param-no-delim'), '2001:db8::9:255');
});

test('both families stand in one Via list (RFC 5118 §4.7)', () => {
  assert.deepEqual(
    readAll(requestIn('mult-ip-in-header'), via).map(({ host, port, params }) => [host, port, params.get('received')]),
    [
      ['[2001:db8::9:1]', 6050, undefined],
      ['192.0.2.1', undefined, undefined],
      ['[2001:db8::9:255]', undefined, '192.0.2.200'],
    ],
  );
});

test('IPv6 addresses in SDP have no brackets, and each medium may have its own family (RFC 5118 §4.6, §4.8, §4.9)', () => {
  const connectionsIn = (name: string) => {
    const session = parseSdp(Buffer.from(bodyOf(requestIn(name))).toString());
    if (session.type !== 'sdp') return assert.fail(session.reason);
    return [session.connection, ...session.media.flatMap(({ connections }) => connections)]
      .filter((connection) => connection !== undefined)
      .map(({ address }) => address);
  };
  assert.deepEqual(connectionsIn('ipv6-in-sdp'), ['2001:db8::20']);
  assert.deepEqual(connectionsIn('mult-ip-in-sdp'), ['192.0.2.1', '2001:db8::1']);
  assert.deepEqual(connectionsIn('ipv4-mapped-ipv6'), ['::ffff:192.0.2.2']);
});

test('IPv4-mapped addresses are addresses like others (RFC 5118 §4.9)', () => {
  const request = requestIn('ipv4-mapped-ipv6');
  assert.deepEqual(
    readAll(request, via).map(({ host, port }) => [host, port]),
    [
      ['[::ffff:192.0.2.10]', 19823],
      ['[::ffff:192.0.2.2]', undefined],
    ],
  );
  const place = read(request, contact) ?? assert.fail();
  assert.ok(place !== '*');
  assert.deepEqual([place.display, ...hostAndPort(place.uriText)], ['T. desk phone', '[::ffff:192.0.2.2]', undefined]);
});

test('a third colon before an IPv4 part is the same address (RFC 5118 §4.10)', () => {
  const [old] = hostAndPort(requestIn('ipv6-bug-abnf-3-colons').uri);
  const [right] = hostAndPort(requestIn('ipv6-correct-abnf-2-colons').uri);
  assert.ok(sameHost(String(old), String(right)));
});
