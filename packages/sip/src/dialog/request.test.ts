import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../../test/wire-text.ts';
import { contact, cseq, NameAddr, need, readAll, route } from '../message/index.ts';
import { UsageFault } from '../text/faults.ts';
import { NO_PARAMS } from '../text/params.ts';
import type { Dialog } from './dialog.ts';
import { ackIn, requestIn } from './request.ts';

test('a request in a dialog is made of its state (RFC 3261 §12.2.1.1)', () => {
  const { request, dialog, nextHop } = requestIn(DIALOG, 'BYE');
  assert.deepEqual(linesOf(request), [
    'BYE sip:user@remoteua SIP/2.0',
    'Max-Forwards: 70',
    'From: "Alice" <sip:alice@atlanta.com>;tag=alice1',
    'To: <sip:bob@biloxi.com>;tag=bob1',
    'Call-ID: a84b4c76e66710',
    'CSeq: 11 BYE',
    'Content-Length: 0',
  ]);
  assert.equal(nextHop, 'sip:user@remoteua');
  assert.deepEqual(dialog, { ...DIALOG, localSeq: 11 });
  assert.equal(DIALOG.localSeq, 10);
});

test('sequence numbers grow by one with each request (RFC 3261 §12.2.1.1)', () => {
  const first = requestIn(DIALOG, 'INFO');
  const second = requestIn(first.dialog, 'BYE');
  assert.deepEqual(
    [first, second].map(({ request }) => need(request, cseq)),
    [
      { seq: 11, method: 'INFO' },
      { seq: 12, method: 'BYE' },
    ],
  );
});

test('the first number of ours is chosen freely below 2**31 (RFC 3261 §12.2.1.1, §8.1.1.5)', () => {
  const fresh: Dialog = { ...DIALOG, localSeq: undefined };
  assert.equal(need(requestIn(fresh, 'BYE').request, cseq).seq, 1);
  assert.equal(requestIn(fresh, 'BYE', { firstSeq: 0 }).dialog.localSeq, 0);
  assert.equal(requestIn(fresh, 'BYE', { firstSeq: 2 ** 31 - 1 }).dialog.localSeq, 2 ** 31 - 1);
  for (const firstSeq of [-1, 2 ** 31, Number.NaN])
    assert.throws(() => requestIn(fresh, 'BYE', { firstSeq }), UsageFault);
});

test('a dialog whose numbers are used up makes no more requests (RFC 3261 §8.1.1.5, erratum 3102)', () => {
  assert.throws(() => requestIn({ ...DIALOG, localSeq: 2 ** 31 - 1 }, 'BYE'), UsageFault);
});

test('null tags are left out (RFC 3261 §12.2.1.1)', () => {
  const { request } = requestIn({ ...DIALOG, id: { callId: 'c', localTag: 'alice1', remoteTag: undefined } }, 'BYE');
  assert.ok(linesOf(request).includes('To: <sip:bob@biloxi.com>'));
  const other = requestIn({ ...DIALOG, id: { callId: 'c', localTag: undefined, remoteTag: 'bob1' } }, 'BYE');
  assert.ok(linesOf(other.request).includes('From: "Alice" <sip:alice@atlanta.com>'));
});

test('behind a loose router the remote target is the Request-URI and Route is the route set (RFC 3261 §12.2.1.1)', () => {
  const routeSet = ['sip:proxy1;lr;x=1', 'sip:proxy2', 'sip:proxy3;lr'];
  const { request, nextHop } = requestIn({ ...DIALOG, routeSet }, 'BYE');
  assert.equal(request.uri, 'sip:user@remoteua');
  assert.deepEqual(
    readAll(request, route).map(({ uriText }) => uriText),
    routeSet,
  );
  assert.equal(nextHop, 'sip:proxy1;lr;x=1');
});

test('behind a strict router its URI is the Request-URI and the target the last Route: the example of RFC 3261 §12.2.1.1', () => {
  const routeSet = ['sip:proxy1', 'sip:proxy2', 'sip:proxy3;lr', 'sip:proxy4'];
  const { request, nextHop } = requestIn({ ...DIALOG, routeSet }, 'METHOD');
  assert.equal(request.uri, 'sip:proxy1');
  assert.deepEqual(
    readAll(request, route).map(({ uriText }) => uriText),
    ['sip:proxy2', 'sip:proxy3;lr', 'sip:proxy4', 'sip:user@remoteua'],
  );
  assert.equal(nextHop, 'sip:proxy1');
});

test('what a Request-URI must not have is left out of it and stays in Route (RFC 3261 §19.1.1 Table 1)', () => {
  const strict = requestIn({ ...DIALOG, routeSet: ['sip:p1;method=BYE;transport=tcp?subject=x', 'sip:p2?a=b'] }, 'BYE');
  assert.equal(strict.request.uri, 'sip:p1;transport=tcp');
  assert.deepEqual(
    readAll(strict.request, route).map(({ uriText }) => uriText),
    ['sip:p2?a=b', 'sip:user@remoteua'],
  );
  const direct = requestIn({ ...DIALOG, remoteTarget: 'sip:user@remoteua;ob;method=BYE?subject=x' }, 'BYE');
  assert.equal(direct.request.uri, 'sip:user@remoteua;ob');
});

test('without a route set there is no Route (RFC 3261 §12.2.1.1)', () => {
  assert.deepEqual(readAll(requestIn(DIALOG, 'BYE').request, route), []);
});

test('the caller adds what else the request says (RFC 3261 §12.2.1.1)', () => {
  const { request } = requestIn(DIALOG, 'INVITE', {
    edit: (copy) => {
      copy.append(contact, new NameAddr('', 'sip:alice@192.0.2.1', NO_PARAMS)).body(new Uint8Array([104, 105]));
    },
  });
  assert.deepEqual(linesOf(request).slice(-2), ['Contact: <sip:alice@192.0.2.1>', 'Content-Length: 2']);
});

test('the ACK to a 2xx has the number of its INVITE and takes the way of the dialog (RFC 3261 §13.2.2.4)', () => {
  const { request, dialog } = ackIn({ ...DIALOG, routeSet: ['sip:proxy1;lr'] }, 9);
  assert.equal(request.method, 'ACK');
  assert.deepEqual(need(request, cseq), { seq: 9, method: 'ACK' });
  assert.equal(need(request, route).uriText, 'sip:proxy1;lr');
  assert.equal(dialog.localSeq, 10);
});

test('ACK and CANCEL take no number of their own (RFC 3261 §12.2.1.1)', () => {
  for (const method of ['ACK', 'CANCEL']) assert.throws(() => requestIn(DIALOG, method), UsageFault);
});

const DIALOG: Dialog = {
  id: { callId: 'a84b4c76e66710', localTag: 'alice1', remoteTag: 'bob1' },
  state: 'confirmed',
  localSeq: 10,
  remoteSeq: undefined,
  local: { display: 'Alice', uri: 'sip:alice@atlanta.com' },
  remote: { display: '', uri: 'sip:bob@biloxi.com' },
  remoteTarget: 'sip:user@remoteua',
  routeSet: [],
  secure: false,
};
