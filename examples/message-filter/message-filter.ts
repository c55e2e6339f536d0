import { App, type Middleware } from '@strowger/server';
import { bodyOf, contentType, from, need, type Request, read } from '@strowger/sip/message';
import { type Decision, reply } from '@strowger/sip/routing';
import type { Text } from '@strowger/sip/text';

export interface FilterOptions {
  /** A MESSAGE whose text has one of these is not passed on; in lower case. */
  readonly unwanted: readonly string[];
  readonly text: Text;
  readonly log: (line: string) => void;
}

/** Text messages (RFC 3428) are looked at before they are passed on; every other request is left alone. */
export const createMessageFilter = (options: FilterOptions): App =>
  new App().use(onlyMessages(logged(options)), onlyMessages(filtered(options)));

/** Sees the request before, and what was decided after, all middleware that stands behind it. */
const logged =
  ({ log }: FilterOptions): Middleware =>
  async ({ request }, next) => {
    const decision = await next();
    log(`${need(request, from).uriText} to ${request.uri}: ${wordFor(decision)}`);
    return decision;
  };

/** Decides by itself, or leaves it to those behind it. */
const filtered =
  ({ unwanted, text }: FilterOptions): Middleware =>
  ({ request }, next) => {
    if (bodyOf(request).length > MAX_BYTES) return reply(413);
    const words = textIn(request, text).toLowerCase();
    return unwanted.some((word) => words.includes(word)) ? reply(403, 'Not Wanted Here') : next();
  };

const onlyMessages =
  (middleware: Middleware): Middleware =>
  (ctx, next) =>
    ctx.request.method === 'MESSAGE' ? middleware(ctx, next) : next();

/** The text of a body that is text; '' for a picture, which the words say nothing about. */
function textIn(request: Request, text: Text): string {
  const body = bodyOf(request);
  return read(request, contentType)?.media.startsWith('text/') === true ? text.utf8(body, 0, body.length) : '';
}

/** `pass` is the word of a program that leaves the decision to the server. */
const wordFor = (decision: Decision): string =>
  decision.type === 'reply' ? `answered ${decision.status}` : 'passed on';

/** Larger ones do not belong into a MESSAGE (RFC 3428 §8). */
const MAX_BYTES = 1300;
