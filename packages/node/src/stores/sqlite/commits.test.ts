import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { StoreFault } from '../faults.ts';
import { Commits } from './commits.ts';
import { LoopWriter } from './loop-writer.ts';
import type { Job, Outcome } from './writer.ts';

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
  const writer = new LoopWriter(db, () => assert.fail('there is nothing to move yet'));
  const commits = new Commits(db, 'a file', 'write', writer, (run) => void runs.push(run));
  return {
    commits,
    write: (n: number) => commits.write('INSERT INTO t VALUES (?)', n),
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

test('who throws when he is told of the outcome keeps nobody waiting', async () => {
  const { commits, write, turn } = failing('', 0);
  const one = write(1);
  const two = commits.add(['INSERT INTO t VALUES (2)'], () => {
    throw new Error('boom');
  });
  assert.throws(turn, /boom/);
  assert.equal(await one, 1);
  assert.equal(await two, true);
});

test('what comes while a commit runs is the next commit, and everybody learns of his own', async () => {
  const { commits, turn, running, whats } = slow();
  const first = commits.write('1');
  turn();
  const more = [commits.write('2'), commits.write('3')];
  turn();
  assert.deepEqual(whats(), [['1']]);
  running[0]?.end([7]);
  assert.equal(await first, 7);
  assert.deepEqual(whats(), [['1'], ['2', '3']]);
  running[1]?.end([8, 9]);
  assert.deepEqual(await Promise.all(more), [8, 9]);
});

test('a commit that fails takes with it what was queued meanwhile, for that was decided on what is not so', async () => {
  const { commits, turn, running } = slow();
  const outcomes: string[] = [];
  const first = commits.add(['1'], (outcome) => void outcomes.push(`1 ${outcome}`));
  turn();
  const second = commits.add(['2'], (outcome) => void outcomes.push(`2 ${outcome}`));
  running[0]?.end(new Error('the disk is full'));
  assert.deepEqual(outcomes, ['1 failed', '2 failed']);
  await assert.rejects(first, /the disk is full/);
  await assert.rejects(second, isStoreFault);
  const third = commits.add(['3']);
  turn();
  running[1]?.end([1]);
  assert.equal(await third, true);
});

/** A writer that ends a commit when the test says so. */
function slow() {
  const running: { readonly what: readonly string[]; end(outcome: Outcome): void }[] = [];
  const runs: (() => void)[] = [];
  const commit = (jobs: readonly Job[], done: (outcome: Outcome) => void): void => {
    running.push({ what: jobs.map(([sql]) => sql), end: done });
  };
  const db = new DatabaseSync(':memory:');
  const commits = new Commits(db, 'a file', 'write', { commit, close: () => {} }, (run) => void runs.push(run));
  const turn = (): void => {
    for (const run of runs.splice(0)) run();
  };
  return { commits, running, turn, whats: () => running.map(({ what }) => what) };
}
