import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { flowTimer, maxBreadth } from './hops.ts';

test('Max-Breadth and Flow-Timer are whole numbers (RFC 5393 §5.8, RFC 5626 §10)', () => {
  for (const def of [maxBreadth, flowTimer]) {
    reads(def, '60', 60);
    reads(def, '99999999999', 2 ** 32 - 1, '4294967295');
    refuses(def, { '': 0, '-1': 0, '6 0': 2, '6s': 1 });
  }
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
