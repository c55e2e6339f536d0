import { anomaliesOf } from './anomalies.ts';
import { type Element, textOf, within } from './element.ts';
import { LENGTH, NUMBER, PROTOCOL } from './marks.ts';
import { createInvite, createRegister } from './messages.ts';

/** A message with one thing wrong with it. */
export interface HostileCase {
  /** The element and what is wrong with it: `INVITE/Via/value/sent-by/port port: :65536`. */
  readonly name: string;
  readonly method: 'INVITE' | 'REGISTER';
  /** Whether it is about a part that `messages.ts` describes, or about a header field of which there is only a sample. */
  readonly origin: 'grammar' | 'sample';
  /** The message, one character a byte; number and protocol make it one of its own. */
  readonly text: (number: number, protocol: string) => string;
  /** The session description, where the case is about one. */
  readonly session: string | undefined;
}

/**
 * Every element of an INVITE with a session description and of a REGISTER, with everything that can be wrong with an element
 * of its kind, one at a time: the way in which the University of Oulu tested SIP in the PROTOS suite c07. The rest of each
 * message is valid, so that what is wrong is reached. Always the same cases in the same order, no two of which are equal.
 */
export function hostileCases(): readonly HostileCase[] {
  const cases: HostileCase[] = [];
  const seen = new Set<string>();
  for (const [method, message] of [
    ['INVITE', createInvite()],
    ['REGISTER', createRegister()],
  ] as const) {
    const body = [...within(message)].find(({ path }) => path === `${method}/body`);
    for (const element of within(message)) {
      for (const { family, name, apply } of anomaliesOf(element.kind)) {
        const wrong = apply(textOf(element));
        if (wrong === undefined) continue;
        const template = textOf(message, element, wrong);
        const session = sessionOf(body, element, wrong);
        const written = template.replaceAll(LENGTH, `${session.text.length}`);
        if (written.length > MAX_LENGTH || seen.has(written)) continue;
        seen.add(written);
        const origin = element.kind === 'other' ? 'sample' : 'grammar';
        cases.push({
          ...caseOf(method, written, session),
          name: `${element.path} ${family}: ${printable(name)}`,
          origin,
        });
      }
    }
  }
  return cases;
}

function caseOf(
  method: HostileCase['method'],
  written: string,
  session: SentSession,
): Omit<HostileCase, 'name' | 'origin'> {
  const pieces = written.split(NUMBER);
  return {
    method,
    text: (number, protocol) => pieces.join(`${number}`.padStart(6, '0')).replaceAll(PROTOCOL, protocol),
    session: session.state === 'wrong' ? session.text : undefined,
  };
}

interface SentSession {
  readonly text: string;
  readonly state: 'valid' | 'wrong';
}

/** Content-Length is that of the body as it is sent, so that what is wrong with a body does not end at its length. */
function sessionOf(body: Element | undefined, element: Element, wrong: string): SentSession {
  if (body === undefined) return { text: '', state: 'valid' };
  const isInside = element.path === body.path || element.path.startsWith(`${body.path}/`);
  return isInside ? { text: textOf(body, element, wrong), state: 'wrong' } : { text: textOf(body), state: 'valid' };
}

const printable = (name: string): string =>
  JSON.stringify(name)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(/[\x7f-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);

/** A datagram holds 65,507 bytes. */
const MAX_LENGTH = 65_400;
