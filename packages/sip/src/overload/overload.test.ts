import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeText } from '@strowger/testkit';
import fc from 'fast-check';
import { via } from '../message/headers/index.ts';
import { need, parse, type Request } from '../message/index.ts';
import {
  Downstream,
  feedbackIn,
  type Importance,
  importanceOf,
  Load,
  Loss,
  OFFER,
  offersFeedback,
  withFeedback,
  withoutStrayFeedback,
} from './index.ts';

const top = (params: string) => via.decode(`SIP/2.0/TLS p1.example.net;branch=z9hG4bK2d4790.1${params}`);

test('an offer is oc without a value and loss among the algorithms (RFC 7339 §4.1, §4.2, §6)', () => {
  assert.equal(offersFeedback(top(';oc;oc-algo="loss,A"')), true);
  assert.equal(offersFeedback(top(';oc;oc-algo="A, Loss"')), true);
  assert.equal(offersFeedback(top('')), false);
  assert.equal(offersFeedback(top(';oc;oc-algo="rate"')), false);
  assert.equal(offersFeedback(top(';oc')), false);
  assert.equal(offersFeedback(top(';oc=20;oc-algo="loss"')), false);
  assert.equal(offersFeedback(top(OFFER)), true);
});

test('feedback takes the place of the offer, one algorithm chosen (RFC 7339 §5.1, §5.2)', () => {
  const said = withFeedback(top(';oc;oc-algo="loss,A";rport'), {
    lossPercent: 20,
    validityMs: 500,
    sequence: 1282321615.782,
  });
  assert.equal(via.encode(said), via.encode(top(';rport;oc=20;oc-algo="loss";oc-validity=500;oc-seq=1282321615.782')));
  assert.equal(offersFeedback(said), false);
});

test('feedback is read as the example of RFC 7339 §6 has it; what nobody can use is none', () => {
  const read = (params: string) => feedbackIn(top(params));
  assert.deepEqual(read(';oc=20;oc-algo="loss";oc-validity=500;oc-seq=1282321615.782'), {
    lossPercent: 20,
    validityMs: 500,
    sequence: 1282321615.782,
  });
  assert.deepEqual(read(';oc=0;oc-algo="loss";oc-validity=0'), { lossPercent: 0, validityMs: 0, sequence: 0 });
  assert.equal(read(';oc=30;oc-seq=1.5')?.validityMs, 500, 'the default of §4.3');
  assert.equal(read(';oc=300;oc-seq=1.5')?.lossPercent, 100);
  for (const params of [
    '',
    ';oc',
    ';oc=x',
    ';oc=-1',
    ';oc=20;oc-algo="rate"',
    ';oc=20;oc-seq=x',
    ';oc=2;oc-validity=y',
  ])
    assert.equal(read(params), undefined, params);
});

test('what somebody who stands further down says of load is taken out of responses, all else stays (RFC 7339 §5.4)', () => {
  const response = (params: string) => {
    const parsed = parse(
      Buffer.from(`SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKoc${params}\r\n\r\n`),
      nodeText,
    );
    assert.ok(parsed.kind === 'response');
    return withoutStrayFeedback(parsed);
  };
  for (const params of [';OC=99;x', ';oc=99;oc-algo="loss";oc-validity=500;oc-seq=1.1;x'])
    assert.equal(need(response(params), via).params.text, ';branch=z9hG4bKoc;x');
  assert.equal(need(response(';x;och=1'), via).params.text, ';branch=z9hG4bKoc;x;och=1');
});

test('what is said is what is heard (property, RFC 7339 §9)', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(60_000), fc.nat(2_000_000_000), (lossPercent, validityMs, sequence) => {
      const said = { lossPercent, validityMs, sequence: sequence / 1000 };
      assert.deepEqual(feedbackIn(withFeedback(top(';oc;oc-algo="loss"'), said)), said);
    }),
  );
});

function request(start: string, to: string, ...more: readonly string[]): Request {
  const text = [`${start} SIP/2.0`, `To: ${to}`, ...more, '', ''].join('\r\n');
  const parsed = parse(Buffer.from(text, 'latin1'), nodeText);
  assert.ok(parsed.kind === 'request');
  return parsed;
}

for (const [importance, what, given] of [
  ['first', 'a new call', request('INVITE sip:bob@a', '<sip:bob@a>')],
  ['first', 'a first REGISTER', request('REGISTER sip:a', '<sip:bob@a>')],
  ['first', 'a service that is called like an emergency', request('INVITE urn:service:sosopee', '<sip:bob@a>')],
  ['first', 'a priority of no emergency', request('INVITE sip:bob@a', '<sip:bob@a>', 'Resource-Priority: q735.0')],
  [
    'last',
    'a REGISTER of somebody known',
    request('REGISTER sip:a', '<sip:bob@a>', 'Authorization: Digest username="b"'),
  ],
  ['never', 'a request of a dialog', request('INVITE sip:bob@a', '<sip:bob@a>;tag=1')],
  ['never', 'a BYE', request('BYE sip:bob@a', '<sip:bob@a>;tag=1')],
  ['never', 'a CANCEL', request('CANCEL sip:bob@a', '<sip:bob@a>')],
  ['never', 'an emergency call (RFC 5031 §4)', request('INVITE urn:service:sos', '<urn:service:sos>')],
  ['never', 'a call for the fire brigade', request('INVITE URN:service:sos.fire', '<urn:service:sos.fire>')],
  [
    'never',
    'a call of emergency services (RFC 7135)',
    request('INVITE sip:b@a', '<sip:b@a>', 'Resource-Priority: q735.0, esnet.1'),
  ],
] as const)
  test(`${what} is given up to overload: ${importance} (RFC 7339 §5.10.1)`, () => {
    assert.equal(importanceOf(given), importance);
  });

/** How many of so many requests of each kind are given up. */
function given(loss: Loss, share: number, first: number, last: number): readonly [number, number] {
  const count = (importance: Importance, times: number): number =>
    Array.from({ length: times }, () => loss.takes(importance, share)).filter(Boolean).length;
  return [count('first', first), count('last', last)];
}

test('the share of all requests that is given up is what was asked for, the less important first (RFC 7339 §7.2)', () => {
  assert.deepEqual(given(new Loss(), 0, 800, 200), [0, 0]);
  assert.deepEqual(given(new Loss(), 0.1, 800, 200), [100, 0]);
  assert.deepEqual(given(new Loss(), 0.8, 800, 200), [800, 0]);
  const [first, last] = given(new Loss(), 0.9, 800, 200);
  assert.equal(first, 800);
  assert.ok(Math.abs(last - 100) <= 1, `${last}`);
  assert.deepEqual(
    given(new Loss(), 1, 800, 200).map((n) => n >= 199),
    [true, true],
  );
  assert.equal(new Loss().takes('never', 1), false);
});

const UNIX = 1_790_000_000_000;

test('a server that has time takes everything', () => {
  const load = new Load();
  for (let now = 0; now < 10_000; now += 100) load.sample({ busy: 0.8, lateMs: 5 }, now, UNIX + now);
  assert.equal(load.lossAt(10_000), 0);
  assert.deepEqual(load.feedbackAt(10_000), { lossPercent: 0, validityMs: 0, sequence: 0 });
});

for (const times of [1.5, 3, 10])
  test(`${times} times the work that a server can do is cut back within four seconds to what it can do`, () => {
    const load = new Load();
    let busy = 0;
    for (let now = 0; now < 10_000; now += 100) {
      const taken = 1 - load.lossAt(now);
      busy = Math.min(1, times * taken);
      if (now >= 4_000) assert.ok(busy > 0.5 && busy <= 1, `${busy}`);
      load.sample({ busy, lateMs: 0 }, now, UNIX + now);
    }
    assert.ok(Math.abs(busy - 0.85) < 0.1, `${busy}`);
  });

test('work that waits too long is overload too, also when the machine gives us no time', () => {
  const load = new Load();
  for (let now = 0; now <= 500; now += 100) load.sample({ busy: 0.3, lateMs: 400 }, now, UNIX + now);
  assert.ok(load.lossAt(500) > 0.9);
});

test('a rush of half a second is no overload, and neither is one pause', () => {
  const load = new Load();
  for (let now = 0; now < 10_000; now += 100) {
    load.sample({ busy: now >= 2_000 && now < 2_500 ? 1 : 0.3, lateMs: now === 5_000 ? 2_000 : 0 }, now, UNIX + now);
    assert.equal(load.lossAt(now), 0, `${now}`);
  }
});

test('when the rush is over everything is taken again, and what was sampled long ago says nothing', () => {
  const load = new Load();
  for (let now = 0; now < 3_000; now += 100) load.sample({ busy: 1, lateMs: 0 }, now, UNIX + now);
  assert.ok(load.lossAt(3_000) > 0.9);
  assert.equal(load.lossAt(5_000), 0);
  for (let now = 3_000; now < 7_000; now += 100) load.sample({ busy: 0.2, lateMs: 0 }, now, UNIX + now);
  assert.equal(load.lossAt(7_000), 0);
});

test('each new value has a greater sequence number, also when the wall clock goes back (RFC 7339 §4.4)', () => {
  const load = new Load();
  const heard: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    load.sample({ busy: 1, lateMs: 0 }, i * 100, UNIX - i * 1_000);
    const { lossPercent, sequence } = load.feedbackAt(i * 100);
    if (lossPercent > 0) heard.push(sequence);
  }
  assert.ok(heard.length > 5);
  assert.deepEqual(
    heard,
    [...new Set(heard)].sort((a, b) => a - b),
  );
  assert.ok((heard[0] ?? 0) > UNIX / 1000 - 20);
});

const at = (host: string) => ({ host, port: 5060 });
const isAdmitted = (downstream: Downstream, host: string, now: number): boolean =>
  downstream.admits(at(host), () => 'first', now);

test('a server that asks for less gets less until its time is up (RFC 7339 §5.5, §5.7)', () => {
  const downstream = new Downstream();
  const sent = (now: number, count: number): number =>
    Array.from({ length: count }, () => isAdmitted(downstream, 'a', now)).filter(Boolean).length;
  assert.equal(sent(0, 10), 10);
  downstream.hear(at('a'), { lossPercent: 40, validityMs: 500, sequence: 1 }, 0);
  assert.equal(sent(100, 100), 50, '40 % of all are half of those that go first');
  assert.equal(isAdmitted(downstream, 'b', 100), true);
  assert.equal(
    downstream.admits(at('a'), () => 'never', 100),
    true,
  );
  assert.equal(sent(500, 10), 10);
});

test('late news is no news, and a count that began anew is (RFC 7339 §4.4, §5.4)', () => {
  const downstream = new Downstream();
  const isCut = (now: number): boolean => ![1, 2, 3].every(() => isAdmitted(downstream, 'a', now));
  downstream.hear(at('a'), { lossPercent: 80, validityMs: 500, sequence: 1000 }, 0);
  downstream.hear(at('a'), { lossPercent: 0, validityMs: 0, sequence: 999 }, 100);
  assert.equal(isCut(100), true);
  downstream.hear(at('a'), { lossPercent: 0, validityMs: 0, sequence: 1001 }, 200);
  assert.equal(isCut(200), false);
  downstream.hear(at('a'), { lossPercent: 80, validityMs: 500, sequence: 1000 }, 250);
  assert.equal(isCut(250), false, 'what was said before the end');
  downstream.hear(at('a'), { lossPercent: 80, validityMs: 500, sequence: 1 }, 300);
  assert.equal(isCut(300), true, 'the count began anew');
});

test('a response restarts nothing when it repeats what was said, and no server is spared for more than a minute', () => {
  const downstream = new Downstream();
  downstream.hear(at('a'), { lossPercent: 100, validityMs: 500, sequence: 1 }, 0);
  downstream.hear(at('a'), { lossPercent: 100, validityMs: 500, sequence: 1 }, 400);
  assert.equal(isAdmitted(downstream, 'a', 600), true);
  downstream.hear(at('a'), { lossPercent: 100, validityMs: 999_999_999, sequence: 2 }, 1_000);
  assert.equal(isAdmitted(downstream, 'a', 60_999), false);
  assert.equal(isAdmitted(downstream, 'a', 61_001), true);
});

test('of more servers than there is room for, the one that said nothing for longest is forgotten', () => {
  const downstream = new Downstream(2);
  for (const server of ['a', 'b', 'c'])
    downstream.hear(at(server), { lossPercent: 100, validityMs: 500, sequence: 1 }, 0);
  assert.deepEqual(
    ['a', 'b', 'c'].map((server) => isAdmitted(downstream, server, 1)),
    [true, false, false],
  );
});
