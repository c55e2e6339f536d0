import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNearEnough, type UriNearness, uriNearness } from './digest-uri.ts';

const cases: readonly (readonly [UriNearness, string, string])[] = [
  ['same', 'sip:bob@biloxi.com', 'sip:bob@biloxi.com'],
  ['same', 'urn:service:sos', 'urn:service:sos'],
  ['similar', 'sip:bob@biloxi.com', 'sip:bob@BILOXI.com:5060;transport=tcp'],
  ['similar', 'sip:bob@biloxi.com', 'sips:bob:secret@biloxi.com?subject=x'],
  ['similar', 'SIP:b%6fb@biloxi.com', 'sip:bob@biloxi.com'],
  ['similar', 'sip:biloxi.com', 'sip:biloxi.com:5061;transport=tls'],
  ['similar', 'sip:bob@[2001:db8::1]', 'sip:bob@[2001:DB8::1]:5060'],
  ['similar', 'tel:+1-201-555-0123', 'tel:+12015550123;phone-context=x'],
  ['sameUser', 'sip:bob@biloxi.com', 'sip:bob@192.0.2.4:5062'],
  ['sameUser', 'tel:+1-201-555-0123', 'sip:+12015550123@gw.example;user=phone'],
  ['sameUser', 'sip:+1(201)555.0123@gw.example', 'tel:+12015550123'],
  ['different', 'sip:bob@biloxi.com', 'sip:carol@biloxi.com'],
  ['different', 'sip:bob@biloxi.com', 'sip:BOB@biloxi.com'],
  ['different', 'sip:1.2@a', 'sip:12@b'],
  ['different', 'sip:bob@biloxi.com', 'sip:biloxi.com'],
  ['different', 'sip:biloxi.com', 'sip:chicago.com'],
  ['different', 'sip:bob@[2001:db8::1]', 'sip:carol@[2001:db8::2]'],
  ['different', 'urn:service:sos', 'urn:service:sos.fire'],
  ['different', 'sip:bob@biloxi.com', '/dir/index.html'],
  ['different', '', 'sip:bob@biloxi.com'],
  ['different', 'sip:bob@', 'sip:bob@biloxi.com'],
  ['different', 'sip:bob@[2001', 'sip:bob@biloxi.com'],
];

test('the uri of credentials and the Request-URI are compared by user and host (RFC 3261 §22.4 item 6)', () => {
  for (const [expected, digestUri, requestUri] of cases) {
    assert.equal(uriNearness(digestUri, requestUri), expected, `${digestUri} and ${requestUri}`);
    assert.equal(uriNearness(requestUri, digestUri), expected, `${requestUri} and ${digestUri}`);
  }
});

test('a nearness is enough when it is the wanted one or nearer', () => {
  const order: readonly UriNearness[] = ['same', 'similar', 'sameUser', 'different'];
  for (const [i, found] of order.entries())
    for (const [j, wanted] of order.entries()) assert.equal(isNearEnough(found, wanted), i <= j, `${found} ${wanted}`);
});
