import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeIo, fileError } from './io-fake.ts';
import { printFault } from './server-config.ts';
import { type Settings, type SettingsFlags, settingsOf } from './settings.ts';

type Files = Readonly<Record<string, string | Error>>;

async function settings(flags: SettingsFlags, files: Files = {}): Promise<Settings> {
  const result = await settingsOf(flags, '/home/al', createFakeIo({ files }).readFile);
  assert.ok(result.type === 'settings', result.type === 'faults' ? result.faults.map(printFault).join('\n') : '');
  return result.settings;
}

async function faults(flags: SettingsFlags, files: Files = {}): Promise<string[]> {
  const result = await settingsOf(flags, '/home/al', createFakeIo({ files }).readFile);
  assert.ok(result.type === 'faults', 'the settings are accepted');
  return result.faults.map(printFault);
}

test('without flags and file the defaults hold, with the data folder in the working folder', async () => {
  const { config, data, file, sources } = await settings({});
  assert.deepEqual(data, { type: 'folder', path: '/home/al/strowger-data' });
  assert.equal(file, undefined);
  assert.equal(config.listen.length, 2);
  assert.deepEqual(sources, {
    domains: 'default',
    listen: 'default',
    data: 'default',
    logFormat: 'default',
    logLevel: 'default',
  });
});

test('strowger.yaml in the working folder is read when it is there', async () => {
  const { config, file, sources } = await settings({}, { '/home/al/strowger.yaml': 'domains: [a.test]' });
  assert.deepEqual(config.domains, ['a.test']);
  assert.equal(file, '/home/al/strowger.yaml');
  assert.equal(sources.domains, 'strowger.yaml');
});

test('--config names the file, and only that one is read', async () => {
  const files = {
    '/home/al/strowger.yaml': 'domains: [a.test]',
    '/etc/s.yaml': 'domains: [b.test]',
    '/home/al/sub/s.yaml': 'domains: [c.test]',
  };
  assert.deepEqual((await settings({ config: '/etc/s.yaml' }, files)).config.domains, ['b.test']);
  assert.deepEqual((await settings({ config: 'sub/s.yaml' }, files)).config.domains, ['c.test']);
});

test('flags replace what the file says, lists as a whole', async () => {
  const files = {
    '/home/al/strowger.yaml':
      'domains: [a.test, b.test]\nlisten: [udp:0.0.0.0:5060]\nlog: { level: warn, format: json }',
  };
  const { config, sources } = await settings(
    { domain: ['c.test'], listen: ['tcp:127.0.0.1:0'], logLevel: 'debug' },
    files,
  );
  assert.deepEqual(config.domains, ['c.test']);
  assert.deepEqual(config.listen, [{ protocol: 'tcp', host: '127.0.0.1', port: 0 }]);
  assert.deepEqual(config.log, { level: 'debug', format: 'json' });
  assert.deepEqual(sources, {
    domains: '--domain',
    listen: '--listen',
    data: 'default',
    logFormat: 'strowger.yaml',
    logLevel: '--log-level',
  });
});

test('empty lists of flags change nothing', async () => {
  const { sources } = await settings({
    config: undefined,
    data: undefined,
    domain: [],
    listen: [],
    logFormat: undefined,
    logLevel: undefined,
  });
  assert.deepEqual(new Set(Object.values(sources)), new Set(['default']));
});

test('a relative data folder is relative to whoever names it: the file, or the person at the shell', async () => {
  const path = async (flags: SettingsFlags, yaml: string): Promise<unknown> =>
    (await settings(flags, { '/etc/s/s.yaml': yaml })).data;
  const config = '/etc/s/s.yaml';
  assert.deepEqual(await path({ config }, 'data: ./d'), { type: 'folder', path: '/etc/s/d' });
  assert.deepEqual(await path({ config }, ''), { type: 'folder', path: '/etc/s/strowger-data' });
  assert.deepEqual(await path({ config }, 'data: /var/d'), { type: 'folder', path: '/var/d' });
  assert.deepEqual(await path({ config, data: 'd' }, 'data: /var/d'), { type: 'folder', path: '/home/al/d' });
});

test('memory is no folder, from the file or from --data', async () => {
  assert.deepEqual((await settings({}, { '/home/al/strowger.yaml': 'data: memory' })).data, { type: 'memory' });
  assert.deepEqual((await settings({ data: 'memory' })).data, { type: 'memory' });
});

test('a file that was named and cannot be read is told as what it is', async () => {
  const told = async (error: Error): Promise<string | undefined> =>
    (await faults({ config: 's.yaml' }, { '/home/al/s.yaml': error }))[0];
  assert.equal(
    await told(fileError('ENOENT')),
    's.yaml: found no file of this name, expected a readable YAML file; check the path.',
  );
  assert.match((await told(fileError('EACCES'))) ?? '', /may not read.*permissions/);
  assert.match((await told(fileError('EISDIR'))) ?? '', /found a folder/);
  assert.match((await told(fileError('EIO'))) ?? '', /cannot be read \(EIO\)/);
});

test('a strowger.yaml that is there and cannot be read is not passed over', async () => {
  assert.match(
    (await faults({}, { '/home/al/strowger.yaml': fileError('EACCES') }))[0] ?? '',
    /^strowger\.yaml: found a file that this user may not read/,
  );
});

test('faults of flags name the flag, faults of the file its line', async () => {
  assert.deepEqual(await faults({ listen: ['udp:5060'] }, { '/home/al/strowger.yaml': 'auth: x' }), [
    '--listen: found "udp:5060", expected a listening address such as udp:0.0.0.0:5060 or tcp:[::1]:5060; for every address write udp:0.0.0.0:5060.',
    'strowger.yaml:1:7: auth: found "x", expected one of digest, none.',
  ]);
  assert.match((await faults({ domain: ['a.test', 'a.test'] }))[0] ?? '', /^--domain: .*a\.test is there twice/);
  assert.match((await faults({ data: '' }))[0] ?? '', /^--data: found "", expected a folder, or memory/);
});

test('a user of the file whose domain the flags took away is a fault of the file', async () => {
  const files = { '/home/al/strowger.yaml': 'domains: [a.test]\nusers: [{ name: al, password: x, domain: a.test }]' };
  assert.match((await faults({ domain: ['b.test'] }, files))[0] ?? '', /^strowger\.yaml:2:.*users\[0\]\.domain/);
});
