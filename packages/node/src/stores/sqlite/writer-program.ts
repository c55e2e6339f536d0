import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { prepareThread } from './open.ts';
import { type Outcome, Transactions } from './writer.ts';
import type { ThreadRequest, ThreadStart } from './writer-thread.ts';

/** The program of the thread that `WriterThread` starts. */
const { file, busyMs, port, answers }: ThreadStart = workerData;
const opened = open();

port.on('message', (request: ThreadRequest) => {
  port.postMessage(answerTo(request));
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
  if (request === 'close') port.close();
});

function answerTo(request: ThreadRequest): Outcome {
  if (opened instanceof Error) return opened;
  const { db, transactions } = opened;
  if (typeof request !== 'string') return transactions.run(request.jobs);
  try {
    if (request === 'close') db.close();
    else db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return [];
  } catch (error) {
    return faultOf(error);
  }
}

function open(): { readonly db: DatabaseSync; readonly transactions: Transactions } | Error {
  try {
    const db = new DatabaseSync(file, { timeout: busyMs });
    prepareThread(db);
    return { db, transactions: new Transactions(db) };
  } catch (error) {
    return faultOf(error);
  }
}

/** Only what can be copied to another thread. */
function faultOf(error: unknown): Error {
  return new Error(error instanceof Error ? error.message : String(error));
}
