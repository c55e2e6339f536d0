import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab } from './peers/lab.ts';
import { answers, calls, registers } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, startServer, type Transport } from './peers/server.ts';
import { runSipp, startSipp } from './peers/sipp.ts';
import { type Capture, type Dissected, lackingCapture, startCapture } from './peers/tshark.ts';

const skip = lackingCapture('sipp');

for (const transport of ['udp', 'tcp'] as const) {
  test(`tshark finds nothing wrong with a registration and a call over ${transport}`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const port = await freePort();
    const capture = await startCapture(lab, [server.port, port]);
    await runSipp(lab, registers(BOB, 300), { transport, to: server, port });
    const bob = await startSipp(lab, answers(BOB), { transport, port });
    await runSipp(lab, calls(ALICE, addressOf(BOB)), { transport, to: server });
    await bob.done();
    // From bob to the server, from there to alice.
    await capture.sees(/Status: 200 OK \(BYE\)/, /Status: 200 OK \(BYE\)/);
    await capture.stop();

    await assertWellFormed(capture, transport);
    assertRoute(await capture.packets('sip', ...ROUTE_FIELDS), server.port);
  });
}

/** Every packet is SIP, nothing is malformed, nobody had to say anything twice, and tshark has no remark about any of it. */
async function assertWellFormed(capture: Capture, transport: Transport): Promise<void> {
  const data = transport === 'udp' ? 'udp' : 'tcp.len > 0';
  const about = ['frame.number', '_ws.col.Info', '_ws.expert.message'];
  const none = async (filter: string): Promise<void> =>
    assert.deepEqual(await capture.packets(filter, ...about), [], filter);
  await none(`${data} and not sip`);
  await none('_ws.malformed');
  await none('sip and _ws.expert.severity >= "Warning"');
  await none('sip.resend == 1');
  await none('sip.Method == "INVITE" and not sdp');
}

function assertRoute(packets: readonly Dissected[], serverPort: number): void {
  console.log(packets);
  void serverPort;
}

const ROUTE_FIELDS = [
  'sip.Method',
  'sip.Status-Code',
  'sip.CSeq.method',
  'sip.Via.sent-by.port',
  'sip.Via.branch',
  'sip.Record-Route.uri',
  'sip.Record-Route.param',
  'sip.Record-Route',
  'sip.Max-Forwards',
];
