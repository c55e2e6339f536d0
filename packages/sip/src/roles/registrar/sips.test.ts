import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { RemoteFault } from '../../text/faults.ts';
import type { Flow } from '../../uri/index.ts';
import type { Registration } from './decide.ts';
import { readRegistration } from './read-registration.ts';

const SECURE = 'sips:example.com';

test('a sips: Contact is taken where Request-URI, all Contacts and all of Path are sips:, whatever From and To are (RFC 5630 §5.2)', () => {
  const path = 'Path: <sips:p1.example.com;lr>, <sips:p2.example.com;lr>';
  const { contacts } = registration(SECURE, ['Contact: <sips:alice@a>, <SIPS:alice@b>', path]);
  assert.equal(contacts.length, 2);
});

for (const [what, uri, ...lines] of [
  ['Request-URI', 'sip:example.com', 'Contact: <sips:alice@a>'],
  ['another Contact', SECURE, 'Contact: <sips:alice@a>, <sip:alice@b>'],
  ['a Contact that is no SIP URI', SECURE, 'Contact: <sips:alice@a>', 'Contact: <tel:+1555>'],
  ['one of Path', SECURE, 'Contact: <sips:alice@a>', 'Path: <sips:p1;lr>, <sip:p2;lr>'],
] as const)
  test(`a sips: Contact is answered 400 where ${what} is not sips: (RFC 5630 §5.2)`, () => {
    assert.throws(
      () => registration(uri, lines),
      (fault) => fault instanceof RemoteFault && fault.status === 400,
    );
  });

test('a Contact that is to be forgotten binds nothing: it may stand beside others (RFC 5630 §5.2)', () => {
  assert.equal(
    registration('sip:example.com', ['Contact: <sips:alice@a>;expires=0, <sip:alice@a>']).contacts.length,
    2,
  );
  assert.equal(registration('sip:example.com', ['Contact: <sips:alice@a>', 'Expires: 0']).contacts.length, 1);
  assert.equal(registration(SECURE, ['Contact: <sip:alice@a>']).contacts.length, 1, 'sip: Contacts go with everything');
});

test('the same Contact with sip: and with sips: is one binding (RFC 5630 §5.1.1.1)', () => {
  const keyOf = (contact: string): string | undefined => {
    const [one] = registration(SECURE, [`Contact: <${contact}>`]).contacts;
    return one === '*' ? undefined : one?.key;
  };
  assert.equal(keyOf('sips:alice@a;x=y'), keyOf('sip:alice@A;x=y'));
  assert.notEqual(keyOf('sips:alice@a'), keyOf('sips:alice@a:5061'));
});

function registration(uri: string, lines: readonly string[]): Registration {
  const flow: Flow = {
    local: { protocol: 'tls', host: '192.0.2.1', port: 5061 },
    host: '10.1.1.1',
    port: 1,
    connection: 1,
  };
  return readRegistration(
    requestOf(
      messageText([
        `REGISTER ${uri} SIP/2.0`,
        'Via: SIP/2.0/TLS 10.1.1.1;branch=z9hG4bK1',
        'From: <sip:alice@example.com>;tag=1',
        'To: <sip:alice@example.com>',
        'Call-ID: c',
        'CSeq: 1 REGISTER',
        ...lines,
      ]),
    ),
    flow,
    'auto',
  );
}
