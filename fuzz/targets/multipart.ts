import assert from 'node:assert/strict';
import { type Body, parse, partsToProcess, readBody } from '@strowger/sip/message';
import { RemoteFault } from '@strowger/sip/text';
import { nodeText } from '@strowger/testkit';
import { bytesOf, corpusOf } from '../corpus.ts';
import type { Target } from '../target.ts';
import { BLANKS } from '../words.ts';

/** Every body is parts or the peer's fault; parts lie within their whole, one behind the other. */
export const multipart: Target = {
  name: 'multipart',
  share: 2,
  seeds: [
    '--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: multipart/alternative;boundary=c\r\nContent-Disposition: render;handling=optional\r\n\r\n--c\r\n\r\nx\r\n--c\r\nc: image/png\r\nContent-ID: <a@b>\r\n\r\n\x00\x01\r\n--c--\r\n--b--\r\n',
    'preamble\r\n--b  \r\n\r\n\r\n--b--epilogue',
    ...corpusOf('multipart').values(),
  ],
  words: [
    ...BLANKS,
    '--b',
    '--b--',
    '--c',
    '\r\n--b\r\n',
    '\r\n--c\r\n',
    '\n--b\n',
    'Content-Type: multipart/mixed;boundary=b\r\n\r\n',
    'X:\r\n',
    ' fold\r\n',
  ],
  check: (input) => {
    const head = 'MESSAGE sip:a SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n';
    const message = parse(bytesOf(head + input), nodeText);
    assert.ok(message.kind === 'request');
    try {
      const body = readBody(message, nodeText);
      if (body === undefined) return;
      inside(body);
      partsToProcess(body, ({ type }) => type.media === 'text/plain');
    } catch (fault) {
      if (!(fault instanceof RemoteFault)) throw fault;
      assert.ok(fault.status === 400 || fault.status === 513);
    }
  },
};

function inside(body: Body): void {
  let end = body.bytes.byteOffset;
  for (const part of body.parts) {
    assert.ok(part.bytes.byteOffset >= end, 'behind the part before it');
    end = part.bytes.byteOffset + part.bytes.length;
    assert.ok(end <= body.bytes.byteOffset + body.bytes.length, 'within the whole');
    inside(part);
  }
}
