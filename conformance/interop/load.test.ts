import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createLab } from './peers/lab.ts';
import { answers, calls, registers } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, startServer } from './peers/server.ts';
import { runSipp, startSipp } from './peers/sipp.ts';

const skip = lacking('sipp');
const CALLS = 200;

for (const transport of ['udp', 'tcp'] as const) {
  test(`ten seconds of twenty calls a second over ${transport} pass without a failure or a retransmission`, {
    skip,
  }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const port = await freePort();
    await runSipp(lab, registers(BOB, 300), { transport, to: server, port });
    const bob = await startSipp(lab, answers(BOB), { transport, port, calls: CALLS });

    const alice = await runSipp(lab, calls(ALICE, addressOf(BOB)), {
      transport,
      to: server,
      calls: CALLS,
      perSecond: 20,
    });
    const every = { successful: CALLS, failed: 0, retransmissions: 0 };
    assert.deepEqual(alice.counts, every);
    assert.deepEqual((await bob.done()).counts, every);
  });
}
