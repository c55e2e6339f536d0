import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { warning } from './warning.ts';

test('a warning has a code, who says it and a text (RFC 3261 §20.43)', () => {
  reads(warning, `307 isi.edu "Session parameter 'foo' not understood"`, {
    code: 307,
    agent: 'isi.edu',
    text: "Session parameter 'foo' not understood",
  });
  reads(warning, '392 192.0.2.1:5060 "Noisy \\"feedback\\""', {
    code: 392,
    agent: '192.0.2.1:5060',
    text: 'Noisy "feedback"',
  });
  refuses(warning, {
    '': 0,
    '1812 overture "In Progress"': 0,
    '370 "no agent"': 4,
    '399 a.b text': 8,
    '399 a.b "x" y': 12,
    '399 a.b "x': 10,
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
