import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Peer } from '@strowger/testkit';
import { bytesOf, requestText, responseText, valuesIn } from '../support/sip-text.ts';
import { createStage, SERVER } from '../support/stage.ts';
import { startLineOf } from '../support/verdict.ts';

/** Messages on their way over UDP and TCP (RFC 3261 §18), beside what the server's own tests show. */

test('a datagram may be as large as datagrams are (RFC 3261 §18.1.1)', async () => {
  const stage = await createStage();
  const [answer] = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@example.com', [], 'x'.repeat(64_000))));
  assert.equal(startLineOf(answer?.text ?? ''), 'SIP/2.0 480 Temporarily Unavailable');
});

test('a response whose body does not come whole in its datagram is discarded, and what it answers waits on (RFC 3261 §18.3)', async () => {
  const stage = await createStage({
    answers: (request) => [responseText(request, '200 OK', [], 'body').slice(0, -1)],
  });
  const sent = await stage.datagram(bytesOf(requestText('INVITE sip:user@else.example')));
  assert.deepEqual(
    sent.map(({ text }) => startLineOf(text)).filter((line) => line.startsWith('SIP/')),
    ['SIP/2.0 100 Trying'],
  );
});

test('a sent-by that is the source address gets no received, another address or a name does (RFC 3261 §18.2.1)', async () => {
  for (const [sentBy, received] of [
    ['203.0.113.2:5060', ''],
    ['203.0.113.77:5060', ';received=203.0.113.2'],
    ['caller.example', ';received=203.0.113.2'],
  ] as const) {
    const stage = await createStage();
    const via = `SIP/2.0/UDP ${sentBy};branch=z9hG4bKx`;
    const [answer] = await stage.datagram(bytesOf(requestText('OPTIONS sip:example.com', [`Via: ${via}`])));
    assert.deepEqual(valuesIn(answer?.text ?? '', 'Via'), [`${via}${received}`]);
  }
});

test('a response over UDP goes to the source address and the port of sent-by, 5060 where it names none (RFC 3261 §18.2.2)', async () => {
  for (const [sentBy, port] of [
    ['caller.example', 5060],
    ['caller.example:5070', 5070],
  ] as const) {
    const stage = await createStage();
    const lines = [`Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKx`];
    const [answer] = await stage.datagram(bytesOf(requestText('OPTIONS sip:example.com', lines)));
    assert.deepEqual(answer?.to, { host: '203.0.113.2', port });
  }
});

test('CRLF before a start line is passed over, on streams and in datagrams (RFC 3261 §7.5)', async () => {
  const text = `\r\n\r\n\r\n${requestText('OPTIONS sip:example.com')}`;
  for (const way of ['datagram', 'stream'] as const) {
    const sent = await (await createStage())[way](bytesOf(text));
    assert.equal(sent.filter((one) => one.text.startsWith('SIP/2.0 200')).length, 1, way);
  }
});

test('the Via of a request that is passed on asks for the port: rport without a value (RFC 3581 §3)', async () => {
  for (const uri of ['sip:user@else.example', 'sip:user@else.example;transport=tcp']) {
    const stage = await createStage();
    const sent = await stage.datagram(bytesOf(requestText(`MESSAGE ${uri}`)), 400);
    assert.match(valuesIn(sent[0]?.text ?? '', 'Via')[0] ?? '', /;rport(?:;|$)/, uri);
  }
});

test('rport and received are written on streams too, and where sent-by says the same (RFC 3581 §4)', async () => {
  for (const way of ['datagram', 'stream'] as const) {
    const stage = await createStage();
    const via = 'SIP/2.0/UDP 203.0.113.2:5060;rport;branch=z9hG4bKx'.replace('UDP', way === 'stream' ? 'TCP' : 'UDP');
    const [answer] = await stage[way](bytesOf(requestText('OPTIONS sip:example.com', [`Via: ${via}`])));
    const [written = ''] = valuesIn(answer?.text ?? '', 'Via');
    assert.match(written, /;rport=\d+;received=203\.0\.113\.2;branch=z9hG4bKx$/, way);
    assert.equal(/;rport=(\d+)/.exec(written)?.[1], String(answer?.to.port), way);
  }
});

test('a response over UDP leaves from the port that its request came to (RFC 3581 §4)', async () => {
  const listen = [5060, 5070, 5080].map((port) => `udp:${SERVER}:${port}`);
  const stage = await createStage({ config: { listen } });
  const peer = new Peer(stage.world, stage.world.host('203.0.113.9'));
  for (const port of [5070, 5060, 5080])
    peer.send(requestText('OPTIONS sip:example.com', [`Call-ID: to-${port}`]), { host: SERVER, port });
  await stage.later(1_000);
  assert.deepEqual(
    peer.heard.map(({ from }) => from.port),
    [5070, 5060, 5080],
  );
});
