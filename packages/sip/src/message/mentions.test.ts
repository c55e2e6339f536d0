import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { Params } from '../text/params.ts';
import { edit, Via, via } from './index.ts';
import { mentionsParam } from './mentions.ts';

const request = (...vias: readonly string[]) =>
  requestOf(
    messageText(['OPTIONS sip:a@b.example SIP/2.0', ...vias.map((one) => `Via: ${one}`), 'Content-Length: 0'], ''),
  );

test('a parameter is seen in any value of any line, whatever its case and whether the line is new, folded or neither', () => {
  const bare = 'SIP/2.0/UDP keep.example;branch=z9hG4bKoc';
  assert.equal(mentionsParam(request(bare), via, 'keep'), false);
  assert.equal(mentionsParam(request(bare), via, 'oc'), false);
  assert.equal(mentionsParam(request(bare, `${bare}, ${bare} ; KEEP=3`), via, 'keep'), true);
  assert.equal(mentionsParam(request(`${bare};oc-seq=1`), via, 'oc'), true);
  assert.equal(mentionsParam(request(`${bare};\r\n keep`), via, 'keep'), true);
  const [message, top] = [request(bare), new Via('UDP', 'a.example', undefined, new Params(';oc'))];
  assert.equal(mentionsParam(edit(message).prepend(via, top).request('OPTIONS', message.uri), via, 'oc'), true);
});
