import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { answerText, createEngineSite, type EngineSite, forward, requestText } from '../../test/engine-site.ts';
import { via } from '../message/headers/index.ts';
import type { Message } from '../message/message.ts';
import { need } from '../message/read.ts';
import { all, type Plan, ring } from '../routing/index.ts';
import type { Flow } from '../uri/transport.ts';

const OFFERED = ';oc;oc-algo="loss"';
const FULL = ';oc=100;oc-algo="loss";oc-validity=5000;oc-seq=1.1';

test('our Via to a server offers feedback by loss, in each request with a transaction, and says nothing that only servers say (RFC 7339 §4.1, §4.2, §4.3, §5.1)', async () => {
  const { site, caller, ask } = await create(ring('sip:bob@10.0.0.3'));
  const bob = server(site, '10.0.0.3', { status: 180 });
  await ask({ method: 'INVITE' });
  caller.send(requestText(caller, { method: 'CANCEL', cseq: '1 CANCEL', branch: 'z9hG4bK1' }), site.place);
  await ask({ method: 'MESSAGE' });
  await ask({ method: 'BYE', to: '<sip:bob@example.com>;tag=b' });
  assert.deepEqual(bob.labels, ['INVITE', 'CANCEL', 'MESSAGE', 'BYE']);
  for (const { message } of bob.heard)
    assert.match(need(message, via).params.text, /^;branch=[^;]+;rport;oc;oc-algo="loss"$/);
});

test('a phone on its flow is offered nothing, and what it says of its load holds nothing back', async () => {
  const local = { protocol: 'udp', host: '10.0.0.1', port: 5060 } as const;
  const flow: Flow = { local, host: '10.0.0.3', port: 5060, connection: 0 };
  const { site, ask } = await create(ring('sip:bob@192.168.1.7', { flow }));
  const phone = server(site, '10.0.0.3', { load: FULL });
  await ask();
  await ask();
  assert.deepEqual(phone.labels, ['MESSAGE', 'MESSAGE']);
  assert.doesNotMatch(need(phone.heard[0]?.message as Message, via).params.text, /;oc/);
});

test('a server that asks for nothing more gets nothing more until its time is over: another one does (RFC 7339 §5.5, §5.10)', async () => {
  const { site, ask, labels } = await create(ring('sip:bob@example.net'));
  const says = { load: FULL };
  const [one, two] = [server(site, '10.0.0.3', says), server(site, '10.0.0.4')];
  for (let i = 0; i < 20 && one.labels.length === 0; i += 1) await ask();
  const before = two.labels.length;
  for (let i = 0; i < 20; i += 1) await ask();
  assert.deepEqual([one.labels.length, two.labels.length], [1, before + 20]);
  assert.ok(labels().every((label) => label === '200 MESSAGE'));
  says.load = '';
  await site.world.runFor(5_000);
  for (let i = 0; i < 20; i += 1) await ask();
  assert.ok(one.labels.length > 1);
});

for (const method of ['MESSAGE', 'INVITE'])
  test(`where no other server is, the caller of a ${method} hears 503 without Retry-After (RFC 7339 §5.10)`, async () => {
    const { site, caller, ask, labels } = await create(ring('sip:bob@10.0.0.3'));
    const bob = server(site, '10.0.0.3', { load: FULL });
    await ask();
    await ask({ method });
    assert.deepEqual(bob.labels, ['MESSAGE']);
    assert.deepEqual(labels().slice(1), [`503 ${method}`]);
    assert.equal(lineOf(caller.heard.at(-1)?.message, 'Retry-After'), undefined);
    await site.world.runFor(5_000);
    await ask();
    assert.deepEqual(labels().at(-1), '200 MESSAGE');
  });

test('503 is for a request that nobody was asked about: what one branch answered passes (RFC 3261 §16.7 step 6)', async () => {
  const plans: Plan[] = [ring('sip:bob@10.0.0.3'), all(ring('sip:bob@10.0.0.3'), ring('sip:bob@10.0.0.4'))];
  const { site, ask, labels } = await create(() => plans.shift() ?? all(ring('sip:bob@10.0.0.3')));
  server(site, '10.0.0.3', { load: FULL });
  server(site, '10.0.0.4', { status: 480 });
  for (let i = 0; i < 3; i += 1) await ask();
  assert.deepEqual(labels(), ['200 MESSAGE', '480 MESSAGE', '503 MESSAGE']);
});

test('requests of dialogs and emergency calls go on, and those with credentials are held back after strangers (RFC 7339 §5.10.1)', async () => {
  const { site, ask } = await create(ring('sip:bob@10.0.0.3'));
  const says = { load: FULL.replace('100', '80') };
  const bob = server(site, '10.0.0.3', says);
  const passes = async (request: Parameters<typeof ask>[0]): Promise<boolean> => {
    const before = bob.labels.length;
    await ask(request);
    return bob.labels.length > before;
  };
  const known = { more: ['Proxy-Authorization: Digest username="alice"'] };
  const never = [
    { method: 'BYE', to: '<sip:bob@example.com>;tag=b' },
    { to: '<sip:bob@example.com>;tag=b' },
    { uri: 'urn:service:sos' },
    { more: ['Resource-Priority: esnet.1'] },
  ];
  assert.equal(await passes({}), true);
  says.load = '';
  assert.deepEqual([await passes({}), await passes(known)], [false, true]);
  says.load = FULL.replace('1.1', '1.2');
  assert.equal(await passes(known), true);
  says.load = '';
  assert.equal(await passes(known), false);
  for (const request of never) assert.equal(await passes(request), true, JSON.stringify(request));
});

test('what a server says holds for its address and port alone (RFC 7339 §5.4)', async () => {
  const places = ['10.0.0.3', '10.0.0.3:5070', '10.0.0.4', '10.0.0.3'];
  const { site, ask, labels } = await create(() => ring(`sip:bob@${places.shift() ?? ''}`));
  server(site, '10.0.0.3', { load: FULL });
  server(site, '10.0.0.3', {}, 5070);
  server(site, '10.0.0.4');
  for (let i = 0; i < 4; i += 1) await ask();
  assert.deepEqual(labels(), ['200 MESSAGE', '200 MESSAGE', '200 MESSAGE', '503 MESSAGE']);
});

for (const [status, method] of [
  [100, 'INVITE'],
  [180, 'INVITE'],
  [200, 'INVITE'],
  [486, 'INVITE'],
  [404, 'MESSAGE'],
] as const)
  test(`a ${status} to a ${method} is heard too (RFC 7339 §5.2, §5.11)`, async () => {
    const { site, ask, labels } = await create(ring('sip:bob@10.0.0.3'));
    const bob = server(site, '10.0.0.3', { status, load: FULL });
    await ask({ method });
    await ask();
    assert.deepEqual(
      bob.labels.filter((label) => label !== 'ACK'),
      [method],
    );
    assert.equal(labels().at(-1), '503 MESSAGE');
  });

test('a response that comes again changes nothing, one that says something new does (RFC 7339 §5.4, §5.7)', async () => {
  const { site, ask, labels } = await create(ring('sip:bob@10.0.0.3'));
  const bob = server(site, '10.0.0.3', { status: 180, load: FULL });
  await ask({ method: 'INVITE' });
  const invite = bob.heard[0] ?? assert.fail('no INVITE');
  const say = async (load: string): Promise<string | undefined> => {
    bob.send(answerText(invite, 180).replace(OFFERED, load), site.place);
    await site.world.runFor(100);
    await ask();
    return labels().at(-1);
  };
  await site.world.runFor(4_000);
  assert.equal(await say(FULL), '503 MESSAGE');
  await site.world.runFor(1_000);
  bob.onMessage = (heard) => bob.send(answerText(heard, 200), site.place);
  await ask();
  assert.equal(labels().at(-1), '200 MESSAGE', 'its time was not begun anew');
  assert.equal(await say(FULL.replace('1.1', '2.0')), '503 MESSAGE');
  assert.equal(await say(FULL.replace('5000', '0').replace('1.1', '2.1')), '200 MESSAGE');
  assert.equal(await say(FULL.replace('1.1', '2.05')), '200 MESSAGE', 'older than the end');
  assert.equal(await say(';oc-validity=5000;oc-seq=2.2'), '200 MESSAGE', 'no oc');
});

test('a server that does not know any of this, and one that chose another way, get everything (RFC 7339 §6)', async () => {
  for (const load of [OFFERED, '', ';oc=100;oc-algo="rate";oc-validity=5000;oc-seq=1.1', ';oc;oc-seq=1.1']) {
    const { site, ask } = await create(ring('sip:bob@10.0.0.3'));
    const bob = server(site, '10.0.0.3', { load });
    await ask();
    await ask();
    assert.equal(bob.labels.length, 2, load);
  }
});

test('feedback counts in a response to a request of ours only, and only from where that request went (RFC 7339 §5.4, §11)', async () => {
  const { site, ask, labels } = await create(ring('sip:bob@10.0.0.3'));
  const [bob, other] = [server(site, '10.0.0.3', { status: 180 }), site.peer('10.0.0.4')];
  await ask({ method: 'INVITE' });
  const invite = bob.heard[0] ?? assert.fail('no INVITE');
  const said = answerText(invite, 183).replace(OFFERED, FULL);
  bob.send(said.replace(/branch=[^;]+/, 'branch=z9hG4bKnobodys'), site.place);
  await site.world.runFor(100);
  assert.ok(site.events.some((event) => event.type === 'message.dropped'));
  other.send(said, site.place);
  await site.world.runFor(100);
  assert.equal(labels().at(-1), '183 INVITE');
  await ask();
  assert.deepEqual(bob.labels, ['INVITE', 'MESSAGE']);
});

test('what a server writes into the Vias of others goes no further (RFC 7339 §5.4)', async () => {
  const { site, caller, ask } = await create(ring('sip:bob@10.0.0.3'));
  const bob = site.peer('10.0.0.3');
  const isTop = (line: string): boolean => line.includes('10.0.0.1');
  bob.onMessage = (heard) => {
    const lines = answerText(heard, 200).split('\r\n');
    const said = lines.map((line) => (line.startsWith('Via:') && !isTop(line) ? `${line}${FULL}` : line));
    bob.send(said.join('\r\n'), site.place);
  };
  await ask({ more: ['Via: SIP/2.0/UDP first.example.com;branch=z9hG4bKf', 'Via: SIP/2.0/UDP x;y=1'] });
  const response = caller.heard[0]?.message ?? assert.fail('no response');
  const vias = Array.from({ length: response.content.count }, (_, i) => i)
    .filter((i) => response.content.idAt(i) === via.id)
    .map((i) => response.content.valueAt(i));
  assert.equal(vias.length, 3);
  assert.ok(
    vias.every((value) => !value.includes('oc')),
    vias.join(),
  );
  assert.match(vias.join(), /first\.example\.com;branch=z9hG4bKf,.*x;y=1/);
});

test('a Via that nobody can read does not keep a response from its caller', async () => {
  const { site, caller, ask, labels } = await create(ring('sip:bob@10.0.0.3'));
  const bob = site.peer('10.0.0.3');
  bob.onMessage = (heard) => {
    const said = answerText(heard, 200).replace(/(Via: \S+ 10\.0\.0\.2[^\r]*)/, `$1${FULL}\r\nVia: what`);
    bob.send(said, site.place);
  };
  await ask();
  assert.deepEqual(labels(), ['200 MESSAGE']);
  assert.doesNotMatch(need(caller.heard[0]?.message as Message, via).params.text, /;oc/);
});

type Asked = Omit<NonNullable<Parameters<typeof requestText>[1]>, 'branch' | 'callId'>;

/** An engine that forwards by this plan, and a caller; `ask` sends a request and waits for a moment. */
async function create(plan: Plan | (() => Plan)) {
  const handler = () => forward(typeof plan === 'function' ? plan() : plan);
  const site = await createEngineSite(handler, { names: { 'example.net': ['10.0.0.3', '10.0.0.4'] } });
  const caller = site.peer('10.0.0.2');
  let count = 0;
  return {
    site,
    caller,
    labels: () => caller.labels.filter((label) => label !== '100 INVITE'),
    ask: async (asked: Asked = {}): Promise<void> => {
      count += 1;
      const ids = { branch: `z9hG4bK${count}`, callId: `c${count}` };
      caller.send(requestText(caller, { method: 'MESSAGE', ...asked, ...ids }), site.place);
      await site.world.runFor(50);
    },
  };
}

interface Says {
  readonly status?: number;
  /** Takes the place of our offer in the Via; as it is when missing. */
  readonly load?: string;
}

/** A server that answers each request like this; what it says may be changed. */
function server(site: EngineSite, at: string, says: Says = {}, port = 5060): Peer {
  const peer = site.peer(at, { port });
  peer.onMessage = (heard) => {
    if (heard.label === 'ACK') return;
    const { status = 200, load = OFFERED } = says;
    const answer = answerText(heard, heard.label === 'CANCEL' ? 200 : status);
    const end = need(heard.message, via).params.has('oc') ? OFFERED : ';rport';
    peer.send(answer.replace(end, load === OFFERED ? end : `${end === OFFERED ? '' : end}${load}`), heard.from);
  };
  return peer;
}

function lineOf(message: Message | undefined, name: string): string | undefined {
  const content = message?.content;
  const at = Array.from({ length: content?.count ?? 0 }, (_, i) => i).find((i) => content?.nameAt(i) === name);
  return at === undefined ? undefined : content?.valueAt(at);
}
