import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { minSe, sessionExpires } from './session-timer.ts';

test('Session-Expires is seconds and who refreshes (RFC 4028 §4)', () => {
  reads(sessionExpires, '4000;refresher=uac', { seconds: 4000, refresher: 'uac' });
  reads(
    sessionExpires,
    '1800 ; Refresher=UAS;x',
    { seconds: 1800, refresher: 'uas', params: new Params(';x') },
    '1800;refresher=uas;x',
  );
  reads(sessionExpires, '3600', { seconds: 3600 });
  refuses(sessionExpires, { '': 0, soon: 0, '90;refresher=me': 3, '4294967296': 0 });
});

test('Min-SE is seconds, whatever parameters stand behind it (RFC 4028 §5)', () => {
  reads(minSe, '90', 90);
  reads(minSe, '3600;x=y', 3600, '3600');
  refuses(minSe, { '': 0, '90 s': 3 });
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
