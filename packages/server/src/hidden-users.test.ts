import assert from 'node:assert/strict';
import { test } from 'node:test';
import { print } from '@strowger/sip/message';
import { nodeText, type Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

/** The final answer to a request for somebody, without tags and with his name taken out. */
async function answerFor(site: Site, stranger: Peer, method: string, name: string): Promise<string> {
  const via = 'SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bK-s';
  const headers = { Contact: '<sip:stranger@10.0.0.66>', Event: 'presence' };
  const request = { method, uri: `sip:${name}`, callId: 'c', via: `${via}${method}${name}`, headers };
  assert.equal((await answersTo(site, stranger, request)).length, 1);
  const answer = stranger.heard.findLast(({ label }) => !label.startsWith('1'))?.message ?? assert.fail('no answer');
  return Buffer.from(print(answer, nodeText))
    .toString('latin1')
    .replaceAll(name, 'NAME')
    .replace(/;tag=[^\r;]+\r\nCall/, '\r\nCall');
}

for (const mode of ['', 'redirect: true\n', 'proxy: { stateless: true }\n'])
  for (const method of ['INVITE', 'MESSAGE', 'OPTIONS', 'SUBSCRIBE'])
    test(`a stranger's ${method} for nobody and for a user who is away get the same bytes (${mode.trim() || 'proxy'})`, async () => {
      const site = await createSite({ config: USUAL + mode });
      const stranger = site.peer('stranger', { at: '10.0.0.66' });
      const [away, nobody] = [
        await answerFor(site, stranger, method, 'carol@example.com'),
        await answerFor(site, stranger, method, 'nobody@example.com'),
      ];
      assert.equal(nobody, away);
      assert.match(away, /^SIP\/2\.0 480 Temporarily Unavailable\r\n/);
      assert.equal(await answerFor(site, stranger, method, 'carol@example.com;gr=urn:uuid:none'), away);
    });

test('who is trusted, and who has proved who he is, hears 404 for nobody and 480 for who is away (RFC 3261 §21.4.5, §21.4.18)', async () => {
  const site = await createSite({ config: `${USUAL}trusted: [10.0.0.77/32]\n` });
  const gateway = site.peer('gateway', { at: '10.0.0.77' });
  const ask = (name: string): Promise<readonly string[]> =>
    answersTo(site, gateway, { method: 'MESSAGE', uri: `sip:${name}@example.com` });
  assert.deepEqual([await ask('nobody'), await ask('carol')], [['404 MESSAGE'], ['480 MESSAGE']]);
  const alice = site.phone('alice');
  const call = async (name: string): Promise<number> =>
    (await site.play(() => alice.message(`sip:${name}@example.com`, 'x'))).status;
  assert.deepEqual([await call('nobody'), await call('carol')], [404, 480]);
});
