import { Buffer } from 'node:buffer';
import { headOf, parse, type Request, type Response } from '../src/message/index.ts';
import type { Text } from '../src/text/text-port.ts';

/** Messages written down in tests as their RFCs print them: lines without line ends, the body behind an empty line. */

export function requestOf(text: string): Request {
  const message = messageOf(text);
  if (message.kind !== 'request') throw new Error('the text is a response');
  return message;
}

export function responseOf(text: string): Response {
  const message = messageOf(text);
  if (message.kind !== 'response') throw new Error('the text is a request');
  return message;
}

/** Start line and header lines of a message, as they are printed. */
export const linesOf = (message: Request | Response): readonly string[] => headOf(message).split('\r\n').slice(0, -2);

function messageOf(text: string): Request | Response {
  const [head = '', body = ''] = text.trim().split('\n\n');
  const lines = head.split('\n').map((line) => line.trim());
  const parsed = parse(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'utf8'), bufferText);
  if (parsed.kind === 'malformed') throw new Error(`the text is no message: ${parsed.reason}`);
  return parsed;
}

const bufferText: Text = {
  latin1: (bytes, start, end) => Buffer.from(bytes).toString('latin1', start, end),
  utf8: (bytes, start, end) => Buffer.from(bytes).toString('utf8', start, end),
  encode: (text) => Buffer.from(text, 'utf8'),
  join: (head, bytes, start, end) => Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(start, end)]),
};
