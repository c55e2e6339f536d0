import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import {
  bodyOf,
  edit,
  headersOf,
  headerTable,
  LIMITS,
  type Message,
  maxForwards,
  parse,
  print,
  read,
  readAll,
  readBody,
  route,
  via,
} from '@strowger/sip/message';
import { RemoteFault } from '@strowger/sip/text';
import { nodeText } from '@strowger/testkit';
import { bytesOf, corpusOf, tortureMessages } from '../corpus.ts';
import type { Target } from '../target.ts';
import { MESSAGE_WORDS } from '../words.ts';

/** Whatever a datagram holds is a message or a value that says what is wrong; a message survives printing and edits. */
export const datagram: Target = {
  name: 'datagram',
  share: 22,
  seeds: [...tortureMessages, ...corpusOf('datagram').values()],
  words: MESSAGE_WORDS,
  check: (input) => {
    const bytes = bytesOf(input);
    const parsed = parse(bytes, nodeText);
    if (parsed.kind === 'malformed') {
      assert.ok(parsed.position >= 0 && parsed.position <= bytes.length, 'the position is within the datagram');
      assert.ok([400, 413, 505, 513].includes(parsed.status) && parsed.reason !== '');
      if (parsed.message !== undefined) readEverything(parsed.message);
      return;
    }
    readEverything(parsed);
    sameAgain(parsed);
    edits(parsed);
  },
};

/** Every reader gives a value or says that the peer is at fault. */
export function readEverything(message: Message): void {
  for (const [name, value] of headersOf(message)) assert.ok(typeof name === 'string' && typeof value === 'string');
  for (const def of headerTable) {
    remote(() => read(message, def));
    remote(() => readAll(message, def));
  }
  remote(() => readBody(message, nodeText));
}

/** Printed and read again it is the same message, and its printed form stays. */
function sameAgain(message: Message): void {
  const bytes = print(message, nodeText);
  const again = parse(bytes, nodeText);
  // What comes out may be longer by a Content-Length than what came in.
  if (again.kind === 'malformed' && bytes.length > LIMITS.headBytes) return;
  if (again.kind === 'malformed') assert.fail(`what was printed is malformed: ${again.reason}`);
  assert.equal(again.kind, message.kind);
  const known = [...headersOf(again)].slice(0, message.content.count);
  assert.ok(isDeepStrictEqual(known, [...headersOf(message)]), 'the same headers');
  assert.ok(isDeepStrictEqual(Buffer.from(bodyOf(again)), Buffer.from(bodyOf(message))), 'the same body');
  assert.ok(isDeepStrictEqual(print(again, nodeText), bytes), 'printed the same again');
}

/** What a proxy does to every message: the result is a message, and its other headers are those of the original. */
function edits(message: Message): void {
  const hops = remote(() => readAll(message, via)) ?? [];
  const copy = edit(message).set(maxForwards, 7).dropTop(via).dropTop(route).dropLast(route);
  const edited = message.kind === 'request' ? copy.request(message.method, message.uri) : copy.response(200, 'OK');
  const again = parse(print(edited, nodeText), nodeText);
  if (again.kind === 'malformed') return assert.fail(`an edited message is malformed: ${again.reason}`);
  assert.equal(read(again, maxForwards), 7);
  const left = remote(() => readAll(again, via));
  if (hops.length > 0) assert.equal(left?.length, hops.length - 1, 'one Via less');
}

function remote<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}
