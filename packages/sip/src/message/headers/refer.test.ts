import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { referEventsAt, referredBy, referSub, referTo } from './refer.ts';

test('Refer-To is an address whose URI may carry headers (RFC 3515 §2.1)', () => {
  const uri = 'sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994';
  reads(referTo, `<${uri}>`, new NameAddr('', uri, new Params('')));
  reads(
    referTo,
    'http://www.ietf.org',
    new NameAddr('', 'http://www.ietf.org', new Params('')),
    '<http://www.ietf.org>',
  );
  refuses(referTo, { '': 0, dave: 0, '<sip:dave': 9 });
});

test('Referred-By names a body part that proves it (RFC 3892 §3)', () => {
  const params = new Params(';cid="20398823.2UWQFN309shb3@referrer.example"');
  reads(
    referredBy,
    '<sip:referrer@referrer.example> ;cid="20398823.2UWQFN309shb3@referrer.example"',
    new NameAddr('', 'sip:referrer@referrer.example', params),
    '<sip:referrer@referrer.example>;cid="20398823.2UWQFN309shb3@referrer.example"',
  );
});

test('Refer-Sub is true or false (RFC 4488 §4)', () => {
  reads(referSub, 'false', { subscribe: false });
  reads(referSub, 'TRUE;x', { subscribe: true, params: new Params(';x') }, 'true;x');
  refuses(referSub, { '': 0, no: 0, 'true false': 5 });
});

test('Refer-Events-At is a URI in brackets (RFC 7614 §4.8)', () => {
  const uri = 'sips:vPT3izGmo8NTxaPADRZvEAY22BKx@example.com;gr';
  reads(referEventsAt, `<${uri}>`, { uri });
  refuses(referEventsAt, { '': 0, 'sip:wsXa9mkHtPcGu8@example.com': 0 });
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
