import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, requestText, valuesIn } from '../support/sip-text.ts';
import { createStage, type Stage, type StageOptions } from '../support/stage.ts';
import { startLineOf } from '../support/verdict.ts';

/** What the server answers by itself: as a user agent server (RFC 3261 §8.2), redirect server (§8.3), registrar (§10), to OPTIONS (§11). */

async function answerOf(stage: Stage, text: string): Promise<string> {
  const sent = await stage.datagram(bytesOf(text), 400);
  const mine = sent.filter(
    ({ text: answer }) => valuesIn(answer, 'Call-ID').join() === valuesIn(text, 'Call-ID').join(),
  );
  const final = mine.filter(({ text }) => /^SIP\/2\.0 [2-6]/.test(text));
  assert.equal(final.length, 1, sent.map(({ text }) => startLineOf(text)).join());
  return final[0]?.text ?? '';
}

const answerTo = async (text: string, options?: StageOptions): Promise<string> =>
  answerOf(await createStage(options), text);

const register = (...lines: readonly string[]): string => requestText('REGISTER sip:example.com', lines);

test('the version is compared without regard to case and sent in upper case (RFC 3261 §7.1)', async () => {
  const answer = await answerTo(requestText('OPTIONS sip:example.com').replace('SIP/2.0\r\n', 'sip/2.0\r\n'));
  assert.equal(startLineOf(answer), 'SIP/2.0 200 OK');
});

test('every line of an answer ends with CRLF, whatever the lines of the request end with (RFC 3261 §7)', async () => {
  const answer = await answerTo(requestText('OPTIONS sip:example.com').replaceAll('\r\n', '\n'));
  assert.doesNotMatch(answer, /(?<!\r)\n|\r(?!\n)/);
  assert.ok(answer.endsWith('\r\n\r\n'));
});

test('header fields that nobody knows, or that belong into responses, are ignored (RFC 3261 §7.3.2, §8.2.2)', async () => {
  const lines = [
    'X-Unheard-Of: ;;,',
    'WWW-Authenticate: nonsense=',
    'Retry-After: soon',
    'Date: tomorrow',
    'Expires: x',
  ];
  assert.equal(startLineOf(await answerTo(requestText('OPTIONS sip:example.com', lines))), 'SIP/2.0 200 OK');
});

test('a method that the server knows and does not serve itself is answered 405 with Allow, another one 501 (RFC 3261 §8.2.1)', async () => {
  const invite = await answerTo(requestText('INVITE sip:example.com'));
  assert.equal(startLineOf(invite), 'SIP/2.0 405 Method Not Allowed');
  assert.deepEqual(valuesIn(invite, 'Allow'), ['OPTIONS, REGISTER']);
  const unknown = await answerTo(requestText('FROB sip:example.com'));
  assert.equal(startLineOf(unknown), 'SIP/2.0 501 Not Implemented');
});

test('420 names those options of Require that the server does not know, and only those (RFC 3261 §8.2.2.3)', async () => {
  const answer = await answerTo(requestText('OPTIONS sip:example.com', ['Require: foo, path', 'Require: bar']));
  assert.equal(startLineOf(answer), 'SIP/2.0 420 Bad Extension');
  assert.deepEqual(valuesIn(answer, 'Unsupported'), ['foo, bar']);
});

test('Require and Proxy-Require of a CANCEL are ignored (RFC 3261 §8.2.2.3)', async () => {
  const answer = await answerTo(requestText('CANCEL sip:user@example.com', ['Require: foo', 'Proxy-Require: bar']));
  assert.equal(startLineOf(answer), 'SIP/2.0 481 Call/Transaction Does Not Exist');
});

test('a request that cannot be understood gets the same answer each time, To tag included (RFC 3261 §8.2.7)', async () => {
  const stage = await createStage();
  const broken = requestText('OPTIONS sip:example.com', ['CSeq: 1 INVITE']);
  const first = await answerOf(stage, broken);
  assert.equal(startLineOf(first), 'SIP/2.0 400 CSeq Method Does Not Match');
  assert.match(valuesIn(first, 'To')[0] ?? '', /;tag=./);
  assert.equal(await answerOf(stage, broken), first);
  assert.deepEqual(stage.tables, { servers: 0, clients: 0 });
});

test('an answer has From, Call-ID, CSeq and Via of its request, and To with a tag (RFC 3261 §8.2.6.2)', async () => {
  const request = requestText('OPTIONS sip:example.com', [
    'Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKa',
    'Via: SIP/2.0/TCP second.example',
    'CSeq:   7   OPTIONS',
  ]);
  const answer = await answerTo(request);
  for (const name of ['From', 'Call-ID', 'CSeq', 'Via'])
    assert.deepEqual(valuesIn(answer, name), valuesIn(request, name));
  assert.match(valuesIn(answer, 'To')[0] ?? '', /^<sip:user@example\.com>;tag=./);
});

test('a copy of a request that we answer ourselves is refused as merged: 482 (RFC 3261 §8.2.2.2)', async () => {
  const stage = await createStage();
  const copy = (branch: string): string =>
    requestText('OPTIONS sip:example.com', [
      `Via: SIP/2.0/UDP caller.example;branch=z9hG4bK${branch}`,
      'Call-ID: same',
    ]);
  assert.equal(startLineOf(await answerOf(stage, copy('one'))), 'SIP/2.0 200 OK');
  assert.match(startLineOf(await answerOf(stage, copy('two'))), /^SIP\/2\.0 482 /);
  assert.equal(startLineOf(await answerOf(stage, copy('one'))), 'SIP/2.0 200 OK');
});

test('a redirect server answers a CANCEL with a 2xx (RFC 3261 §8.3)', async () => {
  const stage = await createStage({ config: { redirect: true } });
  await answerOf(stage, register('Contact: <sip:user@desk.example>'));
  const lines = ['Via: SIP/2.0/UDP caller.example;branch=z9hG4bKsame', 'Call-ID: same'];
  await stage.datagram(bytesOf(requestText('INVITE sip:user@example.com', lines)), 100);
  const sent = await stage.datagram(bytesOf(requestText('CANCEL sip:user@example.com', lines)), 100);
  assert.deepEqual(
    sent.map(({ text }) => [startLineOf(text), ...valuesIn(text, 'CSeq')]),
    [['SIP/2.0 200 OK', '1 CANCEL']],
  );
});

test('a redirect server looks neither at Require nor at the method, and stays out of Max-Forwards (RFC 3261 §8.3)', async () => {
  const stage = await createStage({ config: { redirect: true } });
  await answerOf(stage, register('Contact: <sip:user@desk.example>'));
  for (const method of ['INVITE', 'FROB']) {
    const lines = ['Require: foo', 'Proxy-Require: bar', 'Max-Forwards: 0'];
    const answer = await answerOf(stage, requestText(`${method} sip:user@example.com`, lines));
    assert.equal(startLineOf(answer), 'SIP/2.0 302 Moved Temporarily');
    assert.deepEqual(valuesIn(answer, 'Contact'), ['<sip:user@desk.example>']);
  }
});

test('a redirect server sends nobody to the address that he asked for (RFC 3261 §8.3)', async () => {
  const stage = await createStage({ config: { redirect: true } });
  await answerOf(stage, register('Contact: <sip:user@example.com>'));
  const answer = await answerOf(stage, requestText('INVITE sip:user@example.com'));
  assert.equal(startLineOf(answer), 'SIP/2.0 480 Temporarily Unavailable');
  await answerOf(stage, register('Contact: <sip:user@desk.example>', 'CSeq: 2 REGISTER'));
  const other = await answerOf(stage, requestText('INVITE sip:user@example.com', ['CSeq: 2 INVITE']));
  assert.deepEqual(valuesIn(other, 'Contact'), ['<sip:user@desk.example>']);
});

test('a registrar looks at Require, and not at Record-Route, which it never sends (RFC 3261 §10.3)', async () => {
  const refused = await answerTo(register('Contact: <sip:a@b.example>', 'Require: foo'));
  assert.equal(startLineOf(refused), 'SIP/2.0 420 Bad Extension');
  const taken = await answerTo(register('Contact: <sip:a@b.example>', 'Record-Route: <sip:p.example;lr>'));
  assert.equal(startLineOf(taken), 'SIP/2.0 200 OK');
  assert.deepEqual(valuesIn(taken, 'Record-Route'), []);
});

test('an address is registered under its canonical form: no parameters, no escapes that are not needed (RFC 3261 §10.3 step 5)', async () => {
  const stage = await createStage();
  await answerOf(stage, register('To: <sip:%75ser@EXAMPLE.com;user=phone;x=y>', 'Contact: <sip:user@desk.example>'));
  const answer = await answerOf(stage, register('To: <sip:user@example.com>', 'CSeq: 2 REGISTER'));
  assert.deepEqual(valuesIn(answer, 'Contact'), ['<sip:user@desk.example>;expires=3600']);
});

test('a To that is no SIP or SIPS URI cannot be registered: 400 (RFC 3261 §10.2)', async () => {
  const answer = await answerTo(register('To: <tel:+12015550123>', 'Contact: <sip:a@b.example>'));
  assert.equal(startLineOf(answer), 'SIP/2.0 400 Bad To Header');
});

test('a 200 to REGISTER lists every binding with its interval, and the date (RFC 3261 §10.3 step 8)', async () => {
  const answer = await answerTo(register('Contact: <sip:a@b.example>;expires=100', 'Contact: <sip:c@d.example>;q=0.5'));
  assert.deepEqual(valuesIn(answer, 'Contact'), [
    '<sip:a@b.example>;expires=100',
    '<sip:c@d.example>;q=0.5;expires=3600',
  ]);
  assert.deepEqual(valuesIn(answer, 'Date'), ['Thu, 01 Jan 2026 00:00:00 GMT']);
});

test('a registration that the store cannot keep is answered 500 (RFC 3261 §10.3 step 7)', async () => {
  const stage = await createStage();
  stage.server.locations.save = () => Promise.reject(new Error('the disk is full'));
  const answer = await answerOf(stage, register('Contact: <sip:a@b.example>'));
  assert.equal(startLineOf(answer), 'SIP/2.0 500 Server Internal Error');
  assert.deepEqual(stage.faults.map(String), ['Error: the disk is full']);
});

test('no registration is refused with a 6xx (RFC 3261 §10.3)', async () => {
  const stage = await createStage({ config: { registrar: { maxBindings: 1 } } });
  for (const [i, lines] of [
    ['Contact: *'],
    ['Contact: <sip:a@b.example>, <sip:c@d.example>'],
    ['Contact: <sip:a@b.example>;expires=1'],
    ['Contact: nonsense'],
    ['To: <sip:user@else.example>', 'Contact: <sip:a@b.example>'],
    ['Require: foo'],
  ].entries()) {
    const answer = await answerOf(stage, register(`CSeq: ${i + 1} REGISTER`, ...lines));
    assert.match(startLineOf(answer), /^SIP\/2\.0 4/, lines.join());
  }
});

test('OPTIONS to a user is answered as his INVITE would be (RFC 3261 §11.2)', async () => {
  for (const user of ['user@example.com', 'else@example.com']) {
    const [options, invite] = await Promise.all([
      answerTo(requestText(`OPTIONS sip:${user}`)),
      answerTo(requestText(`INVITE sip:${user}`)),
    ]);
    assert.equal(startLineOf(options), startLineOf(invite));
  }
});

test('a 200 to OPTIONS says what the server can do (RFC 3261 §11.2)', async () => {
  const answer = await answerTo(requestText('OPTIONS sip:example.com'));
  assert.equal(startLineOf(answer), 'SIP/2.0 200 OK');
  for (const name of ['Allow', 'Accept', 'Accept-Encoding', 'Accept-Language', 'Supported'])
    assert.equal(valuesIn(answer, name).length, 1, name);
  for (const method of ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER'])
    assert.ok(valuesIn(answer, 'Allow')[0]?.split(', ').includes(method), method);
});

test('a REGISTER that only asks for the bindings is told the same Service-Route (RFC 3608 §6.3)', async () => {
  const serviceRoute = ['sip:one.example;lr', 'sip:two.example;lr'];
  const stage = await createStage({ config: { registrar: { serviceRoute } } });
  const first = await answerOf(stage, register('Contact: <sip:user@desk.example>'));
  const second = await answerOf(stage, register('CSeq: 2 REGISTER'));
  assert.deepEqual(valuesIn(second, 'Service-Route'), ['<sip:one.example;lr>', '<sip:two.example;lr>']);
  assert.deepEqual(valuesIn(second, 'Service-Route'), valuesIn(first, 'Service-Route'));
});
