import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LadderOptions, printLadder } from './ladder.ts';
import type { Traffic } from './traffic.ts';

const lanes = { names: ['alice', 'proxy', 'bob'], nameOf: (address: string) => address };
const message = (at: number, from: string, to: string, label: string, copies = 1): Traffic => ({
  at,
  protocol: 'udp',
  from: { host: from, port: 5_060 },
  to: { host: to, port: 5_060 },
  bytes: new Uint8Array(0),
  label,
  copies,
  loss: copies === 0 ? 'lost' : undefined,
});
const print = (traffic: readonly Traffic[], options?: LadderOptions): string =>
  `\n${printLadder(traffic, lanes, options)}\n`;

const CALL = [
  message(0, 'alice', 'proxy', 'INVITE', 0),
  message(500, 'alice', 'proxy', 'INVITE'),
  message(510.4, 'proxy', 'alice', '100 INVITE', 0),
  message(510.4, 'proxy', 'bob', 'INVITE', 2),
  message(520, 'bob', 'proxy', '180 INVITE'),
  message(12_530, 'bob', 'alice', 'BYE'),
];

test('pairs: one arrow a line, the host further left first, lost messages with a cross', () => {
  assert.equal(
    print(CALL),
    `
     0  alice ──✕   proxy  INVITE
   500  alice ────▶ proxy  INVITE
   510  alice   ✕── proxy  100 INVITE
   510  proxy ────▶ bob    INVITE ×2
   520  proxy ◀──── bob    180 INVITE
 12530  alice ◀──── bob    BYE
`,
  );
});

test('columns: a lane for each host that took part', () => {
  assert.equal(
    print(CALL, { form: 'columns' }),
    `
        alice             proxy              bob
     0    │─── INVITE ───✕  │                 │
   500    │──── INVITE ────▶│                 │
   510    │  ✕─ 100 INVITE ─│                 │
   510    │                 │── INVITE ×2 ───▶│
   520    │                 │◀── 180 INVITE ──│
 12530    │◀────────────── BYE ───────────────│
`,
  );
});

test('hidden times keep a ladder the same when delays change', () => {
  const later = CALL.map((m) => ({ ...m, at: m.at * 3 }));
  assert.equal(print(CALL, { times: 'hidden' }), print(later, { times: 'hidden' }));
  assert.match(print(CALL, { times: 'hidden' }), /^alice ──✕ {3}proxy {2}INVITE$/m);
  assert.match(print(CALL, { times: 'hidden', form: 'columns' }), /^alice/m);
});

test('only some messages, and only the last of them', () => {
  const invites = { only: (m: Traffic) => m.label === 'INVITE' };
  assert.equal(
    print(CALL, { ...invites, last: 2, times: 'hidden' }),
    '\nalice ────▶ proxy  INVITE\nproxy ────▶ bob    INVITE ×2\n',
  );
});

test('a host that nobody named has its address for a name and stands on the right', () => {
  assert.match(print([message(1, '192.0.2.9', 'bob', 'OPTIONS')]), /bob ◀──── 192\.0\.2\.9 {2}OPTIONS/);
});

test('what a host says to itself is shown, and no messages are an empty ladder', () => {
  assert.match(print([message(1, 'bob', 'bob', 'OPTIONS')]), /bob ────▶ bob {2}OPTIONS/);
  assert.match(print([message(1, 'bob', 'bob', 'OPTIONS')], { form: 'columns' }), /│─+ OPTIONS ─+↩/);
  assert.equal(printLadder([], lanes), '');
  assert.equal(printLadder([], lanes, { form: 'columns' }), '');
});
