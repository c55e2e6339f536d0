import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { inReplyTo, organization, priority, server, subject, userAgent } from './description.ts';

test('words for people are any text, even none (RFC 3261 §20.25, §20.35, §20.36, §20.41)', () => {
  for (const def of [subject, organization, server, userAgent])
    for (const text of ['Need more boxes', '', 'Boxes by Bob', 'HomeServer v2 (build 7; "x")', 'Füße'])
      reads(def, text, text);
});

test('a priority is a token (RFC 3261 §20.26)', () => {
  reads(priority, 'emergency', 'emergency');
  refuses(priority, { '': 0, 'non urgent': 4 });
});

test('In-Reply-To lists the calls that are returned (RFC 3261 §20.21)', () => {
  reads(inReplyTo, '70710@saturn.bell-tel.com', '70710@saturn.bell-tel.com');
  refuses(inReplyTo, { '': 0, 'a b': 1 });
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
