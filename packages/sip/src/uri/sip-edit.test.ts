import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageFault } from '../text/faults.ts';
import { Params } from '../text/params.ts';
import type { SipUri } from './sip.ts';
import {
  bareUri,
  createSipUri,
  headersOf,
  uriParam,
  userOf,
  withHeaders,
  withHost,
  withoutParam,
  withParam,
  withParams,
  withUser,
} from './sip-edit.ts';
import { parseUri } from './uri.ts';

test('a new URI escapes what it is given', () => {
  const uri = createSipUri({
    user: 'j@s0n',
    host: 'example.com',
    port: 5070,
    params: { transport: 'tcp', lr: '', x: 'a;b' },
  });
  assert.equal(uri.text, 'sip:j%40s0n@example.com:5070;transport=tcp;lr;x=a%3Bb');
  assert.equal(createSipUri({ host: '[::1]', secure: true }).text, 'sips:[::1]');
});

test('the parts of a URI are read with their escapes undone', () => {
  const uri = sip('sip:j%40s0n@example.com;x=a%3Bb;lr?Subject=project%20x&body=hi%26there');
  assert.equal(userOf(uri), 'j@s0n');
  assert.equal(userOf(sip('sip:example.com')), undefined);
  assert.equal(uriParam(uri, 'x'), 'a;b');
  assert.equal(uriParam(uri, 'lr'), '');
  assert.equal(uriParam(uri, 'ttl'), undefined);
  assert.deepEqual(headersOf(uri), [
    ['Subject', 'project x'],
    ['body', 'hi&there'],
  ]);
  assert.deepEqual(headersOf(sip('sip:example.com')), []);
});

test('edits leave the other parts as they stand', () => {
  const uri = sip('sip:a:pw@b.c:1;Lr;x=1?h=v');
  assert.equal(withHost(uri, 'd.e').text, 'sip:a:pw@d.e;Lr;x=1?h=v');
  assert.equal(withHost(uri, '[::1]', 5060).text, 'sip:a:pw@[::1]:5060;Lr;x=1?h=v');
  assert.equal(withUser(uri, 'z z').text, 'sip:z%20z@b.c:1;Lr;x=1?h=v');
  assert.equal(withUser(uri, undefined).text, 'sip:b.c:1;Lr;x=1?h=v');
  assert.equal(withParam(uri, 'X', 'a b').text, 'sip:a:pw@b.c:1;Lr;X=a%20b?h=v');
  assert.equal(withParam(uri, 'y').text, 'sip:a:pw@b.c:1;Lr;x=1;y?h=v');
  assert.equal(withoutParam(uri, 'lr').text, 'sip:a:pw@b.c:1;x=1?h=v');
  assert.equal(withoutParam(uri, 'nope'), uri);
  assert.equal(withParams(uri, new Params(';ob')).text, 'sip:a:pw@b.c:1;ob?h=v');
  assert.equal(
    withHeaders(uri, [['Replaces', 'x@y;to-tag=1']]).text,
    'sip:a:pw@b.c:1;Lr;x=1?Replaces=x%40y%3Bto-tag%3D1',
  );
  assert.equal(bareUri(uri).text, 'sip:a@b.c');
});

test("what cannot be part of a URI is the caller's mistake", () => {
  const uri = sip('sip:a@b.c');
  assert.throws(() => withHost(uri, 'no host'), UsageFault);
  assert.throws(() => withHost(uri, 'b.c', 0), UsageFault);
  assert.throws(() => withHost(uri, 'b.c', 65_536), UsageFault);
  assert.throws(() => withUser(uri, ''), UsageFault);
  assert.throws(() => withParam(uri, ''), UsageFault);
});

test('headers put into a URI come out of it', () => {
  const header = fc.tuple(fc.string({ minLength: 1 }), fc.string());
  fc.assert(
    fc.property(fc.array(header, { minLength: 1, maxLength: 4 }), (headers) => {
      const uri = sip(withHeaders(sip('sip:a@b.c'), headers).text);
      assert.deepEqual(headersOf(uri), headers);
    }),
  );
});

test('every URI that can be created is parsed as it was meant', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 65_535 }), text, (user, port, value) => {
      const uri = sip(createSipUri({ user, host: 'example.com', port, params: { value } }).text);
      assert.equal(userOf(uri), user);
      assert.equal(uri.port, port);
      assert.equal(uriParam(uri, 'value'), value);
    }),
  );
});

function sip(text: string): SipUri {
  const uri = parseUri(text);
  assert.equal(uri.type, 'sip');
  return uri as SipUri;
}
