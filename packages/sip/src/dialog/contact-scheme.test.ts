import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf } from '../../test/wire-text.ts';
import { contactSchemeFor } from './contact-scheme.ts';

test('who is asked answers with a sips: Contact when Request-URI, top Record-Route or, without one, Contact has it (RFC 3261 §12.1.1)', () => {
  for (const [uri, more, scheme] of [
    ['sips:b@x.com', 'Contact: <sip:a@x.com>', 'sips'],
    ['sip:b@x.com', 'Record-Route: <sips:p1;lr>, <sip:p2;lr>', 'sips'],
    ['sip:b@x.com', 'Record-Route: <sip:p1;lr>, <sips:p2;lr>', 'sip'],
    ['sip:b@x.com', 'Contact: <SIPS:a@x.com>', 'sips'],
    ['sip:b@x.com', 'Contact: <sips:a@x.com>\nRecord-Route: <sip:p1;lr>', 'sip'],
    ['sip:b@x.com', 'Contact: *', 'sip'],
    ['sip:b@x.com', 'Route: <sips:p1;lr>', 'sip'],
  ] as const)
    assert.equal(contactSchemeFor(requestOf(`INVITE ${uri} SIP/2.0\n${more}`), 'uas'), scheme, `${uri} ${more}`);
});

test('who asks has a sips: Contact when Request-URI or top Route has it (RFC 3261 §12.1.2)', () => {
  for (const [uri, more, scheme] of [
    ['sips:b@x.com', 'Route: <sip:p1;lr>', 'sips'],
    ['sip:b@x.com', 'Route: <sips:p1;lr>, <sip:p2;lr>', 'sips'],
    ['sip:b@x.com', 'Route: <sip:p1;lr>, <sips:p2;lr>', 'sip'],
    ['sip:b@x.com', 'Record-Route: <sips:p1;lr>', 'sip'],
  ] as const)
    assert.equal(contactSchemeFor(requestOf(`INVITE ${uri} SIP/2.0\n${more}`), 'uac'), scheme, `${uri} ${more}`);
});
