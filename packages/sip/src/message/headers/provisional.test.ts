import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { rack, rseq } from './provisional.ts';

test('RSeq numbers responses from 1 (RFC 3262 §7.1)', () => {
  reads(rseq, '988789', 988_789);
  reads(rseq, '4294967295', 2 ** 32 - 1);
  refuses(rseq, { '': 0, '0': 0, '4294967296': 0, '1 2': 2 });
});

test('RAck names the response and its request (RFC 3262 §7.2)', () => {
  reads(rack, '776656 1 INVITE', { rseq: 776_656, cseq: 1, method: 'INVITE' });
  reads(rack, '1   2  x-METHOD', { rseq: 1, cseq: 2, method: 'x-METHOD' }, '1 2 x-METHOD');
  refuses(rack, { '': 0, '1': 1, '1 2': 3, '1 2INVITE': 3, '0 1 INVITE': 0, '1 2147483648 INVITE': 2, '1 2 A B': 6 });
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
