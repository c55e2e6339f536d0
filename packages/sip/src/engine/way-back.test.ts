import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, requestText } from '../../test/engine-site.ts';
import { type Decision, type Handler, reply } from '../routing/index.ts';
import type { About, Flow, Transport, TransportFault } from './ports.ts';

interface Sent {
  readonly to: string;
  readonly connection: number;
  readonly about: About;
  readonly identity: string | undefined;
  readonly line: string;
}

const GONE: TransportFault = { code: 'closed', text: 'the connection is gone' };

/** An engine with a TLS address that notes what is sent, and a request that came from 10.0.0.7 on connection 9. */
async function site(sentBy: string, options: { readonly handler?: Handler; readonly method?: string } = {}) {
  const { handler = () => reply(200), method = 'MESSAGE' } = options;
  const names = { 'client.example.com': ['10.0.0.7', '10.0.0.8', '10.0.0.9'] };
  const { engine, world, events, peer } = await createEngineSite(handler, { names });
  const sent: Sent[] = [];
  const transport: Transport = {
    local: { protocol: 'tls', host: '10.0.0.1', port: 5061 },
    reusesBuffers: false,
    send: (bytes, host, port, connection, about, identity) => {
      const line = String.fromCharCode(...bytes).split('\r\n')[0] ?? '';
      sent.push({ to: `${host}:${port}`, connection, about, identity, line });
    },
    flush: () => undefined,
    disconnect: () => undefined,
    close: async () => undefined,
  };
  engine.attach(transport);
  const flow: Flow = { local: transport.local, host: '10.0.0.7', port: 40_000, connection: 9 };
  const text = requestText(peer('10.0.0.7'), { method }).replace(/SIP\/2\.0\/UDP [^;]+/, sentBy);
  engine.onData(transport, flow, Buffer.from(text, 'latin1'));
  /** The transport says that this could not be handed over. */
  const fail = async (at: number): Promise<void> => {
    engine.onFailed(transport, sent[at]?.about ?? 0, GONE);
    await world.runFor(100);
  };
  return { sent, fail, world, events, engine };
}

const places = (sent: readonly Sent[]): readonly string[] => sent.map(({ to }) => to);

test('a response whose connection is gone goes to received at the port of sent-by, then where sent-by leads, nowhere twice (RFC 3261 §18.2.2, RFC 3263 §5)', async () => {
  const { sent, fail, events, world, engine } = await site('SIP/2.0/TLS client.example.com:5071');
  assert.deepEqual(
    sent.map(({ to, connection }) => [to, connection]),
    [['10.0.0.7:40000', 9]],
  );
  for (const at of [0, 1, 2, 3]) await fail(at);
  assert.deepEqual(places(sent), ['10.0.0.7:40000', '10.0.0.7:5071', '10.0.0.8:5071', '10.0.0.9:5071']);
  assert.ok(sent.every(({ line }) => line === 'SIP/2.0 200 OK'));
  assert.equal(events.filter(({ type }) => type === 'transport.failed').length, 4);
  await world.runFor(60_000);
  assert.equal(sent.length, 4);
  assert.equal(engine.core.wheel.size, 0);
});

test('a new connection for a response has to prove the name in sent-by (RFC 5922 §7.3)', async () => {
  const { sent, fail } = await site('SIP/2.0/TLS client.example.com:5071');
  for (const at of [0, 1]) await fail(at);
  assert.deepEqual(
    sent.map(({ connection, identity }) => [connection, identity]),
    [
      [9, undefined],
      [0, 'client.example.com'],
      [0, 'client.example.com'],
    ],
  );
});

test('an address in sent-by is tried where it is another one than received (RFC 3263 §5)', async () => {
  const same = await site('SIP/2.0/TLS 10.0.0.7:5071');
  for (const at of [0, 1]) await same.fail(at);
  assert.deepEqual(places(same.sent), ['10.0.0.7:40000', '10.0.0.7:5071']);
  const other = await site('SIP/2.0/TLS 10.0.0.99');
  for (const at of [0, 1, 2]) await other.fail(at);
  assert.deepEqual(places(other.sent), ['10.0.0.7:40000', '10.0.0.7:5061', '10.0.0.99:5061']);
  assert.equal(other.sent[2]?.identity, undefined);
});

test('a Via that names another transport than the request came by leads nowhere', async () => {
  const { sent, fail } = await site('SIP/2.0/TCP client.example.com:5071');
  for (const at of [0, 1]) await fail(at);
  assert.equal(sent.length, 2);
});

test('what else was lost with a connection is no failure of the place that comes after it', async () => {
  const { sent, fail } = await site('SIP/2.0/TLS client.example.com:5071');
  for (const at of [0, 0, 0]) await fail(at);
  assert.deepEqual(places(sent), ['10.0.0.7:40000', '10.0.0.7:5071']);
});

test('a final response goes where the provisional one before it got through', async () => {
  let decide: (decision: Decision) => void = () => undefined;
  const handler: Handler = () => new Promise((resolve) => (decide = resolve));
  const { sent, fail, world } = await site('SIP/2.0/TLS client.example.com', { handler, method: 'INVITE' });
  await world.runFor(300);
  await fail(0);
  decide(reply(486));
  await world.runFor(0);
  assert.deepEqual(
    sent.map(({ to, line }) => `${to} ${line}`),
    ['10.0.0.7:40000 SIP/2.0 100 Trying', '10.0.0.7:5061 SIP/2.0 100 Trying', '10.0.0.7:5061 SIP/2.0 486 Busy Here'],
  );
});
