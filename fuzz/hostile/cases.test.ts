import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parse } from '@strowger/sip/message';
import { parseSdp } from '@strowger/sip/sdp';
import { nodeText } from '@strowger/testkit';
import { bytesOf } from '../corpus.ts';
import { replay } from '../target.ts';
import { datagram } from '../targets/datagram.ts';
import { sdp } from '../targets/sdp.ts';
import { hostileCases } from './cases.ts';
import { textOf, within } from './element.ts';
import { LENGTH, NUMBER, PROTOCOL } from './marks.ts';
import { createInvite, createRegister } from './messages.ts';

const CASES = hostileCases();

test('there are more than ten thousand cases, each with a name and bytes of its own', () => {
  assert.ok(CASES.length > 10_000, `${CASES.length}`);
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  // With the same number in all of them, so that what tells them apart is what is wrong.
  assert.equal(new Set(CASES.map(({ text }) => text(0, 'UDP'))).size, CASES.length);
});

test('the cases are the same in every run: their hash is the one that was written down', () => {
  const hash = createHash('sha256');
  // Those of other header fields follow the samples, which grow with the header table.
  for (const { name, origin, text } of CASES)
    if (origin === 'grammar') hash.update(`${name}\0${text(0, 'UDP')}\0`, 'latin1');
  assert.equal(hash.digest('hex'), HASH, 'cases were changed: write the new hash here and into RECORD.md');
});

test('every part of the messages has cases, and so has every header field that has samples', () => {
  const about = new Set(CASES.map(({ name }) => name.slice(0, name.indexOf(' '))));
  const parts = [createInvite(), createRegister()].flatMap((message) => [...within(message)]);
  const without = parts.filter(({ path, kind }) => kind !== 'plain' && !about.has(path)).map(({ path }) => path);
  assert.deepEqual(without, []);
  assert.ok(parts.length > 300, `${parts.length}`);
});

test('what is around the anomalies is valid: both messages and the session description can be read', () => {
  for (const message of [createInvite(), createRegister()]) {
    const body = [...within(message)].find(({ path }) => path.endsWith('/body'));
    const session = body === undefined ? '' : textOf(body);
    const text = textOf(message)
      .replaceAll(NUMBER, '1')
      .replaceAll(PROTOCOL, 'UDP')
      .replaceAll(LENGTH, `${session.length}`);
    assert.equal(parse(bytesOf(text), nodeText).kind, 'request', text);
    if (body !== undefined) assert.equal(parseSdp(session, { mode: 'strict' }).type, 'sdp');
  }
});

test('no case breaks what must be true of every datagram', () => {
  for (const { name, text } of CASES) assert.equal(replay(datagram, text(0, 'UDP')), undefined, name);
});

test('no case breaks what must be true of every session description', () => {
  let count = 0;
  for (const { name, session } of CASES) {
    if (session === undefined) continue;
    count += 1;
    assert.equal(replay(sdp, session), undefined, name);
  }
  assert.ok(count > 1_000, `${count}`);
});

const HASH = '2a0b969cbf6e328c371963767a0b8898509f9f686f1a3b02963e3fb7731f7e18';
