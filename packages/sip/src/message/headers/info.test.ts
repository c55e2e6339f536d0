import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { alertInfo, callInfo, errorInfo } from './info.ts';

test('Call-Info gives URIs with a purpose (RFC 3261 §20.9)', () => {
  reads(
    callInfo,
    '<http://wwww.example.com/alice/photo.jpg> ;purpose=icon',
    { uri: 'http://wwww.example.com/alice/photo.jpg', purpose: 'icon' },
    '<http://wwww.example.com/alice/photo.jpg>;purpose=icon',
  );
  reads(callInfo, '<sip:server.example.com>;answer-after=0', {
    uri: 'sip:server.example.com',
    params: new Params(';answer-after=0'),
  });
  refuses(callInfo, { '': 0, 'http://a/': 0, '<http://a/': 10, '<>': 1, '<http://a/>;purpose=': 20 });
});

test('Call-Info may hold a card in its URI, or an empty one (RFC 9796 §5)', () => {
  reads(callInfo, '<data:>;purpose=jcard;call-reason="For your ears only"', {
    uri: 'data:',
    purpose: 'jcard',
    params: new Params(';call-reason="For your ears only"'),
  });
  assert.equal(
    callInfo.decode('<data:application/json,["vcard",[["fn",{},"text","Q"]]]>;purpose=jcard').purpose,
    'jcard',
  );
});

test('Error-Info gives URIs (RFC 3261 §20.18)', () => {
  reads(errorInfo, '<sip:screen-failure-term-ann@annoucement.example.com>', {
    uri: 'sip:screen-failure-term-ann@annoucement.example.com',
  });
  refuses(errorInfo, { '': 0, '<a>': 2, '<sip:a b@c>': 6 });
});

test('Alert-Info gives a URI (RFC 3261 §20.4, RFC 7462 §4)', () => {
  reads(alertInfo, '<http://www.example.com/sounds/moo.wav>', { uri: 'http://www.example.com/sounds/moo.wav' });
  reads(alertInfo, '<urn:alert:service:normal>;appearance=1', {
    uri: 'urn:alert:service:normal',
    params: new Params(';appearance=1'),
  });
  refuses(alertInfo, { '<urn:alert:x': 12, '<a> b': 4, '<a>;': 4 });
});

test('the rings of real PBXs in Alert-Info are read', () => {
  reads(alertInfo, '<Bellcore-dr2>', { uri: 'Bellcore-dr2' });
  assert.deepEqual(alertInfo.decode('info=alert-autoanswer;delay=0'), {
    uri: 'info=alert-autoanswer',
    params: new Params(';delay=0'),
  });
  assert.deepEqual(alertInfo.decode('Ring Answer'), { uri: 'Ring Answer' });
  assert.deepEqual(alertInfo.decode(';info=alert-autoanswer'), {
    uri: '',
    params: new Params(';info=alert-autoanswer'),
  });
});

function reads<T>(def: HeaderDef<T>, text: string, value: T, canonical = text): void {
  assert.deepEqual(def.decode(text), value, text);
  assert.equal(def.encode(value), canonical);
  assert.deepEqual(def.decode(canonical), value);
}

function refuses(def: HeaderDef<unknown>, faults: Readonly<Record<string, number>>): void {
  for (const [text, at] of Object.entries(faults))
    assert.throws(
      () => def.decode(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      `${def.name}: ${text}`,
    );
}
