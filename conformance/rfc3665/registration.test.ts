import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contact, readAll } from '@strowger/sip/message';
import type { Outcome, Phone } from '@strowger/testkit';
import { BILOXI, type Cast, createCast, NAMES } from './cast.ts';
import { assertLikeFigure, type Deviation } from './figure.ts';
import { readFlow } from './flow.ts';

/** The RFC registers over TLS with sips: URIs; here it is UDP and sip:. */
const NO_TLS: Deviation = { n: 'all', but: ['uri'], why: 'sip: and UDP in the place of sips: and TLS' };
const UNASKED: Deviation = { n: 'all', but: ['cseq'], why: 'the phone has registered before, so its CSeq is higher' };

async function registrar(): Promise<Cast & { readonly bob: Phone }> {
  const cast = createCast('Bob', 'SIP Server');
  await cast.server('SIP Server', BILOXI);
  return { ...cast, bob: cast.phone('Bob', 'SIP Server', { proves: 'unasked' }) };
}

const contactsOf = ({ response }: Outcome): readonly string[] =>
  response === undefined
    ? []
    : readAll(response, contact).map((value) => (value === '*' ? '*' : value.uriText.replace(/[\d.]+:5060/, '…')));

test('RFC 3665 §2.1: a successful new registration', async () => {
  const { world, bob, play } = await registrar();
  const outcome = await play(() => bob.register());
  assert.deepEqual(contactsOf(outcome), ['sip:bob@…']);
  assertLikeFigure(readFlow('2.1'), { world, start: 0, servers: ['SIP Server'], names: NAMES, deviations: [NO_TLS] });
});

test('RFC 3665 §2.2: one more contact, a mail address, joins the list', async () => {
  const { world, bob, play } = await registrar();
  await play(() => bob.register());
  const start = world.traffic.length;
  const outcome = await play(() => bob.register({ contacts: ['<mailto:bob@biloxi.example.com>;expires=4294967295'] }));
  assert.deepEqual(contactsOf(outcome), ['sip:bob@…', 'mailto:bob@biloxi.example.com']);
  const expires = outcome.response === undefined ? [] : readAll(outcome.response, contact);
  assert.equal(
    expires.map((value) => (value === '*' ? '' : value.params.get('expires'))).at(-1),
    '3600',
    'the RFC grants 136 years, this registrar an hour at most',
  );
  assertLikeFigure(readFlow('2.2'), {
    world,
    start,
    servers: ['SIP Server'],
    names: NAMES,
    deviations: [NO_TLS, UNASKED],
  });
});

test('RFC 3665 §2.3: a request for the contact list', async () => {
  const { world, bob, play } = await registrar();
  await play(() => bob.register({ contacts: [`<${bob.contact}>`, '<mailto:bob@biloxi.example.com>'] }));
  const start = world.traffic.length;
  const outcome = await play(() => bob.register({ contacts: [] }));
  assert.deepEqual(contactsOf(outcome), ['sip:bob@…', 'mailto:bob@biloxi.example.com']);
  assertLikeFigure(readFlow('2.3'), {
    world,
    start,
    servers: ['SIP Server'],
    names: NAMES,
    deviations: [NO_TLS, UNASKED],
  });
});

test('RFC 3665 §2.4: everything is taken back with Contact *', async () => {
  const { world, bob, play } = await registrar();
  await play(() => bob.register());
  const start = world.traffic.length;
  const outcome = await play(() => bob.register({ contacts: ['*'], expires: 0 }));
  assert.equal(outcome.status, 200);
  assert.deepEqual(contactsOf(outcome), []);
  assertLikeFigure(readFlow('2.4'), {
    world,
    start,
    servers: ['SIP Server'],
    names: NAMES,
    deviations: [NO_TLS, UNASKED],
  });
});

test('RFC 3665 §2.5: a wrong password is asked for again', async () => {
  const cast = createCast('Bob', 'SIP Server');
  const { world, play } = cast;
  await cast.server('SIP Server', BILOXI);
  const bob = cast.phone('Bob', 'SIP Server', { password: 'wrong' });
  assert.equal((await play(() => bob.register())).status, 401);
  assertLikeFigure(readFlow('2.5'), { world, start: 0, servers: ['SIP Server'], names: NAMES, deviations: [NO_TLS] });
});
