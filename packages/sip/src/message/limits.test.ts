import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, plainText, requestOf } from '@strowger/testkit/messages';
import { RemoteFault } from '../text/faults.ts';
import { readAll, readBody, via } from './index.ts';
import { LIMITS } from './limits.ts';

const faultOf = (action: () => unknown): string => {
  try {
    action();
  } catch (fault) {
    if (fault instanceof RemoteFault) return `${fault.status} ${fault.reason}`;
    throw fault;
  }
  return 'none';
};

test('a list header may have so many values and no more, in one line or in several', () => {
  const values = (count: number): string => new Array<string>(count).fill('SIP/2.0/UDP a').join(', ');
  const request = (count: number) =>
    requestOf(messageText(['OPTIONS sip:a SIP/2.0', `Via: ${values(count - 1)}`, 'Via: SIP/2.0/UDP b']));
  assert.equal(readAll(request(LIMITS.listValues), via).length, LIMITS.listValues);
  assert.equal(
    faultOf(() => readAll(request(LIMITS.listValues + 1), via)),
    '400 Too Many Via Values',
  );
});

test('a multipart body may have so many parts and no more, those of its parts included', () => {
  const parts = (count: number): string => `${'--b\r\n\r\nx\r\n'.repeat(count)}--b--`;
  const request = (body: string) =>
    requestOf(messageText(['MESSAGE sip:a SIP/2.0', 'Content-Type: multipart/mixed;boundary=b'], body));
  assert.equal(readBody(request(parts(LIMITS.bodyParts)), plainText)?.parts.length, LIMITS.bodyParts);
  assert.equal(
    faultOf(() => readBody(request(parts(LIMITS.bodyParts + 1)), plainText)),
    '400 Too Many Body Parts',
  );
});

test('multipart bodies may stand so deep in each other and no deeper', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? 'x'
      : `--b${depth}\r\nContent-Type: multipart/mixed;boundary=b${depth - 1}\r\n\r\n${nested(depth - 1)}\r\n--b${depth}--`;
  const request = (depth: number) =>
    requestOf(
      messageText(['MESSAGE sip:a SIP/2.0', `Content-Type: multipart/mixed;boundary=b${depth}`], nested(depth)),
    );
  // The innermost part says that it is a multipart, and is none.
  assert.equal(
    faultOf(() => readBody(request(LIMITS.bodyDepth - 1), plainText)),
    '400 Bad Multipart Body',
  );
  assert.equal(
    faultOf(() => readBody(request(LIMITS.bodyDepth), plainText)),
    '513 Body Parts Nested Too Deeply',
  );
});
