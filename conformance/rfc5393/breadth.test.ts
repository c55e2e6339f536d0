import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, requestText, responseText, valuesIn } from '../support/sip-text.ts';
import { createStage, type StageOptions } from '../support/stage.ts';

/** How Max-Breadth leaves a proxy (RFC 5393 §5.3.3), in the order in which the copies leave. */
async function breadthsOf(
  contacts: string,
  lines: readonly string[],
  options?: StageOptions,
): Promise<readonly (readonly string[])[]> {
  const stage = await createStage(options);
  await stage.datagram(bytesOf(requestText('REGISTER sip:example.com', [`Contact: ${contacts}`])));
  const sent = await stage.datagram(bytesOf(requestText('MESSAGE sip:user@example.com', lines)), 400);
  return sent.filter(({ text }) => text.startsWith('MESSAGE')).map(({ text }) => valuesIn(text, 'Max-Breadth'));
}

const one = '<sip:a@one.example>';
const two = `${one}, <sip:b@two.example>`;

test('a request without Max-Breadth leaves with 60 (RFC 5393 §5.3.3)', async () => {
  assert.deepEqual(await breadthsOf(one, []), [['60']]);
});

test('a Max-Breadth of more than 60 is written over with 60, a smaller one stays (RFC 5393 §5.3.3)', async () => {
  assert.deepEqual(await breadthsOf(one, ['Max-Breadth: 61']), [['60']]);
  assert.deepEqual(await breadthsOf(one, ['Max-Breadth: 4294967296']), [['60']]);
  assert.deepEqual(await breadthsOf(one, ['Max-Breadth: 59']), [['59']]);
});

test('there is one Max-Breadth, wherever several were (RFC 5393 §5.3.3)', async () => {
  assert.deepEqual(await breadthsOf(one, ['Max-Breadth: 7', 'Subject: x', 'Max-Breadth: 9']), [['7']]);
});

test('it is shared by branches that are tried together and never counted down by hops (RFC 5393 §5.3.3)', async () => {
  assert.deepEqual(await breadthsOf(one, ['Max-Breadth: 8']), [['8']]);
  assert.deepEqual(await breadthsOf(two, ['Max-Breadth: 8']), [['4'], ['4']]);
});

test('branches that are tried one after the other have all of it in turn (RFC 5393 §5.3.3.1)', async () => {
  const options: StageOptions = {
    config: { proxy: { fork: 'serial' } },
    answers: (request) => [responseText(request, '404 Not Found')],
  };
  assert.deepEqual(await breadthsOf(two, ['Max-Breadth: 1'], options), [['1'], ['1']]);
});
