import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tokens } from '@strowger/sip/engine';
import type { Request } from '@strowger/sip/message';
import type { Protocol } from '@strowger/sip/uri';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { answersTo } from '../sim/answers.ts';
import { BEHIND_NAT, bindingsOf, counted, EDGE, edgeSite, OUTBOUND, register, registered } from '../sim/edge-site.ts';
import { headerOf, incoming, linesOf } from '../sim/heard.ts';
import { Edge, type EdgePorts } from './edge.ts';

test('a REGISTER with reg-id takes our Path along, with ob and a token of its flow, and outbound applies (RFC 5626 §5.1)', async () => {
  const at = await registered();
  assert.match(at.path, /^<sip:10\.0\.0\.1:5060;lr;ob;f=0\.[-\w]+>$/);
  assert.deepEqual(await bindingsOf(at), [at.path.slice(1, -1)]);
  const answer = at.alice.peer.heard.at(-1)?.message;
  assert.equal(headerOf(answer, 'Require'), 'outbound');
});

test('where we are its edge proxy a phone without reg-id gets a Path if it knows what that is (RFC 3327 §5.2)', async () => {
  const at = await edgeSite();
  assert.equal((await at.site.play(() => register(at.alice, BEHIND_NAT, 'path'))).status, 200);
  assert.equal((await bindingsOf(at)).length, 1);
  const carol = at.site.phone('carol', { at: '10.0.0.41' });
  assert.equal((await at.site.play(() => carol.register())).status, 200);
  assert.deepEqual(await bindingsOf(at, 'carol'), []);
});

test('a REGISTER that came through another proxy goes on without a Path of ours (RFC 5626 §5.1)', async () => {
  const { site, registrar } = await edgeSite();
  const proxy = site.peer('proxy', { at: '10.0.0.60' });
  const via = 'SIP/2.0/UDP 10.0.0.60;branch=z9hG4bK1, SIP/2.0/UDP 192.168.0.9;branch=z9hG4bK2';
  const headers = { Contact: `<sip:carol@10.0.0.60>${OUTBOUND}`, Supported: 'path, outbound' };
  const carol = { uri: 'sip:example.com', to: '<sip:carol@example.com>', from: '<sip:carol@example.com>;tag=1' };
  const passed: string[] = [];
  registrar.observe((event) => {
    if (event.type === 'message.received') passed.push(JSON.stringify(linesOf(event.message, 'Path')));
  });
  await answersTo(site, proxy, { method: 'REGISTER', ...carol, via, headers }, 1_000);
  assert.deepEqual(passed, ['[]']);
});

test('a trusted source may register anywhere, and gets a Path only where it asks for outbound (RFC 5626 §5.1)', async () => {
  const at = await edgeSite('domains: [edge.example]\ntrusted: [10.0.0.40/32]\n');
  assert.equal((await at.site.play(() => register(at.alice, BEHIND_NAT, 'path'))).status, 200);
  assert.deepEqual(await bindingsOf(at), []);
  assert.equal((await at.site.play(() => register(at.alice, `${BEHIND_NAT}${OUTBOUND}`))).status, 200);
  assert.equal((await bindingsOf(at)).length, 1);
});

for (const recordRoute of [true, false])
  test(`a call to the phone comes over its flow, and so does what follows, both ways (recordRoute: ${recordRoute}, RFC 5626 §5.3.1)`, async () => {
    const { site, alice, bob } = await registered(`${EDGE}proxy: { recordRoute: ${recordRoute} }\n`);
    const call = bob.call('sip:alice@example.com');
    assert.equal((await site.play(() => call.answered)).status, 200);
    await site.world.runFor(500);
    const { dialog, request } = incoming(alice);
    assert.equal(request.uri, 'sip:alice@192.168.7.7;ob');
    assert.deepEqual([linesOf(request, 'Route'), dialog.acks], [[], 1]);
    assert.equal((await site.play(() => call.dialog.request('INFO'))).status, 200);
    assert.equal((await site.play(() => dialog.request('INFO'))).status, 200);
    assert.deepEqual([counted(alice, 'INFO'), counted(bob, 'INFO')], [1, 1]);
    assert.equal((await site.play(() => call.dialog.bye())).status, 200);
    assert.equal(counted(alice, 'BYE'), 1);
    await site.settle();
  });

for (const recordRoute of [true, false])
  test(`a call of the phone goes out by its registrar, and its peer finds the way back (recordRoute: ${recordRoute}, RFC 5626 §5.3.2)`, async () => {
    const { site, alice, bob } = await registered(`${EDGE}proxy: { recordRoute: ${recordRoute} }\n`);
    const call = alice.call('sip:bob@example.com');
    assert.equal((await site.play(() => call.answered)).status, 200);
    await site.world.runFor(500);
    const { dialog } = incoming(bob);
    assert.equal(dialog.acks, 1);
    assert.equal((await site.play(() => dialog.request('INFO'))).status, 200);
    assert.equal((await site.play(() => call.dialog.request('INFO'))).status, 200);
    assert.equal((await site.play(() => dialog.bye())).status, 200);
    assert.deepEqual([counted(alice, 'INFO'), counted(alice, 'BYE')], [1, 1]);
    await site.settle();
  });

test('a caller gives up, and the CANCEL follows over the flow (RFC 3261 §9.2)', async () => {
  const { site, alice, bob } = await registered();
  alice.onInvite = (call) => call.ring();
  const call = bob.call('sip:alice@example.com');
  await site.play(() => call.heard(180));
  call.cancel();
  assert.equal((await site.play(() => call.answered)).status, 487);
  assert.equal(counted(alice, 'CANCEL'), 1);
});

test('a message of a user of the edge proxy to a phone behind it comes here twice and is no loop (RFC 5393 §4.2)', async () => {
  const { site, alice } = await registered();
  const eve = site.phone('eve', { aor: 'sip:eve@edge.example' });
  assert.equal((await site.play(() => eve.message('sip:alice@example.com', 'Hello'))).status, 200);
  assert.equal(counted(alice, 'MESSAGE'), 1);
});

test('a call of a user of the edge proxy to a phone behind it passes here twice, and so does what follows (RFC 5626 §5.3, RFC 5393 §4.2)', async () => {
  const { site, alice } = await registered();
  const eve = site.phone('eve', { aor: 'sip:eve@edge.example' });
  const call = eve.call('sip:alice@example.com');
  assert.equal((await site.play(() => call.answered)).status, 200);
  await site.world.runFor(500);
  const { dialog } = incoming(alice);
  assert.equal(dialog.acks, 1);
  assert.equal((await site.play(() => dialog.request('INFO'))).status, 200);
  assert.equal((await site.play(() => call.dialog.request('INFO'))).status, 200);
  assert.equal((await site.play(() => call.dialog.bye())).status, 200);
  assert.deepEqual([counted(alice, 'INFO'), counted(alice, 'BYE')], [1, 1]);
});

test('when the flow is gone the answer is 430, and 480 for the caller (RFC 5626 §5.3.1, §11.5)', async () => {
  const { site, alice, bob, path } = await registered();
  await site.play(() => alice.peer.close());
  await site.world.runFor(1_000);
  const peer = site.peer('peer');
  const asked = { method: 'MESSAGE', uri: 'sip:alice@192.168.7.7;ob', headers: { Route: path } };
  assert.deepEqual(await answersTo(site, peer, asked), ['430 MESSAGE']);
  assert.equal((await site.play(() => bob.call('sip:alice@example.com').answered)).status, 480);
});

test('the flows of connections end with the process, those of datagrams do not (RFC 5626 §5.3.1)', async () => {
  for (const [protocol, answer] of [
    ['tcp', '430 MESSAGE'],
    ['udp', '200 MESSAGE'],
  ] as const) {
    const { site, path } = await registered(EDGE, { protocol });
    await site.play(() => site.restart());
    const asked = { method: 'MESSAGE', uri: 'sip:alice@192.168.7.7;ob', headers: { Route: path } };
    assert.deepEqual(await answersTo(site, site.peer('peer'), asked), [answer]);
  }
});

test('what comes over the flow of its own token goes out, by the rules for all others (RFC 5626 §5.3.2)', async () => {
  const { site, alice, bob, path } = await registered();
  const routes = [path.slice(1, -1)];
  assert.equal((await site.play(() => alice.send('MESSAGE', 'sip:bob@example.com', { routes }))).status, 200);
  assert.equal(counted(bob, 'MESSAGE'), 1);
  assert.equal((await site.play(() => alice.send('MESSAGE', 'sip:x@10.0.0.77', { routes }))).status, 403);
  assert.equal(counted(alice, 'MESSAGE'), 0);
});

test('without edge domains strangers neither register nor call by this server: 403', async () => {
  const { site, alice } = await edgeSite('domains: [edge.example]\n');
  assert.equal((await site.play(() => register(alice, `${BEHIND_NAT}${OUTBOUND}`))).status, 403);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'Hello'))).status, 403);
});

test('the Path of a phone names a listener that registrars can send to: TLS for sips:, seldom WebSocket (RFC 3327 §4, RFC 5630 §5.3)', () => {
  const pathOf = (uri: string, protocols: readonly Protocol[], protocol: Protocol): string => {
    const listening = protocols.map((one, i) => ({ protocol: one, host: '10.0.0.1', port: 5060 + i }));
    const local = { protocol, host: '10.0.0.1', port: 9 };
    const edge = edgeWith((wanted) => listening.find((one) => one.protocol === wanted));
    const out = edge.wayBack(registration(uri), { local, host: '10.0.0.40', port: 1, connection: 1 });
    return linesOf(out.edit?.(registration(uri)), 'Path')[0]?.replace(/;f=.*/, '') ?? 'none';
  };
  assert.equal(pathOf('sip:example.com', ['ws', 'tcp', 'udp'], 'ws'), '<sip:10.0.0.1:5062;lr;ob');
  assert.equal(pathOf('sip:example.com', ['tls', 'tcp'], 'tls'), '<sip:10.0.0.1:5061;transport=tcp;lr;ob');
  assert.equal(pathOf('sip:example.com', ['tls'], 'wss'), '<sip:10.0.0.1:5060;transport=tls;lr;ob');
  assert.equal(pathOf('sips:example.com', ['udp', 'tls'], 'wss'), '<sips:10.0.0.1:5061;lr;ob');
  assert.equal(pathOf('sips:example.com', ['udp'], 'wss'), '<sips:10.0.0.1:9;transport=ws;lr;ob');
  assert.equal(pathOf('sip:example.com', [], 'udp'), '<sip:10.0.0.1:9;lr;ob');
});

test('a REGISTER whose flow no token can name is refused: 403 (RFC 5626 §5.1)', () => {
  const local = { protocol: 'udp', host: 'fe80::1', port: 5060 } as const;
  const flow = { local, host: 'fe80::2%eth0', port: 5060, connection: 0 };
  assert.throws(() => edgeWith(() => local).wayBack(registration('sip:example.com'), flow), { status: 403 });
});

const edgeWith = (listener: EdgePorts['listener']): Edge =>
  new Edge(['example.com'], {
    tokens: new Tokens({ uint32: () => 1 }, [1, 2, 3, 4]).flows,
    listener,
    advertise: (at) => at,
  });

const registration = (uri: string): Request =>
  requestOf(
    messageText([
      `REGISTER ${uri} SIP/2.0`,
      'Via: SIP/2.0/TCP 10.0.0.40;branch=z9hG4bK1',
      'Supported: path',
      'Contact: <sip:alice@10.0.0.40>',
    ]),
  );
