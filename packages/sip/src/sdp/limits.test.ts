import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SDP_LIMITS } from './limits.ts';
import { parseSdp } from './parse.ts';

test('a description has at most so many characters', () => {
  const longest = padded(SDP_LIMITS.textChars);
  assert.equal(longest.length, SDP_LIMITS.textChars);
  assert.equal(parseSdp(longest).type, 'sdp');
  refused(padded(SDP_LIMITS.textChars + 1), 'characters', SDP_LIMITS.textChars);
});

test('a description has at most so many lines', () => {
  const most = HEAD + 'a=x\r\n'.repeat(SDP_LIMITS.lines - HEAD_LINES);
  assert.equal(parseSdp(most).type, 'sdp');
  refused(`${most}a=x\r\n`, 'lines', most.length);
});

test('a line has at most so many characters', () => {
  const longest = `${HEAD}a=${'x'.repeat(SDP_LIMITS.lineChars - 2)}`;
  assert.equal(parseSdp(`${longest}\r\n`).type, 'sdp');
  refused(`${longest}x\r\n`, 'characters in a line', longest.length);
});

test('a description has at most so many media sections', () => {
  const most = HEAD + 'm=audio 1 RTP/AVP 0\r\n'.repeat(SDP_LIMITS.media);
  const sdp = parseSdp(most);
  assert.equal(sdp.type === 'sdp' && sdp.media.length, SDP_LIMITS.media);
  refused(`${most}m=audio 1 RTP/AVP 0\r\n`, 'media sections', most.length);
});

/** A description of exactly this length, in lines of which none is too long. */
function padded(chars: number): string {
  let text = HEAD;
  while (text.length < chars) text += `a=${'x'.repeat(Math.min(chars - text.length, 8_192) - 3)}\n`;
  return text;
}

function refused(text: string, limit: string, at: number): void {
  const fault = parseSdp(text);
  assert.ok(fault.type === 'fault', 'refused');
  assert.match(fault.reason, new RegExp(`^expected at most \\d+ ${limit}$`));
  assert.equal(fault.at, at);
}

const HEAD = 'v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n';
const HEAD_LINES = 4;
