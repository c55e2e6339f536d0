import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab } from './peers/lab.ts';
import { answers, calls, registers } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, startServer, type Transport } from './peers/server.ts';
import { runSipp, startSipp } from './peers/sipp.ts';
import { type Capture, lackingCapture, startCapture } from './peers/tshark.ts';

const skip = lackingCapture('sipp');

for (const transport of ['udp', 'tcp'] as const) {
  test(`tshark finds nothing wrong with a registration and a call over ${transport}`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const ports = { server: server.port, alice: await freePort(), bob: await freePort() };
    const capture = await startCapture(lab, [ports.server, ports.bob]);
    await runSipp(lab, registers(BOB, 300), { transport, to: server, port: ports.bob });
    const bob = await startSipp(lab, answers(BOB), { transport, port: ports.bob });
    await runSipp(lab, calls(ALICE, addressOf(BOB)), { transport, to: server, port: ports.alice });
    await bob.done();
    // From bob to the server, from there to alice.
    await capture.sees(/Status: 200 OK \(BYE\)/, /Status: 200 OK \(BYE\)/);
    await capture.stop();

    await assertWellFormed(capture, transport);
    await assertRoute(capture, transport, ports);
  });
}

/** Every packet is SIP, nothing is malformed, nobody had to say anything twice, and tshark warns of nothing. */
async function assertWellFormed(capture: Capture, transport: Transport): Promise<void> {
  const data = transport === 'udp' ? 'udp' : 'tcp.len > 0';
  const none = async (filter: string): Promise<void> =>
    assert.deepEqual(
      await capture.values(filter, 'frame.number', '_ws.col.Info', '_ws.expert.message'),
      NOTHING,
      filter,
    );
  const NOTHING = { 'frame.number': [], '_ws.col.Info': [], '_ws.expert.message': [] };
  await none(`${data} and not sip`);
  await none('_ws.malformed');
  await none('sip and _ws.expert.severity >= "Warning"');
  await none('sip.resend == 1');
  await none('sip.Method == "INVITE" and not sdp');
}

interface Ports {
  readonly server: number;
  readonly alice: number;
  readonly bob: number;
}

/** What went to bob has the server's Via on top (RFC 3261 §16.6), and what went back to alice has it no more (§16.7). */
async function assertRoute(capture: Capture, transport: Transport, { server, alice, bob }: Ports): Promise<void> {
  const toBob = await capture.values(`sip and ${transport}.dstport == ${bob} and sip.Method`, ...FIELDS);
  assert.deepEqual(toBob['sip.Method'], ['INVITE', 'ACK', 'BYE']);
  assert.deepEqual(toBob['sip.Max-Forwards'], ['69', '69', '69']);
  const [s, a] = [`${server}`, `${alice}`];
  assert.deepEqual(toBob['sip.Via.sent-by.port'], [s, a, s, a, s, a]);
  const branches = toBob['sip.Via.branch'] ?? [];
  assert.ok(branches.every((branch) => branch.startsWith('z9hG4bK')));
  assert.equal(new Set(branches).size, 6);

  const toAlice = await capture.values(`sip and ${transport}.dstport == ${alice}`, ...FIELDS);
  assert.deepEqual(toAlice['sip.Status-Code'], ['407', '100', '180', '200', '200']);
  assert.deepEqual(toAlice['sip.Via.sent-by.port'], [a, a, a, a, a]);

  const [route = '', ...others] = toBob['sip.Record-Route.uri'] ?? [];
  assert.deepEqual(others, []);
  const parameters = transport === 'tcp' ? ';transport=tcp' : '';
  assert.ok(route.startsWith(`sip:127.0.0.1:${server}${parameters};lr`), route);
  // The way is the same for both, the token leads each to the other: its second half differs.
  const withoutWay = (uri: string): string => uri.slice(0, -16);
  assert.deepEqual(toAlice['sip.Record-Route.uri']?.map(withoutWay), [withoutWay(route), withoutWay(route)]);
}

const FIELDS = [
  'sip.Method',
  'sip.Status-Code',
  'sip.Max-Forwards',
  'sip.Via.sent-by.port',
  'sip.Via.branch',
  'sip.Record-Route.uri',
] as const;
