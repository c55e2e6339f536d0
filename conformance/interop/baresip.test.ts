import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { accountLine, type Baresip, startBaresip } from './peers/baresip.ts';
import { createLab, type Lab } from './peers/lab.ts';
import {
  type Account,
  ALICE,
  addressOf,
  BOB,
  CAROL,
  type RunningServer,
  startServer,
  type Transport,
} from './peers/server.ts';
import { likeness, melody, tone, toneShare } from './wav.ts';

const skip = lacking('baresip');
const MELODY = melody(20);
const TONE = tone(440, 20);

for (const transport of ['udp', 'tcp'] as const) {
  test(`baresip calls baresip over ${transport}, and each hears what the other plays`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const bob = await telephone(lab, server, BOB, transport);
    const alice = await telephone(lab, server, ALICE, transport);

    await talk(alice, bob);
    await Promise.all([alice.hears(2.5), bob.hears(2.5)]);
    alice.control.command('hangup');
    await bob.control.event('CALL_CLOSED');
    await alice.off();
    await bob.off();

    assert.ok(toneShare(alice.heard, 440) > 0.9, `alice heard the tone with ${toneShare(alice.heard, 440)}`);
    assert.ok(likeness(MELODY, bob.heard) > 0.9, `bob heard the melody with ${likeness(MELODY, bob.heard)}`);
  });

  test(`a baresip that is called hangs up over ${transport}`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const bob = await telephone(lab, server, BOB, transport);
    const alice = await telephone(lab, server, ALICE, transport);
    await talk(alice, bob);
    bob.control.command('hangup');
    await alice.control.event('CALL_CLOSED');
  });

  test(`a baresip hears over ${transport} that the called is busy, away or unknown`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const bob = await telephone(lab, server, BOB, transport);
    const alice = await telephone(lab, server, ALICE, transport);
    const carol = await telephone(lab, server, CAROL, transport);

    await talk(alice, bob);
    // The reason phrase is bob's own.
    assert.equal(await failureOf(carol, addressOf(BOB)), '486 Max Calls');
    alice.control.command('hangup');
    await bob.control.event('CALL_CLOSED');
    await bob.off();
    assert.equal(await failureOf(carol, addressOf(BOB)), '480 Temporarily Unavailable');
    assert.equal(await failureOf(carol, 'sip:nobody@example.test'), '404 Not Found');
  });
}

const telephone = (lab: Lab, server: RunningServer, account: Account, transport: Transport): Promise<Baresip> =>
  startBaresip(lab, {
    account,
    line: accountLine(account, server.uri(transport)),
    plays: account === BOB ? TONE : MELODY,
  });

/** Alice calls, bob takes the call. */
async function talk(alice: Baresip, bob: Baresip): Promise<void> {
  alice.control.command('dial', addressOf(BOB));
  await bob.control.event('CALL_INCOMING');
  await alice.control.event('CALL_RINGING');
  bob.control.command('accept');
  await Promise.all([alice.control.event('CALL_ESTABLISHED'), bob.control.event('CALL_ESTABLISHED')]);
}

async function failureOf(caller: Baresip, uri: string): Promise<string> {
  caller.control.command('dial', uri);
  return (await caller.control.event('CALL_CLOSED')).param;
}
