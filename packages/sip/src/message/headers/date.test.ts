import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { date, retryAfter, timestamp } from './date.ts';

test('a date is a moment in GMT (RFC 3261 §20.17)', () => {
  reads(date, 'Sat, 13 Nov 2010 23:29:00 GMT', 1_289_690_940_000);
  reads(date, 'Thu, 01 Jan 1970 00:00:00 GMT', 0);
  reads(date, 'Thu, 29 Feb 2024 23:59:59 GMT', 1_709_251_199_000);
  assert.equal(date.encode(1_289_690_940_999), 'Sat, 13 Nov 2010 23:29:00 GMT');
});

test('other zones, days that are none and other forms are no dates (RFC 4475 §3.1.2.12)', () => {
  refuses(date, {
    '': 0,
    'Fri, 01 Jan 2010 16:00:00 EST': 0,
    'Fri, 01 Jan 2010 16:00:00 +0000': 0,
    'Xyz, 01 Jan 2010 16:00:00 GMT': 0,
    'Fri, 01 Jon 2010 16:00:00 GMT': 8,
    'Fri, 29 Feb 2023 16:00:00 GMT': 4,
    'Fri, 00 Jan 2010 16:00:00 GMT': 4,
    'Fri, 01 Jan 2010 24:00:00 GMT': 17,
    'Fri, 01 Jan 2010 23:60:00 GMT': 17,
    '2010-01-01T16:00:00Z': 0,
  });
});

test('Retry-After has seconds, a comment and how long the party will be there (RFC 3261 §20.33)', () => {
  reads(retryAfter, '18000;duration=3600', { seconds: 18_000, durationSeconds: 3600 });
  reads(retryAfter, "120 (I'm in a meeting)", { seconds: 120, comment: "I'm in a meeting" });
  reads(
    retryAfter,
    '5(a (nested), "one" \\( ) ; x=y',
    { seconds: 5, comment: 'a (nested), "one" \\( ', params: new Params('; x=y') },
    '5 (a (nested), "one" \\( ); x=y',
  );
  assert.equal(retryAfter.encode({ seconds: 1, comment: 'open (' }), '1 (open \\()');
  refuses(retryAfter, { '': 0, soon: 0, '5 (a': 4, '5 x': 2, '5;duration=x': 2, '949302838503028349304023988': 0 });
});

test('a time stamp and its delay are kept as they came (RFC 3261 §20.38)', () => {
  reads(timestamp, '54', { stamp: '54' });
  reads(timestamp, '54.210 1.50', { stamp: '54.210', delay: '1.50' });
  refuses(timestamp, { '': 0, '.5': 0, '54 x': 0, '54,3': 0 });
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
