import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { takes } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { BOB, HOST, startServer } from './peers/server.ts';
import { startSipp } from './peers/sipp.ts';

const skip = lacking('sipsak');
const skipWithPhone = lacking('sipsak', 'sipp');

test('sipsak pings the server with OPTIONS and hears what it can do (RFC 3261 §11.2)', { skip }, async (t) => {
  const lab = createLab(t);
  const server = await startServer(lab);
  const { end, text } = await sipsak(lab, '-vv', '-s', server.uri('udp'));
  assert.equal(end, 0, text);
  assert.match(text, /^SIP\/2\.0 200 OK$/m);
  assert.match(text, /^Allow: .*INVITE/m);
});

test('sipsak registers a phone with digest and rings through to it (RFC 3261 §10.2)', {
  skip: skipWithPhone,
}, async (t) => {
  const lab = createLab(t);
  const server = await startServer(lab);
  const bob = await startSipp(lab, takes('OPTIONS', BOB), { transport: 'udp' });
  const address = `sip:${BOB.name}@${HOST}:${server.port}`;
  const asBob = ['-U', '-i', '-x', '300', '-u', BOB.name, '-C', `sip:${BOB.name}@${HOST}:${bob.port}`, '-s', address];

  const refused = await sipsak(lab, ...asBob, '-a', 'guessed');
  assert.equal(refused.end, 2, refused.text);
  const registered = await sipsak(lab, ...asBob, '-a', BOB.password);
  assert.equal(registered.end, 0, registered.text);

  const { end, text } = await sipsak(lab, '-v', '-s', address);
  assert.equal(end, 0, text);
  await bob.done();
});

test('the first hop of a trace by sipsak is the server, which answers OPTIONS without hops left (RFC 3261 §11)', {
  skip,
}, async (t) => {
  const lab = createLab(t);
  const server = await startServer(lab);
  const { end, text } = await sipsak(lab, '-T', '-s', `sip:${BOB.name}@${HOST}:${server.port}`);
  assert.equal(end, 0, text);
  assert.match(text, /^0: .* SIP\/2\.0 200 OK/m);
});

test('sipsak hears 483 for an INVITE without hops left (RFC 3261 §16.3 step 3)', { skip }, async (t) => {
  const lab = createLab(t);
  const server = await startServer(lab);
  const port = await freePort();
  const file = lab.file('invite.sip', inviteWithoutHops(port));
  const { text } = await sipsak(lab, '-vv', '-i', '-l', `${port}`, '-f', file, '-s', server.uri('udp'));
  assert.match(text, /^SIP\/2\.0 483 Too Many Hops$/m);
});

/** Runs it to its end. Its exit code is 0 for a 200, 1 for other answers, 2 for what it could not do, 3 for no answer. */
async function sipsak(lab: Lab, ...args: readonly string[]): Promise<{ end: number | string; text: string }> {
  const child = lab.start('sipsak', args);
  const end = await child.exit(DEADLINE_MS);
  return { end, text: child.lines.join('\n') };
}

/** With the end of lines as sipsak wants it: it puts CR in itself. */
const inviteWithoutHops = (port: number): string => `INVITE sip:${BOB.name}@${BOB.domain} SIP/2.0
Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bK.no.hops.left
Max-Forwards: 0
From: <sip:stranger@elsewhere.invalid>;tag=1
To: <sip:${BOB.name}@${BOB.domain}>
Call-ID: no-hops-left
CSeq: 1 INVITE
Contact: <sip:stranger@${HOST}:${port}>
Content-Length: 0

`;

const DEADLINE_MS = 10_000;
