import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviationsOf, printDeviations } from './deviations.ts';
import { withFolder } from './fixture.ts';
import { readTree } from './tree.ts';

const SOURCE = `/**
 * A Via.
 * DEVIATION(RFC 3261 §18.2.1): a received parameter is
 * always added.
 *
 * Not part of it.
 */
export const a = 1;
// LENIENT: old phones send
// two spaces. DEVIATION(RFC 3261 §7): none
const b = 2; // LENIENT(RFC 3261 §25): tabs
const c = 'DEVIATION(RFC 1): a string is no comment';
`;

test('marks are collected from comments, over lines, up to the next mark or blank line', () => {
  const found = withFolder({ 'packages/sip/src/text/a.ts': SOURCE, 'scripts/b.ts': SOURCE }, (root) =>
    deviationsOf(readTree(root)),
  );
  assert.deepEqual(
    found.map(({ type, where, why }) => [type, where, why]),
    [
      ['lenient', '', 'old phones send two spaces.'],
      ['deviation', 'RFC 3261 §7', 'none'],
      ['deviation', 'RFC 3261 §18.2.1', 'a received parameter is always added.'],
      ['lenient', 'RFC 3261 §25', 'tabs'],
    ],
  );
});

test('the page lists both kinds and says so when there is none', () => {
  const page = printDeviations([{ type: 'lenient', where: '', why: 'x sends it', path: 'packages/a.ts' }]);
  assert.match(page, /on purpose\n\nNone\.\n/);
  assert.match(page, /- x sends it \(`packages\/a\.ts`\)\n/);
});
