import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accept,
  authorization,
  bodyOf,
  callId,
  contact,
  contentLength,
  cseq,
  date,
  expires,
  expiresOf,
  from,
  has,
  headersOf,
  maxForwards,
  partsToProcess,
  proxyRequire,
  qOf,
  type Request,
  type Response,
  read,
  readAll,
  readBody,
  require as requireHeader,
  retryAfter,
  route,
  to,
  via,
  warning,
} from '@strowger/sip/message';
import { parseSdp } from '@strowger/sip/sdp';
import { parseUri, type SipUri, sameUri, headersOf as uriHeadersOf, uriParam, userOf } from '@strowger/sip/uri';
import { plainText } from '@strowger/testkit/messages';
import { parsedMessage, tortureMessage } from '../support/torture-message.ts';

const messageIn = (name: string): Request | Response => {
  const parsed = parsedMessage('rfc4475', `${name}.dat`);
  return parsed.kind === 'malformed' ? assert.fail(`${name} is malformed: ${parsed.reason}`) : parsed;
};

const requestIn = (name: string): Request => {
  const message = messageIn(name);
  return message.kind === 'request' ? message : assert.fail(`${name} is a response`);
};

const sipUriOf = (text: string | undefined): SipUri => {
  const uri = parseUri(text ?? '');
  return uri.type === 'sip' ? uri : assert.fail(`${text} is no SIP URI`);
};

const valueNamed = (message: Request | Response, name: string): string | undefined =>
  [...headersOf(message)].find(([found]) => found === name)?.[1];

const mediaIn = (message: Request | Response): readonly string[] => {
  const session = parseSdp(Buffer.from(bodyOf(message)).toString());
  return session.type === 'sdp' ? session.media.map(({ kind }) => kind) : assert.fail(session.reason);
};

test('wsinv: folds, blanks around separators, compact names and any case change no value (RFC 4475 §3.1.1.1)', () => {
  const wsinv = requestIn('wsinv');
  assert.equal(wsinv.uri, 'sip:vivekg@chair-dnrc.example.com;unknownparam');
  assert.equal(read(wsinv, to)?.uriText, 'sip:vivekg@chair-dnrc.example.com');
  assert.equal(read(wsinv, to)?.tag, '1918181833n');
  assert.equal(read(wsinv, from)?.display, 'J Rosenberg \\"');
  assert.equal(read(wsinv, from)?.tag, '98asjd8');
  assert.equal(read(wsinv, maxForwards), 68);
  assert.equal(read(wsinv, callId), 'wsinv.ndaksdj@192.0.2.1');
  assert.equal(read(wsinv, contentLength), 150);
  assert.deepEqual(read(wsinv, cseq), { seq: 9, method: 'INVITE' });
  assert.deepEqual(
    readAll(wsinv, via).map((hop) => [hop.transport, hop.host, hop.port, hop.branch]),
    [
      ['UDP', '192.0.2.2', undefined, '390skdjuw'],
      ['TCP', 'spindle.example.com', undefined, 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', undefined, 'z9hG4bK30239'],
    ],
  );
  assert.equal(valueNamed(wsinv, 's'), '');
  assert.equal(valueNamed(wsinv, 'NewFangledHeader'), 'newfangled value continued newfangled value');
  assert.equal(valueNamed(wsinv, 'UnknownHeaderWithUnusualValue'), ';;,,;;,;');
  assert.equal(read(wsinv, route)?.uriText, 'sip:services.example.com;lr;unknownwith=value;unknown-no-value');
  const place = read(wsinv, contact) ?? assert.fail();
  assert.ok(place !== '*');
  assert.equal(place.display, 'Quoted string ""');
  assert.equal(place.params.get('newparam'), 'newvalue');
  assert.equal(place.params.get('secondparam'), '');
  assert.equal(qOf(place), 330);
});

test('intmeth: a method, a user and parameters of every character that may stand there (RFC 4475 §3.1.1.2)', () => {
  const intmeth = requestIn('intmeth');
  assert.equal(intmeth.method, "!interesting-Method0123456789_*+`.%indeed'~");
  const uri = sipUriOf(intmeth.uri);
  assert.equal(uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  assert.equal(uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  assert.equal(uri.headers, '');
  assert.equal(read(intmeth, via)?.branch, "z9hG4bK-.!%66*_+`'~");
  assert.equal(read(intmeth, to)?.display, 'BEL:\u0007 NUL:\u0000 DEL:\u007f');
  assert.equal(read(intmeth, from)?.display, "token1~` token2'+_ token3*%!.-");
  assert.equal(read(intmeth, from)?.params.get("fromparam''~+*_!.-%"), 'работающий');
  assert.equal(read(intmeth, from)?.tag, "_token~1'+`*%!-.");
  assert.equal(read(intmeth, callId), 'intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{');
  assert.equal(read(intmeth, cseq)?.method, intmeth.method);
  assert.equal(read(intmeth, maxForwards), 255);
  assert.equal(valueNamed(intmeth, "extensionHeader-!.%*+_`'~"), '\ufeff大停電');
});

test('esc01: escapes mean their characters in URIs and once only (RFC 4475 §3.1.1.3)', () => {
  const esc01 = requestIn('esc01');
  assert.equal(userOf(sipUriOf(esc01.uri)), 'sips:user@example.com');
  assert.equal(sipUriOf(esc01.uri).host, 'example.net');
  assert.ok(sameUri(parseUri(read(esc01, to)?.uriText ?? ''), parseUri('sip:user@example.com')));
  assert.equal(userOf(sipUriOf(read(esc01, from)?.uriText)), 'I have spaces');
  const place = read(esc01, contact) ?? assert.fail();
  assert.ok(place !== '*');
  const uri = sipUriOf(place.uriText);
  assert.equal(userOf(uri), 'caller');
  assert.equal(uriParam(uri, 'name'), 'value%41');
  assert.ok(sameUri(uri, parseUri('sip:caller@host5.example.net;lr;name=value%25%34%31')));
  assert.ok(!sameUri(uri, parseUri('sip:caller@host5.example.net;lr;name=valueA')));
});

test('escnull: an escaped NUL is a character of a user name like any other (RFC 4475 §3.1.1.4)', () => {
  const escnull = requestIn('escnull');
  assert.equal(userOf(sipUriOf(read(escnull, to)?.uriText)), 'null-\u0000-null');
  const users = readAll(escnull, contact).map((place) => userOf(sipUriOf(place === '*' ? '' : place.uriText)));
  assert.deepEqual(users, ['\u0000', '\u0000\u0000']);
});

test('esc02: where % is no escape it stands for itself (RFC 4475 §3.1.1.5)', () => {
  const esc02 = requestIn('esc02');
  assert.equal(esc02.method, 'RE%47IST%45R');
  assert.equal(read(esc02, to)?.display, '%Z%45');
  assert.equal(read(esc02, from)?.display, '%Z%45');
  assert.equal(readAll(esc02, contact).length, 2);
  assert.equal(valueNamed(esc02, 'C%6Fntact'), '<sip:alias2@host2.example.com>');
});

test('lwsdisp: a display name may touch the bracket behind it (RFC 4475 §3.1.1.6)', () => {
  const sender = read(requestIn('lwsdisp'), from);
  assert.deepEqual([sender?.display, sender?.uriText, sender?.tag], ['caller', 'sip:caller@example.com', '323']);
});

test('longreq: long values are whole (RFC 4475 §3.1.1.7)', () => {
  const longreq = requestIn('longreq');
  const long = (word: string, count: number): string => word.repeat(count);
  assert.equal(read(longreq, to)?.display, `I have a user name of ${long('extreme', 10)} proportion`);
  const target = sipUriOf(read(longreq, to)?.uriText);
  assert.equal(target.port, 6000);
  assert.equal(target.params.get('unknownparam1'), `very${long('long', 20)}value`);
  assert.equal(target.params.get(`longparam${long('name', 25)}`), 'shortvalue');
  assert.equal(target.params.get(`very${long('long', 25)}parameternamewithnovalue`), '');
  const sender = read(longreq, from);
  assert.equal(sipUriOf(sender?.uriText).user, long('amazinglylongcallername', 5));
  assert.equal(sender?.tag, `12${long('982', 50)}424`);
  assert.equal(read(longreq, callId), `longreq.one${long('really', 20)}longcallid`);
  const path = readAll(longreq, via);
  assert.equal(path.length, 34);
  assert.deepEqual([path[0]?.host, path[32]?.host], ['sip33.example.com', 'sip1.example.com']);
  assert.equal(path[33]?.params.get('received'), '192.0.2.5');
  assert.equal(path[33]?.branch, `very${long('long', 50)}branchvalue`);
});

test('dblreq: what stands behind the body in a datagram is no part of the message (RFC 4475 §3.1.1.8)', () => {
  const dblreq = requestIn('dblreq');
  assert.equal(dblreq.method, 'REGISTER');
  assert.equal(bodyOf(dblreq).length, 0);
  assert.equal([...headersOf(dblreq)].length, 8);
});

test('semiuri: a user may have semicolons, and an escaped @ (RFC 4475 §3.1.1.9)', () => {
  const semiuri = requestIn('semiuri');
  assert.equal(userOf(sipUriOf(semiuri.uri)), 'user;par=u@example.net');
  assert.deepEqual(
    readAll(semiuri, accept).map(({ media }) => media),
    [
      'application/sdp',
      'application/pkcs7-mime',
      'multipart/mixed',
      'multipart/signed',
      'message/sip',
      'message/sipfrag',
    ],
  );
});

test('transports: any transport may stand in Via (RFC 4475 §3.1.1.10)', () => {
  const transports = readAll(requestIn('transports'), via).map(({ transport }) => transport);
  assert.deepEqual(transports, ['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
});

test('mpart01: a binary part is whole, NUL bytes included (RFC 4475 §3.1.1.11, RFC 5621 §3.2)', () => {
  const body = readBody(requestIn('mpart01'), plainText) ?? assert.fail();
  assert.deepEqual(
    body.parts.map(({ type, encoding, bytes }) => [type.media, encoding, bytes.length]),
    [
      ['text/plain', 'binary', 5],
      ['application/octet-stream', 'binary', 342],
    ],
  );
  const [hello, signature] = body.parts;
  assert.equal(Buffer.from(hello?.bytes ?? []).toString(), 'Hello');
  const hex = Buffer.from(signature?.bytes ?? []).toString('hex');
  assert.ok(hex.startsWith('3082015206092a86') && hex.endsWith('944fe57b65bc99d005'));
  const texts = partsToProcess(body, ({ type }) => type.media === 'text/plain');
  assert.equal(texts, undefined); // the binary part is required: 415
});

test('unreason: a reason phrase is UTF-8 (RFC 4475 §3.1.1.12)', () => {
  const unreason = messageIn('unreason');
  assert.ok(unreason.kind === 'response');
  assert.equal(unreason.status, 200);
  assert.equal(unreason.reason, '= 2**3 * 5**2 но сто девяносто девять - простое');
});

test('noreason: a reason phrase may be empty (RFC 4475 §3.1.1.13)', () => {
  const noreason = messageIn('noreason');
  assert.ok(noreason.kind === 'response');
  assert.deepEqual([noreason.status, noreason.reason], [100, '']);
});

const fault = (reason: string) => ({ name: 'RemoteFault', status: 400, reason });

test('values that break their grammar are faults that name their header (RFC 4475 §3.1.2)', () => {
  assert.throws(() => read(requestIn('badinv01'), via), fault('Bad Via Header'));
  assert.throws(() => read(requestIn('badinv01'), contact), fault('Bad Contact Header'));
  assert.throws(() => read(requestIn('scalar02'), cseq), fault('Bad CSeq Header'));
  assert.throws(() => read(requestIn('scalar02'), maxForwards), fault('Bad Max-Forwards Header'));
  assert.throws(() => read(requestIn('quotbal'), to), fault('Bad To Header'));
  assert.throws(() => read(requestIn('baddate'), date), fault('Bad Date Header'));
  assert.throws(() => read(requestIn('regbadct'), contact), fault('Bad Contact Header'));
  assert.throws(() => read(requestIn('baddn-ended'), to), fault('Bad To Header'));
  assert.throws(() => read(requestIn('baddn-ended'), from), fault('Bad From Header'));
  const scalarlg = messageIn('scalarlg');
  assert.throws(() => read(scalarlg, cseq), fault('Bad CSeq Header'));
  assert.throws(() => read(scalarlg, retryAfter), fault('Bad Retry-After Header'));
  assert.throws(() => read(scalarlg, warning), fault('Bad Warning Header'));
});

test('expiry beyond 32 bits counts as the largest there is (RFC 4475 §3.1.2.4, RFC 3261 §10.2.1.1)', () => {
  const scalar02 = requestIn('scalar02');
  assert.equal(read(scalar02, expires), 2 ** 32 - 1);
  const place = read(scalar02, contact) ?? assert.fail();
  assert.ok(place !== '*');
  assert.equal(expiresOf(place), 2 ** 32 - 1);
});

test('the position of a fault is where the grammar is left (RFC 4475 §3.1.2)', () => {
  for (const [name, reason, position] of [
    ['ltgtruri', 'Bad Request-URI', 7],
    ['lwsruri', 'Bad Request-URI', 28],
    ['lwsstart', 'Bad Request-URI', 7],
    ['badvers', 'Version Not Supported', 33],
    ['bigcode', 'Bad Status Line', 0],
    ['clerr', 'Body Shorter Than Content-Length', tortureMessage('rfc4475', 'clerr.dat').length],
  ] as const) {
    const parsed = parsedMessage('rfc4475', `${name}.dat`);
    assert.ok(parsed.kind === 'malformed');
    assert.deepEqual([parsed.reason, parsed.position], [reason, position], name);
  }
});

test('trws: spaces behind the version are no part of it (RFC 4475 §3.1.2.10)', () => {
  assert.equal(requestIn('trws').uri, 'sip:remote-target@example.com');
});

test('badaspec: spaces within angle brackets are no part of the URI (RFC 4475 §3.1.2.14)', () => {
  assert.equal(read(requestIn('badaspec'), to)?.uriText, 'sip:t.watson@example.org');
});

test('URIs of any scheme stand in To, From and Contact (RFC 4475 §3.3.4)', () => {
  const unksm2 = requestIn('unksm2');
  const place = read(unksm2, contact) ?? assert.fail();
  const texts = [read(unksm2, to)?.uriText, read(unksm2, from)?.uriText, place === '*' ? place : place.uriText];
  assert.deepEqual(texts, ['isbn:2983792873', 'http://www.example.com', 'name:John_Smith']);
  assert.deepEqual(
    texts.map((text) => parseUri(text ?? '').type),
    ['other', 'other', 'other'],
  );
});

test('bext01: options that nobody knows are tokens like others (RFC 4475 §3.3.5)', () => {
  const bext01 = requestIn('bext01');
  assert.deepEqual(readAll(bext01, requireHeader), ['nothingSupportsThis', 'nothingSupportsThisEither']);
  assert.deepEqual(readAll(bext01, proxyRequire), ['noProxiesSupportThis', 'norDoAnyProxiesSupportThis']);
});

test('regaut01: credentials of an unknown scheme are read (RFC 4475 §3.3.7)', () => {
  const value = read(requestIn('regaut01'), authorization);
  assert.equal(value?.scheme, 'NoOneKnowsThisScheme');
  assert.deepEqual(
    value?.params.map(({ name, value }) => [name, value]),
    [['opaque-data', 'here']],
  );
});

test('a parameter belongs to Contact or to its URI, as the brackets say (RFC 4475 §3.3.12 to §3.3.14)', () => {
  const placeIn = (name: string) => {
    const place = read(requestIn(name), contact) ?? assert.fail();
    return place === '*' ? assert.fail() : place;
  };
  assert.equal(placeIn('cparam01').params.has('unknownparam'), true);
  assert.equal(sipUriOf(placeIn('cparam01').uriText).params.has('unknownparam'), false);
  assert.equal(placeIn('cparam02').params.has('unknownparam'), false);
  assert.equal(sipUriOf(placeIn('cparam02').uriText).params.has('unknownparam'), true);
  assert.deepEqual(uriHeadersOf(sipUriOf(placeIn('regescrt').uriText)), [['Route', '<sip:sip.example.com>']]);
});

test('inv2543: what RFC 2543 did not have is absent, and the body goes to the end of the datagram (RFC 4475 §3.4.1)', () => {
  const inv2543 = requestIn('inv2543');
  assert.equal(read(inv2543, via)?.branch, undefined);
  assert.equal(read(inv2543, from)?.tag, undefined);
  assert.equal(has(inv2543, contentLength) || has(inv2543, maxForwards), false);
  assert.deepEqual(mediaIn(inv2543), ['audio']);
});

test('every SDP body of the messages is read (RFC 4475 §3)', () => {
  for (const name of ['wsinv', 'esc01', 'longreq', 'unreason', 'quotbal', 'baddate', 'sdp01', 'bcast']) {
    assert.deepEqual(mediaIn(messageIn(name)), ['audio', 'video'], name);
  }
});
