import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, responseOf } from '../../test/wire-text.ts';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { confirmDialog, confirmDialogBy, createUacDialog, createUasDialog, isDialogForming } from './dialog.ts';

test('who is asked takes the dialog from the request and its own tag (RFC 3261 §12.1.1)', () => {
  assert.deepEqual(createUasDialog(invite(), 'bob1', 'early', 'udp'), {
    id: { callId: 'a84b4c76e66710', localTag: 'bob1', remoteTag: 'alice1' },
    state: 'early',
    localSeq: undefined,
    remoteSeq: 314159,
    local: { display: 'Bob', uri: 'sip:bob@biloxi.com' },
    remote: { display: 'Alice', uri: 'sip:alice@atlanta.com' },
    remoteTarget: 'sip:alice@pc33.atlanta.com;transport=tcp',
    routeSet: ['sip:p2.biloxi.com;lr;x=1', 'sip:p1.atlanta.com', 'sip:p0.atlanta.com;lr'],
    secure: false,
  });
});

test('who asked takes the dialog from its request and the response, the route set in reverse (RFC 3261 §12.1.2)', () => {
  assert.deepEqual(createUacDialog(invite(), answer(200), 'udp'), {
    id: { callId: 'a84b4c76e66710', localTag: 'alice1', remoteTag: 'bob1' },
    state: 'confirmed',
    localSeq: 314159,
    remoteSeq: undefined,
    local: { display: 'Alice', uri: 'sip:alice@atlanta.com' },
    remote: { display: 'Bob', uri: 'sip:bob@biloxi.com' },
    remoteTarget: 'sip:bob@192.0.2.4',
    routeSet: ['sip:p0.atlanta.com;lr', 'sip:p1.atlanta.com', 'sip:p2.biloxi.com;lr;x=1'],
    secure: false,
  });
});

test('the two ends of a dialog know it by mirrored identifiers (RFC 3261 §12)', () => {
  const uac = createUacDialog(invite(), answer(200), 'udp').id;
  const uas = createUasDialog(invite(), 'bob1', 'confirmed', 'udp').id;
  assert.deepEqual([uac.callId, uac.localTag, uac.remoteTag], [uas.callId, uas.remoteTag, uas.localTag]);
});

test('without Record-Route the route set is empty (RFC 3261 §12.1.1, §12.1.2)', () => {
  assert.deepEqual(createUasDialog(invite({ recordRoute: '' }), 'bob1', 'early', 'udp').routeSet, []);
  assert.deepEqual(createUacDialog(invite(), answer(200, { recordRoute: '' }), 'udp').routeSet, []);
});

test('a 2xx and a provisional response above 100 with a To tag make a dialog, no other response does (RFC 3261 §12.1)', () => {
  for (const [status, to, forms] of [
    [100, TAGGED, false],
    [101, TAGGED, true],
    [199, TAGGED, true],
    [183, UNTAGGED, false],
    [200, TAGGED, true],
    [202, UNTAGGED, true],
    [299, TAGGED, true],
    [300, TAGGED, false],
    [487, TAGGED, false],
  ] as const) {
    const response = answer(status, { to });
    assert.equal(isDialogForming(response), forms, `${status} ${to}`);
    if (!forms) assert.throws(() => createUacDialog(invite(), response, 'udp'), UsageFault);
  }
});

test('a dialog of a provisional response is early, and confirmed by a 2xx (RFC 3261 §12)', () => {
  const early = createUacDialog(invite(), answer(180), 'udp');
  assert.equal(early.state, 'early');
  assert.equal(confirmDialogBy(early, answer(200)).state, 'confirmed');
  const uas = createUasDialog(invite(), 'bob1', 'early', 'udp');
  assert.equal(confirmDialog(uas).state, 'confirmed');
  assert.equal(confirmDialog(confirmDialog(uas)).state, 'confirmed');
  assert.equal(uas.state, 'early');
});

test('the 2xx sets the route set anew and leaves the sequence numbers of an early dialog (RFC 3261 §13.2.2.4)', () => {
  const early = {
    ...createUacDialog(invite(), answer(180, { recordRoute: '' }), 'udp'),
    localSeq: 314160,
    remoteSeq: 7,
  };
  const confirmed = confirmDialogBy(early, answer(200, { contact: '<sip:bob@192.0.2.9>' }));
  assert.deepEqual(confirmed.routeSet, ['sip:p0.atlanta.com;lr', 'sip:p1.atlanta.com', 'sip:p2.biloxi.com;lr;x=1']);
  assert.deepEqual([confirmed.localSeq, confirmed.remoteSeq, confirmed.remoteTarget], [314160, 7, 'sip:bob@192.0.2.9']);
  assert.deepEqual(early.routeSet, []);
});

test('a 2xx without Contact leaves the target that the early dialog had (RFC 3261 §12.2.1.2)', () => {
  const early = createUacDialog(invite(), answer(180), 'udp');
  assert.equal(confirmDialogBy(early, answer(200, { contact: '' })).remoteTarget, 'sip:bob@192.0.2.4');
});

test('a response without Contact leaves the Request-URI as the target until one comes', () => {
  assert.equal(createUacDialog(invite(), answer(180, { contact: '' }), 'udp').remoteTarget, 'sip:bob@biloxi.com');
});

test('a request without Contact makes no dialog (RFC 3261 §12.1.1)', () => {
  assert.throws(
    () => createUasDialog(invite({ contact: '' }), 'bob1', 'early', 'udp'),
    (fault: unknown) =>
      fault instanceof RemoteFault && fault.status === 400 && fault.reason === 'Missing Contact Header',
  );
});

test('a Contact that is no SIP URI makes no dialog (RFC 3261 §12.1.1, §12.1.2)', () => {
  for (const contact of ['*', '<tel:+15551234>', '<sip:@>', '<mailto:bob@biloxi.com>']) {
    assert.throws(() => createUasDialog(invite({ contact }), 'bob1', 'early', 'udp'), RemoteFault, contact);
    assert.throws(() => createUacDialog(invite(), answer(200, { contact }), 'udp'), RemoteFault, contact);
  }
});

test('a Record-Route that is no SIP URI makes no dialog (RFC 3261 §20.30)', () => {
  const recordRoute = '<sip:p1.atlanta.com;lr>, <tel:+1555>';
  assert.throws(() => createUasDialog(invite({ recordRoute }), 'bob1', 'early', 'udp'), RemoteFault);
});

test('a From without a tag gives a null remote tag, a To without one likewise (RFC 3261 §12.1.1, §12.1.2)', () => {
  const old = invite({ from: 'sip:alice@atlanta.com' });
  assert.equal(createUasDialog(old, 'bob1', 'confirmed', 'udp').id.remoteTag, undefined);
  assert.equal(createUacDialog(invite(), answer(200, { to: UNTAGGED }), 'udp').id.remoteTag, undefined);
});

test('the local tag is the one that we sent, whatever the response says (RFC 3261 §12.1.2)', () => {
  const response = answer(200, { from: '<sip:alice@atlanta.com>' });
  assert.equal(createUacDialog(invite(), response, 'udp').id.localTag, 'alice1');
});

test('a dialog is secure when it begins with a sips: URI over TLS, and only then (RFC 3261 §12.1.1, §12.1.2)', () => {
  for (const [uri, protocol, secure] of [
    ['sips:bob@biloxi.com', 'tls', true],
    ['SIPS:bob@biloxi.com', 'wss', true],
    ['sips:bob@biloxi.com', 'tcp', false],
    ['sip:bob@biloxi.com', 'tls', false],
  ] as const) {
    assert.equal(createUasDialog(invite({ uri }), 'bob1', 'early', protocol).secure, secure, `${uri} ${protocol}`);
    assert.equal(createUacDialog(invite({ uri }), answer(200), protocol).secure, secure, `${uri} ${protocol}`);
  }
});

const RECORD_ROUTE = '<sip:p2.biloxi.com;lr;x=1>;hp=2, <sip:p1.atlanta.com>\nRecord-Route: <sip:p0.atlanta.com;lr>';
const TAGGED = 'Bob <sip:bob@biloxi.com>;tag=bob1';
const UNTAGGED = 'Bob <sip:bob@biloxi.com>';

interface Parts {
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly contact?: string;
  readonly recordRoute?: string;
}

const invite = (parts: Parts = {}): ReturnType<typeof requestOf> =>
  requestOf(
    `INVITE ${parts.uri ?? 'sip:bob@biloxi.com'} SIP/2.0\n${headers({ to: UNTAGGED, contact: '<sip:alice@pc33.atlanta.com;transport=tcp>;x=1', ...parts })}`,
  );

const answer = (status: number, parts: Parts = {}): ReturnType<typeof responseOf> =>
  responseOf(`SIP/2.0 ${status} Answer\n${headers({ to: TAGGED, contact: '<sip:bob@192.0.2.4>', ...parts })}`);

function headers({ from, to = '', contact = '', recordRoute = RECORD_ROUTE }: Parts): string {
  const lines = [
    'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8',
    `From: ${from ?? 'Alice <sip:alice@atlanta.com>;tag=alice1'}`,
    `To: ${to}`,
    'Call-ID: a84b4c76e66710',
    'CSeq: 314159 INVITE',
  ];
  if (contact !== '') lines.push(`Contact: ${contact}`);
  if (recordRoute !== '') lines.push(`Record-Route: ${recordRoute}`);
  return lines.join('\n');
}
