import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { reason } from './reason.ts';

test('a reason has a protocol, a cause and a text (RFC 3326 §2)', () => {
  reads(
    reason,
    'SIP ;cause=200 ;text="Call completed elsewhere"',
    { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' },
    'SIP;cause=200;text="Call completed elsewhere"',
  );
  reads(reason, 'Q.850;cause=16;text="Terminated"', { protocol: 'Q.850', cause: 16, text: 'Terminated' });
  reads(reason, 'Preemption;cause=1', { protocol: 'Preemption', cause: 1 });
});

test('other parameters of a reason are kept (RFC 8606 §4, RFC 9410 §4)', () => {
  reads(reason, 'Q.850;cause=1;text="Unallocated (unassigned) number";location=LN', {
    protocol: 'Q.850',
    cause: 1,
    text: 'Unallocated (unassigned) number',
    params: new Params(';location=LN'),
  });
  reads(reason, 'STIR;cause=436;text="";ppi=abc', {
    protocol: 'STIR',
    cause: 436,
    text: '',
    params: new Params(';ppi=abc'),
  });
  refuses(reason, { '': 0, ';cause=1': 0, 'SIP cause': 4, 'SIP;cause=x': 4, 'SIP;text="a': 11 });
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
