import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edit } from '@strowger/sip/message';
import {
  after,
  all,
  type Context,
  type Decision,
  each,
  type Plan,
  pass,
  reply,
  ring,
  watch,
} from '@strowger/sip/routing';
import { RemoteFault } from '@strowger/sip/text';
import { headerOf, heardRequest, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';
import { App } from './app.ts';

const OPEN = `${USUAL}auth: none\n`;
const forward = (plan: Plan): Decision => ({
  type: 'forward',
  plan,
  options: { recordRoute: 'yes', timerCMs: 200_000, recurse: 'no' },
});
/** A site whose program handles INVITEs; everything else goes to the exchange. */
const siteWith = (handler: (ctx: Context) => Decision | Promise<Decision>): Promise<Site> =>
  createSite({ config: OPEN, app: new App().on('INVITE', handler).on('*', () => pass) });

test('what no handler claims the exchange decides; without any handler everything', async () => {
  for (const app of [new App(), new App().on('*', () => pass), new App().on('MESSAGE', () => pass)]) {
    const site = await createSite({ config: OPEN, app });
    const [alice, bob] = await pair(site);
    assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 200, 'passes on');
    assert.equal(bob.incoming.length, 1);
  }
});

test('middleware sees the request before and the decision after the handlers', async () => {
  const seen: string[] = [];
  const app = new App()
    .use(async (ctx, next) => {
      seen.push(`before ${ctx.request.method}`);
      const decision = await next();
      seen.push(`after ${decision.type}`);
      return decision;
    })
    .on('MESSAGE', () => reply(488));
  const site = await createSite({ config: OPEN, app });
  const [alice] = await pair(site);
  seen.length = 0;
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'x'))).status, 488);
  assert.deepEqual(seen, ['before MESSAGE', 'after reply']);
});

test('a failure goes to voicemail: after(…) tries another plan', async () => {
  const bobThen = (failures: number[]) => (): Decision =>
    forward(
      after(ring('sip:bob@10.0.0.12'), async ({ status }) => {
        failures.push(status);
        return ring('sip:voicemail@10.0.0.40');
      }),
    );
  const failures: number[] = [];
  const site = await siteWith(bobThen(failures));
  const [alice, bob] = await pair(site);
  const voicemail = site.phone('carol', { at: '10.0.0.40' });
  bob.onInvite = (call) => call.reject(486);
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 200);
  assert.deepEqual(failures, [486]);
  assert.equal(heardRequest(voicemail, 'INVITE').uri, 'sip:voicemail@10.0.0.40');
});

test('a target’s seconds end its ringing: the phone is cancelled and voicemail answers', async () => {
  const site = await siteWith(() => forward(each(ring('sip:bob@10.0.0.12', { seconds: 15 }), ring('sip:v@10.0.0.40'))));
  const [alice, bob] = await pair(site);
  site.phone('carol', { at: '10.0.0.40' });
  bob.onInvite = (call) => call.ring();
  const start = site.world.now;
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 200);
  assert.ok(site.world.now - start > 15_000 && site.world.now - start < 15_500);
  assert.equal(bob.incoming[0]?.isCancelled, true);
});

test('a phone that is silent for its seconds and rings later is cancelled then, not left ringing (RFC 3261 §9.1)', async () => {
  const site = await siteWith(() => forward(each(ring('sip:bob@10.0.0.12', { seconds: 3 }), ring('sip:v@10.0.0.40'))));
  const [alice, bob] = await pair(site);
  site.phone('carol', { at: '10.0.0.40' });
  bob.onInvite = (call) => void site.world.after(5_000, () => call.ring());
  await site.play(async () => {
    assert.equal((await alice.call('sip:bob@example.com').answered).status, 200);
    await site.world.sleep(10_000);
  });
  assert.equal(bob.incoming[0]?.isCancelled, true);
  await site.settle();
});

test('a slow name service does not let a call begin that was given up meanwhile', async () => {
  const site = await createSite({
    config: OPEN,
    app: new App().on('INVITE', () =>
      forward(each(ring('sip:bob@slow.example', { seconds: 2 }), ring('sip:v@10.0.0.40'))),
    ),
    names: { 'slow.example': ['10.0.0.12'] },
    lookupMs: 4_000,
  });
  const [alice, bob] = await pair(site);
  site.phone('carol', { at: '10.0.0.40' });
  await site.play(async () => {
    assert.equal((await alice.call('sip:bob@example.com').answered).status, 200);
    await site.world.sleep(10_000);
  });
  assert.deepEqual(bob.incoming, []);
  await site.settle();
});

test('a watcher changes what goes back; one that throws is reported and changes nothing', async () => {
  const marked = watch(ring('sip:bob@10.0.0.12'), (response) =>
    edit(response).line('X-Seen', 'yes').response(response.status, response.reason),
  );
  const broken = watch(marked, () => {
    throw new Error('a bug of the program');
  });
  const site = await siteWith(() => forward(broken));
  const [alice] = await pair(site);
  const { status, response } = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(status, 200);
  assert.equal(headerOf(response, 'X-Seen'), 'yes');
  assert.ok(site.world.notes.some(({ text }) => text.includes('a bug of the program')));
  await site.settle();
});

test('each branch may be edited by itself; From, To and the others stay (RFC 3261 §16.6)', async () => {
  const tagged = (name: string): Plan =>
    ring('sip:bob@10.0.0.12', {
      edit: (request) => edit(request).line('X-Branch', name).request(request.method, request.uri),
    });
  const site = await siteWith(() => forward(all(tagged('one'))));
  const [alice, bob] = await pair(site);
  await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.deepEqual(linesOf(heardRequest(bob, 'INVITE'), 'X-Branch'), ['one']);
});

test('an edit that throws fails its branch with 500, and the other branches go on', async () => {
  const broken = ring('sip:x@10.0.0.12', {
    edit: () => {
      throw new Error('a bug of the program');
    },
  });
  for (const [plan, status] of [
    [all(broken, ring('sip:bob@10.0.0.12')), 200],
    [broken, 500],
  ] as const) {
    const site = await siteWith(() => forward(plan));
    const [alice] = await pair(site);
    assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, status);
    assert.ok(site.world.notes.some(({ text }) => text.includes('a bug of the program')));
    await site.settle();
  }
});

test('a handler that throws is answered 500, one that blames the peer as it says, one that never decides 500 after 30 seconds', async () => {
  const cases: readonly (readonly [() => Decision | Promise<Decision>, number])[] = [
    [
      () => {
        throw new Error('a bug');
      },
      500,
    ],
    [() => Promise.reject(new Error('a bug')), 500],
    [() => Promise.reject(new RemoteFault(488, 'Not For Us')), 488],
    [() => new Promise(() => undefined), 500],
    [() => ({ type: 'pass' }), 480],
  ];
  for (const [handler, status] of cases) {
    const site = await siteWith(handler);
    const alice = site.phone('alice');
    assert.equal((await site.play(() => alice.call('sip:carol@example.com').answered)).status, status);
    await site.settle();
  }
});

test('a mistake that shows only while a slow handler’s decision is performed is answered, not thrown at nobody', async () => {
  const site = await siteWith(() => Promise.resolve(forward(ring('sip:bob@10.0.0.12'))));
  await pair(site);
  const peer = site.peer('broken');
  const headers = { 'Max-Breadth': 'wide' };
  peer.send(written(peer, { method: 'INVITE', uri: 'sip:bob@example.com', headers }), site.place);
  assert.equal((await site.play(() => peer.next())).label, '400 INVITE');
});

test('a program cannot forward what has no hops left: 483 (RFC 3261 §16.3 step 3)', async () => {
  const site = await siteWith(() => forward(ring('sip:bob@10.0.0.12')));
  const [, bob] = await pair(site);
  const peer = site.peer('far');
  const headers = { 'Max-Forwards': '0' };
  peer.send(written(peer, { method: 'INVITE', uri: 'sip:bob@example.com', headers }), site.place);
  assert.equal((await site.play(() => peer.next('483 INVITE'))).label, '483 INVITE');
  assert.deepEqual(bob.incoming, []);
});

test('a CANCEL reaches a handler that still thinks: its signal is aborted and the caller hears 487', async () => {
  const aborted: boolean[] = [];
  const site = await siteWith(async (ctx) => {
    await site.world.sleep(5_000);
    aborted.push(ctx.signal.aborted);
    return reply(200);
  });
  const alice = site.phone('alice');
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await site.world.sleep(500);
    alice.peer.send(cancelOf(alice.transactions.asked[0]?.request), site.place);
    assert.equal((await call.answered).status, 487);
    await site.world.sleep(6_000);
  });
  assert.deepEqual(aborted, [true]);
  await site.settle();
});

test('a response that has no Via of the caller left is for nobody else: the caller hears 502 (RFC 3261 §16.7 step 3)', async () => {
  const site = await siteWith(() => forward(ring('sip:x@10.0.0.40')));
  const odd = site.peer('odd', { at: '10.0.0.40' });
  odd.onMessage = ({ message }) => {
    if (message.kind !== 'request' || message.method !== 'INVITE') return;
    const kept = ['From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerOf(message, name)}`);
    const lines = ['SIP/2.0 404 Not Found', `Via: ${headerOf(message, 'Via')}`, ...kept, 'Content-Length: 0', '', ''];
    odd.send(lines.join('\r\n'), site.place);
  };
  const alice = site.phone('alice');
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 502);
  await site.settle();
});

function cancelOf(invite: Parameters<typeof headerOf>[0]): string {
  const lines = ['Via', 'From', 'To', 'Call-ID', 'Max-Forwards'].map((name) => `${name}: ${headerOf(invite, name)}`);
  const uri = invite?.kind === 'request' ? invite.uri : '';
  return [`CANCEL ${uri} SIP/2.0`, ...lines, 'CSeq: 1 CANCEL', 'Content-Length: 0', '', ''].join('\r\n');
}
