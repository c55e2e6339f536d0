import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFolder } from './fixture.ts';
import { ledgerPages, ledgerProblems, ledgerSummary } from './ledger.ts';
import { readTree, type Tree } from './tree.ts';

const reading = <T>(files: Readonly<Record<string, string>>, read: (tree: Tree) => T): T =>
  withFolder(files, (root) => read(readTree(root)));

const TESTS = {
  'packages/a.test.ts':
    "test('it\\'s done (RFC 1 §2)', () => {});\ntest(`plain > template`, () => {});\n" +
    'test(`the example of #{name} is right`, () => {});\n'.replace('#', '$'),
};
const met = {
  rfc: '3261',
  section: '8.1.1',
  requirement: 'x',
  level: 'MUST',
  status: 'tested',
  test: "packages/a.test.ts > it's done (RFC 1 §2)",
};
const list = (...items: readonly object[]): string => JSON.stringify(items);

test('requirements of all files are merged in the order of RFC and section', () => {
  const files = {
    'conformance/b.requirements.json': list(
      { ...met, section: '10' },
      { ...met, section: '8.1.10' },
      { ...met, section: '8.1.2' },
    ),
    'conformance/rfc2617/requirements.json': list({ ...met, rfc: '2617' }),
  };
  const [page] = reading(files, ledgerPages);
  const merged: { rfc: string; section: string }[] = JSON.parse(page?.text ?? '');
  assert.deepEqual(
    merged.map(({ rfc, section }) => `${rfc} ${section}`),
    ['2617 8.1.1', '3261 8.1.2', '3261 8.1.10', '3261 10'],
  );
  assert.equal(page?.path, 'conformance/ledger.json');
});

test('with no requirements there is no page', () => {
  assert.deepEqual(reading({}, ledgerPages), []);
});

test('a test is named by file and title, word for word', () => {
  const problems = reading(
    {
      ...TESTS,
      'conformance/a.requirements.json': list(
        met,
        { ...met, test: ['packages/a.test.ts > plain > template', 'packages/a.test.ts > the example of §3 is right'] },
        { ...met, test: 'packages/a.test.ts > done' },
        { ...met, test: 'packages/b.test.ts > done' },
      ),
    },
    ledgerProblems,
  );
  assert.deepEqual(problems, [
    'conformance/a.requirements.json #3 (RFC 3261 §8.1.1): packages/a.test.ts has no test called “done”',
    'conformance/a.requirements.json #4 (RFC 3261 §8.1.1): there is no test file packages/b.test.ts',
  ]);
});

test('what is tested names its test, and what is otherwise says why', () => {
  const { test: _, ...untested } = met;
  const problems = reading(
    {
      'conformance/a.requirements.json': list(
        untested,
        { ...untested, status: 'not applicable' },
        { ...untested, status: 'done', level: 'MUST NOT' },
        { ...untested, status: 'not yet' },
        { ...untested, status: 'deviates', note: 'why', section: '' },
      ),
    },
    ledgerProblems,
  );
  assert.deepEqual(
    problems.map((problem) => problem.replace(/^.*?#/, '')),
    [
      '1 (RFC 3261 §8.1.1): what is tested names its test',
      '2 (RFC 3261 §8.1.1): not applicable needs a note that says why',
      '3 (RFC 3261 §8.1.1): status is one of tested, not yet, deviates, not applicable',
      '3 (RFC 3261 §8.1.1): level is one of MUST, SHOULD, MAY',
      '3 (RFC 3261 §8.1.1): done needs a note that says why',
      '5 (RFC 3261 §): section is missing',
    ],
  );
});

test('the summary counts each status of each RFC', () => {
  const files = {
    'conformance/a.requirements.json': list(met, met, { ...met, status: 'not yet' }, { ...met, rfc: '3263' }),
  };
  assert.deepEqual(reading(files, ledgerSummary), ['RFC 3261: 2 tested, 1 not yet', 'RFC 3263: 1 tested']);
});
