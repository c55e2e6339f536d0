import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { askHidden } from './hidden-question.ts';

test('an answer is read up to the end of its line, and nothing of it is shown', async () => {
  const input = new PassThrough();
  const shown: string[] = [];
  const answer = askHidden('Password: ', input, (text) => shown.push(text));
  input.write('sesamf');
  input.write('\u007fe\r');
  assert.equal(await answer, 'sesame');
  assert.equal(shown.join(''), 'Password: \n');
});

test('control-C and the end of the input break the question off', async () => {
  for (const keys of ['ses\u0003', '\u0004']) {
    const input = new PassThrough();
    const answer = askHidden('Password: ', input, () => {});
    input.write(keys);
    await assert.rejects(answer, { name: 'CommandFault', message: 'no password was given.' });
  }
  const ended = new PassThrough();
  const answer = askHidden('Password: ', ended, () => {});
  ended.end();
  await assert.rejects(answer, { name: 'CommandFault' });
});
