import type { Digests, HashAlgorithm } from '@strowger/sip/auth';
import { requireUser, type UserName, type Users } from '@strowger/sip/roles/registrar';
import { type Row, textOf } from './binding-row.ts';
import type { Commits } from './commits.ts';

/** Users in an SQLite file. */
export class SqliteUsers implements Users {
  readonly #commits: Commits;
  readonly #sql: ReturnType<typeof statementsOf>;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#sql = statementsOf(commits);
  }

  find(username: string, realm: string): Digests | undefined {
    return digestsOf(this.#commits.read(() => this.#sql.find.get(realm, username)));
  }

  findByUserhash(algorithm: HashAlgorithm, userhash: string, realm: string): Digests | undefined {
    return digestsOf(this.#commits.read(() => this.#sql.findBy[algorithm].get(userhash, realm)));
  }

  *list(): Iterable<UserName> {
    let last: UserName = { realm: '', username: '' };
    for (;;) {
      const page = this.#commits.read(() => this.#sql.namesAfter.all(last.realm, last.username, PAGE_USERS));
      for (const row of page) {
        last = { realm: textOf(row.realm), username: textOf(row.username) };
        yield last;
      }
      if (page.length < PAGE_USERS) return;
    }
  }

  put(user: Digests): Promise<void> {
    requireUser(user);
    const { ha1s, userhashes } = user;
    const digests = [ha1s, userhashes].flatMap((each) => [each.MD5, each['SHA-256'], each['SHA-512-256']]);
    return this.#commits.write(() => {
      this.#sql.put.run(user.realm, user.username, ...digests);
    });
  }

  remove(username: string, realm: string): Promise<boolean> {
    return this.#commits.write(() => Number(this.#sql.remove.run(realm, username).changes) > 0);
  }
}

function statementsOf(commits: Commits) {
  return {
    find: commits.prepare('SELECT * FROM users WHERE realm = ? AND username = ?'),
    findBy: {
      MD5: commits.prepare('SELECT * FROM users WHERE userhash_md5 = ? AND realm = ?'),
      'SHA-256': commits.prepare('SELECT * FROM users WHERE userhash_sha_256 = ? AND realm = ?'),
      'SHA-512-256': commits.prepare('SELECT * FROM users WHERE userhash_sha_512_256 = ? AND realm = ?'),
    },
    namesAfter: commits.prepare(
      'SELECT realm, username FROM users WHERE (realm, username) > (?, ?) ORDER BY realm, username LIMIT ?',
    ),
    put: commits.prepare(
      `INSERT OR REPLACE INTO users (realm, username, ha1_md5, ha1_sha_256, ha1_sha_512_256,
       userhash_md5, userhash_sha_256, userhash_sha_512_256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: commits.prepare('DELETE FROM users WHERE realm = ? AND username = ?'),
  };
}

function digestsOf(row: Row | undefined): Digests | undefined {
  if (row === undefined) return undefined;
  return {
    username: textOf(row.username),
    realm: textOf(row.realm),
    ha1s: {
      MD5: textOf(row.ha1_md5),
      'SHA-256': textOf(row.ha1_sha_256),
      'SHA-512-256': textOf(row.ha1_sha_512_256),
    },
    userhashes: {
      MD5: textOf(row.userhash_md5),
      'SHA-256': textOf(row.userhash_sha_256),
      'SHA-512-256': textOf(row.userhash_sha_512_256),
    },
  };
}

const PAGE_USERS = 256;
