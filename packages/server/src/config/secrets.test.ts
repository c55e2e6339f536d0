import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFault } from './fault.ts';
import { describeFound, isSecret } from './found.ts';
import { loadConfig } from './load.ts';

const SLIPS = [
  'users: [{ name: a, password: HUNTER2, pasword: HUNTER2 }]',
  'users: [{ name: a, pass: HUNTER2 }]',
  'users: [{ name: a, HUNTER2 }]',
  'users: [HUNTER2]',
  'users: HUNTER2',
  'users: a:HUNTER2',
  'users: { a: HUNTER2 }',
  'users: [{ a: HUNTER2 }]',
  'users: [{ name: "a:HUNTER2", password: x }]',
  'users: [{ name: a, password: { x: HUNTER2 } }]',
  'users: [{ name: a, password: [HUNTER2] }]',
  'users: [{ name: a, password: "HUNTER2\\n" }]',
  'usres: [{ name: a, password: HUNTER2 }]',
  'usres: HUNTER2',
  'users: []\na: HUNTER2',
  'users: []\npassword: HUNTER2',
  'users: []\nsecrt: HUNTER2',
  'listen: ["udp:a:HUNTER2@0.0.0.0:5060"]',
  'domains: ["sip:a:HUNTER2@example.test"]',
  'data: redis://a:HUNTER2@localhost',
  'users: [{ name: a, password: %HUNTER2 }]',
  'users: [{ name: a, password: *HUNTER2 }]',
  'users: [{ name: a, password: !HUNTER2 }]',
  'users: [{ name: a, password: &HUNTER2 }]',
  'users: [{ name: a, password: @HUNTER2 }]',
  'users: [{ name: a, password: "x"HUNTER2 }]',
  'users: [{ name: a, password: "\\HUNTER2" }]',
  'users: [{ name: a password: HUNTER2 }]',
  'users:\n  - name: a password: HUNTER2',
  'users:\n  - name: a\n    password: |HUNTER2',
  'users:\n  - name: a\n  password: HUNTER2',
  'users: [{ name: a, password: HUNTER2 }',
  'users: [{ name: a, password: HUNTER2 }]\n}HUNTER2',
];

test('no slip in a configuration makes an error print a password', () => {
  for (const text of SLIPS) {
    const loaded = loadConfig(text, 'strowger.yaml');
    assert.ok(loaded.type === 'faults', `accepted: ${text}`);
    const printed = loaded.faults.map(printFault).join('\n') + JSON.stringify(loaded.faults);
    assert.doesNotMatch(printed, /HUNTER2/i, text);
  }
});

test('an ordinary value is shown, a long one cut, a structure named', () => {
  assert.equal(describeFound(['auth'], 'x'), '"x"');
  assert.equal(describeFound(['auth'], 'x'.repeat(61)), `"${'x'.repeat(59)}…"`);
  assert.equal(describeFound(['auth'], 'x'.repeat(60)), `"${'x'.repeat(60)}"`);
  assert.equal(describeFound(['auth'], 'a\u001b[31m'), '"a\\u001b[31m"');
  assert.equal(describeFound(['auth'], []), 'an empty list');
  assert.equal(describeFound(['auth'], [1]), 'a list');
  assert.equal(describeFound(['auth'], {}), 'a mapping');
  assert.equal(describeFound(['auth'], undefined), 'nothing');
});

test('everything about users but their domain may be a password', () => {
  assert.ok(isSecret(['users', 0, 'password']) && isSecret(['users', 0, 'name']) && isSecret(['users']));
  assert.ok(isSecret(['user', 0]) && isSecret(['log', 'apiToken']) && isSecret(['passwrd']));
  assert.ok(!isSecret(['users', 0, 'domain']) && !isSecret(['listen', 0]) && !isSecret([]));
});
