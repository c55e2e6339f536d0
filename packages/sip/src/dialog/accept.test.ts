import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requestOf, responseOf } from '../../test/wire-text.ts';
import { RemoteFault } from '../text/faults.ts';
import { acceptRequest, acceptResponse, endsDialog, isTargetRefresh } from './accept.ts';
import { createUacDialog, createUasDialog, type Dialog } from './dialog.ts';
import { dialogIdOf, dialogKey } from './id.ts';
import { requestIn } from './request.ts';

test('the first request of the peer sets the remote sequence number (RFC 3261 §12.2.2)', () => {
  const arrival = acceptRequest({ ...DIALOG, remoteSeq: undefined }, request(7, 'BYE'));
  assert.equal(arrival.type === 'inOrder' && arrival.accepted.remoteSeq, 7);
});

test('higher numbers are in order, also with gaps (RFC 3261 §12.2.2)', () => {
  for (const seq of [21, 22, 2 ** 31 - 1]) {
    const arrival = acceptRequest(DIALOG, request(seq, 'BYE'));
    assert.equal(arrival.type === 'inOrder' && arrival.accepted.remoteSeq, seq);
  }
});

test('a lower number is out of order and answered with 500 (RFC 3261 §12.2.2)', () => {
  for (const seq of [0, 19])
    assert.deepEqual(acceptRequest(DIALOG, request(seq, 'BYE')), {
      type: 'outOfOrder',
      status: 500,
      reason: 'Server Internal Error',
    });
});

test('a number that was there before is out of order: numbers grow strictly (RFC 3261 §12.2.1.1)', () => {
  assert.equal(acceptRequest(DIALOG, request(20, 'INFO')).type, 'outOfOrder');
});

test('ACK and CANCEL bear the number of their INVITE and change nothing (RFC 3261 §12.2.1.1)', () => {
  for (const method of ['ACK', 'CANCEL']) {
    for (const seq of [1, 20]) {
      const arrival = acceptRequest(DIALOG, request(seq, method, '<sip:new@192.0.2.9>'));
      assert.deepEqual(arrival, { type: 'inOrder', accepted: DIALOG, refused: DIALOG });
    }
  }
});

test('a target refresh request that is accepted moves the remote target, one that is refused does not (RFC 3261 §12.2.2)', () => {
  for (const method of ['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']) {
    const arrival = acceptRequest(DIALOG, request(21, method, '<sip:new@192.0.2.9>'));
    assert.ok(arrival.type === 'inOrder');
    assert.equal(arrival.accepted.remoteTarget, 'sip:new@192.0.2.9');
    assert.deepEqual(arrival.refused, { ...DIALOG, remoteSeq: 21 });
  }
});

test('a target refresh request without Contact leaves the target (RFC 3261 §12.2.2)', () => {
  const arrival = acceptRequest(DIALOG, request(21, 'INVITE'));
  assert.equal(arrival.type === 'inOrder' && arrival.accepted.remoteTarget, DIALOG.remoteTarget);
});

test('other requests leave the target, and none changes the route set (RFC 3261 §12.2)', () => {
  for (const method of ['BYE', 'INFO', 'OPTIONS', 'MESSAGE', 'PRACK', 'INVITE']) {
    const arrival = acceptRequest(
      DIALOG,
      request(21, method, '<sip:new@192.0.2.9>\nRecord-Route: <sip:new.example.com;lr>'),
    );
    assert.ok(arrival.type === 'inOrder');
    assert.deepEqual(arrival.accepted.routeSet, DIALOG.routeSet);
    assert.equal(arrival.accepted.remoteTarget === DIALOG.remoteTarget, !isTargetRefresh(method), method);
  }
});

test('a malformed Contact in a target refresh request is the fault of the peer (RFC 3261 §8.1.1.8)', () => {
  assert.throws(() => acceptRequest(DIALOG, request(21, 'INVITE', '<tel:+1555>')), RemoteFault);
});

test('a 2xx to a target refresh request moves the remote target, no other response does (RFC 3261 §12.2.1.2)', () => {
  const contact = '<sip:new@192.0.2.9>';
  assert.equal(acceptResponse(DIALOG, 'INVITE', response(200, contact)).remoteTarget, 'sip:new@192.0.2.9');
  assert.equal(acceptResponse(DIALOG, 'UPDATE', response(299, contact)).remoteTarget, 'sip:new@192.0.2.9');
  for (const status of [180, 300, 486])
    assert.equal(acceptResponse(DIALOG, 'INVITE', response(status, contact)), DIALOG);
  assert.equal(acceptResponse(DIALOG, 'INVITE', response(200)), DIALOG);
  assert.equal(acceptResponse(DIALOG, 'INFO', response(200, contact)), DIALOG);
});

test('a 481 or a 408 ends the dialog, other failures do not (RFC 3261 §12.2.1.2)', () => {
  assert.deepEqual([481, 408].map(endsDialog), [true, true]);
  assert.deepEqual([200, 401, 403, 404, 480, 482, 486, 500, 603].map(endsDialog), new Array(9).fill(false));
});

test('two ends that send requests to and fro accept each of them, and no number is accepted twice (RFC 3261 §12.2)', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('uac', 'uas'), { maxLength: 20 }), (senders) => {
      const ends = { uac: UAC, uas: UAS };
      for (const sender of senders) {
        const receiver = sender === 'uac' ? 'uas' : 'uac';
        const sent = requestIn(ends[sender], 'INFO');
        assert.equal(dialogKey(dialogIdOf(sent.request, 'uas')), dialogKey(ends[receiver].id));
        const arrival = acceptRequest(ends[receiver], sent.request);
        assert.ok(arrival.type === 'inOrder');
        assert.equal(acceptRequest(arrival.accepted, sent.request).type, 'outOfOrder');
        ends[sender] = sent.dialog;
        ends[receiver] = arrival.accepted;
      }
    }),
  );
});

const HEADERS = 'From: <sip:a@x.com>;tag=1\nTo: <sip:b@x.com>;tag=2\nCall-ID: c';

const request = (seq: number, method: string, contact?: string): ReturnType<typeof requestOf> =>
  requestOf(
    `${method} sip:b@192.0.2.2 SIP/2.0\n${HEADERS}\nCSeq: ${seq} ${method}${contact === undefined ? '' : `\nContact: ${contact}`}`,
  );
const response = (status: number, contact?: string): ReturnType<typeof responseOf> =>
  responseOf(
    `SIP/2.0 ${status} Answer\n${HEADERS}\nCSeq: 20 INVITE${contact === undefined ? '' : `\nContact: ${contact}`}`,
  );

const INVITE = requestOf(
  'INVITE sip:b@x.com SIP/2.0\nFrom: <sip:a@x.com>;tag=1\nTo: <sip:b@x.com>\nCall-ID: c\nCSeq: 20 INVITE\nContact: <sip:a@192.0.2.1>',
);
const UAC: Dialog = createUacDialog(INVITE, response(200, '<sip:b@192.0.2.2>'), 'udp');
const UAS: Dialog = createUasDialog(INVITE, '2', 'confirmed', 'udp');
const DIALOG: Dialog = { ...UAS, routeSet: ['sip:p.example.com;lr'] };
