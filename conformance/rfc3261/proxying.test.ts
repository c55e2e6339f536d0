import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, requestText, responseText, valuesIn } from '../support/sip-text.ts';
import { CALLER, createStage, ELSEWHERE, SERVER, type Sent, type Stage, type StageOptions } from '../support/stage.ts';
import { changesBy, startLineOf } from '../support/verdict.ts';

/** What a proxy makes of requests and responses (RFC 3261 §16), beside what the server's own tests show. */

const registered = async (contact: string, options?: StageOptions): Promise<Stage> => {
  const stage = await createStage(options);
  await stage.datagram(bytesOf(requestText('REGISTER sip:example.com', [`Contact: ${contact}`])));
  return stage;
};

async function passedOnBy(stage: Stage, text: string): Promise<readonly Sent[]> {
  const sent = await stage.datagram(bytesOf(text), 400);
  return sent.filter(({ text }) => !text.startsWith('SIP/'));
}

const only = (sent: readonly Sent[]): Sent => {
  assert.equal(sent.length, 1, sent.map(({ text }) => startLineOf(text)).join());
  return sent[0] ?? assert.fail();
};

test('a request without Max-Forwards leaves with 70, another one with one less (RFC 3261 §16.6 step 3)', async () => {
  for (const [line, left] of [
    ['Max-Forwards:', '70'],
    ['Max-Forwards: 12', '11'],
    ['Max-Forwards: 1', '0'],
  ] as const) {
    const stage = await registered('<sip:user@desk.example>');
    const sent = only(await passedOnBy(stage, requestText('MESSAGE sip:user@example.com', [line])));
    assert.deepEqual(valuesIn(sent.text, 'Max-Forwards'), [left]);
  }
});

test('what a Request-URI may not have is taken off the URI of the target (RFC 3261 §16.6 step 2, §19.1.1)', async () => {
  const stage = await registered('<sip:user@desk.example;method=BYE;x=y?Route=%3Csip:evil.example%3E>');
  const sent = only(await passedOnBy(stage, requestText('MESSAGE sip:user@example.com')));
  assert.equal(startLineOf(sent.text), 'MESSAGE sip:user@desk.example;x=y SIP/2.0');
  assert.deepEqual(valuesIn(sent.text, 'Route'), []);
});

test('nothing else of the request is changed: order, folds, spelling, body (RFC 3261 §16.6 step 1)', async () => {
  const stage = await registered('<sip:user@desk.example>');
  const lines = ['X-b : 1,\r\n\t2', 'X-A: first', 'x-a:second', 'Subject:', 'Date: nonsense', 'c: text/plain'];
  const text = requestText('MESSAGE sip:user@example.com', lines, 'body\r\n\r\n\0\u00ff');
  const changes = changesBy(only(await passedOnBy(stage, text)), bytesOf(text));
  assert.deepEqual(changes, ['start line: MESSAGE sip:user@desk.example SIP/2.0']);
});

test('a request that goes on over a stream gets a Content-Length where it has none (RFC 3261 §16.6 step 9)', async () => {
  const stage = await registered('<sip:user@desk.example;transport=tcp>');
  const text = requestText('MESSAGE sip:user@example.com', ['Content-Length:'], 'hello');
  const sent = only(await passedOnBy(stage, text));
  assert.equal(sent.protocol, 'tcp');
  assert.deepEqual(valuesIn(sent.text, 'Content-Length'), ['5']);
});

test('a maddr that is not ours is where the request goes, whoever its host is (RFC 3261 §16.5)', async () => {
  const stage = await registered('<sip:user@desk.example>');
  const uri = `sip:user@example.com;maddr=${CALLER}`;
  const sent = only(await passedOnBy(stage, requestText(`MESSAGE ${uri}`)));
  assert.equal(startLineOf(sent.text), `MESSAGE ${uri} SIP/2.0`);
  assert.equal(sent.to.host, CALLER);
});

test('a user is found by any spelling of his address (RFC 3261 §16.5, §10.3)', async () => {
  for (const uri of ['sip:user@EXAMPLE.com', 'sip:%75ser@example.com', 'sip:user@example.com:5060;user=phone;x=y']) {
    const stage = await registered('<sip:user@desk.example>');
    const sent = only(await passedOnBy(stage, requestText(`MESSAGE ${uri}`)));
    assert.equal(startLineOf(sent.text), 'MESSAGE sip:user@desk.example SIP/2.0', uri);
  }
});

test('a redirection of somebody else’s address is not followed, whatever the configuration says (RFC 3261 §16.5)', async () => {
  const stage = await createStage({
    config: { proxy: { recurse: true } },
    answers: (request) => [responseText(request, '302 Moved Temporarily', ['Contact: <sip:other@where.example>'])],
  });
  const sent = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@else.example')));
  assert.deepEqual(
    sent.map(({ text }) => startLineOf(text)),
    ['MESSAGE sip:user@else.example SIP/2.0', 'SIP/2.0 302 Moved Temporarily'],
  );
});

test('a place that is registered in two spellings is one target (RFC 3261 §16.5)', async () => {
  const stage = await registered('<sip:user@desk.example>, <sip:%75ser@DESK.example>');
  assert.equal((await passedOnBy(stage, requestText('MESSAGE sip:user@example.com'))).length, 1);
});

test('a proxy passes on copies of one request that came by several ways (RFC 3261 §16.3)', async () => {
  const stage = await registered('<sip:user@desk.example>', {
    answers: (request) => [responseText(request, '200 OK')],
  });
  const lines = (branch: string) => [`Via: SIP/2.0/UDP caller.example;branch=z9hG4bK${branch}`, 'Call-ID: same'];
  for (const branch of ['one', 'two'])
    only(await passedOnBy(stage, requestText('MESSAGE sip:user@example.com', lines(branch))));
});

test('a request goes to its first Route when that is a loose router, to its Request-URI when it was a strict one (RFC 3261 §16.6 steps 6 and 7)', async () => {
  const names = { 'loose.example': [CALLER], 'target.example': [ELSEWHERE] };
  const to = async (route: string) => {
    const stage = await createStage({ names });
    const sent = only(await passedOnBy(stage, requestText('MESSAGE sip:user@target.example', [`Route: ${route}`])));
    return [startLineOf(sent.text), valuesIn(sent.text, 'Route'), sent.to.host];
  };
  const start = 'MESSAGE sip:user@target.example SIP/2.0';
  assert.deepEqual(await to('<sip:loose.example;lr>'), [start, ['<sip:loose.example;lr>'], CALLER]);
  const strict = 'MESSAGE sip:loose.example SIP/2.0';
  assert.deepEqual(await to('<sip:loose.example>'), [strict, ['<sip:user@target.example>'], CALLER]);
});

test('a response goes back without our Via and otherwise as it came, a received that we wrote included (RFC 3261 §16.7 steps 3 and 9)', async () => {
  const stage = await registered('<sip:user@desk.example>', {
    answers: (request) => [
      responseText(request, '299 Very  well', ['Server: x ,,', 'Date: nonsense', 'Content-Type: text/plain'], 'abc'),
    ],
  });
  const sent = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@example.com')));
  const response = sent.find(({ text }) => text.startsWith('SIP/2.0 299'))?.text ?? '';
  assert.equal(startLineOf(response), 'SIP/2.0 299 Very  well');
  assert.match(response, /\r\nVia: SIP\/2\.0\/UDP caller\.example;branch=[^;]+;received=203\.0\.113\.2\r\n/);
  assert.equal(valuesIn(response, 'Via').length, 1);
  assert.deepEqual(valuesIn(response, 'To'), ['<sip:user@example.com>;tag=to']);
  assert.ok(
    response.endsWith('\r\nServer: x ,,\r\nDate: nonsense\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc'),
  );
});

test('a stateless proxy validates like any other (RFC 3261 §16.11)', async () => {
  const statusOf = async (lines: readonly string[]) => {
    const stage = await createStage({ config: { proxy: { stateless: true } } });
    const sent = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@else.example', lines)));
    return sent.map(({ text }) => startLineOf(text));
  };
  assert.deepEqual(await statusOf(['Max-Forwards: 0']), ['SIP/2.0 483 Too Many Hops']);
  assert.deepEqual(await statusOf(['Proxy-Require: foo']), ['SIP/2.0 420 Bad Extension']);
  assert.deepEqual(await statusOf(['CSeq: 1 INVITE']), ['SIP/2.0 400 CSeq Method Does Not Match']);
});

test('a response that nobody asked for goes nowhere, though its topmost Via names us (RFC 6026 §8.9)', async () => {
  const stage = await createStage();
  const vias = `Via: SIP/2.0/UDP ${SERVER}:5060;branch=z9hG4bKours\r\nVia: SIP/2.0/UDP ${CALLER};branch=z9hG4bKhis`;
  const lines = [
    vias,
    'From: <sip:a@b>;tag=1',
    'To: <sip:c@d>;tag=2',
    'Call-ID: x',
    'CSeq: 1 INVITE',
    'Content-Length: 0',
  ];
  assert.deepEqual(await stage.datagram(bytesOf(`SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`)), []);
});

test('the ACK of a client that knows no branches goes on to who accepted its INVITE (RFC 6026 §6, §7.1)', async () => {
  const stage = await registered('<sip:user@desk.example>', {
    answers: (request) =>
      request.startsWith('INVITE') ? [responseText(request, '200 OK', ['Contact: <sip:user@desk.example>'])] : [],
  });
  const lines = ['Via: SIP/2.0/UDP caller.example', 'Call-ID: old'];
  await stage.datagram(bytesOf(requestText('INVITE sip:user@example.com', lines)), 200);
  const ack = requestText('ACK sip:user@example.com', [...lines, 'To: <sip:user@example.com>;tag=to']);
  const sent = only(await passedOnBy(stage, ack));
  assert.equal(startLineOf(sent.text), 'ACK sip:user@desk.example SIP/2.0');
});

test('a branch that has its final response gets no CANCEL any more (RFC 3261 §9.1)', async () => {
  const stage = await registered('<sip:user@busy.example>, <sip:user@rings.example>', {
    answers: (request) => {
      if (!request.startsWith('INVITE')) return [];
      return [responseText(request, request.includes('@busy.example') ? '486 Busy Here' : '180 Ringing')];
    },
  });
  const lines = ['Via: SIP/2.0/UDP caller.example;branch=z9hG4bKgiveup', 'Call-ID: giveup'];
  await stage.datagram(bytesOf(requestText('INVITE sip:user@example.com', lines)));
  const sent = await stage.datagram(bytesOf(requestText('CANCEL sip:user@example.com', lines)), 400);
  const cancels = sent.map(({ text }) => startLineOf(text)).filter((line) => line.startsWith('CANCEL'));
  assert.deepEqual(cancels, ['CANCEL sip:user@rings.example SIP/2.0']);
});

test('a response that cannot be sent cancels no branch (RFC 3261 §16.9)', async () => {
  let invites = 0;
  const stage = await registered('<sip:user@desk.example>', {
    answers: (request) => {
      if (!request.startsWith('INVITE')) return [];
      invites += 1;
      return invites === 1 ? [] : [responseText(request, '180 Ringing')];
    },
  });
  let lost = 0;
  stage.server.observe(() => {
    lost += 1;
  }, ['transport.failed']);
  const lines = [`Via: SIP/2.0/TCP ${CALLER};branch=z9hG4bKgone`];
  await stage.stream(bytesOf(requestText('INVITE sip:user@example.com', lines)), 300);
  stage.world.link('server', 'caller').partition('reset');
  const sent = await stage.later(120_000);
  assert.equal(invites, 2);
  assert.ok(lost > 0, 'the 180 has found nobody');
  assert.deepEqual(
    sent.map(({ text }) => startLineOf(text)).filter((line) => line.startsWith('CANCEL')),
    [],
  );
  assert.equal(stage.tables.clients, 1, 'the phone rings on');
});

test('copies of a request, its CANCEL and the ACK to its failure go where it went, whatever the name stands for meanwhile (RFC 3263 §4)', async () => {
  const invites: string[] = [];
  const names = {
    get 'desk.example'() {
      return invites.length === 0 ? [ELSEWHERE] : [CALLER];
    },
  };
  const stage = await registered('<sip:user@desk.example>', {
    names,
    answers: (request) => {
      const [invite = ''] = invites;
      if (request.startsWith('CANCEL'))
        return [responseText(request, '200 OK'), responseText(invite, '487 Request Terminated')];
      if (!request.startsWith('INVITE')) return [];
      invites.push(request);
      return invites.length === 1 ? [] : [responseText(request, '180 Ringing')];
    },
  });
  const lines = ['Via: SIP/2.0/UDP caller.example;branch=z9hG4bKstays', 'Call-ID: stays'];
  const sent = [
    ...(await stage.datagram(bytesOf(requestText('INVITE sip:user@example.com', lines)))),
    ...(await stage.datagram(bytesOf(requestText('CANCEL sip:user@example.com', lines)))),
  ];
  assert.deepEqual(
    sent.filter(({ text }) => !text.startsWith('SIP/')).map(({ text, to }) => `${startLineOf(text)} to ${to.host}`),
    ['INVITE', 'INVITE', 'CANCEL', 'ACK'].map((method) => `${method} sip:user@desk.example SIP/2.0 to ${ELSEWHERE}`),
  );
});

test('a Path of several values is gone through in its order, before what Route the request has (RFC 3327 §5.3, §5.4)', async () => {
  const stage = await createStage({ names: { 'one.example': [CALLER] } });
  const path = ['Path: <sip:one.example;lr>, <sip:two.example;lr>', 'Path: <sip:three.example;lr>'];
  const lines = ['Contact: <sip:user@desk.example>', 'Supported: path', ...path];
  await stage.datagram(bytesOf(requestText('REGISTER sip:example.com', lines)));
  const text = requestText('MESSAGE sip:user@example.com', ['Route: <sip:example.com;lr>, <sip:four.example;lr>']);
  const sent = only(await passedOnBy(stage, text));
  assert.equal(startLineOf(sent.text), 'MESSAGE sip:user@desk.example SIP/2.0');
  assert.deepEqual(
    valuesIn(sent.text, 'Route').flatMap((line) => line.split(/\s*,\s*/)),
    ['one', 'two', 'three', 'four'].map((name) => `<sip:${name}.example;lr>`),
  );
  assert.equal(sent.to.host, CALLER);
});

test('who lists no methods gets every one of them (RFC 3261 §20.5)', async () => {
  for (const method of ['OPTIONS', 'UPDATE', 'PUBLISH', 'NEWMETHOD']) {
    const stage = await registered('<sip:user@desk.example>');
    const sent = only(await passedOnBy(stage, requestText(`${method} sip:user@example.com`)));
    assert.equal(startLineOf(sent.text), `${method} sip:user@desk.example SIP/2.0`);
  }
});

test('a Warning goes on to its reader and changes nothing on the way (RFC 3261 §20.43)', async () => {
  const warning = 'Warning: 399 desk.example "send it elsewhere", 301 desk.example "Incompatible network protocol"';
  const heard = async (lines: readonly string[]): Promise<readonly string[]> => {
    const stage = await registered('<sip:user@desk.example>', {
      answers: (request) => [responseText(request, '606 Not Acceptable', lines)],
    });
    const sent = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@example.com')), 400);
    return sent.map(({ text }) => text.replace(/(branch|tag)=[^;\r>]*/g, ''));
  };
  const [without, withIt] = [await heard([]), await heard([warning])];
  assert.deepEqual(without.map(startLineOf), ['MESSAGE sip:user@desk.example SIP/2.0', 'SIP/2.0 606 Not Acceptable']);
  assert.deepEqual(
    withIt.map((text) => text.replace(`${warning}\r\n`, '')),
    without,
  );
  assert.ok(withIt.at(-1)?.includes(warning));
});
