import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Protocol } from '../../uri/index.ts';
import { type Reachable, targetOf } from './plan.ts';
import { placesFor, schemeRefusal } from './schemes.ts';

test('a sips: request goes to those alone that registered with sips: (RFC 5630 §5.3)', () => {
  const places = [place('sip:a@h'), place('sips:b@h'), place('tel:+1'), place('SIPS:c@h')];
  assert.deepEqual(contactsFor('sips', places), ['sips:b@h required', 'sips:c@h required']);
});

test('a sip: request to a sips: Contact has its scheme changed and nothing else, and goes over TLS (RFC 5630 §5.3)', () => {
  const places = [place('sip:a@h'), place('sips:b@h:5070;transport=tcp;x=sips:')];
  assert.deepEqual(contactsFor('sip', places), ['sip:a@h -', 'sip:b@h:5070;transport=tcp;x=sips: required']);
});

test('without sips: nothing is made anew', () => {
  const places = [place('sip:a@h'), place('tel:+1')];
  assert.equal(placesFor('sip', places), places);
});

test('a sips: Contact that only a flow without TLS leads to is no place for anybody (RFC 5630 §5.3)', () => {
  for (const scheme of ['sip', 'sips'] as const) {
    for (const protocol of ['udp', 'tcp', 'ws'] as const)
      assert.deepEqual(placesFor(scheme, [place('sips:a@h', protocol, 'flow')]), [], protocol);
    for (const protocol of ['tls', 'wss'] as const)
      assert.equal(placesFor(scheme, [place('sips:a@h', protocol, 'flow')]).length, 1, protocol);
  }
});

test('a connection without TLS is left alone for a sips: Contact, one with TLS is used (RFC 5630 §5.3)', () => {
  const [overTcp, overTls] = placesFor('sip', [place('sips:a@h', 'tcp'), place('sips:a@h', 'tls')]).map(targetOf);
  assert.deepEqual(overTcp, { uri: 'sip:a@h', security: 'required' });
  assert.deepEqual([overTls?.uri, overTls?.flow?.connection, overTls?.security], ['sip:a@h', 7, 'required']);
});

test('the refusal is 480 and warns which scheme it wants (RFC 5630 §5.3)', () => {
  for (const [scheme, warning] of [
    ['sips', '380 example.com "SIPS Not Allowed"'],
    ['sip', '381 example.com "SIPS Required"'],
  ] as const) {
    const { status, headers } = schemeRefusal(scheme, 'example.com');
    assert.deepEqual([status, headers.map(({ name, value }) => `${name}: ${value}`)], [480, [`Warning: ${warning}`]]);
  }
});

const contactsFor = (scheme: 'sip' | 'sips', places: readonly Reachable[]): readonly string[] =>
  placesFor(scheme, places).map(({ contact, security }) => `${contact} ${security ?? '-'}`);

const place = (contact: string, protocol: Protocol = 'udp', reach: Reachable['reach'] = 'contact'): Reachable => ({
  contact,
  q: undefined,
  path: [],
  flow: {
    local: { protocol, host: '192.0.2.1', port: 5060 },
    host: '198.51.100.7',
    port: 5062,
    connection: protocol === 'udp' ? 0 : 7,
  },
  reach,
  instance: undefined,
  updatedAt: 0,
});
