import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createLab } from './peers/lab.ts';
import { callsInVain, registers } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, startServer } from './peers/server.ts';
import { runSipp } from './peers/sipp.ts';

const skip = lacking('sipp');

for (const transport of ['udp', 'tcp'] as const) {
  test(`SIPp registers with digest over ${transport}, is listed, and takes it back (RFC 3261 §10.2, §22.4)`, {
    skip,
  }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    const phone = { transport, to: server, port: await freePort() };

    const { received } = await runSipp(lab, registers(BOB, 300), phone);
    assert.match(
      received.at(-1) ?? '',
      new RegExp(`^Contact: <sip:bob@127.0.0.1:${phone.port}[^>]*>;expires=300$`, 'm'),
    );

    const gone = await runSipp(lab, registers(BOB, 0), phone);
    assert.doesNotMatch(gone.received.at(-1) ?? '', /^Contact:/m);
    await runSipp(lab, callsInVain(ALICE, addressOf(BOB), 480), { transport, to: server });
  });

  test(`SIPp is asked again over ${transport} for a password that was wrong (RFC 3261 §22.2)`, { skip }, async (t) => {
    const lab = createLab(t);
    const server = await startServer(lab);
    await runSipp(lab, registers(BOB, 300, 'guessed', 401), { transport, to: server });
    await runSipp(lab, callsInVain(ALICE, addressOf(BOB), 480), { transport, to: server });
  });
}

test('a user who does not exist is told apart from one who is not there (RFC 3261 §21.4.5, §21.4.18)', {
  skip,
}, async (t) => {
  const lab = createLab(t);
  const server = await startServer(lab);
  await runSipp(lab, callsInVain(ALICE, 'sip:nobody@example.test', 404), { transport: 'udp', to: server });
});
