import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHash } from '@strowger/node';
import { openSqliteStore } from '@strowger/node/stores';
import { digestsOf } from '@strowger/sip/auth';
import { folderFor, start } from '../../test/process.ts';
import { createFakeIo, type FakeWorld } from '../io-fake.ts';
import { main } from '../main.ts';

const never = new AbortController().signal;

interface Told {
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

interface Place {
  readonly folder: string;
  /** Runs `strowger user …` in the folder. */
  readonly user: (words: readonly string[], world?: FakeWorld) => Promise<Told>;
}

/** A folder with a configuration file, where no server runs. */
function placeOf(t: TestContext, yaml = 'domains: [a.test, b.test]'): Place {
  const folder = folderFor(t);
  const files = { [join(folder, 'strowger.yaml')]: yaml };
  const user: Place['user'] = async (words, world = {}) => {
    const io = createFakeIo({ files, folder, ...world });
    const exit = await main(['user', ...words], io, never);
    return { exit, out: io.outLines, err: io.errLines };
  };
  return { folder, user };
}

const sentence = ({ exit, out, err }: Told): string => {
  assert.deepEqual([exit, out.length, err.length], [1, 0, 1], err.join('\n'));
  return err[0] ?? '';
};

test('a user is added with the password of standard input, and the store has digests of it', async (t) => {
  const { folder, user } = placeOf(t);
  const added = await user(['add', 'alice', '--password-stdin'], { input: 'wonder\n' });
  assert.deepEqual(added, { exit: 0, out: ['sip:alice@a.test was added.'], err: [] });
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'), { access: 'read' });
  assert.deepEqual(await store.users.find('alice', 'a.test'), digestsOf('alice', 'a.test', 'wonder', createHash()));
  store.close();
});

test('without a terminal a password is made up and shown once', async (t) => {
  const { user } = placeOf(t);
  const { exit, out } = await user(['add', 'alice', '--domain', 'b.test']);
  assert.deepEqual([exit, out[0]], [0, 'sip:alice@b.test was added.']);
  assert.match(out[1] ?? '', /^The password, shown this once: (\w{4}-){4}\w{4}$/);
});

test('on a terminal the password is asked for twice and not shown', async (t) => {
  const { user } = placeOf(t);
  const { exit, out, err } = await user(['add', 'alice'], { isTerminal: true, answers: ['wonder', 'wonder'] });
  assert.deepEqual([exit, out], [0, ['sip:alice@a.test was added.']]);
  assert.ok(!err.join('\n').includes('wonder'));
});

test('users are listed with where they are written down, also as JSON', async (t) => {
  const { user } = placeOf(t, 'domains: [a.test]\nusers: [{ name: carol, password: x }]');
  await user(['add', 'alice']);
  assert.deepEqual(await user(['list']), {
    exit: 0,
    out: ['ADDRESS           FROM', 'sip:carol@a.test  configuration (read-only)', 'sip:alice@a.test  store'],
    err: [],
  });
  const { out } = await user(['list', '--json']);
  assert.deepEqual(JSON.parse(out.join('\n')), {
    users: [
      { name: 'carol', domain: 'a.test', origin: 'configuration' },
      { name: 'alice', domain: 'a.test', origin: 'store' },
    ],
  });
});

test('a list of nobody says so beside the result', async (t) => {
  const { folder, user } = placeOf(t);
  const { exit, out, err } = await user(['list']);
  assert.deepEqual([exit, out, err], [0, [], ['There are no users yet; strowger user add NAME makes one.']]);
  assert.deepEqual(JSON.parse((await user(['list', '--json'])).out.join('\n')), { users: [] });
  assert.equal(existsSync(join(folder, 'strowger-data')), false, 'a look makes no data');
});

test('a password is replaced and a user removed', async (t) => {
  const { folder, user } = placeOf(t);
  await user(['add', 'alice']);
  const changed = await user(['password', 'alice', '--password-stdin'], { input: 'new' });
  assert.deepEqual(changed, { exit: 0, out: ['sip:alice@a.test has a new password.'], err: [] });
  const store = openSqliteStore(join(folder, 'strowger-data/strowger.db'), { access: 'read' });
  assert.deepEqual(await store.users.find('alice', 'a.test'), digestsOf('alice', 'a.test', 'new', createHash()));
  store.close();
  assert.deepEqual((await user(['remove', 'alice'])).out, ['sip:alice@a.test was removed.']);
  assert.equal(sentence(await user(['remove', 'alice'])), 'strowger user remove: there is no user alice@a.test.');
  assert.equal(sentence(await user(['password', 'alice'])), 'strowger user password: there is no user alice@a.test.');
});

test('users of the configuration are read-only, and the sentence says where they are changed', async (t) => {
  const { user } = placeOf(t, 'domains: [a.test]\nusers: [{ name: carol, password: x }]');
  const end = 'carol@a.test is written in the configuration and can only be changed there.';
  assert.equal(sentence(await user(['add', 'carol'])), `strowger user add: ${end}`);
  assert.equal(sentence(await user(['password', 'carol'])), `strowger user password: ${end}`);
  assert.equal(sentence(await user(['remove', 'carol'])), `strowger user remove: ${end}`);
});

test('what cannot be is told in one sentence', async (t) => {
  const { user } = placeOf(t);
  await user(['add', 'alice']);
  assert.equal(sentence(await user(['add', 'alice'])), 'strowger user add: alice@a.test is there already.');
  assert.match(sentence(await user(['add', 'a:b'])), /"a:b" is no user name: use letters/);
  assert.match(sentence(await user(['add', 'x', '--domain', 'c.test'])), /c\.test is not a domain of this server/);
  assert.match(sentence(await user(['add', 'x', '--password-stdin'])), /standard input has no password/);
  assert.match(sentence(await user(['list', '--data', 'memory'])), /no server runs here that keeps its data in memory/);
});

test('without a domain in the configuration one is made with the first user, and stays', async (t) => {
  const { user } = placeOf(t, '');
  assert.match(sentence(await user(['list'])), /there is no data in .*strowger-data yet; strowger serve makes it/);
  const [added = ''] = (await user(['add', 'alice'])).out;
  const domain = /@(strowger-[0-9a-f]{4}\.internal) /.exec(added)?.[1] ?? '';
  assert.deepEqual((await user(['remove', 'alice'])).out, [`sip:alice@${domain} was removed.`]);
});

test('a user that was added before the first start keeps the server from making some', async (t) => {
  const { folder, user } = placeOf(t, '');
  await user(['add', 'alice']);
  await user(['remove', 'alice']);
  const server = start(t, folder, ['serve', '--listen', 'udp:127.0.0.1:0']);
  await server.line(/^ready /);
  assert.deepEqual((await user(['list'])).err, ['There are no users yet; strowger user add NAME makes one.']);
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
});

test('a running server does the work, and knows a new user at once', async (t) => {
  const { folder, user } = placeOf(t, '');
  const server = start(t, folder, ['serve', '--listen', 'udp:127.0.0.1:0', '--domain', 'live.test']);
  await server.line(/^ready /);
  assert.deepEqual((await user(['add', 'dave', '--password-stdin'], { input: 'x' })).out, [
    'sip:dave@live.test was added.',
  ]);
  assert.equal((await user(['list'])).out.length, 4);
  assert.deepEqual((await user(['remove', 'dave'])).out, ['sip:dave@live.test was removed.']);
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
});

test('a faulty configuration is told, and nothing is done', async (t) => {
  const { folder, user } = placeOf(t, 'domain: a.test');
  const { exit, out, err } = await user(['add', 'alice']);
  assert.deepEqual([exit, out], [1, []]);
  assert.match(err[0] ?? '', /strowger\.yaml:1:1: .*did you mean domains\?/);
  assert.equal(existsSync(join(folder, 'strowger-data')), false);
});
