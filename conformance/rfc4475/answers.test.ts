import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contact, cseq, has, read, readAll, to, unsupported } from '@strowger/sip/message';
import { responseOf } from '@strowger/testkit/messages';
import { createStage } from '../support/stage.ts';
import { tortureMessage } from '../support/torture-message.ts';
import { examine, startLineOf } from '../support/verdict.ts';

const answerTo = async (name: string, domain?: string) => {
  const { answers } = await examine(tortureMessage('rfc4475', `${name}.dat`), 'home', 'datagram', domain);
  const final = answers.find(({ text }) => !text.startsWith('SIP/2.0 1'));
  return responseOf(final?.text ?? assert.fail(`no answer to ${name}`));
};

const contactsOf = (response: ReturnType<typeof responseOf>): readonly string[] =>
  readAll(response, contact).map((place) =>
    place === '*' ? place : `<${place.uriText}>${place.params.delete('expires').text}`,
  );

test('bext01: 420 names the options of Proxy-Require that the proxy does not know (RFC 4475 §3.3.5)', async () => {
  const response = await answerTo('bext01');
  assert.deepEqual(readAll(response, unsupported), ['noProxiesSupportThis', 'norDoAnyProxiesSupportThis']);
});

test('esc02: the server itself answers a method that it does not know with 501 and Allow (RFC 4475 §3.1.1.5)', async () => {
  const response = await answerTo('esc02', 'registrar.example.com');
  assert.equal(response.status, 501);
  assert.equal(read(response, cseq)?.method, 'RE%47IST%45R');
  assert.match(responseText(response), /\nAllow: /);
});

test('escnull: two contacts are registered, and the name that they stand under has its NUL (RFC 4475 §3.1.1.4)', async () => {
  const { stage, answers } = await examine(tortureMessage('rfc4475', 'escnull.dat'), 'home', 'datagram');
  const response = responseOf(answers[0]?.text ?? '');
  assert.deepEqual(contactsOf(response), ['<sip:%00@host5.example.com>', '<sip:%00%00@host5.example.com>']);
  const names: string[] = [];
  for await (const { aor } of stage.server.locations.entries(stage.world.unix)) names.push(aor);
  assert.deepEqual(names, ['sip:null-%00-null@example.com', 'sip:null-%00-null@example.com']);
});

test('cparam01: a parameter of Contact is none of the URI, then and later (RFC 4475 §3.3.12)', async () => {
  assert.deepEqual(await registeredAndFetched('cparam01'), '<sip:+19725552222@gw1.example.net>;unknownparam');
});

test('cparam02: a parameter of the URI stays one, then and later (RFC 4475 §3.3.13)', async () => {
  assert.deepEqual(await registeredAndFetched('cparam02'), '<sip:+19725552222@gw1.example.net;unknownparam>');
});

test('regescrt: the headers of the URI stay in it, then and later (RFC 4475 §3.3.14)', async () => {
  const place = await registeredAndFetched('regescrt');
  assert.deepEqual(place, '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>');
});

/** Sends the REGISTER, then one that only asks; both must say the same. */
async function registeredAndFetched(name: string): Promise<string> {
  const stage = await createStage();
  const bytes = tortureMessage('rfc4475', `${name}.dat`);
  const [first] = await stage.datagram(bytes);
  const fetch = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^(?:Contact|M):.*\r\n/m, '')
    .replace(/branch=/, 'branch=z9hG4bKfetch');
  const [second] = await stage.datagram(Buffer.from(fetch.replace(/^CSeq: \d+/m, 'CSeq: 99999999'), 'latin1'));
  const [before, after] = [first, second].map((sent) => contactsOf(responseOf(sent?.text ?? '')));
  assert.deepEqual(after, before);
  assert.equal(before?.length, 1);
  return before?.[0] ?? '';
}

test('insuf: the answer lacks what the request lacked (RFC 4475 §3.3.1)', async () => {
  const response = await answerTo('insuf');
  assert.equal(has(response, to), false);
  assert.deepEqual(read(response, cseq), { seq: 193942, method: 'INVITE' });
});

test('quotbal: a To that cannot be read stands in the answer as it is (RFC 4475 §3.1.2.6)', async () => {
  const { answers } = await examine(tortureMessage('rfc4475', 'quotbal.dat'), 'home', 'datagram');
  assert.match(answers[0]?.text ?? '', /\r\nTo: "Mr\. J\. User <sip:j\.user@example\.com>\r\n/);
  assert.equal(answers[0]?.to.port, 5050);
});

test('badinv01: the answer to a request whose Via cannot be read goes to where the request came from (RFC 4475 §3.1.2.1)', async () => {
  const { answers } = await examine(tortureMessage('rfc4475', 'badinv01.dat'), 'home', 'datagram');
  assert.deepEqual(
    answers.map(({ to }) => to),
    [{ host: '203.0.113.2', port: 5060 }],
  );
});

test('wsinv: the answer holds the Via lines of the request as they stand, but for received in the topmost (RFC 4475 §3.1.1.1)', async () => {
  const { answers } = await examine(tortureMessage('rfc4475', 'wsinv.dat'), 'home', 'datagram');
  const trying = answers[0]?.text ?? '';
  assert.equal(startLineOf(trying), 'SIP/2.0 100 Trying');
  assert.match(trying, /\r\nVia: SIP\/2\.0\/UDP 192\.0\.2\.2;branch=390skdjuw;received=203\.0\.113\.2\r\n/);
  assert.ok(trying.includes('v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n'));
});

test('clerr: a body that never comes ends the connection in good time (RFC 4475 §3.1.2.2)', async () => {
  const { stage } = await examine(tortureMessage('rfc4475', 'clerr.dat'), 'home', 'stream');
  assert.equal(stage.hangups, 0);
  await stage.later(60_000);
  assert.equal(stage.hangups, 1);
});

const responseText = (response: ReturnType<typeof responseOf>): string => response.content.head.text;
