import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersTo } from '../../packages/server/sim/answers.ts';
import { heardRequest, linesOf, pair } from '../../packages/server/sim/heard.ts';
import { createSite } from '../../packages/server/sim/site.ts';

const BOB = 'sip:bob@example.com';

/** What bob hears of a MESSAGE of alice with these header lines, and what she is answered. */
async function sent(headers: Readonly<Record<string, string>>) {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const { status, response } = await site.play(() => alice.send('MESSAGE', BOB, { headers }));
  const heard = status === 200 ? heardRequest(bob, 'MESSAGE') : undefined;
  return { status, reason: response?.reason, response, heard };
}

for (const wish of ['none', 'id', 'header;session;user', 'id;critical', 'id,user', 'Header ; ID', 'history'])
  test(`Privacy “${wish}” goes on as it stands: this server is no privacy service that takes wishes off (RFC 3323 §4.2, §5)`, async () => {
    const { heard } = await sent({ Privacy: wish });
    assert.deepEqual(linesOf(heard, 'Privacy'), [wish]);
  });

test('no Privacy is added for who asked for none (RFC 3323 §4.2)', async () => {
  assert.deepEqual(linesOf((await sent({})).heard, 'Privacy'), []);
});

for (const [wish, hidden] of [
  ['id', true],
  ['ID', true],
  ['id,session', true],
  ['session, id', true],
  ['session;id;critical', undefined],
  ['session\r\nPrivacy: id', true],
  ['none;id', true],
  ['id;none', true],
  ['@@', true],
  ['', true],
  ['session', false],
  ['none', false],
] as const)
  test(`Privacy “${wish.replace('\r\n', ' | ')}”, however it is written, ${hidden === false ? 'shows' : 'hides'} who calls (RFC 3323 §4.2)`, async () => {
    const { status, heard } = await sent({ Privacy: wish });
    if (hidden === undefined) return assert.equal(status, 500);
    assert.equal(linesOf(heard, 'P-Asserted-Identity').length, hidden ? 0 : 1);
  });

for (const [wish, reason] of [
  ['header;critical', 'Privacy Not Supported: header'],
  ['session;critical', 'Privacy Not Supported: session'],
  ['user;header;session;id;critical', 'Privacy Not Supported: user, header, session'],
  ['critical;session', 'Privacy Not Supported: session'],
  ['session,critical', 'Privacy Not Supported: session'],
] as const)
  test(`what is critical and cannot be had ends the request with 500, whose reason says what: ${wish} (RFC 3323 §5)`, async () => {
    const { status, reason: given } = await sent({ Privacy: wish });
    assert.deepEqual([status, given], [500, reason]);
  });

test('Proxy-Require: privacy is refused with 420, since this is no privacy service (RFC 3323 §4.3, §5)', async () => {
  const { status, response } = await sent({ 'Proxy-Require': 'privacy' });
  assert.deepEqual([status, linesOf(response, 'Unsupported')], [420, ['privacy']]);
});

test('the server adds nothing that tells of a user: no Call-Info, Server, Organization, Subject (RFC 3323 §5.1)', async () => {
  const { heard, response } = await sent({ Privacy: 'header' });
  for (const name of ['Call-Info', 'Server', 'Organization', 'Subject', 'User-Agent', 'Reply-To'])
    for (const message of [heard, response]) assert.deepEqual(linesOf(message, name), [], name);
});

test('a From of anonymous.invalid reaches our users, and nobody else without a proof (RFC 3323 §4.1.1.3)', async () => {
  const site = await createSite();
  await pair(site);
  const [peer, far] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('far', { at: '10.0.0.77' })];
  const from = '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1';
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: BOB, from }, 500), ['200 MESSAGE']);
  const out = { method: 'MESSAGE', uri: 'sip:+1900@10.0.0.77', from };
  assert.deepEqual(await answersTo(site, peer, out, 500), ['407 MESSAGE']);
  assert.deepEqual(far.labels, []);
});
