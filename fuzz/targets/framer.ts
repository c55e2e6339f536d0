import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { bodyOf, Framer, parse } from '@strowger/sip/message';
import { nodeText, type SeededRandom } from '@strowger/testkit';
import { bytesOf, corpusOf, tortureMessages } from '../corpus.ts';
import type { Target } from '../target.ts';
import { MESSAGE_WORDS } from '../words.ts';

/** However a stream is cut on its way, the same messages come out, and they are what the parser takes them for. */
export const framer: Target = {
  name: 'framer',
  share: 15,
  seeds: [...tortureMessages, ...streams(), ...corpusOf('framer').values()],
  words: MESSAGE_WORDS,
  check: (input, random) => {
    const stream = bytesOf(input);
    const whole = outcomeOf([stream]);
    assert.ok(isDeepStrictEqual(outcomeOf(pieces(stream, random)), whole), 'the same however it was cut');
    const last = whole.fault === undefined ? whole.messages.length : whole.messages.length - 1;
    for (const message of whole.messages.slice(0, last)) {
      const parsed = parse(bytesOf(message), nodeText);
      // Otherwise what follows would be one message for the framer and another one for the parser.
      if (parsed.kind === 'malformed') assert.ok(!MISFRAMED.includes(parsed.reason), parsed.reason);
      else
        assert.equal(
          parsed.content.bodyStart + bodyOf(parsed).length,
          message.length,
          'the body ends where it was cut',
        );
    }
  },
};

interface Outcome {
  readonly messages: readonly string[];
  readonly pings: number;
  readonly fault: string | undefined;
}

function outcomeOf(chunks: readonly Uint8Array[]): Outcome {
  const framing = new Framer();
  const messages: string[] = [];
  let pings = 0;
  let fault: string | undefined;
  for (const chunk of chunks) {
    const framed = framing.push(chunk);
    messages.push(...framed.messages.map((message) => Buffer.from(message).toString('latin1')));
    pings += framed.pings;
    fault ??= framed.fault;
  }
  return { messages, pings, fault };
}

/** Mostly some cuts, now and then one behind every byte. */
function pieces(stream: Uint8Array, random: SeededRandom): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const most = random.below(8) === 0 && stream.length < 2_000 ? 1 : 1 + random.below(300);
  for (let at = 0; at < stream.length; ) {
    const size = 1 + random.below(most);
    chunks.push(stream.slice(at, at + size));
    at += size;
  }
  return chunks;
}

function streams(): readonly string[] {
  const one = (body: string, more = ''): string =>
    `MESSAGE sip:a@b.example SIP/2.0\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
  return [
    `${one('hello')}\r\n\r\n${one('')}${one('\r\n\r\n')}`,
    `\r\n\r\n\r\n\r\n${one('x', 'Subject: a\r\n b\r\n')}\r\n`,
    `${one('', 'l: 0\r\n')}${one('x')}`,
  ];
}

const MISFRAMED: readonly string[] = ['Body Shorter Than Content-Length', 'Missing Empty Line After The Headers'];
