import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, messageText, plainText, requestOf } from '@strowger/testkit/messages';
import { NO_PARAMS, Params } from '../text/params.ts';
import {
  bodyOf,
  contentLength,
  edit,
  headersOf,
  maxBreadth,
  maxForwards,
  NameAddr,
  newRequest,
  print,
  read,
  readAll,
  recordRoute,
  route,
  Via,
  via,
} from './index.ts';

const LINES = [
  'INVITE sip:bob@biloxi.example SIP/2.0',
  'Via: SIP/2.0/UDP a.example;branch=z9hG4bKa',
  'Route: <sip:p1.example;lr>, "A, B" <sip:p2.example;lr>',
  'Max-Forwards: 70',
  'Route: <sip:p3.example;lr>',
  'X-Odd : as  it is',
  'Content-Length: 0',
];
const invite = requestOf(messageText(LINES));
const textOf = (m: Parameters<typeof print>[0]): string =>
  plainText.latin1(print(m, plainText), 0, 1e6).replace(/\0+$/, '');

test('an edit makes a new message; the old one and every untouched line stay as they are', () => {
  const before = textOf(invite);
  const changed = edit(invite)
    .set(maxForwards, 69)
    .prepend(via, new Via('TCP', 'b.example', undefined, new Params(';branch=z9hG4bKb')))
    .request('INVITE', 'sip:bob@phone.example');
  assert.equal(textOf(invite), before);
  assert.equal(
    textOf(changed),
    before
      .replace('sip:bob@biloxi.example', 'sip:bob@phone.example')
      .replace('70', '69')
      .replace('Via:', 'Via: SIP/2.0/TCP b.example;branch=z9hG4bKb\r\nVia:'),
  );
  assert.equal(read(changed, via)?.host, 'b.example');
  assert.equal(read(invite, via)?.host, 'a.example');
});

test('the topmost value of a list is taken away from its line, the line with its last value (RFC 3261 §16.4)', () => {
  const once = edit(invite).dropTop(route).request('INVITE', invite.uri);
  assert.deepEqual(
    readAll(once, route).map((r) => r.uriText),
    ['sip:p2.example;lr', 'sip:p3.example;lr'],
  );
  const twice = edit(once).dropTop(route).request('INVITE', invite.uri);
  assert.equal(textOf(twice), textOf(invite).replace(/Route: <sip:p1.*\r\n/, ''));
  const none = edit(twice).dropTop(route).dropTop(route).request('INVITE', invite.uri);
  assert.equal(readAll(none, route).length, 0);
});

test('the last value of a list is taken away wherever it stands (RFC 3261 §16.4)', () => {
  const once = edit(invite).dropLast(route).request('INVITE', invite.uri);
  assert.deepEqual(
    readAll(once, route).map((r) => r.uriText),
    ['sip:p1.example;lr', 'sip:p2.example;lr'],
  );
  const twice = edit(once).dropLast(route).request('INVITE', invite.uri);
  assert.deepEqual(
    readAll(twice, route).map((r) => r.uriText),
    ['sip:p1.example;lr'],
  );
});

test('a value is replaced in its place, a header that was not there comes to the end', () => {
  const changed = edit(invite)
    .replaceTop(route, new NameAddr('', 'sip:new.example;lr', NO_PARAMS))
    .set(maxBreadth, 60)
    .request('INVITE', invite.uri);
  assert.equal(readAll(changed, route)[0]?.uriText, 'sip:new.example;lr');
  assert.deepEqual([...headersOf(changed)].at(-1), ['Max-Breadth', '60']);
  assert.equal(readAll(changed, recordRoute).length, 0);
});

test('a new body brings its Content-Length (RFC 3261 §20.14)', () => {
  const changed = edit(invite).body(bytesOf('v=0\r\n')).request('INVITE', invite.uri);
  assert.equal(read(changed, contentLength), 5);
  assert.deepEqual(bodyOf(changed), bytesOf('v=0\r\n'));
});

test('a line made from text cannot smuggle in another line', () => {
  const changed = newRequest().appendLine('Subject', 'hi\r\nRoute: <sip:evil.example>').request('OPTIONS', 'sip:a');
  assert.equal(
    textOf(changed),
    'OPTIONS sip:a SIP/2.0\r\nSubject: hi Route: <sip:evil.example>\r\nContent-Length: 0\r\n\r\n',
  );
});

test('a value that was read before an edit of another header is not decoded again', () => {
  const value = read(invite, via);
  assert.equal(read(edit(invite).set(maxForwards, 1).request('INVITE', invite.uri), via), value);
});

test('empty elements and lines of a list are no values: they go with the value that they stand beside (RFC 3261 §7.3.1)', () => {
  const lines = (...routes: readonly string[]) =>
    requestOf(messageText(['INVITE sip:a SIP/2.0', ...routes.map((value) => `Route:${value}`), 'Content-Length: 0']));
  const left = (message: ReturnType<typeof lines>) => readAll(message, route).map(({ uriText }) => uriText);
  const messy = lines('', ' ,', ' , <sip:a> ,, <sip:b>, ', ' <sip:c>,', ' ,');
  assert.deepEqual(left(messy), ['sip:a', 'sip:b', 'sip:c']);
  assert.deepEqual(left(edit(messy).dropTop(route).request('INVITE', 'sip:a')), ['sip:b', 'sip:c']);
  assert.deepEqual(left(edit(messy).dropLast(route).request('INVITE', 'sip:a')), ['sip:a', 'sip:b']);
  const other = new NameAddr('', 'sip:x', NO_PARAMS);
  assert.deepEqual(left(edit(messy).replaceTop(route, other).request('INVITE', 'sip:a')), ['sip:x', 'sip:b', 'sip:c']);
  assert.deepEqual(left(edit(lines('', ',')).dropTop(route).dropLast(route).request('INVITE', 'sip:a')), []);
});

test('bytes of UTF-8 that look like blanks of another alphabet stay where a value is cut (RFC 3261 §7.3.1)', () => {
  const request = requestOf(
    messageText(['INVITE sip:a SIP/2.0', 'Route: <sip:a>, \u00e0 <sip:b>', 'Content-Length: 0']),
  );
  const copy = edit(request).dropTop(route).request('INVITE', 'sip:a');
  assert.equal(readAll(copy, route)[0]?.display, '\u00e0');
});

test('what was put on top is what is read, until something else is', () => {
  const [one, two] = ['a', 'b'].map(
    (name) => new Via('UDP', `${name}.example`, undefined, new Params(`;branch=${name}`)),
  );
  assert.ok(one !== undefined && two !== undefined);
  const made = (change: (copy: ReturnType<typeof edit>) => unknown): string | undefined => {
    const copy = edit(invite);
    change(copy);
    const changed = copy.request('INVITE', 'sip:x.example');
    const fresh = requestOf(textOf(changed));
    assert.deepEqual(read(changed, via), read(fresh, via));
    assert.deepEqual(readAll(changed, via), readAll(fresh, via));
    return read(changed, via)?.branch;
  };
  assert.equal(
    made((copy) => copy.prepend(via, one)),
    'a',
  );
  assert.equal(
    made((copy) => copy.prepend(via, one).prepend(via, two)),
    'b',
  );
  assert.equal(
    made((copy) => copy.prepend(via, one).dropTop(via)),
    'z9hG4bKa',
  );
  assert.equal(
    made((copy) => copy.replaceTop(via, one).set(via, two, one)),
    'b',
  );
  assert.equal(
    made((copy) => copy.replaceTop(via, one).append(via, two)),
    'a',
  );
  assert.equal(
    made((copy) => copy.replaceTop(via, one).set(maxForwards, 3)),
    'a',
  );
  assert.equal(
    made((copy) => copy.prepend(via, one).remove(via)),
    undefined,
  );
});
