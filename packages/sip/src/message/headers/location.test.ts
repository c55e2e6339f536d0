import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { alertMsgError, geolocation, geolocationError, geolocationRouting } from './location.ts';

test('Geolocation says where the location is (RFC 6442 §4.1)', () => {
  reads(geolocation, '<cid:target123@atlanta.example.com>', { uri: 'cid:target123@atlanta.example.com' });
  reads(geolocation, '<https://lis.example.com:8222/y77syc7cuecbh>; loc-src=edgeproxy.example.com', {
    uri: 'https://lis.example.com:8222/y77syc7cuecbh',
    params: new Params('; loc-src=edgeproxy.example.com'),
  });
  refuses(geolocation, { '': 0, 'cid:a@b': 0, '<cid:a b>': 6 });
});

test('Geolocation-Routing is yes, no or an extension (RFC 6442 §4.2)', () => {
  reads(geolocationRouting, 'Yes', 'yes', 'yes');
  reads(geolocationRouting, 'no', 'no');
  assert.equal(geolocationRouting.decode('maybe="later"'), 'maybe');
  refuses(geolocationRouting, { '': 0, 'yes no': 4, 'a=': 2 });
});

test('errors of locations and alerts have a code and a text (RFC 6442 §4.4, RFC 8876 §5.2)', () => {
  reads(
    geolocationError,
    '100 ; code="Cannot Process Location"',
    { code: 100, text: 'Cannot Process Location' },
    '100;code="Cannot Process Location"',
  );
  reads(alertMsgError, '103;message="Alert payload was corrupted";x', {
    code: 103,
    text: 'Alert payload was corrupted',
    params: new Params(';x'),
  });
  for (const def of [geolocationError, alertMsgError]) refuses(def, { '': 0, '1000': 0, bad: 0, '100 x': 4 });
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
