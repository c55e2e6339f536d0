import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line, parse, type Request } from '@strowger/sip/message';
import { type Decision, drop, reply } from '@strowger/sip/routing';
import { nodeText } from '@strowger/testkit';
import { conductOf } from './offences.ts';

interface Written {
  readonly method?: string;
  readonly user?: string;
  readonly proving?: 'yes' | 'no';
}

function request({ method = 'REGISTER', user = 'alice', proving = 'no' }: Written): Request {
  const lines = [
    `${method} sip:${method === 'REGISTER' ? '' : `${user}@`}example.com SIP/2.0`,
    `From: <sip:${user}@example.com>;tag=1`,
    `To: <sip:${user}@example.com>`,
    ...(proving === 'yes' ? ['Authorization: Digest username="a"'] : []),
  ];
  const parsed = parse(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), nodeText);
  assert.ok(parsed.kind === 'request');
  return parsed;
}

const typeOf = (written: Written, decision: Decision): string | undefined =>
  conductOf(request(written), decision)?.type;

test('a challenge says nothing of who sent the request: whose wrong credentials they are knows who looks at them', () => {
  const challenge = reply(401, undefined, [line('WWW-Authenticate', 'Digest realm="a", nonce="n"')]);
  assert.equal(typeOf({}, challenge), undefined);
  assert.equal(typeOf({ proving: 'yes' }, challenge), undefined);
});

test('a registration with credentials that was taken proves its source; one without proves nothing', () => {
  assert.equal(typeOf({ proving: 'yes' }, reply(200)), 'proved');
  assert.equal(typeOf({}, reply(200)), undefined);
  assert.equal(typeOf({ method: 'OPTIONS', proving: 'yes' }, reply(200)), undefined);
});

test('404 is a user who does not exist, 403 for nobody an attempt to relay', () => {
  assert.equal(typeOf({ method: 'INVITE' }, reply(404)), 'no such user');
  assert.equal(typeOf({ method: 'INVITE' }, reply(403)), 'relay attempt');
  assert.equal(typeOf({ method: 'INVITE', proving: 'yes' }, reply(403)), undefined);
});

test('all other answers, and what is forwarded or dropped, say nothing', () => {
  for (const decision of [reply(480), reply(400), reply(486), reply(500), drop('x')])
    assert.equal(typeOf({ method: 'INVITE', proving: 'yes' }, decision), undefined);
});

test('users are told apart', () => {
  const hashOf = (user: string): number | undefined =>
    conductOf(request({ method: 'INVITE', user }), reply(404))?.userHash;
  assert.equal(hashOf('100'), hashOf('100'));
  const groups = new Set(Array.from({ length: 100 }, (_, i) => (hashOf(String(100 + i)) ?? 0) & 31));
  assert.ok(groups.size > 25, `${groups.size}`);
});
