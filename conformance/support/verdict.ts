import { createStage, type Sent, type Stage, type Way } from './stage.ts';

/** What the RFC wants of a message, and what comes out of our server for it. */
export interface Verdict {
  /** The file in `messages/`. */
  readonly file: string;
  readonly section: string;
  /** What the RFC says, in our own words. */
  readonly rfc: string;
  /** What the parser makes of it: a request, a response, or the reason of a malformed message. */
  readonly parses: string;
  /** What the server of the domain says to it; the words of `wordsOf`. */
  readonly home: string;
  /** What a proxy says to it that has no domain of the message. */
  readonly proxy: string;
  /** Over TCP, where framing makes a difference. */
  readonly stream?: { readonly home: string; readonly proxy: string };
  /** Where we do not do what the RFC would like best, and why. */
  readonly deviates?: string;
}

export type Role = 'home' | 'proxy';

export interface Outcome {
  readonly words: string;
  readonly answers: readonly Sent[];
  readonly passedOn: readonly Sent[];
  readonly stage: Stage;
}

export const wanted = (verdict: Verdict, role: Role, way: Way): string =>
  (way === 'stream' ? verdict.stream?.[role] : undefined) ?? verdict[role];

/** Sends a message to a new server in that role, and says what came of it within half a second. */
export async function examine(bytes: Uint8Array, role: Role, way: Way, domain = 'example.com'): Promise<Outcome> {
  const stage = await createStage({ config: { domains: [role === 'home' ? domain : 'proxy.invalid'] } });
  const sent = way === 'datagram' ? await stage.datagram(bytes, 400) : await stage.stream(bytes, 400);
  const answers = sent.filter(({ text }) => text.startsWith('SIP/2.0 '));
  const passedOn = sent.filter(({ text }) => !text.startsWith('SIP/2.0 '));
  return { words: wordsOf(answers, passedOn, stage), answers, passedOn, stage };
}

/**
 * `passed on` for each request that left (with its 100 where it is an INVITE), status and reason of each final answer, `hangs
 * up` for a connection that was ended, `dropped` for nothing at all.
 */
function wordsOf(answers: readonly Sent[], passedOn: readonly Sent[], stage: Stage): string {
  const words = [
    ...answers.map(({ text }) => startLineOf(text).slice('SIP/2.0 '.length)).filter((line) => line !== '100 Trying'),
    ...passedOn.map(() => 'passed on'),
    ...(stage.hangups > 0 ? ['hangs up'] : []),
  ];
  return words.length === 0 ? 'dropped' : words.join(', ');
}

/** The request as it came against the request as it left: empty when only that differs which a proxy has to change. */
export function changesBy(proxied: Sent, original: Uint8Array): readonly string[] {
  const came = partsOf(Buffer.from(original).toString('latin1'));
  const left = partsOf(proxied.text);
  const added = /^(?:Via|Record-Route|Max-Breadth|Max-Forwards|Content-Length)$/i;
  const kept = left.lines.filter((line) => came.lines.includes(line));
  const lost = came.lines.filter((line) => !left.lines.includes(line) && !isReplaced(line, came.lines));
  const gained = left.lines.filter((line) => !came.lines.includes(line) && !added.test(nameOf(line)));
  const order = came.lines.filter((line) => left.lines.includes(line));
  return [
    ...(came.start.trimEnd() === left.start ? [] : [`start line: ${left.start}`]),
    ...lost.map((line) => `lost: ${line}`),
    ...gained.map((line) => `gained: ${line}`),
    ...(kept.join('\n') === order.join('\n') ? [] : ['other order']),
    ...(came.body === left.body ? [] : ['other body']),
  ];
}

export interface MessageParts {
  readonly start: string;
  /** Each with its folds. */
  readonly lines: readonly string[];
  readonly body: string;
}

/** A message by its parts, one character a byte; of a datagram only as much body as Content-Length says. */
export function partsOf(text: string): MessageParts {
  const from = text.replace(/^[\r\n]+/, '');
  const end = from.indexOf('\r\n\r\n');
  const [start = '', ...lines] = from.slice(0, end).split(/\r\n(?![ \t])/);
  const length = lines.find((line) => /^(?:Content-Length|l)$/i.test(nameOf(line)))?.split(':')[1];
  const body = from.slice(end + 4);
  return { start, lines, body: length === undefined ? body : body.slice(0, Number(length)) };
}

export const startLineOf = (text: string): string => text.split('\r\n', 1)[0] ?? '';

const nameOf = (line: string): string => (line.split(':', 1)[0] ?? '').trim();

/** Max-Forwards, and the topmost Via, where the receiver writes down whom it came from. */
function isReplaced(line: string, lines: readonly string[]): boolean {
  if (/^Max-Forwards$/i.test(nameOf(line))) return true;
  return line === lines.find((one) => /^(?:Via|v)$/i.test(nameOf(one)));
}
