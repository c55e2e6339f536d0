import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqliteStore } from '@strowger/node/stores';
import { folderFor, start } from '../../test/process.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

interface Told {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

interface Place {
  readonly folder: string;
  readonly bans: (...words: readonly string[]) => Promise<Told>;
}

/** A folder with data that no server has open. */
function placeOf(t: TestContext): Place {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'strowger-data'));
  openSqliteStore(join(folder, 'strowger-data/strowger.db')).close();
  return emptyPlace(folder);
}

/** The same without data. */
function emptyPlace(folder: string): Place {
  const files = { [join(folder, 'strowger.yaml')]: 'domains: [a.test]' };
  const bans: Place['bans'] = async (...words) => {
    const io = createFakeIo({ files, folder });
    const exit = await main(['bans', ...words], io, new AbortController().signal);
    return { exit, out: io.outLines, err: io.errLines };
  };
  return { folder, bans };
}

test('without a server bans are made, listed and removed in its data', async (t) => {
  const { bans } = placeOf(t);
  assert.deepEqual(await bans('list'), { exit: 0, out: [], err: ['Nobody is banned.'] });
  const added = await bans('add', '192.0.2.0/24', '--reason', 'abuse');
  assert.deepEqual(added, { exit: 0, out: ['192.0.2.0/24 is banned until the ban is removed.'], err: [] });
  assert.deepEqual((await bans('add', '2001:db8::7', '--seconds', '7200')).out, ['2001:db8::/64 is banned for 2 h.']);
  const { out } = await bans('list');
  assert.deepEqual(
    out.map((line) => line.replace(/in [\w ]+$/, 'in …')),
    [
      'NETWORK        REASON   BY             ENDS',
      '192.0.2.0/24   abuse    administrator  when removed',
      '2001:db8::/64  by hand  administrator  in …',
    ],
  );
  assert.deepEqual((await bans('remove', '192.0.2.0/24')).out, ['192.0.2.0/24 is not banned any more.']);
  const { bans: left } = JSON.parse((await bans('list', '--json')).out.join('\n'));
  assert.deepEqual([left.length, left[0].network, left[0].times], [1, '2001:db8::/64', 0]);
});

test('a ban before the first start is kept, and makes no users', async (t) => {
  const { folder, bans } = emptyPlace(folderFor(t));
  assert.deepEqual((await bans('list')).err, ['Nobody is banned.']);
  assert.equal((await bans('add', '192.0.2.0/24')).exit, 0);
  assert.match((await bans('list')).out[1] ?? '', /^192\.0\.2\.0\/24 /);
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'), { access: 'read' });
  assert.equal(await store.settings.get('users.made'), undefined);
  store.close();
});

test('what cannot be is told in one sentence', async (t) => {
  const { bans } = placeOf(t);
  assert.deepEqual(await bans('remove', '192.0.2.7'), {
    exit: 1,
    out: [],
    err: ['strowger bans remove: 192.0.2.7 is not banned.'],
  });
  const { exit, err } = await bans('add', '192.0.2.7/24');
  assert.equal(exit, 1);
  assert.match(err[0] ?? '', /^strowger bans add: found 192\.0\.2\.7\/24, expected .*did you mean 192\.0\.2\.0\/24/);
});

test('a ban by hand makes no users, so that the first start still does', async (t) => {
  const { folder, bans } = placeOf(t);
  await bans('add', '192.0.2.7');
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'), { access: 'read' });
  assert.equal(await store.settings.get('users.made'), undefined);
  store.close();
});

test('a running server obeys at once, and remembers after it has ended', async (t) => {
  const { folder, bans } = placeOf(t);
  const server = start(t, folder, ['serve', '--listen', 'udp:127.0.0.1:0', '--domain', 'a.test']);
  await server.line(/^ready /);
  assert.equal((await bans('add', '192.0.2.7', '--reason', 'abuse')).exit, 0);
  const running = await bans('list', '--json');
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
  assert.deepEqual(running.out, (await bans('list', '--json')).out);
  assert.match(running.out.join(), /"reason": "abuse"/);
});
