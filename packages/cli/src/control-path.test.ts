import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../test/process.ts';
import {
  type ControlWorld,
  controlPlaceOf,
  controlWorld,
  makeControlFolder,
  requireOwnFolder,
} from './control-path.ts';

const WORLD: ControlWorld = { folder: '/home/al', temp: '/tmp', user: '1000', platform: 'linux' };
const folder = (path: string) => ({ data: { type: 'folder', path }, file: undefined }) as const;
const memory = (file?: string) => ({ data: { type: 'memory' }, file }) as const;

test('the control socket lies in the data folder', () => {
  assert.deepEqual(controlPlaceOf(folder('/srv/sip'), WORLD), { path: '/srv/sip/control.sock', folder: 'data' });
});

test('a path of more than 100 bytes, which no socket can have everywhere, gets a short name in the temporary folder', () => {
  const room = 100 - '/control.sock'.length;
  assert.equal(controlPlaceOf(folder(`/${'x'.repeat(room - 1)}`), WORLD).folder, 'data');
  const { path, folder: kind } = controlPlaceOf(folder(`/${'x'.repeat(room)}`), WORLD);
  assert.equal(kind, 'temporary');
  assert.match(path, /^\/tmp\/strowger-1000\/[0-9a-f]{16}\.sock$/);
  assert.equal(controlPlaceOf(folder(`/${'é'.repeat(44)}`), WORLD).folder, 'temporary');
});

test('a server in memory is found by its configuration file, or by the working folder where it has none', () => {
  const paths = [
    controlPlaceOf(memory(), WORLD),
    controlPlaceOf(memory(), { ...WORLD, folder: '/home/bo' }),
    controlPlaceOf(memory('/etc/s.yaml'), WORLD),
    controlPlaceOf(memory('/etc/s.yaml'), { ...WORLD, user: '1001' }),
  ].map(({ path }) => path);
  assert.equal(new Set(paths).size, 4);
  assert.equal(controlPlaceOf(memory('/etc/s.yaml'), { ...WORLD, folder: '/home/bo' }).path, paths[2]);
});

test('on Windows it is a named pipe', () => {
  const place = controlPlaceOf(folder('C:\\sip'), { ...WORLD, platform: 'win32' });
  assert.match(place.path, /^\\\\\.\\pipe\\strowger-[0-9a-f]{16}$/);
  assert.equal(place.folder, 'none');
});

test('the folder below the temporary one is for its owner alone', (t) => {
  const temp = folderFor(t);
  const place = controlPlaceOf(memory(), { ...controlWorld('/home/al'), temp });
  requireOwnFolder(place);
  makeControlFolder(place);
  makeControlFolder(place);
  assert.equal(statSync(join(place.path, '..')).mode & 0o777, 0o700);
});

test('a folder that somebody else could have made is not used', (t) => {
  const temp = folderFor(t);
  const world = { ...controlWorld('/home/al'), temp };
  const place = controlPlaceOf(memory(), world);
  mkdirSync(join(place.path, '..'));
  chmodSync(join(place.path, '..'), 0o755);
  assert.throws(() => makeControlFolder(place), {
    name: 'CommandFault',
    message: /is not a folder of this user alone/,
  });

  const other = controlPlaceOf(memory(), { ...world, user: 'linked' });
  mkdirSync(join(temp, 'elsewhere'), { mode: 0o700 });
  symlinkSync(join(temp, 'elsewhere'), join(other.path, '..'));
  assert.throws(() => requireOwnFolder(other), { name: 'CommandFault' });
});

test('a temporary folder in which nothing can be made is told with its cause', (t) => {
  const temp = join(folderFor(t), 'file');
  writeFileSync(temp, '');
  const place = controlPlaceOf(memory(), { ...controlWorld('/home/al'), temp });
  assert.throws(() => makeControlFolder(place), {
    name: 'CommandFault',
    message: `${dirname(place.path)} cannot be made: a part of the path is a file; set TMPDIR to another place.`,
  });
});
