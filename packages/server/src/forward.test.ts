import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ring } from '@strowger/sip/routing';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { ConfigSchema } from './config/index.ts';
import { forward } from './forward.ts';

const plan = ring('sip:bob@192.0.2.4');

test('a program that says nothing else forwards as a server without a configuration does (RFC 3261 §16.6)', () => {
  const { recordRoute, timerC, recurse } = ConfigSchema.parse({}).proxy;
  assert.deepEqual(forward(plan), {
    type: 'forward',
    plan,
    options: {
      recordRoute: recordRoute ? 'yes' : 'no',
      timerCMs: timerC * 1000,
      recurse: recurse ? 'yes' : 'no',
    },
  });
});

test('what a program says takes the place of that, and another request that of the one that came', () => {
  const request = requestOf(messageText(['INVITE sip:bob@example.com SIP/2.0', 'Call-ID: 1']));
  assert.deepEqual(forward(plan, { request, recurse: 'yes' }), {
    type: 'forward',
    plan,
    request,
    options: { recordRoute: 'yes', timerCMs: 200_000, recurse: 'yes' },
  });
});
