import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf } from '@strowger/testkit/messages';
import type { SipKey } from '../../auth/siphash.ts';
import type { Decision } from '../../routing/index.ts';
import { RemoteFault } from '../../text/faults.ts';
import { aorKey, type Flow } from '../../uri/index.ts';
import type { Binding } from './binding.ts';
import { Gruus } from './gruu.ts';
import { BoundFlows } from './lost-flows.ts';
import type { Loaded } from './ports.ts';
import { type RegistrarPorts, register } from './role.ts';

test('a phone with outbound gets Require: outbound, Flow-Timer, and a binding of its flow (RFC 5626 §6, §5.4)', () => {
  const site = siteOf();
  const answer = site.register([SUPPORTS, `Contact: <sip:alice@10.1.1.1>;${INSTANCE};reg-id=1`]);
  assert.deepEqual([answer.status, answer.require, answer.flowTimer], [200, 'outbound', '120']);
  const [binding] = site.bindings;
  assert.deepEqual([binding?.regId, binding?.reach, binding?.flow], [1, 'flow', FLOW]);
});

test('the same instance and reg-id replace the binding, another Contact and flow notwithstanding (RFC 5626 §6)', () => {
  const site = siteOf();
  site.register([SUPPORTS, `Contact: <sip:alice@10.1.1.1:5060>;${INSTANCE};reg-id=1`]);
  const moved = { ...FLOW, port: 40001 };
  site.register([SUPPORTS, `Contact: <sip:alice@10.9.9.9:5062>;${INSTANCE.toUpperCase()};reg-id=1`], { flow: moved });
  assert.deepEqual(
    site.bindings.map((b) => [b.contact, b.flow.port]),
    [['sip:alice@10.9.9.9:5062', 40001]],
  );
  site.register([SUPPORTS, `Contact: <sip:alice@10.9.9.9:5062>;${INSTANCE};reg-id=2`]);
  assert.deepEqual(
    site.bindings.map((b) => b.regId),
    [1, 2],
  );
});

test('without the option tag the flow is bound all the same and the answer does not speak of it (RFC 5626 §6)', () => {
  const site = siteOf();
  const answer = site.register([`Contact: <sip:alice@10.1.1.1>;${INSTANCE};reg-id=1`]);
  assert.deepEqual([answer.require, answer.flowTimer, site.bindings[0]?.regId], [undefined, undefined, 1]);
});

test('a reg-id without an instance, or that is no number, is ignored (RFC 5626 §6, §4.2)', () => {
  for (const params of ['reg-id=1', `${INSTANCE};reg-id=0`, `${INSTANCE};reg-id=2147483648`, `${INSTANCE};reg-id=x`]) {
    const site = siteOf();
    const answer = site.register([SUPPORTS, `Contact: <sip:alice@203.0.113.7>;${params}`]);
    assert.deepEqual(
      [answer.require, site.bindings[0]?.regId, site.bindings[0]?.reach],
      [undefined, undefined, 'contact'],
    );
  }
});

test('439 when a proxy without outbound stands first and the phone asks for it, else its reg-id is ignored (RFC 5626 §6)', () => {
  const behind = [SECOND_VIA, 'Supported: path', `Contact: <sip:alice@10.1.1.1>;${INSTANCE};reg-id=1`];
  for (const path of [[], ['Path: <sip:edge.example.com;lr>']]) {
    const site = siteOf();
    assert.equal(site.register([...behind, ...path]).status, 200);
    assert.deepEqual([site.bindings[0]?.regId, site.bindings[0]?.reach], [undefined, 'contact']);
    assert.throws(
      () => siteOf().register([...behind, ...path, SUPPORTS]),
      (fault) => fault instanceof RemoteFault && fault.status === 439,
    );
  }
  const noInstance = [SECOND_VIA, SUPPORTS, 'Contact: <sip:alice@10.1.1.1>;reg-id=1'];
  assert.equal(siteOf().register(noInstance).status, 200);
});

test('an edge proxy that puts ob into its Path is the way back, also behind a second one (RFC 5626 §5.1, §6)', () => {
  for (const path of ['<sip:t@edge.example.com;lr;ob>', '<sip:core.example.com;lr>, <sip:t@edge.example.com;lr;ob>']) {
    const site = siteOf();
    const contact = `Contact: <sip:alice@10.1.1.1>;${INSTANCE};reg-id=1`;
    const answer = site.register([SECOND_VIA, 'Supported: path, outbound', `Path: ${path}`, contact]);
    assert.deepEqual([answer.status, answer.require, answer.flowTimer], [200, 'outbound', undefined]);
    assert.deepEqual([site.bindings[0]?.regId, site.bindings[0]?.reach], [1, 'contact']);
  }
});

test('* takes back outbound bindings with all others (RFC 5626 §4.2.3)', () => {
  const site = siteOf();
  site.register([SUPPORTS, `Contact: <sip:alice@10.1.1.1>;${INSTANCE};reg-id=1`]);
  site.register(['Contact: <sip:alice@203.0.113.7:5070>']);
  assert.equal(site.register([SUPPORTS, 'Contact: *', 'Expires: 0']).require, undefined);
  assert.deepEqual(site.bindings, []);
});

test('a Contact that names another address than it came from is reached by the flow (NAT)', () => {
  const reachOf = (contact: string, nat: 'auto' | 'off' = 'auto', flow = FLOW): string | undefined => {
    const site = siteOf();
    site.register([`Contact: ${contact}`], { nat, flow });
    return site.bindings[0]?.reach;
  };
  assert.equal(reachOf('<sip:a@192.168.1.20:5060>'), 'flow');
  assert.equal(reachOf('<sip:a@203.0.113.7:5070>'), 'contact', 'the same address: its port is believed');
  assert.equal(reachOf('<sip:a@phone.example.com>'), 'contact', 'a name');
  assert.equal(reachOf('<sip:a@192.168.1.20>', 'off'), 'contact');
  const six = { ...FLOW, host: '2001:db8::7' };
  assert.equal(reachOf('<sip:a@[2001:DB8:0::7]>', 'auto', six), 'contact');
  assert.equal(reachOf('<sip:a@[fd00::7]>', 'auto', six), 'flow');
  assert.equal(reachOf('<sip:a@[::ffff:203.0.113.7]>'), 'contact', 'the same address in other words');
});

test('who knows its own address and names another one means that one: a gateway, a forwarding (NAT)', () => {
  const site = siteOf();
  site.register(['Contact: <sip:gateway@198.51.100.9>'], { sentBy: '203.0.113.7:5062' });
  assert.equal(site.bindings[0]?.reach, 'contact');
  site.register(['Contact: <sip:gateway@198.51.100.9>'], { sentBy: 'phone.local' });
  assert.equal(site.bindings[0]?.reach, 'flow');
});

test('a WebSocket client is reached by its connection alone (RFC 7118 §5)', () => {
  const site = siteOf();
  const flow: Flow = {
    local: { protocol: 'wss', host: '192.0.2.1', port: 8443 },
    host: '203.0.113.7',
    port: 4,
    connection: 9,
  };
  site.register(['Contact: <sip:x@df7jal23ls0d.invalid;transport=ws>'], { flow, nat: 'off' });
  assert.equal(site.bindings[0]?.reach, 'flow');
});

test('phones that know GRUUs get a public one that stays and a temporary one each time (RFC 5627 §5.2)', () => {
  const site = siteOf();
  const lines = ['Supported: gruu', `Contact: <sip:alice@10.1.1.1>;${INSTANCE};pub-gruu="sip:evil@example.com;gr=1"`];
  const [first, second] = [site.register(lines).contact, site.register(lines).contact];
  const publics = [first, second].map(
    (contact) => /;pub-gruu="(sip:alice@example\.com;gr=[0-9a-f]{32})"/.exec(contact)?.[1],
  );
  assert.ok(publics[0] !== undefined && publics[0] === publics[1]);
  const temporaries = [first, second].map(
    (contact) => /;temp-gruu="(sip:tgruu\.[-\w]+@example\.com;gr)"/.exec(contact)?.[1],
  );
  assert.ok(temporaries[0] !== undefined && temporaries[1] !== undefined && temporaries[0] !== temporaries[1]);
  assert.doesNotMatch(first, /evil/);
  const unasked = site.register([`Contact: <sip:alice@10.1.1.1>;${INSTANCE}`]).contact;
  assert.doesNotMatch(unasked, /gruu/);
  const foreign = siteOf().register(['Supported: gruu', 'Contact: <sip:alice@10.1.1.1>']).contact;
  assert.doesNotMatch(foreign, /gruu/, 'no instance');
});

test('GRUUs have the scheme of the Contact, whatever To says (RFC 5630 §5.2.1)', () => {
  const site = siteOf();
  const contact = (scheme: string): string => `Contact: <${scheme}:alice@10.1.1.1>;${INSTANCE}`;
  const secure = site.register(['Supported: gruu', contact('sips')], { uri: 'sips:example.com' }).contact;
  assert.match(secure, /;pub-gruu="sips:alice@example\.com;gr=.*;temp-gruu="sips:tgruu\.[-\w]+@example\.com;gr"/);
  const open = site.register(['Supported: gruu', contact('sip')]).contact;
  assert.match(open, /;pub-gruu="sip:alice@example\.com;gr=.*;temp-gruu="sip:tgruu\.[-\w]+@example\.com;gr"/);
});

test('an instance cannot be bound to its own address, to a GRUU of that, or to what is no SIP URI (RFC 5627 §5.1)', () => {
  const site = siteOf();
  const own = site.register(['Supported: gruu', `Contact: <sip:alice@10.1.1.1>;${INSTANCE}`]).contact;
  const [, temporary = ''] = /;temp-gruu="([^"]+)"/.exec(own) ?? [];
  for (const uri of ['sip:alice@example.com', 'sip:alice@EXAMPLE.com;gr=x', temporary, 'tel:+1555'])
    assert.equal(site.register([`Contact: <${uri}>;${INSTANCE}`]).status, 403, uri);
  assert.equal(site.register([`Contact: <sip:alice@example.com>;${INSTANCE};expires=0`]).status, 200);
  assert.equal(site.register(['Contact: <sip:bob@example.com>']).status, 200, 'a forwarding without an instance');
});

test('what hangs on a connection is noted when it is saved', () => {
  const site = siteOf();
  const flow: Flow = { ...FLOW, local: { ...FLOW.local, protocol: 'tcp' }, connection: 12 };
  site.register([`Contact: <sip:alice@10.1.1.1>;${INSTANCE}`], { flow });
  assert.deepEqual(site.flows.closed(flow), ['sip:alice@example.com']);
});

const SUPPORTS = 'Supported: path, outbound';
const INSTANCE = '+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"';
const SECOND_VIA = 'Via: SIP/2.0/UDP 10.1.1.1;branch=z9hG4bKphone';
const KEY: SipKey = [1, 2, 3, 4];
const FLOW: Flow = {
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '203.0.113.7',
  port: 61234,
  connection: 0,
};

interface Answer {
  readonly status: number;
  readonly require: string | undefined;
  readonly flowTimer: string | undefined;
  readonly contact: string;
}

/** A registrar for alice and its store. */
function siteOf() {
  let stored: Loaded = { bindings: [], version: 0 };
  let cseq = 0;
  let random = 0;
  const flows = new BoundFlows();
  const ports: RegistrarPorts = {
    locations: {
      load: () => stored,
      save: (_aor, bindings) => {
        stored = { bindings, version: stored.version + 1 };
        return true;
      },
    },
    aorOf: (uri) => (uri.type === 'sip' && /^example\.com$/i.test(uri.host) ? aorKey(uri) : undefined),
    serviceRoute: [],
    gruus: new Gruus(KEY, { uint32: () => (random += 1) }),
    flows,
  };
  return {
    flows,
    get bindings(): readonly Binding[] {
      return stored.bindings;
    },
    register: (
      lines: readonly string[],
      options: { flow?: Flow; nat?: 'auto' | 'off'; sentBy?: string; uri?: string } = {},
    ): Answer => {
      cseq += 1;
      const request = requestOf(
        messageText([
          `REGISTER ${options.uri ?? 'sip:example.com'} SIP/2.0`,
          `Via: SIP/2.0/UDP ${options.sentBy ?? '10.1.1.1'};branch=z9hG4bK1`,
          'From: <sip:alice@example.com>;tag=1',
          'To: <sip:alice@example.com>',
          'Call-ID: c',
          `CSeq: ${cseq} REGISTER`,
          ...lines,
        ]),
      );
      const policy = { minSeconds: 60, maxSeconds: 3600, defaultSeconds: 3600, maxBindings: 5, flowTimerSeconds: 120 };
      const nat = options.nat === undefined ? {} : { nat: options.nat };
      return answered(register(request, options.flow ?? FLOW, 1_764_000_000_000, ports, { ...policy, ...nat }));
    },
  };
}

function answered(decision: Decision | Promise<Decision>): Answer {
  if (!('type' in decision) || decision.type !== 'reply') assert.fail('expected an immediate reply');
  const textOf = (name: string): string | undefined => decision.headers.find((line) => line.name === name)?.value;
  return {
    status: decision.status,
    require: textOf('Require'),
    flowTimer: textOf('Flow-Timer'),
    contact: textOf('Contact') ?? '',
  };
}
