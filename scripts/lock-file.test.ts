import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFolder } from './fixture.ts';
import { lockFilePages } from './lock-file.ts';

const LOCK = {
  name: 'w',
  packages: {
    '': {},
    'node_modules/@a/a': {
      version: '1.0.0',
      dev: true,
      license: 'MIT',
      optionalDependencies: { '@a/cli-darwin-arm64': '1.0.0', '@a/cli-linux-x64-musl': '1.0.0', '@a/here': '1.0.0' },
    },
    'node_modules/@a/here': { version: '1.0.0', dev: true, optional: true },
    'node_modules/b': { version: '2.0.0' },
  },
};
const print = (lock: object): string => `${JSON.stringify(lock, undefined, 2)}\n`;
const pageOf = (lock: object): string | undefined =>
  withFolder({ 'package-lock.json': print(lock) }, lockFilePages)[0]?.text;

test('an optional dependency of another platform gets its entry, in its place', () => {
  const packages: Record<string, object> = JSON.parse(pageOf(LOCK) ?? '').packages;
  assert.deepEqual(Object.keys(packages), [
    '',
    'node_modules/@a/a',
    'node_modules/@a/cli-darwin-arm64',
    'node_modules/@a/cli-linux-x64-musl',
    'node_modules/@a/here',
    'node_modules/b',
  ]);
  assert.deepEqual(packages['node_modules/@a/cli-linux-x64-musl'], {
    version: '1.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    license: 'MIT',
    optional: true,
    os: ['linux'],
  });
});

test('a whole lock file stays as it is, to the byte', () => {
  const whole = pageOf(LOCK) ?? '';
  assert.equal(pageOf(JSON.parse(whole)), whole);
  assert.deepEqual(withFolder({}, lockFilePages), []);
});
