import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWords } from './arguments.ts';
import { bansAddOutline, bansListOutline, bansRemoveOutline } from './commands/bans.ts';
import { bindingsOutline } from './commands/bindings.ts';
import { certRenewOutline, certShowOutline } from './commands/cert.ts';
import { configCheckOutline } from './commands/config-check.ts';
import { doctorOutline } from './commands/doctor.ts';
import { enumOutline } from './commands/enum.ts';
import { lintOutline } from './commands/lint.ts';
import { pingOutline } from './commands/ping.ts';
import { registerOutline } from './commands/register.ts';
import { resolveOutline } from './commands/resolve.ts';
import { serveOutline } from './commands/serve.ts';
import { userAddOutline, userListOutline, userPasswordOutline, userRemoveOutline } from './commands/user.ts';
import { COMMANDS } from './commands.ts';
import { helpOf, overviewOf, usageOf } from './help.ts';
import type { Outline } from './outline.ts';

const OUTLINES: readonly Outline[] = [
  serveOutline,
  userAddOutline,
  userListOutline,
  userRemoveOutline,
  userPasswordOutline,
  bindingsOutline,
  bansListOutline,
  bansAddOutline,
  bansRemoveOutline,
  certShowOutline,
  certRenewOutline,
  configCheckOutline,
  doctorOutline,
  pingOutline,
  resolveOutline,
  enumOutline,
  registerOutline,
  lintOutline,
];

test('the usage lines are the synopsis of the command', () => {
  assert.deepEqual(OUTLINES.map(usageOf), [
    'strowger serve [--config F] [--data DIR] [--domain D]... [--listen udp:HOST:PORT]... [--log-format json|pretty] [--log-level L]',
    'strowger user add NAME [--domain D] [--password-stdin] [--config F] [--data DIR]',
    'strowger user list [--json] [--config F] [--data DIR]',
    'strowger user remove NAME [--domain D] [--config F] [--data DIR]',
    'strowger user password NAME [--domain D] [--password-stdin] [--config F] [--data DIR]',
    'strowger bindings [AOR] [--json] [--config F] [--data DIR]',
    'strowger bans list [--json] [--config F] [--data DIR]',
    'strowger bans add NETWORK [--seconds N] [--reason TEXT] [--config F] [--data DIR]',
    'strowger bans remove NETWORK [--config F] [--data DIR]',
    'strowger cert show [--json] [--config F] [--data DIR]',
    'strowger cert renew [--config F] [--data DIR]',
    'strowger config check F',
    'strowger doctor [--config F] [--json]',
    'strowger ping URI [--count N] [--ca FILE]... [--json]',
    'strowger resolve URI [--server IP[:PORT]] [--json]',
    'strowger enum NUMBER [--suffix DOMAIN] [--server IP[:PORT]] [--json]',
    'strowger register AOR --password-stdin [--expires S] [--proxy URI] [--ca FILE]...',
    'strowger lint FILE|- [--json]',
  ]);
});

test('the list of this test is the table of commands', async () => {
  const outlines = await Promise.all(COMMANDS.map(async (entry) => (await entry.load()).outline));
  assert.deepEqual(outlines, OUTLINES);
});

test('the help of a command has its summary, usage, words, flags with defaults, and examples', () => {
  assert.deepEqual(
    helpOf(pingOutline, (_, text) => text),
    [
      'Send OPTIONS to a SIP address and time the answers.',
      '',
      'strowger ping URI [--count N] [--ca FILE]... [--json]',
      '',
      '  URI        the address, such as sip:example.test or sip:127.0.0.1:5070',
      '  --count N  how many to send (default 4)',
      '  --ca FILE  PEM certificates of an authority to believe, beside those of the',
      '             system (may be repeated)',
      '  --json     print JSON',
      '  --help     print this',
      '',
      'Examples',
      '  strowger ping sip:127.0.0.1 --count 10',
      '      exits with 3 when any of the ten is lost',
      '  strowger ping sips:example.test --ca authority.pem',
      '      asks over TLS and believes an authority of your own',
    ],
  );
});

for (const it of OUTLINES) {
  test(`the help of ${it.name} fits a terminal of 80 columns`, () => {
    for (const line of [...helpOf(it, (_, text) => text), ...overviewOf([it], (_, text) => text)]) {
      const isExample = line.startsWith('  strowger ');
      assert.ok(line.length <= (isExample ? 100 : 80), line);
      assert.equal(line, line.trimEnd());
    }
  });

  test(`every word and flag of ${it.name} has help, and every example parses`, () => {
    for (const { help } of [...Object.values(it.flags), ...Object.values(it.positionals)])
      assert.ok(help.length > 5, help);
    assert.match(it.summary, /^[A-Z].*[^.]$/);
    assert.ok(it.examples.length > 0);
    for (const { line } of it.examples) {
      assert.ok(line.startsWith(it.name), line);
      const [words = ''] = line.slice(it.name.length).split(' < ');
      const parsed = parseWords(
        it,
        words
          .trim()
          .split(' ')
          .filter((word) => word !== ''),
      );
      assert.equal(parsed.type, 'values', parsed.type === 'mistake' ? parsed.text : line);
    }
  });
}
