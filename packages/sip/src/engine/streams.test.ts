import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, requestText } from '../../test/engine-site.ts';
import { reply } from '../routing/index.ts';
import type { Flow, Protocol } from '../uri/transport.ts';
import type { Transport } from './ports.ts';

/** A transport that notes what is asked of it. */
function noted(protocol: Protocol): { readonly transport: Transport; readonly flow: Flow; readonly done: string[] } {
  const done: string[] = [];
  const local = { protocol, host: '10.0.0.1', port: 5061 };
  const transport: Transport = {
    local,
    reusesBuffers: false,
    send: (bytes) => void done.push(String.fromCharCode(...bytes)),
    flush: () => {},
    disconnect: (connection) => void done.push(`disconnect ${connection}`),
    alias: (connection, port) => void done.push(`alias ${connection} ${port}`),
    close: async () => {},
  };
  return { transport, flow: { local, host: '10.0.0.7', port: 40_000, connection: 9 }, done };
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

async function site() {
  const { engine, peer } = await createEngineSite(() => reply(200));
  return { engine, written: requestText(peer('10.0.0.7'), { method: 'OPTIONS', uri: 'sip:10.0.0.1' }) };
}

test('over WebSocket each stretch is a whole message, also without Content-Length (RFC 7118 §5)', async () => {
  const { engine, written } = await site();
  const { transport, flow, done } = noted('wss');
  const text = written.replace(/^Content-Length:.*\r\n/m, '');
  engine.onData(transport, flow, bytesOf(`${text}a body`));
  assert.equal(done.length, 1);
  assert.match(done[0] ?? '', /^SIP\/2\.0 200 OK\r\n/);
});

test('over WebSocket the keep-alive of streams is answered, and a single line end is nothing (RFC 7118 §6)', async () => {
  const { engine } = await site();
  const { transport, flow, done } = noted('ws');
  engine.onData(transport, flow, bytesOf('\r\n\r\n'));
  engine.onData(transport, flow, bytesOf('\r\n'));
  assert.deepEqual(done, ['\r\n']);
});

test('what is no SIP in a WebSocket message does not spoil the next one', async () => {
  const { engine, written } = await site();
  const { transport, flow, done } = noted('ws');
  engine.onData(transport, flow, bytesOf('nothing of sense'));
  engine.onData(transport, flow, bytesOf(written));
  assert.equal(done.filter((text) => text.startsWith('SIP/2.0 200')).length, 1);
});

test('an alias is offered to the transport with the port of the sent-by, 5061 where there is none (RFC 5923 §8.2)', async () => {
  const { engine, written } = await site();
  const { transport, flow, done } = noted('tls');
  for (const sentBy of ['p1.example.com', 'p1.example.com:5099']) {
    const top = `Via: SIP/2.0/TLS ${sentBy};branch=z9hG4bK${sentBy.length};alias`;
    engine.onData(transport, flow, bytesOf(written.replace(/^Via:.*$/m, top)));
  }
  assert.deepEqual(
    done.filter((text) => text.startsWith('alias')),
    ['alias 9 5061', 'alias 9 5099'],
  );
});

test('a connection that was turned away is a failure of its transport, with its reason', async () => {
  const { engine, events } = await createEngineSite(() => reply(200));
  const { transport } = noted('tls');
  engine.onRefused(transport, '10.0.0.7', 40_000, { code: 'untrusted', text: 'a reason' });
  const [failed] = events.filter((event) => event.type === 'transport.failed');
  assert.deepEqual([failed?.fault.code, failed?.flow.host, failed?.flow.connection], ['untrusted', '10.0.0.7', 0]);
});

test('pieces of several connections that come in turn are put together each for itself (RFC 3261 §18.3)', async () => {
  const { engine, written } = await site();
  const { transport, flow, done } = noted('tcp');
  const texts = [9, 10, 11].map((connection) => written.replace(/branch=\w+/, `branch=z9hG4bK${connection}`));
  for (let at = 0; at < written.length + 9; at += 50)
    for (const [index, text] of texts.entries())
      engine.onData(transport, { ...flow, connection: 9 + index }, bytesOf(text.slice(at, at + 50)));
  const branches = done.map((text) => /^SIP\/2\.0 200 OK\r\n[\s\S]*branch=z9hG4bK(\d+)/.exec(text)?.[1]);
  assert.deepEqual(branches, ['9', '10', '11']);
});

test('a connection that brought nonsense is not understood any more, and all others are (RFC 3261 §18.3)', async () => {
  const { engine, written } = await site();
  const { transport, flow, done } = noted('tcp');
  engine.onData(transport, flow, bytesOf(written.replace(/^Content-Length:.*\r\n/m, 'Content-Length: x\r\n')));
  engine.onData(transport, flow, bytesOf(written));
  engine.onData(transport, { ...flow, connection: 10 }, bytesOf(written));
  const labels = done.map((text) => text.slice(0, 15).trim());
  assert.deepEqual(labels, ['SIP/2.0 400 Bad', 'disconnect 9', 'SIP/2.0 200 OK']);
});
