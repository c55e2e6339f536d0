import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import {
  acceptResourcePriority,
  infoPackage,
  recvInfo,
  resourcePriority,
  sessionId,
  userToUser,
} from './session-data.ts';

test('a session identifier has one half from each side (RFC 7989 §5)', () => {
  reads(
    sessionId,
    'ab30317f1a784dc48ff824d0d3715d86; remote=47755a9de7794ba387653f2099600ef2',
    { local: 'ab30317f1a784dc48ff824d0d3715d86', remote: '47755a9de7794ba387653f2099600ef2' },
    'ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2',
  );
  reads(sessionId, 'ab30317f1a784dc48ff824d0d3715d86;logme', {
    local: 'ab30317f1a784dc48ff824d0d3715d86',
    params: new Params(';logme'),
  });
  refuses(sessionId, { '': 0, ab30317f1a784dc48ff824d0d3715d8: 0, 'ab30317f1a784dc48ff824d0d3715d86;remote=1': 33 });
});

test('user-to-user data is a token or quoted, with what it is (RFC 7433 §4.1)', () => {
  reads(
    userToUser,
    '56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar',
    { data: '56a390f3d2b7310023a2', purpose: 'foo', content: 'bar', encoding: 'hex' },
    '56a390f3d2b7310023a2;purpose=foo;content=bar;encoding=hex',
  );
  reads(userToUser, '"a, b";x', { data: 'a, b', params: new Params(';x') });
  refuses(userToUser, { '': 0, '"a': 2, 'a;purpose=': 10 });
});

test('info packages have parameters (RFC 6086 §7.2, §7.3)', () => {
  for (const def of [infoPackage, recvInfo]) {
    reads(def, 'EmergencyCallData.eCall.MSD', { value: 'EmergencyCallData.eCall.MSD' });
    reads(def, 'foo;bar=1', { value: 'foo', params: new Params(';bar=1') });
    refuses(def, { '': 0, ';a': 0 });
  }
});

test('a resource priority is a rank in a namespace (RFC 4412 §3.1, §3.2)', () => {
  for (const def of [resourcePriority, acceptResourcePriority]) {
    reads(def, 'DSN.flash-override', { namespace: 'dsn', priority: 'flash-override' }, 'dsn.flash-override');
    refuses(def, { '': 0, dsn: 0, 'dsn.': 0, '.flash': 0, 'a.b.c': 0 });
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
