import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '@strowger/node/stores';
import type { Binding } from '@strowger/sip/roles/registrar';
import { folderFor } from '../../test/process.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

/** And half an hour, so that the time of the test does not show. */
const NINETY_DAYS_AND_A_HALF_MS = (90.5 * 24 + 0.5) * 3_600_000;

function bindingAt(contact: string, userAgent: string | undefined): Binding {
  const now = Date.now();
  return {
    key: contact,
    contact,
    params: '',
    q: undefined,
    callId: 'c',
    cseq: 1,
    expiresAt: now + NINETY_DAYS_AND_A_HALF_MS,
    registeredAt: now,
    updatedAt: now,
    path: [],
    flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '192.0.2.7', port: 5062, connection: 0 },
    reach: 'contact',
    instance: undefined,
    regId: undefined,
    gruusSince: undefined,
    userAgent,
  };
}

/** The lines of `strowger bindings …` on a store with two registered addresses. */
async function bindings(
  folder: string,
  ...words: readonly string[]
): Promise<{ exit: number; out: string; err: string }> {
  const files = { [join(folder, 'strowger.yaml')]: 'domains: [a.test]' };
  const io = createFakeIo({ folder, files });
  const exit = await main(['bindings', ...words], io, new AbortController().signal);
  return { exit, out: io.outLines.join('\n'), err: io.errLines.join('\n') };
}

async function fill(folder: string): Promise<void> {
  mkdirSync(join(folder, 'strowger-data'));
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'));
  await store.locations.save('sip:bob@a.test', [bindingAt('sip:bob@192.0.2.7:5062', undefined)], 0);
  await store.locations.save('sip:alice@a.test', [bindingAt('sip:alice@192.0.2.7', 'Phone\u001b[2J/1')], 0);
  store.close();
}

test('people get a table in which no phone can write where it should not', async (t) => {
  const folder = folderFor(t);
  await fill(folder);
  const { exit, out } = await bindings(folder);
  assert.equal(exit, 0);
  assert.deepEqual(out.split('\n'), [
    'ADDRESS           CONTACT                 EXPIRES IN  RECEIVED FROM       USER AGENT',
    'sip:alice@a.test  sip:alice@192.0.2.7     90 d 12 h   udp:192.0.2.7:5062  Phone\\u001b[2J/1',
    'sip:bob@a.test    sip:bob@192.0.2.7:5062  90 d 12 h   udp:192.0.2.7:5062  -',
  ]);
});

test('one address is asked for in any way to write it, and programs get JSON', async (t) => {
  const folder = folderFor(t);
  await fill(folder);
  for (const aor of ['bob', 'bob@a.test', 'SIP:bob@A.test']) {
    const { exit, out } = await bindings(folder, aor, '--json');
    assert.equal(exit, 0);
    const shown = JSON.parse(out).bindings;
    assert.deepEqual([shown.length, shown[0].contact, shown[0].userAgent], [1, 'sip:bob@192.0.2.7:5062', null]);
  }
});

test('more than one page of them is shown whole, each once and in order', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'strowger-data'));
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'));
  const aors = Array.from({ length: 2_100 }, (_, i) => `sip:u${10_000 + i}@a.test`);
  await Promise.all(aors.map((aor) => store.locations.save(aor, [bindingAt(aor, undefined)], 0)));
  store.close();
  const { exit, out } = await bindings(folder, '--json');
  assert.equal(exit, 0);
  assert.deepEqual(
    JSON.parse(out).bindings.map(({ aor }: { aor: string }) => aor),
    aors,
  );
});

test('nobody registered is no error, and somebody of another domain is', async (t) => {
  const folder = folderFor(t);
  assert.deepEqual(await bindings(folder), { exit: 0, out: '', err: 'Nobody is registered.' });
  assert.deepEqual(await bindings(folder, 'zoe'), { exit: 0, out: '', err: 'zoe is not registered.' });
  assert.deepEqual(await bindings(folder, 'sip:zoe@b.test'), {
    exit: 1,
    out: '',
    err: 'strowger bindings: b.test is not a domain of this server, which has a.test.',
  });
});
