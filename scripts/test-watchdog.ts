import { isMainThread } from 'node:worker_threads';

// Loaded before each test file: a file whose tests are over and that still holds something open would keep the run waiting.

const LIMIT_MS = Number(process.env.STROWGER_TEST_FILE_MS ?? 120_000);

if (isMainThread) {
  const end = (): never => {
    const open = process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && !name.startsWith('Pipe'));
    console.error(
      `The file did not end in ${LIMIT_MS / 1000} s. Still open: ${open.join(', ') || 'nothing but timers'}.`,
    );
    process.exit(1);
  };
  setTimeout(end, LIMIT_MS).unref();
}
