import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@strowger/sip/message';
import { after, all, each, type Plan, reply, ring, watch } from '@strowger/sip/routing';
import { messageText, requestOf, responseOf } from '@strowger/testkit/messages';
import { heardRequest, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';
import {
  borderOf,
  type NextHop,
  nextHopOf,
  planAtBorder,
  privacyRefusal,
  type Sender,
  withAssertions,
  withoutAssertions,
} from './trust-border.ts';

const TRUSTED: Sender = { type: 'trusted' };
const ALICE: Sender = { type: 'proved', username: 'alice', realm: 'example.com' };
const STRANGER: Sender = { type: 'stranger' };
const HOPS = ['trusted', 'phone', 'outside'] as const;

const invite = (...lines: readonly string[]) =>
  requestOf(
    messageText([
      'INVITE sip:bob@example.com SIP/2.0',
      'From: "Alice A." <sip:alice@example.com>;tag=1',
      'To: <sip:bob@example.com>',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      ...lines,
    ]),
  );

const NAMES = /^(p-asserted|p-preferred|remote-party|p-charge|privacy)/i;
const identityIn = ({ content }: Message): string[] =>
  Array.from({ length: content.count }, (_, i) => `${content.nameAt(i)}: ${content.valueAt(i)}`).filter((text) =>
    NAMES.test(text),
  );

/** What says who is calling, in what goes on to each kind of next hop. */
function seenBy(sender: Sender, ...lines: readonly string[]): Record<NextHop, string[]> {
  const bordered = borderOf(invite(...lines), sender);
  const seen = (hop: NextHop): string[] => identityIn(withAssertions(bordered.request, bordered.linesFor(hop)));
  return { trusted: seen('trusted'), phone: seen('phone'), outside: seen('outside') };
}

const PAI = 'P-Asserted-Identity: "Alice A." <sip:alice@example.com>';
const FORGED = [
  'P-Asserted-Identity: <sip:boss@example.com>',
  'P-Asserted-Identity: <tel:+15551234>',
  'Remote-Party-ID: <sip:boss@example.com>;screen=yes',
  'P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.mmtel',
  'P-Charge-Info: <sip:boss@example.com>',
  'P-Preferred-Identity: <sip:boss@example.com>',
  'P-Preferred-Service: urn:urn-7:3gpp-service.ims.icsi.mmtel',
];

test('what a stranger says of himself or others is lost (RFC 3325 §5, RFC 6050 §4.1)', () => {
  assert.deepEqual(seenBy(STRANGER, ...FORGED), { trusted: [], phone: [], outside: [] });
});

test('what a user claims in these headers gives way to the identity that he has proved (RFC 3325 §5)', () => {
  assert.deepEqual(seenBy(ALICE, ...FORGED), { trusted: [PAI], phone: [PAI], outside: [] });
});

test('what a trusted source says goes on to trusted hops as it is, to phones as far as it is about the caller', () => {
  const { trusted, phone, outside } = seenBy(TRUSTED, ...FORGED);
  assert.deepEqual(trusted, FORGED.slice(0, 5));
  assert.deepEqual(phone, FORGED.slice(0, 3));
  assert.deepEqual(outside, []);
});

test('who asks for privacy is known to trusted hops only, and others hear that he asked (RFC 3325 §7, §10.2)', () => {
  for (const wish of ['id', 'user;id', 'header', 'session;id;critical', 'ID'])
    assert.deepEqual(
      seenBy(ALICE, `Privacy: ${wish}`),
      { trusted: [`Privacy: ${wish}`, PAI], phone: [`Privacy: ${wish}`], outside: [`Privacy: ${wish}`] },
      wish,
    );
});

test('a Privacy header that cannot be read hides the caller', () => {
  assert.deepEqual(seenBy(ALICE, 'Privacy: @@').phone, ['Privacy: @@']);
});

test('who wants no privacy is known to everybody (RFC 3325 §7: an identity must not be removed then)', () => {
  for (const hop of HOPS) assert.deepEqual(seenBy(ALICE, 'Privacy: none')[hop], ['Privacy: none', PAI]);
});

test('a wish for the session alone leaves the identity to phones', () => {
  assert.deepEqual(seenBy(ALICE, 'Privacy: session').phone, ['Privacy: session', PAI]);
});

test('a preferred identity that is the user’s own gives the display name, another one nothing (RFC 3325 §6)', () => {
  const named = (...lines: readonly string[]): string | undefined => seenBy(ALICE, ...lines).phone[0];
  assert.equal(
    named('P-Preferred-Identity: "Desk 7" <sip:alice@EXAMPLE.com>'),
    'P-Asserted-Identity: "Desk 7" <sip:alice@example.com>',
  );
  assert.equal(named('P-Preferred-Identity: "The Boss" <sip:boss@example.com>'), PAI);
  assert.equal(named('P-Preferred-Identity: <<'), PAI);
});

test('whose From is anonymous is asserted without a display name (RFC 3325 §10.2)', () => {
  const request = requestOf(
    messageText(['INVITE sip:b@x SIP/2.0', 'From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1']),
  );
  const lines = borderOf(request, { type: 'proved', username: 'a b', realm: 'example.com' }).linesFor('trusted');
  assert.deepEqual(
    lines.map(({ value }) => value),
    ['<sip:a%20b@example.com>'],
  );
});

test('no identity is asserted in ACK (RFC 3325 §9.1)', () => {
  const ack = requestOf(messageText(['ACK sip:b@x SIP/2.0', 'From: <sip:alice@example.com>;tag=1']));
  assert.deepEqual(borderOf(ack, ALICE).linesFor('trusted'), []);
});

test('a request that says nothing of its sender is passed on as it is', () => {
  const request = invite();
  assert.equal(borderOf(request, STRANGER).request, request);
});

test('every leaf of a plan gets what its hop may see, also a plan that comes later', async () => {
  const bordered = borderOf(invite(), ALICE);
  const hopOf = ({ uri }: { readonly uri: string }): NextHop => (uri.endsWith('phone') ? 'phone' : 'outside');
  const plan = planAtBorder(
    each(
      all(ring('sip:a@phone'), ring('sip:b@outside')),
      watch(
        after(ring('sip:c@phone'), () => ring('sip:d@phone')),
        (r) => r,
      ),
    ),
    bordered,
    hopOf,
  );
  const identified = async (part: Plan): Promise<string[]> => {
    if (part.type === 'try')
      return identityIn(part.target.edit?.(bordered.request) ?? bordered.request).map(() => part.target.uri);
    if (part.type === 'watch') return identified(part.plan);
    if (part.type !== 'after') return (await Promise.all(part.of.map(identified))).flat();
    const later = await part.onFailure({ status: 486, response: undefined });
    assert.ok(later !== undefined && later.type !== 'reply');
    return [...(await identified(part.plan)), ...(await identified(later))];
  };
  assert.deepEqual(await identified(plan), ['sip:a@phone', 'sip:c@phone', 'sip:d@phone']);
  const refusing = planAtBorder(
    after(ring('sip:a@phone'), () => reply(486)),
    bordered,
    hopOf,
  );
  assert.ok(refusing.type === 'after');
  assert.deepEqual(await refusing.onFailure({ status: 480, response: undefined }), reply(486));
});

test('an edit that a target has already is made before', () => {
  const bordered = borderOf(invite(), ALICE);
  const target = { edit: () => invite('Subject: edited') };
  const plan = planAtBorder(ring('sip:a@phone', target), bordered, () => 'trusted');
  assert.ok(plan.type === 'try');
  const edited = plan.target.edit?.(bordered.request);
  assert.deepEqual(linesOf(edited, 'Subject'), ['edited']);
  assert.deepEqual(linesOf(edited, 'P-Asserted-Identity').length, 1);
});

test('who answers is said by trusted hops only (RFC 3325 §5)', () => {
  const answered = responseOf(messageText(['SIP/2.0 200 OK', ...FORGED.slice(0, 5), 'Call-ID: c']));
  assert.deepEqual(identityIn(withoutAssertions(answered)), []);
  const plain = responseOf(messageText(['SIP/2.0 200 OK', 'Call-ID: c']));
  assert.equal(withoutAssertions(plain), plain);
});

test('a privacy that is critical and cannot be had fails the request with 500 and its names (RFC 3323 §5)', () => {
  const refusal = (sender: Sender, wish: string) => {
    const given = privacyRefusal(invite(`Privacy: ${wish}`), sender);
    return given && `${given.status} ${given.reason}`;
  };
  assert.equal(refusal(ALICE, 'header;session;critical'), '500 Privacy Not Supported: header, session');
  assert.equal(refusal(STRANGER, 'user;id;critical'), '500 Privacy Not Supported: user');
  assert.equal(refusal(ALICE, 'id;critical'), undefined);
  assert.equal(refusal(ALICE, 'header;session'), undefined);
  assert.equal(refusal(TRUSTED, 'session;critical'), undefined);
  assert.equal(privacyRefusal(invite(), ALICE), undefined);
});

test('a hop is trusted by its address: of the flow, of the first Route, of maddr, of the URI', () => {
  const isTrusted = (host: string): boolean => host === '10.9.9.9' || host === '2001:db8::9';
  const flow = {
    local: { protocol: 'udp', host: '10.0.0.1', port: 5060 },
    host: '10.9.9.9',
    port: 1,
    connection: 0,
  } as const;
  const hop = (uri: string, rest: object = {}, request = invite()): NextHop =>
    nextHopOf({ uri, ...rest }, request, 'others', isTrusted);
  assert.equal(hop('sip:+1555@10.9.9.9'), 'trusted');
  assert.equal(hop('sip:+1555@[2001:db8::9]:5070'), 'trusted');
  assert.equal(hop('sip:x@elsewhere.example;maddr=10.9.9.9'), 'trusted');
  assert.equal(hop('sip:x@10.9.9.9;maddr=10.1.1.1'), 'outside');
  assert.equal(hop('sip:x@elsewhere.example', { route: ['sip:10.9.9.9;lr'] }), 'trusted');
  assert.equal(hop('sip:x@10.9.9.9', {}, invite('Route: <sip:10.1.1.1;lr>')), 'outside');
  assert.equal(hop('sip:x@elsewhere.example', { flow }), 'trusted');
  assert.equal(hop('sip:x@elsewhere.example', { flow: { ...flow, host: '10.0.0.5' } }), 'phone');
  assert.equal(nextHopOf({ uri: 'sip:x@10.0.0.5' }, invite(), 'ours', isTrusted), 'phone');
});

test('a call between users shows who called, and a stranger can name nobody (RFC 3325 §5)', async () => {
  const site = await createSite({ config: USUAL });
  const [alice, bob] = await pair(site);
  const call = alice.call('sip:bob@example.com');
  await site.play(() => call.answered);
  assert.deepEqual(linesOf(heardRequest(bob, 'INVITE'), 'P-Asserted-Identity'), ['<sip:alice@example.com>']);
  const stranger = site.peer('stranger');
  const headers = { 'P-Asserted-Identity': '<sip:alice@example.com>' };
  stranger.send(written(stranger, { method: 'MESSAGE', uri: 'sip:bob@example.com', headers }), site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(linesOf(heardRequest(bob, 'MESSAGE'), 'P-Asserted-Identity'), []);
});
