import type { Digests, HashAlgorithm } from '@strowger/sip/auth';
import { requireUser, type UserName, type Users } from '@strowger/sip/roles/registrar';
import type { Commits } from './commits.ts';
import { numberOf, type Row, textOf } from './registration-row.ts';

/**
 * Users in an SQLite file. Those that were found are remembered, since a phone comes again and again; what another process does to
 * them is seen within a second.
 */
export class SqliteUsers implements Users {
  readonly #commits: Commits;
  readonly #sql: ReturnType<typeof statementsOf>;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Digests>();
  /** Which state of the file `#known` is of, and when that was looked at. */
  #dataVersion = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(commits: Commits, nowMs: () => number = () => performance.now()) {
    this.#commits = commits;
    this.#sql = statementsOf(commits);
    this.#nowMs = nowMs;
  }

  find(username: string, realm: string): Digests | undefined {
    this.#commits.requireOpen();
    this.#forgetChanged();
    const key = `${realm}\n${username}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = digestsOf(this.#commits.read(() => this.#sql.find.get(realm, username)));
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    if (found !== undefined) this.#known.set(key, found);
    return found;
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
    return this.#commits.write(PUT, user.realm, user.username, ...digests).then(() => this.#known.clear());
  }

  remove(username: string, realm: string): Promise<boolean> {
    return this.#commits.write(REMOVE, realm, username).then((rows) => {
      this.#known.clear();
      return rows > 0;
    });
  }

  #forgetChanged(): void {
    const now = this.#nowMs();
    if (now - this.#lookedAt < LOOKED_MS) return;
    this.#lookedAt = now;
    const version = this.#commits.read(() => numberOf(this.#sql.dataVersion.get()?.data_version));
    if (version !== this.#dataVersion) this.#known.clear();
    this.#dataVersion = version;
  }
}

function statementsOf(commits: Commits) {
  return {
    dataVersion: commits.prepare('PRAGMA data_version'),
    find: commits.prepare('SELECT * FROM users WHERE realm = ? AND username = ?'),
    findBy: {
      MD5: commits.prepare('SELECT * FROM users WHERE userhash_md5 = ? AND realm = ?'),
      'SHA-256': commits.prepare('SELECT * FROM users WHERE userhash_sha_256 = ? AND realm = ?'),
      'SHA-512-256': commits.prepare('SELECT * FROM users WHERE userhash_sha_512_256 = ? AND realm = ?'),
    },
    namesAfter: commits.prepare(
      'SELECT realm, username FROM users WHERE (realm, username) > (?, ?) ORDER BY realm, username LIMIT ?',
    ),
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

const PUT = `INSERT OR REPLACE INTO users (realm, username, ha1_md5, ha1_sha_256, ha1_sha_512_256,
  userhash_md5, userhash_sha_256, userhash_sha_512_256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const REMOVE = 'DELETE FROM users WHERE realm = ? AND username = ?';

const PAGE_USERS = 256;
/** About 1 kB each. */
const MOST_KNOWN = 20_000;
const LOOKED_MS = 1000;
