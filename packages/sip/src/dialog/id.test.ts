import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, responseOf } from '../../test/wire-text.ts';
import { RemoteFault } from '../text/faults.ts';
import { dialogIdOf, dialogKey } from './id.ts';

test('who asks has its tag in From, who answers in To, in requests and responses alike (RFC 3261 §12)', () => {
  for (const message of [
    requestOf(`BYE sip:bob@192.0.2.4 SIP/2.0\n${HEADERS}`),
    responseOf(`SIP/2.0 200 OK\n${HEADERS}`),
  ]) {
    assert.deepEqual(dialogIdOf(message, 'uac'), { callId: 'a84b4c76e66710', localTag: 'alice1', remoteTag: 'bob1' });
    assert.deepEqual(dialogIdOf(message, 'uas'), { callId: 'a84b4c76e66710', localTag: 'bob1', remoteTag: 'alice1' });
  }
});

test('a tag that is not there is null (RFC 3261 §12.1.1)', () => {
  const old = requestOf('BYE sip:bob@192.0.2.4 SIP/2.0\nFrom: <sip:a@x.com>\nTo: <sip:b@x.com>;tag=1\nCall-ID: c');
  assert.deepEqual(dialogIdOf(old, 'uas'), { callId: 'c', localTag: '1', remoteTag: undefined });
});

test('a message without the headers of a dialog identifier is the fault of its sender (RFC 3261 §8.1.1)', () => {
  assert.throws(() => dialogIdOf(requestOf('BYE sip:bob@192.0.2.4 SIP/2.0\nTo: <sip:b@x.com>'), 'uac'), RemoteFault);
});

test('Call-ID, local tag and remote tag together make the key of a dialog (RFC 3261 §12)', () => {
  const id = { callId: 'c', localTag: 'l', remoteTag: 'r' };
  assert.equal(dialogKey(id), dialogKey({ ...id }));
  const others = [
    { ...id, callId: 'd' },
    { ...id, localTag: 'm' },
    { ...id, remoteTag: 's' },
    { ...id, localTag: 'r', remoteTag: 'l' },
    { ...id, remoteTag: undefined },
  ];
  for (const other of others) assert.notEqual(dialogKey(other), dialogKey(id), JSON.stringify(other));
});

test('tags are compared without regard to case, Call-IDs with it (RFC 3261 §7.3.1, §20.8)', () => {
  const id = { callId: 'c', localTag: 'l', remoteTag: 'r' };
  assert.equal(dialogKey({ ...id, localTag: 'L', remoteTag: 'R' }), dialogKey(id));
  assert.notEqual(dialogKey({ ...id, callId: 'C' }), dialogKey(id));
});

const HEADERS = `From: Alice <sip:alice@atlanta.com>;tag=alice1
To: Bob <sip:bob@biloxi.com>;tag=bob1
Call-ID: a84b4c76e66710`;
