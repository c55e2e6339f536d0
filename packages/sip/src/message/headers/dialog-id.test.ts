import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { join, replaces, targetDialog } from './dialog-id.ts';

test('Replaces names a dialog by its Call-ID and both tags (RFC 3891 §6.1)', () => {
  reads(
    replaces,
    '98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff',
    { callId: '98732@sip.example.com', toTag: 'ff87ff', fromTag: 'r33th4x0r', earlyOnly: false },
    '98732@sip.example.com;to-tag=ff87ff;from-tag=r33th4x0r',
  );
  reads(replaces, '12adf2f34456gs5;to-tag=12345;from-tag=54321', {
    callId: '12adf2f34456gs5',
    toTag: '12345',
    fromTag: '54321',
    earlyOnly: false,
  });
  reads(replaces, '87134@171.161.34.23;to-tag=24796;from-tag=0;early-only;x=1', {
    callId: '87134@171.161.34.23',
    toTag: '24796',
    fromTag: '0',
    earlyOnly: true,
    params: new Params(';x=1'),
  });
  refuses(replaces, {
    '': 0,
    ';to-tag=1;from-tag=2': 0,
    'a;to-tag=1': 10,
    'a;from-tag=1': 12,
    'a;to-tag=;from-tag=2': 9,
    'a b': 2,
  });
});

test('Join names a dialog in the same way (RFC 3911 §7.1)', () => {
  reads(join, '12adf2f34456gs5;to-tag=12345;from-tag=54321', {
    callId: '12adf2f34456gs5',
    toTag: '12345',
    fromTag: '54321',
  });
  refuses(join, { '': 0, 'a;to-tag=1': 10 });
});

test('Target-Dialog names the tags by the side they are on (RFC 4538 §7)', () => {
  reads(
    targetDialog,
    'fa77as7dad8-sd98ajzz@host.example.com ;local-tag=kkaz- ;remote-tag=6544',
    { callId: 'fa77as7dad8-sd98ajzz@host.example.com', remoteTag: '6544', localTag: 'kkaz-' },
    'fa77as7dad8-sd98ajzz@host.example.com;remote-tag=6544;local-tag=kkaz-',
  );
  refuses(targetDialog, { '': 0, 'a;local-tag=1': 13, 'a;remote-tag=1;local-tag="b"x': 28 });
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
