import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRtcpMux, parseRtcp, printRtcp, rtcpOf } from './rtcp.ts';
import { createMedia, type Media } from './sdp.ts';

test('a=rtcp has a port and perhaps an address, as the examples of RFC 3605 §2.1 show', () => {
  for (const [value, address] of [
    ['53020', undefined],
    ['53020 IN IP4 126.16.64.4', '126.16.64.4'],
    ['53020 IN IP6 2001:2345:6789:ABCD:EF01:2345:6789:ABCD', '2001:2345:6789:ABCD:EF01:2345:6789:ABCD'],
  ] as const) {
    const rtcp = rtcpOf(withAttribute('rtcp', value));
    assert.ok(rtcp !== undefined);
    assert.deepEqual([rtcp.port, rtcp.connection?.address], [53020, address]);
    assert.equal(printRtcp(rtcp), value);
  }
  assert.equal(rtcpOf(withAttribute('rtcp-mux', undefined)), undefined);
});

test('an a=rtcp of another form is not read (RFC 3605 §2.1)', () => {
  for (const value of ['', 'x', '65536', '-1', '1 IN', '1 IN IP4', '1 IN IP4 h h'])
    assert.equal(parseRtcp(value), undefined, value);
  assert.equal(parseRtcp('65535')?.port, 65_535);
});

test('a=rtcp-mux puts RTP and RTCP on one port (RFC 5761 §5.1.1)', () => {
  assert.equal(isRtcpMux(withAttribute('rtcp-mux', undefined)), true);
  assert.equal(isRtcpMux(withAttribute('rtcp', '1')), false);
});

const withAttribute = (name: string, value: string | undefined): Media =>
  createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'], attributes: [{ name, value }] });
