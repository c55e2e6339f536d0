import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { type Digests, digestsOf } from '@strowger/sip/auth';
import type { Settings, Users } from '@strowger/sip/roles/registrar';
import { UsageFault } from '@strowger/sip/text';

export interface UsersCompliance {
  readonly name: string;
  /** Fresh and empty for each case. */
  create(): UsersSite | Promise<UsersSite>;
}

export interface UsersSite {
  readonly users: Users;
  readonly settings: Settings;
  end(): void | Promise<void>;
}

/** Runs what the contracts of `Users` and `Settings` promise against one implementation. */
export function usersCompliance({ name, create }: UsersCompliance): void {
  describe(`${name} keeps users and settings`, () => {
    for (const { title, run } of cases) {
      test(title, async () => {
        const site = await create();
        try {
          await run(site);
        } finally {
          await site.end();
        }
      });
    }
  });
}

const cases: readonly { readonly title: string; run(site: UsersSite): Promise<void> }[] = [
  {
    title: 'a user is found by name and realm, with all digests',
    run: async ({ users }) => {
      const alice = userOf('alice', 'example.com');
      await users.put(alice);
      assert.deepEqual(await users.find('alice', 'example.com'), alice);
      assert.equal(await users.find('bob', 'example.com'), undefined);
    },
  },
  {
    title: 'names are case-sensitive and may have any characters but a colon',
    run: async ({ users }) => {
      const names = ['alice', 'Alice', 'j\u00e4s\u00f8n doe', '"; DROP TABLE users', '%', '_', '+4930123'];
      for (const name of names) await users.put(userOf(name, 'example.com'));
      for (const name of names) assert.equal((await users.find(name, 'example.com'))?.username, name);
      assert.equal(await users.find('ALICE', 'example.com'), undefined);
    },
  },
  {
    title: 'the same name in two realms is two users',
    run: async ({ users }) => {
      await users.put(userOf('alice', 'example.com', 'one'));
      await users.put(userOf('alice', 'example.org', 'two'));
      assert.deepEqual(await users.find('alice', 'example.com'), userOf('alice', 'example.com', 'one'));
      assert.equal(await users.remove('alice', 'example.com'), true);
      assert.equal(await users.find('alice', 'example.com'), undefined);
      assert.deepEqual(await users.find('alice', 'example.org'), userOf('alice', 'example.org', 'two'));
    },
  },
  {
    title: 'a second put replaces the digests (a new password)',
    run: async ({ users }) => {
      await users.put(userOf('alice', 'example.com', 'old'));
      await users.put(userOf('alice', 'example.com', 'new'));
      assert.deepEqual(await users.find('alice', 'example.com'), userOf('alice', 'example.com', 'new'));
      assert.deepEqual(await namesOf(users), ['alice@example.com']);
    },
  },
  {
    title: 'a hidden name is found by the hash of each algorithm, in its realm only (RFC 7616 §3.4.4)',
    run: async ({ users }) => {
      const alice = userOf('alice', 'example.com');
      await users.put(alice);
      await users.put(userOf('bob', 'example.com'));
      for (const algorithm of ['MD5', 'SHA-256', 'SHA-512-256'] as const) {
        const hidden = alice.userhashes[algorithm];
        assert.deepEqual(await users.findByUserhash(algorithm, hidden, 'example.com'), alice);
        assert.equal(await users.findByUserhash(algorithm, hidden, 'example.org'), undefined);
        assert.equal(await users.findByUserhash(algorithm, alice.ha1s[algorithm], 'example.com'), undefined);
      }
      assert.equal(await users.findByUserhash('SHA-512-256', alice.userhashes['SHA-256'], 'example.com'), undefined);
    },
  },
  {
    title: 'who is removed is found by no way, and removing nobody is false',
    run: async ({ users }) => {
      const alice = userOf('alice', 'example.com');
      await users.put(alice);
      assert.equal(await users.remove('Alice', 'example.com'), false);
      assert.equal(await users.remove('alice', 'example.com'), true);
      assert.equal(await users.remove('alice', 'example.com'), false);
      assert.equal(await users.find('alice', 'example.com'), undefined);
      assert.equal(await users.findByUserhash('MD5', alice.userhashes.MD5, 'example.com'), undefined);
      assert.deepEqual(await namesOf(users), []);
    },
  },
  {
    title: 'the list goes by realm and name and tells no digest',
    run: async ({ users }) => {
      await users.put(userOf('b', 'two.example'));
      await users.put(userOf('c', 'one.example'));
      await users.put(userOf('a', 'two.example'));
      assert.deepEqual(await namesOf(users), ['c@one.example', 'a@two.example', 'b@two.example']);
      for await (const user of users.list()) assert.deepEqual(Object.keys(user).toSorted(), ['realm', 'username']);
    },
  },
  {
    title: 'the list is whole when it is long',
    run: async ({ users }) => {
      const names = Array.from({ length: 600 }, (_, i) => `u${i}`);
      await Promise.all(names.map((name) => users.put(userOf(name, 'example.com'))));
      assert.deepEqual(
        await namesOf(users),
        names.toSorted().map((name) => `${name}@example.com`),
      );
    },
  },
  {
    title: 'a password in the place of a digest and a realm in upper case are refused as bugs of the caller',
    run: async ({ users }) => {
      const alice = userOf('alice', 'example.com');
      await assert.rejects(async () => users.put({ ...alice, ha1s: { ...alice.ha1s, MD5: 'secret' } }), UsageFault);
      await assert.rejects(async () => users.put({ ...alice, realm: 'Example.com' }), UsageFault);
      assert.deepEqual(await namesOf(users), []);
    },
  },
  {
    title: 'a setting is what was put last, and nothing before',
    run: async ({ settings }) => {
      assert.equal(await settings.get('domain'), undefined);
      await settings.put('domain', 'one.example');
      await settings.put('domain', 'two.example');
      await settings.put('nonce-secret', '\u00e9"\'\n');
      assert.equal(await settings.get('domain'), 'two.example');
      assert.equal(await settings.get('nonce-secret'), '\u00e9"\'\n');
      assert.equal(await settings.get('Domain'), undefined);
    },
  },
];

async function namesOf(users: Users): Promise<readonly string[]> {
  const names = [];
  for await (const { username, realm } of users.list()) names.push(`${username}@${realm}`);
  return names;
}

const userOf = (username: string, realm: string, password = 'secret'): Digests =>
  digestsOf(username, realm, password, (algorithm, data) =>
    createHash(algorithm === 'SHA-512-256' ? 'sha512-256' : algorithm)
      .update(data)
      .digest('hex'),
  );
