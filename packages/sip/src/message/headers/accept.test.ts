import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { accept, acceptEncoding, acceptLanguage } from './accept.ts';

test('Accept names media ranges with their parameters and preference (RFC 3261 §20.1)', () => {
  reads(accept, 'application/sdp;level=1', { media: 'application/sdp', params: new Params(';level=1') });
  reads(accept, 'application/x-private', { media: 'application/x-private' });
  reads(accept, 'Text / HTML; q=0.50', { media: 'text/html', q: 500 }, 'text/html;q=0.5');
  reads(accept, '*/*', { media: '*/*' });
  reads(accept, 'text/*;q=0', { media: 'text/*', q: 0 });
  refuses(accept, {
    '': 0,
    text: 4,
    'text/': 5,
    '*/html': 0,
    'text/html;q=2': 10,
    'text/html;q=0.1234': 10,
    'a/b c': 4,
  });
});

test('Accept-Encoding names codings (RFC 3261 §20.2)', () => {
  reads(acceptEncoding, 'gzip', { coding: 'gzip' });
  reads(acceptEncoding, 'Identity;q=0.25', { coding: 'identity', q: 250 }, 'identity;q=0.25');
  reads(acceptEncoding, '*', { coding: '*' });
  refuses(acceptEncoding, { '': 0, 'gzip,': 4, 'gzip;q=': 7 });
});

test('Accept-Language names languages (RFC 3261 §20.3)', () => {
  reads(acceptLanguage, 'da', { language: 'da' });
  reads(acceptLanguage, 'en-gb;q=0.8', { language: 'en-gb', q: 800 });
  reads(acceptLanguage, 'es-419', { language: 'es-419' });
  reads(acceptLanguage, '*;q=0.1', { language: '*', q: 100 });
  refuses(acceptLanguage, { '': 0, '1en': 0, en_GB: 0, 'en-': 0, abcdefghi: 0 });
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
