import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Server } from '@strowger/server';
import { main } from 'strowger';
import { addressesOf, startServer } from './embedded-server.ts';

test('both users register with their passwords, over UDP and TCP, and nobody else does', async () => {
  const log: string[] = [];
  const server = await startServer(['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'], (line) => log.push(line));
  assert.equal(await register('alice', 'correct horse', proxyOf(server, 'udp')), 0);
  assert.equal(await register('bob', 'battery staple', proxyOf(server, 'tcp')), 0);
  assert.equal(await register('alice', 'a guess', proxyOf(server, 'udp')), 2, 'a SIP failure');
  const found = await Promise.all(['alice', 'bob'].map((name) => contactsOf(server, name)));
  assert.deepEqual(found, [1, 1]);
  const [challenge, registered] = log;
  assert.deepEqual([challenge, registered], ['REGISTER: reply 401', 'REGISTER: reply 200']);
  await server.stop(0);
});

test('it says where it listens', async () => {
  const server = await startServer(['udp:127.0.0.1:0'], () => {});
  assert.match(addressesOf(server).join(' '), /^udp:127\.0\.0\.1:\d+$/);
  await server.stop(0);
});

/** Registers as a phone does, with the command `strowger register`; gives its exit code. */
function register(user: string, password: string, proxy: string): Promise<number> {
  const words = ['register', `sip:${user}@example.test`, '--password-stdin', '--proxy', proxy];
  const nothing = () => Promise.reject(new Error('nobody is asked and no file is read'));
  return main(
    words,
    {
      out: () => {},
      err: () => {},
      readInput: async () => `${password}\n`,
      readHidden: nothing,
      readFile: nothing,
      readBytes: nothing,
      folder: '/',
      env: {},
      isTerminal: { in: false, out: false, err: false },
    },
    new AbortController().signal,
  );
}

function proxyOf({ listening }: Server, protocol: 'udp' | 'tcp'): string {
  const port = listening.find((local) => local.protocol === protocol)?.port;
  return `sip:127.0.0.1:${port};transport=${protocol}`;
}

const contactsOf = async ({ locations }: Server, user: string): Promise<number> =>
  (await locations.lookup(`sip:${user}@example.test`, Date.now())).length;
