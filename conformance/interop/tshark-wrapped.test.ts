import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAuthority } from './peers/authority.ts';
import { createLab } from './peers/lab.ts';
import { sendRequest, startSecureClient, VERIFIED } from './peers/openssl.ts';
import { freePort } from './peers/port.ts';
import { addressOf, BOB, DOMAIN, HOST, startServerWith } from './peers/server.ts';
import { strangersRequest } from './peers/stranger.ts';
import { type Capture, lackingCapture, startCapture } from './peers/tshark.ts';

for (const version of ['1.2', '1.3'] as const) {
  test(`tshark reads SIP in TLS ${version}, and finds nothing wrong with it`, {
    skip: lackingCapture('openssl'),
  }, async (t) => {
    const lab = createLab(t);
    const authority = createAuthority(lab);
    const { certificate, key } = authority.issue(DOMAIN, `DNS:${DOMAIN}`);
    const port = await freePort();
    await startServerWith(lab, {
      listen: [`tls:${HOST}:${port}`],
      settings: [`tls: { certificate: ${certificate}, key: ${key} }`],
    });
    const keys = join(lab.folder, 'keys');
    const capture = await startCapture(lab, [port], { in: 'tls', keys });
    const args = [`-tls${version.replace('.', '_')}`, '-keylogfile', keys];
    const client = startSecureClient(lab, { host: HOST, port, ca: authority.certificate, args });
    await client.line(VERIFIED, SOON_MS);
    sendRequest(client, OPTIONS('TLS'));
    await client.line(/^SIP\/2\.0 200 OK$/, SOON_MS);
    sendRequest(client, MESSAGE('TLS'));
    await client.line(/^SIP\/2\.0 480 Temporarily Unavailable$/, SOON_MS);
    await capture.sees(/Request: OPTIONS/, /Status: 200/, /Request: MESSAGE/, /Status: 480/);
    await capture.stop();
    await assertWellFormed(capture);
  });
}

test('tshark reads SIP in WebSocket, and finds nothing wrong with either (RFC 7118)', {
  skip: lackingCapture(),
}, async (t) => {
  const lab = createLab(t);
  const port = await freePort();
  await startServerWith(lab, { listen: [`ws:${HOST}:${port}`] });
  const capture = await startCapture(lab, [port], { in: 'ws' });
  const client = new WebSocket(`ws://${HOST}:${port}`, 'sip');
  await once(client, 'open');
  for (const request of [OPTIONS('WS'), MESSAGE('WS')]) {
    client.send(request);
    await once(client, 'message');
  }
  await capture.sees(/Request: OPTIONS/, /Status: 200/, /Request: MESSAGE/, /Status: 480/);
  client.close();
  await once(client, 'close');
  await capture.sees(/WebSocket Connection Close/, /WebSocket Connection Close/);
  await capture.stop();

  await assertWellFormed(capture);
  const handshake = await capture.values('http.response', 'http.response.code', 'http.sec_websocket_protocol');
  assert.deepEqual(handshake, { 'http.response.code': ['101'], 'http.sec_websocket_protocol': ['sip'] });
  // A server masks nothing, and each message is a text of one frame (RFC 6455 §5.1, RFC 7118 §4.2).
  const frames = await capture.values(
    `websocket and tcp.srcport == ${port} and sip`,
    'websocket.mask',
    'websocket.fin',
  );
  assert.deepEqual(frames, { 'websocket.mask': ['0', '0'], 'websocket.fin': ['1', '1'] });
});

/** The two requests and their answers are there, and tshark warns of nothing. */
async function assertWellFormed(capture: Capture): Promise<void> {
  const messages = await capture.values('sip', 'sip.Method', 'sip.Status-Code');
  assert.deepEqual(messages, { 'sip.Method': ['OPTIONS', 'MESSAGE'], 'sip.Status-Code': ['200', '480'] });
  // What the kernel does in TCP is no business of ours.
  for (const filter of ['_ws.malformed', '(sip or websocket or http or tls) and _ws.expert.severity >= "Warning"']) {
    const remarks = await capture.values(filter, '_ws.col.Info', '_ws.expert.message');
    assert.deepEqual(remarks, { '_ws.col.Info': [], '_ws.expert.message': [] }, filter);
  }
}

const OPTIONS = (protocol: 'TLS' | 'WS'): string => strangersRequest(protocol, 'OPTIONS', `sip:${DOMAIN}`);
const MESSAGE = (protocol: 'TLS' | 'WS'): string => strangersRequest(protocol, 'MESSAGE', addressOf(BOB));
const SOON_MS = 5_000;
