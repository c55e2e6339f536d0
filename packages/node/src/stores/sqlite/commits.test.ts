import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { StoreFault } from '../faults.ts';
import { Commits } from './commits.ts';

/** A database whose statements of this kind fail as often as it is said. */
function failing(kind: string, times: number) {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
  const exec = db.exec.bind(db);
  let left = times;
  db.exec = (sql) => {
    if (sql !== kind || left === 0) return exec(sql);
    left -= 1;
    throw new Error(`no ${kind}`);
  };
  const runs: (() => void)[] = [];
  const commits = new Commits(db, 'a file', 'write', (run) => void runs.push(run));
  const insert = commits.prepare('INSERT INTO t VALUES (?)');
  return {
    commits,
    write: (n: number) => commits.write(() => insert.run(n)),
    /** The end of the turn. */
    turn: () => {
      for (const run of runs.splice(0)) run();
    },
    rows: () =>
      commits.read(() =>
        commits
          .prepare('SELECT n FROM t ORDER BY n')
          .all()
          .map((row) => row.n),
      ),
  };
}

const isStoreFault = (error: unknown): boolean => error instanceof StoreFault && error.code === 'NODE_E_STORE_FAILED';

test('a write that fails takes those of its turn with it, each told, and the next turn is served', async () => {
  const { write, turn, rows } = failing('', 0);
  const [first, again] = [write(1), write(1)];
  turn();
  await assert.rejects(first, isStoreFault);
  await assert.rejects(again, isStoreFault);
  const next = write(2);
  turn();
  await next;
  assert.deepEqual(rows(), [2]);
});

test('a rollback that fails does not escape: everybody is told why the commit failed, and the next turn is served', async () => {
  const { write, turn, rows } = failing('ROLLBACK', 1);
  const [first, again] = [write(1), write(1)];
  assert.doesNotThrow(turn);
  await assert.rejects(first, /UNIQUE constraint failed/);
  await assert.rejects(again, isStoreFault);
  const next = write(2);
  turn();
  await next;
  assert.deepEqual(rows(), [2]);
});

test('every promise settles when neither commit nor rollback work for a while, and nothing half done is kept', async () => {
  const { write, turn, rows } = failing('ROLLBACK', 3);
  const all = [write(1), write(1)];
  turn();
  const more = write(3);
  turn();
  const late = write(4);
  assert.doesNotThrow(turn);
  const outcomes = await Promise.allSettled([...all, more, late]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(rows(), [4]);
});

test('a watcher that throws keeps nobody waiting', async () => {
  const { commits, write, turn } = failing('', 0);
  commits.afterCommit(() => {
    throw new Error('boom');
  });
  const one = write(1);
  assert.throws(turn, /boom/);
  await one;
});
