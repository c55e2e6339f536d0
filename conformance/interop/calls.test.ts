import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createLab, type Lab } from './peers/lab.ts';
import {
  answers,
  answersAndHangsUp,
  asks,
  calls,
  callsAndCancels,
  callsAndStays,
  callsInVain,
  refuses,
  registers,
  rings,
  takes,
} from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import type { Scenario } from './peers/scenario.ts';
import {
  type Account,
  ALICE,
  addressOf,
  BOB,
  type RunningServer,
  startServer,
  type Transport,
} from './peers/server.ts';
import { headersOf, methodOf, runSipp, type Sipp, startSipp } from './peers/sipp.ts';

const skip = lacking('sipp');
const TO_BOB = addressOf(BOB);

for (const transport of ['udp', 'tcp'] as const) {
  test(`SIPp calls SIPp over ${transport}, with digest and along the Record-Route (RFC 3261 §16)`, {
    skip,
  }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, answers(BOB), transport);
    await runSipp(lab, calls(ALICE, TO_BOB), { transport, to: server });

    const { received } = await bob.done();
    assert.deepEqual(received.map(methodOf), ['INVITE', 'ACK', 'BYE']);
    for (const request of received) {
      assert.equal(headersOf(request, 'Via').length, 2, request);
      assert.deepEqual(headersOf(request, 'Route'), [], request);
      assert.deepEqual(headersOf(request, 'Proxy-Authorization'), [], request);
    }
    assert.equal(headersOf(received[0], 'Record-Route').length, 1);
  });

  test(`the called hangs up over ${transport} (RFC 3261 §12.2.1.1)`, { skip }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, answersAndHangsUp(BOB), transport);
    const { received } = await runSipp(lab, callsAndStays(ALICE, TO_BOB), { transport, to: server });
    await bob.done();
    assert.equal(methodOf(received.at(-1) ?? ''), 'BYE');
  });

  test(`a call over ${transport} that is cancelled while it rings ends with 487 (RFC 3261 §9, §16.10)`, {
    skip,
  }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, rings(BOB), transport);
    await runSipp(lab, callsAndCancels(ALICE, TO_BOB), { transport, to: server });
    assert.deepEqual((await bob.done()).received.map(methodOf), ['INVITE', 'CANCEL', 'ACK']);
  });

  test(`of two phones that ring over ${transport} one answers and the other is cancelled (RFC 3261 §16.7 step 10)`, {
    skip,
  }, async (t) => {
    const { lab, server } = await setUp(t);
    const silent = await phone(lab, server, BOB, rings(BOB), transport);
    const lively = await phone(lab, server, BOB, answers(BOB), transport);
    await runSipp(lab, calls(ALICE, TO_BOB), { transport, to: server });
    await lively.done();
    assert.deepEqual((await silent.done()).received.map(methodOf), ['INVITE', 'CANCEL', 'ACK']);
  });

  test(`a busy phone is heard of over ${transport} (RFC 3261 §16.7)`, { skip }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, refuses(BOB, 486, 'Busy Here'), transport);
    await runSipp(lab, callsInVain(ALICE, TO_BOB, 486), { transport, to: server });
    await bob.done();
  });

  test(`MESSAGE and OPTIONS reach the phone over ${transport} (RFC 3428 §6, RFC 3261 §11)`, { skip }, async (t) => {
    const { lab, server } = await setUp(t);
    const port = await freePort();
    await runSipp(lab, registers(BOB, 300), { transport, to: server, port });
    const text = { type: 'text/plain', text: 'Are you there?' };
    for (const [method, body] of [['MESSAGE', text] as const, ['OPTIONS', undefined] as const]) {
      const bob = await startSipp(lab, takes(method, BOB), { transport, port });
      await runSipp(lab, asks(method, ALICE, TO_BOB, body), { transport, to: server });
      const { received } = await bob.done();
      assert.deepEqual(received.map(methodOf), [method]);
      if (body !== undefined) assert.match(received[0] ?? '', /\n\nAre you there\?/);
    }
  });
}

for (const [one, other] of [['udp', 'tcp'] as const, ['tcp', 'udp'] as const]) {
  test(`a caller over ${one} reaches a phone over ${other}, with a Record-Route for each side (RFC 5658 §3)`, {
    skip,
  }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, answers(BOB), other);
    await runSipp(lab, calls(ALICE, TO_BOB), { transport: one, to: server });
    const { received } = await bob.done();
    assert.deepEqual(received.map(methodOf), ['INVITE', 'ACK', 'BYE']);
    const routes = headersOf(received[0], 'Record-Route').map((route) => (/transport=tcp/.test(route) ? 'tcp' : 'udp'));
    assert.deepEqual(routes, [other, one]);
    for (const request of received) {
      const protocols = headersOf(request, 'Via').map((via) => via.split(/[/ ]/)[2]?.toLowerCase());
      assert.deepEqual(protocols, [other, one], request);
    }
  });

  test(`a phone over ${other} hangs up a call that came over ${one} (RFC 5658 §3)`, { skip }, async (t) => {
    const { lab, server } = await setUp(t);
    const bob = await phone(lab, server, BOB, answersAndHangsUp(BOB), other);
    await runSipp(lab, callsAndStays(ALICE, TO_BOB), { transport: one, to: server });
    await bob.done();
  });
}

async function setUp(t: TestContext): Promise<{ lab: Lab; server: RunningServer }> {
  const lab = createLab(t);
  return { lab, server: await startServer(lab) };
}

/** Registers and starts a phone that is called. */
async function phone(
  lab: Lab,
  server: RunningServer,
  account: Account,
  scenario: Scenario,
  transport: Transport,
): Promise<Sipp> {
  const port = await freePort();
  await runSipp(lab, registers(account, 300), { transport, to: server, port });
  return startSipp(lab, scenario, { transport, port });
}
