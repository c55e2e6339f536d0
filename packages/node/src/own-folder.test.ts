import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeOwnFolder } from './own-folder.ts';

function emptyFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a folder is made with those above it that are missing, for its owner only', (t) => {
  const root = emptyFolder(t);
  const path = join(root, 'a', 'b', 'c');
  assert.equal(makeOwnFolder(path), undefined);
  if (process.platform !== 'win32')
    for (const made of [path, join(root, 'a', 'b'), join(root, 'a')]) assert.equal(statSync(made).mode & 0o777, 0o700);
  assert.equal(makeOwnFolder(`${path}/`), undefined, 'once more');
});

test('a folder that is there stays as it is, also behind a link', (t) => {
  const root = emptyFolder(t);
  mkdirSync(join(root, 'there'));
  chmodSync(join(root, 'there'), 0o755);
  symlinkSync(join(root, 'there'), join(root, 'link'));
  assert.equal(makeOwnFolder(join(root, 'link')), undefined);
  assert.equal(makeOwnFolder(join(root, 'link', 'new')), undefined);
  assert.ok(statSync(join(root, 'there', 'new')).isDirectory());
  if (process.platform !== 'win32') assert.equal(statSync(join(root, 'there')).mode & 0o777, 0o755);
});

test('a folder that cannot be made is told with its cause', (t) => {
  const root = emptyFolder(t);
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  const whyNot = (...path: string[]): string | undefined => makeOwnFolder(join(root, ...path))?.why;
  assert.equal(whyNot('file'), 'there is a file of this name');
  assert.equal(whyNot('file', 'x'), 'a part of the path is a file');
  assert.equal(whyNot('file', 'x', 'y'), 'a part of the path is a file');
  assert.equal(whyNot('dangling'), 'the system makes no folders there');
  assert.equal(whyNot('dangling', 'x'), 'the system makes no folders there');
  assert.match(whyNot('x'.repeat(300)) ?? '', /ENAMETOOLONG/);
  const failure = makeOwnFolder(join(root, 'file'));
  assert.ok(failure?.cause instanceof Error && 'code' in failure.cause && failure.cause.code === 'EEXIST');
});

test('where the system makes no folders at all the attempt ends', () => {
  if (process.platform !== 'linux') return;
  for (const path of ['/proc/x', '/proc/x/y', '/proc/x/y/z'])
    assert.equal(makeOwnFolder(path)?.why, 'the system makes no folders there', path);
});
