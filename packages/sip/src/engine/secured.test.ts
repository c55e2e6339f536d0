import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineSite, requestText } from '../../test/engine-site.ts';
import { type ForwardOptions, type Plan, ring } from '../routing/index.ts';
import type { Flow, Protocol } from '../uri/transport.ts';
import type { Transport } from './ports.ts';

const PORTS = { tls: 5061, ws: 8080, wss: 8443 } as const;

for (const [what, uri, target, more] of [
  ['a sips: Request-URI', 'sips:bob@10.0.0.3', {}, []],
  ['sips: with transport=tcp', 'sips:bob@10.0.0.3;transport=tcp', {}, []],
  ['sips: behind a Route with sip:', 'sips:bob@example.com', {}, ['Route: <sip:10.0.0.3;lr>']],
  ['sip: behind a Route with sips:', 'sip:bob@example.com', {}, ['Route: <sips:10.0.0.3;lr>']],
  ['sip: to who registered with sips:', 'sip:bob@10.0.0.3', { security: 'required' }, []],
] as const)
  test(`${what} goes over TLS (RFC 5630 §5.1.1, §5.3, RFC 3261 §16.6 step 7)`, async () => {
    const { sent, labels } = await passed(ring(uri, target), { more });
    assert.deepEqual(sent, [`tls 10.0.0.3:5061 MESSAGE ${uri}`]);
    assert.deepEqual(labels, []);
  });

test('where there is no TLS such a request goes nowhere (RFC 5630 §5.3)', async () => {
  for (const plan of [ring('sips:bob@10.0.0.3'), ring('sip:bob@10.0.0.3', { security: 'required' })]) {
    const { sent, labels, heard } = await passed(plan, { without: 'tls' });
    assert.deepEqual([sent, labels], [[], []]);
    assert.match(heard.join(), /^[45]\d\d MESSAGE$/);
  }
});

test('a flow without TLS does not carry it: another way is looked for, else it is 480 (RFC 5630 §5.3)', async () => {
  const open: Flow = {
    local: { protocol: 'udp', host: '10.0.0.1', port: 5060 },
    host: '10.0.0.3',
    port: 5060,
    connection: 0,
  };
  const [elsewhere, nowhere] = [{ flow: open }, { flow: open, elsewhere: 'nowhere' }] as const;
  const found = await passed(ring('sips:bob@10.0.0.3', elsewhere), {});
  assert.deepEqual(found.sent, ['tls 10.0.0.3:5061 MESSAGE sips:bob@10.0.0.3']);
  for (const plan of [ring('sips:bob@10.0.0.3', nowhere), ring('sip:bob@x', { ...nowhere, security: 'required' })]) {
    const { sent, labels, heard } = await passed(plan, {});
    assert.deepEqual([sent, labels, heard], [[], [], ['480 MESSAGE']]);
  }
});

test('a flow over TLS or over WebSocket with TLS carries it (RFC 5630 §5.3)', async () => {
  for (const protocol of ['tls', 'wss'] as const) {
    const local = { protocol, host: '10.0.0.1', port: PORTS[protocol] };
    const flow: Flow = { local, host: '10.0.0.3', port: 50_000, connection: 7 };
    const { sent } = await passed(ring('sips:bob@x', { flow, elsewhere: 'nowhere' }), {});
    assert.deepEqual(sent, [`${protocol} 10.0.0.3:50000 MESSAGE sips:bob@x`]);
  }
});

for (const [uri, cameIn, goesOut, routes] of [
  ['sip:bob@x', 'tls', 'wss', ['sip:10.0.0.1:8443;transport=ws;lr', 'sip:10.0.0.1:5061;transport=tls;lr']],
  ['sip:bob@x', 'ws', 'tls', ['sip:10.0.0.1:5061;transport=tls;lr', 'sip:10.0.0.1:8080;transport=ws;lr']],
  ['sips:bob@x', 'tls', 'wss', ['sips:10.0.0.1:8443;transport=ws;lr', 'sips:10.0.0.1:5061;lr']],
  ['sips:bob@x', 'tls', 'tls', ['sips:10.0.0.1:5061;lr']],
  ['sips:bob@x', 'ws', 'tls', ['sips:10.0.0.1:5061;lr']],
] as const)
  test(`Record-Route of ${uri} from ${cameIn} to ${goesOut} says how to come back (RFC 5630 §5.3, RFC 7118 §5.2, RFC 3261 §16.6 step 4)`, async () => {
    const local = { protocol: goesOut, host: '10.0.0.1', port: PORTS[goesOut] };
    const flow: Flow = { local, host: '10.0.0.3', port: 50_000, connection: 7 };
    const plan = ring(uri, { flow, elsewhere: 'nowhere' });
    const { texts } = await passed(plan, { method: 'INVITE', cameIn, recordRoute: 'yes' });
    const found = [...(texts[0] ?? '').matchAll(/^Record-Route: <(.*?);t=/gm)].map(([, route]) => route);
    assert.deepEqual(found, routes);
  });

test('alias stands in our Via over TLS, but not on a connection that the other side made (RFC 5923 §8.1)', async () => {
  const viaOf = ({ texts }: { readonly texts: readonly string[] }): string | undefined =>
    /^Via: SIP\/2\.0\/(.*)\r$/m.exec(texts[0] ?? '')?.[1]?.replace(/branch=[^;]*/, '');
  assert.equal(viaOf(await passed(ring('sips:bob@10.0.0.3'), {})), 'TLS 10.0.0.1:5061;;rport;alias;oc;oc-algo="loss"');
  for (const protocol of ['tls', 'wss'] as const) {
    const local = { protocol, host: '10.0.0.1', port: PORTS[protocol] };
    const flow: Flow = { local, host: '10.0.0.3', port: 50_000, connection: 7 };
    const onFlow = await passed(ring('sips:bob@x', { flow, elsewhere: 'nowhere' }), {});
    assert.equal(viaOf(onFlow), `${protocol.toUpperCase()} 10.0.0.1:${PORTS[protocol]};;rport`);
  }
});

interface Passing {
  readonly method?: string;
  readonly more?: readonly string[];
  /** What is not listened on. */
  readonly without?: Protocol;
  readonly cameIn?: keyof typeof PORTS;
  readonly recordRoute?: ForwardOptions['recordRoute'];
}

/** What became of a request for which this was decided: what left encrypted or over WebSocket, what bob heard, what alice heard. */
async function passed(plan: Plan, { method = 'MESSAGE', more = [], without, cameIn, recordRoute = 'no' }: Passing) {
  const options: ForwardOptions = { recordRoute, timerCMs: 200_000, recurse: 'no' };
  const site = await createEngineSite(() => ({ type: 'forward', plan, options }));
  const [alice, bob] = [site.peer('10.0.0.2'), site.peer('10.0.0.3')];
  const texts: string[] = [];
  const sent: string[] = [];
  const note = (protocol: Protocol, bytes: Uint8Array, host: string, port: number): void => {
    const text = String.fromCharCode(...bytes);
    if (text.startsWith('SIP/2.0')) return;
    texts.push(text);
    sent.push(`${protocol} ${host}:${port} ${text.slice(0, text.indexOf(' SIP/2.0'))}`);
  };
  const transports = new Map<string, Transport>();
  for (const [protocol, port] of Object.entries(PORTS) as readonly (readonly [keyof typeof PORTS, number])[]) {
    if (protocol === without) continue;
    const transport: Transport = {
      local: { protocol, host: '10.0.0.1', port },
      reusesBuffers: false,
      send: (bytes, host, to) => note(protocol, bytes, host, to),
      flush: () => {},
      disconnect: () => {},
      close: async () => {},
    };
    transports.set(protocol, transport);
    site.engine.attach(transport);
  }
  const text = requestText(alice, { method, more: [...more, 'Contact: <sip:alice@10.0.0.2>'] });
  const from = cameIn === undefined ? undefined : transports.get(cameIn);
  if (from === undefined) alice.send(text, site.place);
  else
    site.engine.onData(
      from,
      { local: from.local, host: '10.0.0.2', port: 40_000, connection: 5 },
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
    );
  await site.world.runFor(100);
  return { sent, texts, labels: bob.labels, heard: alice.labels };
}
