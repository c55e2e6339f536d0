import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, responseOf } from '@strowger/testkit/messages';
import { createFork, type ForkOutput, received, startFork } from './fork.ts';
import { ring } from './index.ts';

for (const [asked, contacts, expected] of [
  ['sips:a', '<sips:b>, <sip:c>', 'respond 302'],
  ['sips:a', '<tel:+1>', 'respond 302'],
  ['sip:a', '<sip:c>, <SIPS:b>', 'respond 302'],
  ['sips:a', '<sips:b>', 'try sips:b'],
  ['SIP:a', '<sip:b>', 'try sip:b'],
] as const)
  test(`a 302 to ${contacts} for ${asked}: ${expected}, since who calls chooses between sip: and sips: (RFC 5630 §5.3)`, () => {
    const fork = createFork({
      method: 'INVITE',
      timerCMs: 200_000,
      patienceMs: 32_000,
      thinkMs: 30_000,
      recurse: 'yes',
      breadth: 60,
      maxBranches: 64,
    });
    startFork(fork, ring(asked), 0, []);
    const out: ForkOutput[] = [];
    const moved = responseOf(messageText(['SIP/2.0 302 Moved', `Contact: ${contacts}`]));
    received(fork, 0, moved, 1, out);
    const [first] = out;
    const said = first?.type === 'try' ? first.target.uri : first?.type === 'respond' ? first.response.status : '';
    assert.equal(`${first?.type} ${said}`, expected);
  });
