import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Heard, Peer } from '@strowger/testkit';
import { answerText, createEngineSite, type EngineSiteOptions, forward, requestText } from '../../test/engine-site.ts';
import { via } from '../message/headers/index.ts';
import { need, readAll } from '../message/read.ts';
import type { OverloadFeedback } from '../overload/index.ts';
import { type Decision, type Handler, reply, ring } from '../routing/index.ts';
import type { Relief } from './gate.ts';

const OFFER = ';oc;oc-algo="loss,rate"';

test('a client that offers it is told in each response how busy we are at that moment: in a 100, and again in the next one (RFC 7339 §4.1, §5.2, §5.11)', async () => {
  const { site, caller, load, ask } = await create(() => forward(ring('sip:bob@10.0.0.3')));
  const bob = site.peer('10.0.0.3');
  await ask('INVITE');
  const invite = bob.heard[0] ?? assert.fail('no INVITE');
  for (const status of [180, 183, 200]) {
    load.say(status % 100, 1_000 + status);
    bob.send(answerText(invite, status), site.place);
    await site.world.runFor(100);
  }
  assert.deepEqual(caller.labels, ['100 INVITE', '180 INVITE', '183 INVITE', '200 INVITE']);
  assert.deepEqual(caller.heard.map(paramsOf), [
    said(0, 0, '1.000'),
    said(80, 500, '1.180'),
    said(83, 500, '1.183'),
    said(0, 0, '1.200'),
  ]);
});

test('a response that is sent again says what it said (RFC 7339 §5.2)', async () => {
  const { site, caller, load, ask } = await create(() => reply(486));
  load.say(20, 1_000);
  await ask('INVITE');
  load.say(40, 2_000);
  await site.world.runFor(2_000);
  assert.ok(caller.heard.length > 1);
  for (const heard of caller.heard) assert.equal(paramsOf(heard), said(20, 500, '1.000'));
});

for (const [what, method, params, expected] of [
  ['who does not offer it', 'OPTIONS', '', ''],
  ['who knows other ways only', 'OPTIONS', ';oc;oc-algo="rate"', ''],
  ['who says what only servers say', 'OPTIONS', ';oc=90;oc-algo="loss";oc-validity=500;oc-seq=1.1', ''],
  ['who offers it', 'OPTIONS', ';oc;oc-algo="loss"', said(30, 500, '1.000')],
] as const)
  test(`${what} is told ${expected === '' ? 'nothing' : 'it'} (RFC 7339 §4.1, §5.1)`, async () => {
    const { caller, load, ask } = await create(() => reply(200));
    load.say(30, 1_000);
    await ask(method, params);
    assert.deepEqual(caller.heard.map(paramsOf), [expected]);
  });

test('what is answered without a transaction, and a CANCEL, are told it too (RFC 7339 §4.1)', async () => {
  const { caller, load, ask } = await create(() => new Promise(() => undefined));
  load.say(30, 1_000);
  await ask('CANCEL', OFFER, 'z9hG4bKnone');
  await ask('INVITE', OFFER, 'z9hG4bKc');
  await ask('CANCEL', OFFER, 'z9hG4bKc');
  await ask('OPTIONS', OFFER, 'z9hG4bKm', ['Max-Forwards: many']);
  load.refuses = true;
  await ask('OPTIONS', OFFER, 'z9hG4bKo');
  assert.deepEqual([...new Set(caller.labels)].toSorted(), [
    '100 INVITE',
    '200 CANCEL',
    '400 OPTIONS',
    '481 CANCEL',
    '487 INVITE',
    '503 OPTIONS',
  ]);
  for (const heard of caller.heard) assert.equal(paramsOf(heard), said(30, 500, '1.000'), heard.label);
});

for (const relief of ['busy', 'none'] as const)
  test(`what a client offers us never goes on, and nothing but our answer comes back (RFC 7339 §5.6; load is ${relief})`, async () => {
    const { site, caller, load, ask } = await create(() => forward(ring('sip:bob@10.0.0.3')), { relief });
    const bob = site.peer('10.0.0.3');
    load.say(30, 1_000);
    bob.onMessage = (heard) =>
      bob.send(answerText(heard, 200).replace(/(Via: \S+ 10\.0\.0\.2[^\r]*)/, '$1;oc=99;oc-seq=7.7'), site.place);
    await ask('MESSAGE');
    const [ours, theirs] = readAll(bob.heard[0]?.message ?? assert.fail('no MESSAGE'), via);
    assert.match(ours?.params.text ?? '', /;oc;oc-algo="loss"$/);
    assert.match(theirs?.params.text ?? '', /^;branch=z9hG4bK1$/);
    assert.deepEqual(caller.heard.map(paramsOf), [relief === 'busy' ? said(30, 500, '1.000') : '']);
  });

test('through a stateless proxy our answer goes with the request and comes back with its response; we offer nothing ourselves (RFC 7339 §5.6)', async () => {
  const plan = { target: { uri: 'sip:bob@10.0.0.3' }, options: { recordRoute: 'no', timerCMs: 0, recurse: 'no' } };
  const decision = { type: 'stateless', ...plan } as Decision;
  const { site, caller, load, ask } = await create(() => decision, { unmatchedCancel: 'handle' });
  const bob = site.peer('10.0.0.3');
  load.say(30, 1_000);
  bob.onMessage = (heard) => bob.send(answerText(heard, 200), site.place);
  await ask('MESSAGE');
  const [ours, theirs] = readAll(bob.heard[0]?.message ?? assert.fail('no MESSAGE'), via);
  assert.doesNotMatch(ours?.params.text ?? '', /;oc/);
  assert.equal(theirs?.params.text, `;branch=z9hG4bK1${said(30, 500, '1.000')}`);
  assert.deepEqual(caller.heard.map(paramsOf), [said(30, 500, '1.000')]);
  load.refuses = true;
  await ask('MESSAGE', OFFER, 'z9hG4bK2');
  assert.equal(caller.labels.at(-1), '503 MESSAGE');
  assert.equal(paramsOf(caller.heard.at(-1)), said(30, 500, '1.000'));
});

interface Site {
  readonly relief?: 'busy' | 'none';
  readonly unmatchedCancel?: 'answer' | 'handle';
}

/** An engine that says what `load` is told to say, and a client of it. */
async function create(handler: Handler, { relief = 'busy', ...options }: Site = {}) {
  const load = new Saying();
  const more: EngineSiteOptions = relief === 'busy' ? { ...options, relief: load } : options;
  const site = await createEngineSite(handler, more);
  const caller: Peer = site.peer('10.0.0.2');
  const ask = async (
    method: string,
    params: string = OFFER,
    branch = 'z9hG4bK1',
    more: readonly string[] = [],
  ): Promise<void> => {
    const text = requestText(caller, { method, branch, callId: branch, more });
    const written = more.length === 0 ? text : text.replace('Max-Forwards: 70\r\n', '');
    caller.send(written.replace(`;branch=${branch}`, `;branch=${branch}${params}`), site.place);
    await site.world.runFor(300);
  };
  return { site, caller, load, ask };
}

class Saying implements Relief {
  refuses = false;
  #feedback: OverloadFeedback = { lossPercent: 0, validityMs: 0, sequence: 1 };

  say(lossPercent: number, sequenceMs: number): void {
    this.#feedback = { lossPercent, validityMs: lossPercent === 0 ? 0 : 500, sequence: sequenceMs / 1000 };
  }

  refusal(): { readonly headers: readonly [] } | undefined {
    return this.refuses ? { headers: [] } : undefined;
  }

  feedbackAt(): OverloadFeedback {
    return this.#feedback;
  }
}

/** The parameters of the top Via that are about load. */
function paramsOf(heard: Heard | undefined): string {
  const { text } = need(heard?.message ?? assert.fail('nothing was heard'), via).params;
  return /;oc.*$/.exec(text)?.[0] ?? '';
}

function said(percent: number, validityMs: number, sequence: string): string {
  return `;oc=${percent};oc-algo="loss";oc-validity=${validityMs};oc-seq=${sequence}`;
}
