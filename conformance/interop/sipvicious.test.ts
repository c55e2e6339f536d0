import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { strowger } from './peers/command.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { openMessenger } from './peers/messenger.ts';
import { ALICE, BOB, DOMAIN, HOST, type RunningServer, startServer } from './peers/server.ts';
import { type Hunt, svcrack, svmap, svwar } from './peers/sipvicious.ts';

const skip = lacking('svmap');

const HUNTS: Readonly<Record<string, (lab: Lab, server: RunningServer) => Promise<Hunt>>> = {
  svmap,
  svwar: (lab, server) => svwar(lab, server, 'REGISTER', [ALICE.name, 'nobody']),
};

for (const [tool, hunt] of Object.entries(HUNTS))
  test(`${tool} finds nothing, and is banned for what it is`, { skip }, async (t) => {
    const { lab, server } = await setUp(t, 'guarded');
    const { found, text } = await hunt(lab, server);
    assert.deepEqual(found, [], text);
    assert.match(text, /found nothing/);
    assert.match(await bansOf(lab), BANNED);
  });

test('svmap and svcrack find what there is to find where nothing guards it: the tools work', { skip }, async (t) => {
  const { lab, server } = await setUp(t, 'open');
  const [servers, passwords] = await Promise.all([svmap(lab, server), svcrack(lab, server, BOB, [BOB.password])]);
  assert.deepEqual(servers.found, [`${HOST}:${server.port}`], servers.text);
  assert.deepEqual(passwords.found, [BOB.name], passwords.text);
});

test('svwar cannot tell users from strangers by REGISTER, OPTIONS and INVITE, even where nothing bans it', {
  skip,
}, async (t) => {
  const { lab, server } = await setUp(t, 'open');
  const methods = ['REGISTER', 'OPTIONS', 'INVITE'];
  const hunts = await Promise.all(methods.map((method) => svwar(lab, server, method, [ALICE.name, BOB.name])));
  for (const { found, text } of hunts) {
    assert.deepEqual(found, [], text);
    assert.match(text, /SIP\/2\.0 40[17] /, 'the server was asked');
  }
});

test('svcrack finds no password: it is banned, and where nothing bans it ten wrong ones are enough', {
  skip,
}, async (t) => {
  const [guarded, open] = [await setUp(t, 'guarded'), await setUp(t, 'open')];
  const wrong = Array.from({ length: 10 }, (_, i) => `wrong-${i}`);
  // At once, since svcrack waits ten seconds for more before it gives up.
  const [banned, locked] = await Promise.all([
    svcrack(guarded.lab, guarded.server, ALICE, [ALICE.password]),
    svcrack(open.lab, open.server, ALICE, [...wrong, ALICE.password]),
  ]);
  assert.deepEqual([banned.found, locked.found], [[], []], `${banned.text}\n${locked.text}`);
  assert.match(await bansOf(guarded.lab), BANNED);
  await open.server.child.line(/login\.locked .*account=alice@/, 5_000);
});

test('a stranger hears the same of users without a phone and of users who do not exist (RFC 3261 §21.4.18)', async (t) => {
  const { server } = await setUp(t, 'open');
  const stranger = await openMessenger(t);
  for (const method of ['INVITE', 'OPTIONS', 'MESSAGE', 'SUBSCRIBE']) {
    const [there, missing] = [
      await stranger.ask(method, `sip:${ALICE.name}@${DOMAIN}`, server),
      await stranger.ask(method, `sip:nobody@${DOMAIN}`, server),
    ];
    assert.match(there[0] ?? '', /^SIP\/2\.0 480 /, method);
    assert.deepEqual(missing.map(shapeOf), there.map(shapeOf), method);
  }
});

async function bansOf(lab: Lab): Promise<string> {
  const { text } = await strowger(lab, 'bans', 'list', '--config', 'strowger.yaml');
  return text;
}

const BANNED = new RegExp(`^${HOST.replaceAll('.', '\\.')} +scanner +guard +in `, 'm');

/** A line without what is of one request. */
const shapeOf = (line: string): string =>
  /^(?:SIP|Allow|Retry|Supported)/.test(line) ? line : (line.split(':')[0] ?? '');

/** A server whose own machine is a source like others, or one that bans nobody. */
async function setUp(
  t: TestContext,
  guard: 'guarded' | 'open',
): Promise<{ readonly lab: Lab; readonly server: RunningServer }> {
  const lab = createLab(t);
  const settings = guard === 'guarded' ? 'guard: { exempt: [] }' : 'guard: { enabled: false }';
  return { lab, server: await startServer(lab, settings) };
}
