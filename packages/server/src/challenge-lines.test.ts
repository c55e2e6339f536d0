import assert from 'node:assert/strict';
import { test } from 'node:test';
import { algorithmsByStrength, challenges } from '@strowger/sip/auth';
import { line } from '@strowger/sip/message';
import { printAuthValue } from '@strowger/sip/text';
import { ChallengeLines } from './challenge-lines.ts';

test('the lines made ahead are those that would be printed now (RFC 7616 §3.3)', () => {
  for (const realm of ['example.test', 'bücher"\\.example']) {
    const lines = new ChallengeLines(realm, algorithmsByStrength);
    for (const as of ['server', 'proxy'] as const)
      for (const why of ['new', 'stale'] as const) {
        const name = as === 'server' ? 'WWW-Authenticate' : 'Proxy-Authenticate';
        const offer = {
          realm,
          algorithms: algorithmsByStrength,
          qop: ['auth'],
          nonce: '0af3',
          userhash: false,
        } as const;
        assert.deepEqual(
          lines.with('0af3', as, why),
          challenges({ ...offer, stale: why === 'stale' }).map((value) => line(name, printAuthValue(value))),
        );
      }
  }
});
