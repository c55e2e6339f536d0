import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line, type Message } from '@strowger/sip/message';
import type { Phone } from '@strowger/testkit';
import { answersTo } from '../../packages/server/sim/answers.ts';
import { heardRequest, linesOf, pair } from '../../packages/server/sim/heard.ts';
import { createSite, type Site, USUAL } from '../../packages/server/sim/site.ts';

const TRUNK = '10.9.9.9';
const SAID = {
  'P-Asserted-Identity': '"Cullen Jennings" <sip:fluffy@cisco.example>, <tel:+14085264000>',
  'P-Preferred-Identity': '<sip:fluffy@cisco.example>',
  'Remote-Party-ID': '<sip:fluffy@cisco.example>;party=calling',
};

/** Alice and bob of ours, a trunk in the trust domain, and somebody outside of it. */
async function borders(rest = '') {
  const site = await createSite({ config: `${USUAL}trusted: [${TRUNK}/32]\n${rest}` });
  const [alice, bob] = await pair(site);
  return {
    site,
    alice,
    bob,
    trunk: site.phone('trunk', { aor: 'sip:trunk@carrier.example', at: TRUNK }),
    outside: site.phone('outside', { aor: 'sip:outside@elsewhere.example', at: '10.0.0.77' }),
  };
}

const assertedIn = (message: Message | undefined): readonly string[] => linesOf(message, 'P-Asserted-Identity');

/** What of a call with these header lines says who calls, as the called phone hears it. */
async function saidTo(
  site: Site,
  caller: Phone,
  uri: string,
  called: Phone,
  headers: Readonly<Record<string, string>>,
) {
  await site.play(() => caller.send('MESSAGE', uri, { headers }));
  const heard = heardRequest(called, 'MESSAGE');
  return Object.keys(SAID).map((name) => linesOf(heard, name).join(', '));
}

const toTrunk = `sip:+1555@${TRUNK}`;
const toOutside = 'sip:x@10.0.0.77';
const toBob = 'sip:bob@example.com';

test('who has proved himself is asserted to the inside by his own address, whatever he says (RFC 3325 §5)', async () => {
  const { site, alice, trunk } = await borders();
  assert.deepEqual(await saidTo(site, alice, toTrunk, trunk, SAID), ['<sip:alice@example.com>', '', '']);
});

test('what the inside says is taken for proved, and goes on to the inside as it is (RFC 3325 §5)', async () => {
  const { site, trunk } = await borders();
  const other = site.phone('other', { aor: 'sip:other@carrier.example', at: '10.9.9.8' });
  const both = await createSite({ config: `${USUAL}trusted: [10.9.9.0/24]\n` });
  assert.ok(other.aor !== trunk.aor);
  const [first, second] = [both.phone('first', { at: '10.9.9.9' }), both.phone('second', { at: '10.9.9.8' })];
  const said = await saidTo(both, first, 'sip:x@10.9.9.8', second, SAID);
  assert.deepEqual(said, [SAID['P-Asserted-Identity'], '', SAID['Remote-Party-ID']]);
});

test('a call from the inside is challenged by nobody and shows its identity to a phone of ours (RFC 3325 §5)', async () => {
  const { site, trunk, bob } = await borders();
  const [asserted] = await saidTo(site, trunk, toBob, bob, SAID);
  assert.equal(asserted, SAID['P-Asserted-Identity']);
});

test('what comes from outside is taken off, the SIP URI and the tel URI (RFC 3325 §5, §8)', async () => {
  const { site, outside, bob } = await borders();
  assert.deepEqual(await saidTo(site, outside, toBob, bob, SAID), ['', '', '']);
});

for (const name of ['p-asserted-identity', 'P-ASSERTED-IDENTITY', 'P-Asserted-Identity '])
  test(`and so it is when it is spelled “${name}” or cannot be read`, async () => {
    const { site, outside, bob } = await borders();
    for (const value of ['<sip:alice@example.com>', '<<', '"x" <sip:a@b>, <tel:+1>, <sip:c@d>']) {
      bob.peer.heard.length = 0;
      await answersTo(site, outside.peer, { method: 'MESSAGE', uri: toBob, headers: { [name]: value } }, 1_000);
      const heard = heardRequest(bob, 'MESSAGE');
      for (let i = 0; i < heard.content.count; i += 1)
        assert.notEqual(heard.content.nameAt(i).trim().toLowerCase(), 'p-asserted-identity');
    }
  });

for (const mode of ['stateful', 'stateless'] as const)
  test(`what an answer from outside asserts is taken off (RFC 3325 §5, ${mode})`, async () => {
    const { site, bob, trunk } = await borders(mode === 'stateful' ? '' : 'proxy: { stateless: true }\n');
    const headers = Object.entries(SAID).map(([name, value]) => line(name, value));
    bob.onRequest = (asked) => void asked.respond(200, { headers });
    const { response } = await site.play(() => trunk.send('MESSAGE', toBob));
    assert.equal(response?.status, 200);
    assert.deepEqual(assertedIn(response), []);
  });

test('what an answer from the inside asserts stays (RFC 3325 §5)', async () => {
  const { site, alice, trunk } = await borders();
  trunk.onRequest = (asked) => void asked.respond(200, { headers: [line('P-Asserted-Identity', '<tel:+1555>')] });
  const { response } = await site.play(() => alice.send('MESSAGE', toTrunk));
  assert.deepEqual(assertedIn(response), ['<tel:+1555>']);
});

test('P-Preferred-Identity chooses the display name of his own address, nothing else, and goes no further (RFC 3325 §6)', async () => {
  for (const [preferred, expected] of [
    ['"Desk" <sip:alice@example.com>', '"Desk" <sip:alice@example.com>'],
    ['"Boss" <sip:bob@example.com>', '<sip:alice@example.com>'],
    ['"Boss" <tel:+1555>', '<sip:alice@example.com>'],
    ['"Boss" <sip:alice@elsewhere.example>', '<sip:alice@example.com>'],
  ] as const) {
    const { site, alice, trunk } = await borders();
    const said = await saidTo(site, alice, toTrunk, trunk, { 'P-Preferred-Identity': preferred });
    assert.deepEqual(said, [expected, '', '']);
  }
});

for (const [privacy, inside, phone, outside] of [
  ['', true, true, false],
  ['id', true, false, false],
  ['id;critical', true, false, false],
  ['user', true, false, false],
  ['none', true, true, true],
] as const)
  test(`Privacy “${privacy}” decides who hears the identity (RFC 3325 §5, §7)`, async () => {
    const headers: Record<string, string> = privacy === '' ? {} : { Privacy: privacy };
    const shown = async (who: 'trunk' | 'bob' | 'outside', uri: string): Promise<boolean> => {
      const all = await borders();
      const [asserted] = await saidTo(all.site, all.alice, uri, all[who], headers);
      assert.ok(asserted === '' || asserted === '<sip:alice@example.com>');
      assert.equal(linesOf(heardRequest(all[who], 'MESSAGE'), 'Privacy').join(), privacy, 'and the wish goes on');
      return asserted !== '';
    };
    assert.deepEqual(
      [await shown('trunk', toTrunk), await shown('bob', toBob), await shown('outside', toOutside)],
      [inside, phone, outside],
    );
  });

test('the identity that the inside asserts is kept from the outside when it asks for privacy (RFC 3325 §7)', async () => {
  for (const [privacy, expected] of [
    ['id', ''],
    ['none', SAID['P-Asserted-Identity']],
  ] as const) {
    const { site, trunk, outside } = await borders();
    const [asserted] = await saidTo(site, trunk, toOutside, outside, { ...SAID, Privacy: privacy });
    assert.equal(asserted, expected, privacy);
  }
});

test('a user who hides in From is known to the inside alone (RFC 3325 §7, §10.2)', async () => {
  const { site, alice, trunk } = await borders();
  await site.play(() => alice.send('MESSAGE', toTrunk, { headers: { Privacy: 'id' } }));
  assert.deepEqual(assertedIn(heardRequest(trunk, 'MESSAGE')), ['<sip:alice@example.com>']);
});

test('nothing is asserted in a request within a dialog that nobody proved, and what it says is lost outside (RFC 3325 §5)', async () => {
  const { site, outside, bob } = await borders();
  const call = outside.call(toBob);
  assert.equal((await site.play(() => call.answered)).status, 200);
  await site.world.runFor(500);
  await site.play(() => call.dialog.request('INFO', { headers: SAID }));
  assert.deepEqual(assertedIn(heardRequest(bob, 'INFO')), []);
});
