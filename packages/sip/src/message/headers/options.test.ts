import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { allow, proxyRequire, require, supported, unsupported } from './options.ts';

test('option tags and methods are tokens (RFC 3261 §20.5, §20.29, §20.32, §20.37, §20.40)', () => {
  for (const def of [require, proxyRequire, supported, unsupported, allow]) {
    reads(def, '100rel', '100rel');
    refuses(def, { '': 0, 'a b': 2, 'a;b': 1, '"a"': 0 });
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
