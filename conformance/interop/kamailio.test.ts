import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { DAVE, KAMAILIO_HOST, type Kamailio, startKamailio } from './peers/kamailio.ts';
import { createLab, type Lab } from './peers/lab.ts';
import {
  answers,
  answersAndHangsUp,
  calls,
  callsAndStays,
  callsAndStaysUnasked,
  callsInVain,
  callsUnasked,
  callsUnaskedInVain,
  registers,
  registersUnasked,
} from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import type { Scenario } from './peers/scenario.ts';
import { ALICE, addressOf, BOB, type RunningServer, startServer } from './peers/server.ts';
import { headersOf, methodOf, runSipp, type Sipp, startSipp } from './peers/sipp.ts';

const skip = lacking('kamailio', 'sipp');
const TO_BOB = addressOf(BOB);

test('a user of Kamailio calls one of ours, and hangs up through both Record-Routes (RFC 3261 §16.12)', {
  skip,
}, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const bob = await ourPhone(lab, server, answers(BOB));
  await runSipp(lab, callsUnasked(DAVE, TO_BOB), { transport: 'udp', to: kamailio, host: DAVES_HOST });
  assertBothProxies(await bob.done());
});

test('one of ours hangs up on a user of Kamailio (RFC 3261 §16.12)', { skip }, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const bob = await ourPhone(lab, server, answersAndHangsUp(BOB));
  const dave = { transport: 'udp', to: kamailio, host: DAVES_HOST } as const;
  const { received } = await runSipp(lab, callsAndStaysUnasked(DAVE, TO_BOB), dave);
  await bob.done();
  assert.equal(headersOf(received.at(-1), 'Via').length, 3);
});

test('one of ours calls a user of Kamailio by its address, and is asked for a password by us alone (RFC 3261 §22.3)', {
  skip,
}, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const dave = await kamailiosPhone(lab, kamailio, answers(DAVE));
  const uri = `sip:${DAVE.name}@${kamailio.host}:${kamailio.port}`;
  await runSipp(lab, calls(ALICE, uri), { transport: 'udp', to: server });
  const { received } = await dave.done();
  assertBothProxies({ received });
  assert.deepEqual(headersOf(received[0], 'Proxy-Authorization'), []);
});

test('a user of Kamailio hangs up on one of ours, who called over TCP along a Route (RFC 3261 §16.4)', {
  skip,
}, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const dave = await kamailiosPhone(lab, kamailio, answersAndHangsUp(DAVE));
  const route = `Route: <${server.uri('tcp')};lr>, <sip:${kamailio.host}:${kamailio.port};lr>`;
  const alice = await runSipp(lab, callsAndStays(ALICE, addressOf(DAVE), [route]), { transport: 'tcp', to: server });
  const { received } = await dave.done();
  // One of Kamailio and two of ours, since the call changes from TCP to UDP there (RFC 5658 §3).
  assert.equal(headersOf(received[0], 'Record-Route').length, 3);
  assert.equal(headersOf(alice.received.at(-1), 'Via').length, 3);
});

test('what Kamailio says of its users comes back as it is (RFC 3261 §16.7)', { skip }, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const uri = `sip:nobody@${kamailio.host}:${kamailio.port}`;
  await runSipp(lab, callsInVain(ALICE, uri, 404), { transport: 'udp', to: server });
});

test('a call of our own user through Kamailio is believed when Kamailio is trusted', { skip }, async (t) => {
  const { lab, server, kamailio } = await setUp(t, 'trusted');
  const bob = await ourPhone(lab, server, answers(BOB));
  await runSipp(lab, callsUnasked(ALICE, TO_BOB), { transport: 'udp', to: kamailio });
  assertBothProxies(await bob.done());
});

test('a call of our own user through Kamailio is challenged when Kamailio is not trusted (RFC 3261 §22.3)', {
  skip,
}, async (t) => {
  const { lab, kamailio } = await setUp(t, 'unknown');
  await runSipp(lab, callsUnaskedInVain(ALICE, TO_BOB, 407), { transport: 'udp', to: kamailio });
});

interface Neighbours {
  readonly lab: Lab;
  readonly server: RunningServer;
  readonly kamailio: Kamailio;
}

async function setUp(t: TestContext, neighbour: 'trusted' | 'unknown'): Promise<Neighbours> {
  const lab = createLab(t);
  const server = await startServer(lab, `trusted: [${neighbour === 'trusted' ? KAMAILIO_HOST : ''}]`);
  return { lab, server, kamailio: await startKamailio(lab, server.uri('udp')) };
}

async function ourPhone(lab: Lab, server: RunningServer, scenario: Scenario): Promise<Sipp> {
  const port = await freePort();
  await runSipp(lab, registers(BOB, 300), { transport: 'udp', to: server, port });
  return startSipp(lab, scenario, { transport: 'udp', port });
}

async function kamailiosPhone(lab: Lab, kamailio: Kamailio, scenario: Scenario): Promise<Sipp> {
  const [port, host] = [await freePort(), DAVES_HOST];
  await runSipp(lab, registersUnasked(DAVE), { transport: 'udp', to: kamailio, port, host });
  return startSipp(lab, scenario, { transport: 'udp', port, host });
}

/** The whole call, each request of it, came through both proxies, and the INVITE says how that goes on. */
function assertBothProxies({ received }: { readonly received: readonly string[] }): void {
  assert.deepEqual(received.map(methodOf), ['INVITE', 'ACK', 'BYE']);
  for (const request of received) assert.equal(headersOf(request, 'Via').length, 3, request);
  assert.equal(headersOf(received[0], 'Record-Route').length, 2);
}

const DAVES_HOST = '127.0.0.3';
