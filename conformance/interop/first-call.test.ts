import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lacking } from '../../scripts/peers.ts';
import { startBaresip } from './peers/baresip.ts';
import type { Child } from './peers/child.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { type Account, addressOf, HOST, START_MS } from './peers/server.ts';
import { likeness, melody, tone, toneShare } from './wav.ts';

const skip = lacking('baresip');

test('two telephones that are told what the first start prints can call each other', { skip }, async (t) => {
  const lab = createLab(t);
  const first = await readFirstStart(start(lab));
  const [alice, bob] = first.users;
  assert.ok(alice !== undefined && bob !== undefined);
  // The line is printed for alice; bob's is the same with his name and his password.
  const bobsLine = first.line.replaceAll(alice.password, bob.password).replaceAll(alice.name, bob.name);
  const [low, song] = [tone(440, 20), melody(20)];

  const bobsPhone = await startBaresip(lab, { account: bob, line: bobsLine, plays: low });
  const alicesPhone = await startBaresip(lab, { account: alice, line: first.line, plays: song });
  alicesPhone.control.command('dial', addressOf(bob));
  await bobsPhone.control.event('CALL_INCOMING');
  bobsPhone.control.command('accept');
  await Promise.all([alicesPhone.hears(2), bobsPhone.hears(2)]);
  alicesPhone.control.command('hangup');
  await bobsPhone.control.event('CALL_CLOSED');
  await alicesPhone.off();
  await bobsPhone.off();

  assert.ok(toneShare(alicesPhone.heard, 440) > 0.9);
  assert.ok(likeness(song, bobsPhone.heard) > 0.9);
});

test('passwords are shown at the first start only', { skip }, async (t) => {
  const lab = createLab(t);
  const server = start(lab);
  const { users } = await readFirstStart(server);
  await server.stop();
  const again = start(lab);
  await again.line(/^ready /, START_MS);
  const text = again.lines.join('\n');
  for (const { password, domain } of users) {
    assert.ok(!text.includes(password), text);
    assert.ok(text.includes(domain), text);
  }
});

/** `npm start`, as the README says, but on ports that are free and with the data in the folder of the test. */
const start = (lab: Lab): Child =>
  lab.start('npm', ['start', '--', ...LISTEN, '--data', `${lab.folder}/data`], { cwd: ROOT });

interface FirstStart {
  readonly users: readonly Account[];
  /** For the file `accounts` of baresip. */
  readonly line: string;
}

async function readFirstStart(server: Child): Promise<FirstStart> {
  await server.line(/Their passwords are shown this once/, START_MS);
  const users: Account[] = [];
  for (let i = 0; i < 2; i += 1) {
    const [, name = '', domain = '', password = ''] = await server.line(/^\s+sip:(\w+)@(\S+)\s+(\S+)$/, START_MS);
    users.push({ name, domain, password });
  }
  const [, line = ''] = await server.line(/^\s+(<sip:alice@.*)$/, START_MS);
  await server.line(/^ready /, START_MS);
  return { users, line };
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LISTEN = ['udp', 'tcp'].flatMap((protocol) => ['--listen', `${protocol}:${HOST}:0`]);
