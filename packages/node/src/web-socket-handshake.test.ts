import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Party, Trial, textOf } from '@strowger/testkit/suites';
import { type ClientOptions, WebSocket } from 'ws';
import { openWebSocket, type WebSocketOptions } from './web-socket.ts';

test('a WebSocket without the subprotocol sip is refused with a sentence (RFC 7118 §4.1)', async (t) => {
  const [trial, bob] = await listener(t, {});
  for (const protocols of [[], ['chat'], ['sipx', 'SIP']]) {
    const { status, body } = await refusal(dial(t, bob, protocols));
    assert.deepEqual([status, body], [400, 'The WebSocket must offer the subprotocol sip (RFC 7118).\n']);
  }
  await trial.until(() => bob.witness.all('refused').length === 3, 'the refusals');
  assert.match(bob.witness.all('refused')[0]?.fault.text ?? '', /subprotocol sip/);
  const both = dial(t, bob, ['chat', 'sip']);
  await once(both, 'open');
  assert.equal(both.protocol, 'sip');
});

test('nothing is compressed, whatever is offered', async (t) => {
  const [, bob] = await listener(t, {});
  const client = dial(t, bob, ['sip'], { perMessageDeflate: true });
  await once(client, 'open');
  assert.equal(client.extensions, '');
});

test('other HTTP requests get a short answer and the end of the connection', async (t) => {
  const [trial, bob] = await listener(t, {});
  const answer = await exchange(t, bob, 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
  assert.match(answer, /\r\n\r\nThere is no page here: .*subprotocol sip\)\.\n$/);
  assert.match(await exchange(t, bob, 'OPTIONS sip:a.example SIP/2.0\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n/);
  const old =
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n\r\n';
  assert.match(await exchange(t, bob, old), /^HTTP\/1\.1 400 Bad Request\r\n/);
  await trial.until(() => bob.witness.all('refused').length === 3, 'the refusals');
  assert.equal(bob.witness.all('connected').length, 0);
});

test('with a list of origins only those pages may connect, without one all may', async (t) => {
  const [, strict] = await listener(t, { origins: ['https://phone.example.com'] });
  for (const origin of ['https://evil.example', undefined]) {
    const { status, body } = await refusal(dial(t, strict, ['sip'], origin === undefined ? {} : { origin }));
    assert.equal(status, 403);
    assert.match(body, /^The origin (?:https:\/\/evil\.example|is missing and) is not allowed here\.\n$/);
  }
  await once(dial(t, strict, ['sip'], { origin: 'https://Phone.Example.com' }), 'open');
  const [, open] = await listener(t, {});
  await once(dial(t, open, ['sip'], { origin: 'https://evil.example' }), 'open');
});

test('text and binary are taken alike, each message by itself, whole though it came in pieces (RFC 7118 §4.2, §5)', async (t) => {
  const [trial, bob] = await listener(t, {});
  const client = dial(t, bob, ['sip']);
  await once(client, 'open');
  client.send('one');
  client.send(Buffer.from('two'));
  for (const [index, piece] of ['thr', 'ee', ''].entries()) client.send(piece, { fin: index === 2 });
  await trial.until(() => bob.witness.receivedBytes() === 11, 'three messages');
  assert.deepEqual(
    bob.witness.all('data').map(({ bytes }) => textOf(bytes)),
    ['one', 'two', 'three'],
  );
});

test('what is sent is text, and binary where it is no UTF-8 (RFC 7118 §4.2)', async (t) => {
  const [trial, bob] = await listener(t, {});
  const client = dial(t, bob, ['sip']);
  const heard: (readonly [string, boolean])[] = [];
  client.on('message', (data, isBinary) => heard.push([String(data), isBinary]));
  await once(client, 'open');
  await trial.until(() => bob.witness.all('connected').length === 1, 'the connection');
  const { host, port, connection } = bob.witness.all('connected')[0]?.flow ?? { host: '', port: 0, connection: 0 };
  bob.send('Zo\xc3\xab', { host, port }, { connection });
  bob.send('Zo\xeb', { host, port }, { connection });
  bob.flush();
  while (heard.length < 2) await once(client, 'message');
  assert.deepEqual(heard, [
    ['Zoë', false],
    ['Zo�', true],
  ]);
});

test('a message larger than may be ends the connection as too large (RFC 6455 §7.4.1)', async (t) => {
  const [trial, bob] = await listener(t, { maxMessageBytes: 100 });
  const client = dial(t, bob, ['sip']);
  await once(client, 'open');
  client.send('x'.repeat(100));
  await trial.until(() => bob.witness.receivedBytes() === 100, 'the largest');
  client.send('x'.repeat(101));
  const [code] = await once(client, 'close');
  assert.equal(code, 1009);
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end');
  assert.equal(bob.witness.all('closed')[0]?.fault?.code, 'tooLarge');
});

test('a peer that answers no ping is ended as silent, one that does is kept', async (t) => {
  const [trial, bob] = await listener(t, { probeMs: 20 });
  const [mute, lively] = [dial(t, bob, ['sip'], { autoPong: false }), dial(t, bob, ['sip'])];
  await Promise.all([once(mute, 'open'), once(lively, 'open')]);
  for (let pings = 0; pings < 3; pings += 1) await once(lively, 'ping');
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end of one');
  assert.equal(bob.witness.all('closed')[0]?.fault?.code, 'timeout');
  assert.equal(lively.readyState, lively.OPEN);
});

test('a connection on which no message comes is ended though it answers pings', async (t) => {
  const [trial, bob] = await listener(t, { probeMs: 10, firstByteTimeoutMs: 50 });
  await once(dial(t, bob, ['sip']), 'open');
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end');
  assert.match(bob.witness.all('closed')[0]?.fault?.text ?? '', /said nothing$/);
});

test('a request that dribbles in is broken off when its time is over', async (t) => {
  const [trial, bob] = await listener(t, { handshakeTimeoutMs: 30 });
  await exchange(t, bob, 'GET / HTTP/1.1\r\nHost: a.exam');
  await trial.until(() => bob.witness.all('refused').length === 1, 'the refusal');
  assert.equal(bob.witness.all('refused')[0]?.fault.code, 'timeout');
});

test('a reset ends a WebSocket as reset', async (t) => {
  const [trial, bob] = await listener(t, {});
  const client = dial(t, bob, ['sip']);
  const [[response]] = await Promise.all([once(client, 'upgrade'), once(client, 'open')]);
  await trial.until(() => bob.witness.all('connected').length === 1, 'the connection');
  response.socket.resetAndDestroy();
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end');
  assert.equal(bob.witness.all('closed')[0]?.fault?.code, 'reset');
});

async function listener(t: TestContext, options: Partial<WebSocketOptions>): Promise<readonly [Trial, Party]> {
  const trial = new Trial({
    open: ({ listener, port }) => openWebSocket({ host: '127.0.0.1', port, listener, ...options }),
    close: async () => {},
  });
  t.after(() => trial.end());
  return [trial, await trial.party()];
}

function dial(t: TestContext, { transport }: Party, protocols: string[], options: ClientOptions = {}): WebSocket {
  const { host, port } = transport.local;
  const client = new WebSocket(`ws://${host}:${port}/`, protocols, { perMessageDeflate: false, ...options });
  t.after(() => client.terminate());
  return client.on('error', () => {});
}

/** What a client that was refused is told. */
async function refusal(client: WebSocket): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const [, response] = await once(client, 'unexpected-response');
  let body = '';
  for await (const piece of response) body += String(piece);
  return { status: response.statusCode, body };
}

/** Sends bytes and gives all that comes back until the other side ends. */
async function exchange(t: TestContext, { transport }: Party, text: string): Promise<string> {
  const { host, port } = transport.local;
  const socket: Socket = connect({ host, port, allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.on('error', () => {}).write(text);
  let answer = '';
  socket.on('data', (piece) => {
    answer += String(piece);
  });
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return answer;
}
