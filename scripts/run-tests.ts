import { relative } from 'node:path';
import { run } from 'node:test';

/** How a set of tests went. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One text per failure: where, title, what was wrong. */
  readonly failures: readonly string[];
  /** Titles of what did not run, with the reason given. */
  readonly skips: readonly string[];
  /** The slowest tests with their times, slowest first. */
  readonly slowest: readonly string[];
}

/** Runs test files two at a time, each in a process of its own, and tells how many tests have passed so far. */
export async function runTests(
  root: string,
  files: readonly string[],
  onProgress: (done: number) => void,
): Promise<TestRun> {
  const failures: string[] = [];
  const skips: string[] = [];
  const timed: { title: string; ms: number }[] = [];
  const complaints = new Map<string, string>();
  let counts = { passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  const where = (file: string | undefined): string => (file === undefined ? '' : relative(root, file));
  const paths = files.map((file) => `${root}/${file}`);
  // With no files, Node would go and look for some.
  const events = paths.length === 0 ? [] : run({ files: paths, concurrency: 2, timeout: TEST_MS, execArgv: WATCHDOG });
  for await (const { type, data } of events) {
    if (type === 'test:pass' && data.details.type !== 'suite') {
      const title = `${where(data.file)}  ${data.name}`;
      if (isSet(data.skip)) skips.push(typeof data.skip === 'string' ? `${title}: ${data.skip}` : title);
      timed.push({ title, ms: data.details.duration_ms });
      onProgress(timed.length);
    } else if (type === 'test:stderr') {
      complaints.set(data.file, (complaints.get(data.file) ?? '') + data.message);
    } else if (type === 'test:fail' && !isOnlyAboutChildren(data.details.error)) {
      const complaint = data.name === data.file ? complaints.get(data.file) : undefined;
      const place = `${where(data.file)}:${data.line ?? 0}`;
      failures.push(`${failureTitle(place, data.name, complaint)}\n${failureText(data.details.error, complaint)}`);
    } else if (type === 'test:summary' && data.file === undefined) {
      counts = data.counts;
    }
  }
  timed.sort((a, b) => b.ms - a.ms);
  return {
    passed: counts.passed,
    failed: counts.failed + counts.cancelled,
    skipped: counts.skipped + counts.todo,
    failures,
    skips,
    slowest: timed.slice(0, SLOWEST).map(({ title, ms }) => `${(ms / 1000).toFixed(1)} s  ${title}`),
  };
}

const isSet = (mark: string | boolean | undefined): boolean => mark !== undefined && mark !== false;

/** A suite that fails because a test in it does says nothing new. */
const isOnlyAboutChildren = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'failureType' in error && error.failureType === 'subtestsFailed';

/** A file that does not even load fails under its own name; its standard error, `complaint`, says why. */
const failureTitle = (place: string, name: string, complaint: string | undefined): string =>
  complaint === undefined ? `${place}  ${name}` : `${place}  could not be run`;

/** The cause as the test threw it, without the lines of the test runner. */
function failureText(error: Error, complaint: string | undefined): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return (complaint ?? cause.stack ?? cause.message)
    .split('\n')
    .filter((line) => !/^\s+at .*node:internal/.test(line))
    .slice(0, 30)
    .join('\n')
    .trim()
    .replace(/^/gm, '    ');
}

const SLOWEST = 3;
/** A test that takes longer has failed. */
const TEST_MS = 60_000;
const WATCHDOG = ['--import', new URL('./test-watchdog.ts', import.meta.url).href];
