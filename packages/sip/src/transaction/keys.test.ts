import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf } from '../../test/wire-text.ts';
import { RemoteFault } from '../text/faults.ts';
import { ackFor } from './ack.ts';
import { cancelFor } from './cancel.ts';
import { cancelKey, clientKey, isAckFor, mergedKey, serverKey } from './keys.ts';
import { replyTo } from './reply.ts';

test('a response belongs to the client transaction with its branch and the method of its CSeq (RFC 3261 §17.1.3)', () => {
  assert.equal(clientKey('z9hG4bKabc', 'INVITE'), clientKey('z9hG4bKabc', 'INVITE'));
  assert.notEqual(clientKey('z9hG4bKabc', 'INVITE'), clientKey('z9hG4bKabd', 'INVITE'));
});

test('a response to a CANCEL is told from one to the INVITE with the same branch (RFC 3261 §17.1.3)', () => {
  assert.notEqual(clientKey('z9hG4bKabc', 'INVITE'), clientKey('z9hG4bKabc', 'CANCEL'));
});

test('a branch is a token, compared without regard to case (RFC 3261 §7.3.1)', () => {
  assert.equal(clientKey('z9hG4bKABC', 'INVITE'), clientKey('Z9HG4BKabc', 'INVITE'));
  assert.equal(serverKey(invite({ branch: 'z9hG4bKABC' })), serverKey(invite({ branch: 'Z9hg4bkabc' })));
});

test('a copy of a request has its key, whatever else changed in it (RFC 3261 §17.2.3)', () => {
  assert.equal(
    serverKey(invite({})),
    serverKey(invite({ from: '<sip:other@example.com>;tag=x', uri: 'sip:b@example.com' })),
  );
});

test('branch, sent-by host, sent-by port and method tell requests apart (RFC 3261 §17.2.3)', () => {
  const others = [{ branch: 'z9hG4bKother' }, { host: 'other.example.com' }, { port: ':5062' }, { method: 'OPTIONS' }];
  for (const other of others) assert.notEqual(serverKey(invite({})), serverKey(invite(other)), JSON.stringify(other));
});

test('the sent-by host is compared without regard to case (RFC 3261 §7.3.1)', () => {
  assert.equal(serverKey(invite({ host: 'Client.EXAMPLE.com' })), serverKey(invite({ host: 'client.example.com' })));
});

test('methods are compared with regard to case (RFC 3261 §7.1)', () => {
  assert.notEqual(serverKey(invite({ method: 'INVITE' })), serverKey(invite({ method: 'invite' })));
});

test('what the receiver writes into the top Via changes no key (RFC 3261 §18.2.1, RFC 3581 §4)', () => {
  assert.equal(serverKey(invite({})), serverKey(invite({ more: ';received=192.0.2.1;rport=4711' })));
  const old = { branch: 'old' };
  assert.equal(serverKey(invite(old)), serverKey(invite({ ...old, more: ';received=192.0.2.1;rport=4711' })));
});

test('an ACK to a failure has the key of its INVITE, a CANCEL one of its own (RFC 3261 §17.2.3)', () => {
  for (const branch of ['z9hG4bKabc', 'old', undefined]) {
    const request = invite({ branch });
    const failure = replyTo(request, 486, 'Busy Here', { toTag: 'callee' });
    assert.equal(serverKey(ackFor(request, failure)), serverKey(request));
    assert.notEqual(serverKey(cancelFor(request)), serverKey(request));
  }
});

test('a CANCEL finds the INVITE that it cancels (RFC 3261 §9.2)', () => {
  for (const branch of ['z9hG4bKabc', 'old', undefined]) {
    const request = invite({ branch });
    assert.equal(cancelKey(cancelFor(request)), serverKey(request));
    assert.notEqual(cancelKey(cancelFor(request)), serverKey(invite({ branch: `${branch ?? ''}2` })));
  }
});

test('a CANCEL can be asked for a transaction of another method (RFC 3261 §9.2)', () => {
  for (const branch of ['z9hG4bKabc', undefined]) {
    const request = invite({ branch, method: 'MESSAGE' });
    assert.equal(cancelKey(cancelFor(request), 'MESSAGE'), serverKey(request));
  }
});

test('a branch that is the magic cookie and nothing more tells nothing apart (RFC 3261 §8.1.1.7)', () => {
  const branch = 'z9hG4bK';
  assert.notEqual(serverKey(invite({ branch })), serverKey(invite({ branch, callId: 'another@example.com' })));
});

test('without the cookie Request-URI, From tag, Call-ID, CSeq and top Via make the key of an INVITE (RFC 3261 §17.2.3)', () => {
  for (const branch of ['1', undefined]) {
    const first = serverKey(invite({ branch }));
    assert.equal(serverKey(invite({ branch })), first);
    const others = [
      { uri: 'sip:other@example.com' },
      { from: '<sip:alice@example.com>;tag=other' },
      { from: '<sip:alice@example.com>' },
      { callId: 'other@example.com' },
      { cseq: 2 },
      { branch: '2' },
      { host: 'other.example.com' },
      { port: ':5062' },
      { transport: 'TCP' },
      { method: 'OPTIONS' },
    ];
    for (const other of others) assert.notEqual(serverKey(invite({ branch, ...other })), first, JSON.stringify(other));
  }
});

test('without the cookie the To tag tells other requests apart (RFC 3261 §17.2.3)', () => {
  const bye = { branch: undefined, method: 'BYE' };
  const key = serverKey(invite({ ...bye, to: '<sip:bob@example.com>;tag=1' }));
  assert.notEqual(key, serverKey(invite({ ...bye, to: '<sip:bob@example.com>;tag=2' })));
  assert.notEqual(key, serverKey(invite(bye)));
});

test('a Call-ID is compared with regard to case (RFC 3261 §20.8)', () => {
  assert.notEqual(
    serverKey(invite({ branch: undefined, callId: 'a@example.com' })),
    serverKey(invite({ branch: undefined, callId: 'A@example.com' })),
  );
});

test('an old ACK is for the response whose To tag it bears (RFC 3261 §17.2.3)', () => {
  const ack = { method: 'ACK', to: '<sip:bob@example.com>;tag=callee' };
  assert.equal(isAckFor(invite({ ...ack, branch: undefined }), 'callee'), true);
  assert.equal(isAckFor(invite({ ...ack, branch: undefined }), 'another'), false);
  assert.equal(isAckFor(invite({ ...ack, branch: 'z9hG4bKabc' }), 'another'), true);
});

test('copies of a request that came by two ways have different keys and one merged key (RFC 3261 §8.2.2.2)', () => {
  const [one, two] = [invite({ branch: 'z9hG4bKone' }), invite({ branch: 'z9hG4bKtwo', uri: 'sip:bob@192.0.2.7' })];
  assert.notEqual(serverKey(one), serverKey(two));
  assert.equal(mergedKey(one), mergedKey(two));
});

test('From tag, Call-ID, CSeq number and method tell merged requests from others (RFC 3261 §8.2.2.2)', () => {
  const others = [
    { from: '<sip:alice@example.com>;tag=other' },
    { callId: 'other@example.com' },
    { cseq: 2 },
    { method: 'OPTIONS' },
  ];
  for (const other of others) assert.notEqual(mergedKey(invite(other)), mergedKey(invite({})), JSON.stringify(other));
});

test('a request inside a dialog is never merged (RFC 3261 §8.2.2.2)', () => {
  assert.equal(mergedKey(invite({ to: '<sip:bob@example.com>;tag=1' })), undefined);
});

test('a request without the headers that its key is made of is the fault of its sender (RFC 3261 §8.1.1)', () => {
  const bare = requestOf('INVITE sip:bob@example.com SIP/2.0\nVia: SIP/2.0/UDP client.example.com');
  assert.throws(() => serverKey(bare), RemoteFault);
  assert.throws(() => mergedKey(bare), RemoteFault);
});

interface Parts {
  readonly method?: string;
  readonly uri?: string;
  readonly transport?: string;
  readonly host?: string;
  readonly port?: string;
  readonly branch?: string | undefined;
  readonly more?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

function invite(parts: Parts): ReturnType<typeof requestOf> {
  const { method = 'INVITE', uri = 'sip:bob@example.com', transport = 'UDP', host = 'client.example.com' } = parts;
  const branch = 'branch' in parts ? parts.branch : 'z9hG4bK74bf9';
  return requestOf(`${method} ${uri} SIP/2.0
    Via: SIP/2.0/${transport} ${host}${parts.port ?? ''}${branch === undefined ? '' : `;branch=${branch}`}${parts.more ?? ''}
    From: ${parts.from ?? '"Alice" <sip:alice@example.com>;tag=9fxced76sl'}
    To: ${parts.to ?? '<sip:bob@example.com>'}
    Call-ID: ${parts.callId ?? '3848276298220188511@example.com'}
    CSeq: ${parts.cseq ?? 1} ${method}`);
}
