import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../test/process.ts';
import { hasDataStore, makeDataFolder, openDataStore } from './data-store.ts';

test('a data folder is made for its owner only, and a store in it', async (t) => {
  const data = { type: 'folder', path: join(folderFor(t), 'a', 'b') } as const;
  assert.equal(hasDataStore(data), false);
  makeDataFolder(data);
  assert.equal(statSync(data.path).mode & 0o777, 0o700);
  const store = await openDataStore(data, 'write');
  await store.settings.put('x', 'y');
  store.close();
  assert.equal(hasDataStore(data), true);
  const again = await openDataStore(data, 'read');
  assert.equal(await again.settings.get('x'), 'y');
  again.close();
});

test('data in memory needs no folder and is forgotten', async () => {
  const data = { type: 'memory' } as const;
  makeDataFolder(data);
  const store = await openDataStore(data, 'write');
  await store.settings.put('x', 'y');
  store.close();
  assert.equal(hasDataStore(data), false);
  assert.equal(await (await openDataStore(data, 'write')).settings.get('x'), undefined);
});

test('a folder that cannot be made is told with its cause', (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'file'), '');
  const place = (...path: string[]) => ({ type: 'folder', path: join(folder, ...path) }) as const;
  assert.throws(() => makeDataFolder(place('file')), {
    name: 'CommandFault',
    message: `the data folder ${join(folder, 'file')} cannot be made: there is a file of this name.`,
  });
  if (process.platform === 'linux')
    assert.throws(() => makeDataFolder({ type: 'folder', path: '/proc/x/y' }), /the system makes no folders there/);
});

test('data that is to outlive the power is written by a thread and read like all others', async (t) => {
  const data = { type: 'folder', path: folderFor(t) } as const;
  const store = await openDataStore(data, 'write', 'power');
  await store.settings.put('x', 'y');
  store.close();
  const again = await openDataStore(data, 'read', 'power');
  assert.equal(await again.settings.get('x'), 'y');
  again.close();
});
