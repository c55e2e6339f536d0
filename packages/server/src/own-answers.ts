import {
  type Line,
  line,
  maxForwards,
  proxyRequire,
  type Request,
  read,
  readAll,
  require as requireHeader,
} from '@strowger/sip/message';
import { type Decision, reply } from '@strowger/sip/routing';
import type { Facts } from './facts.ts';

/** The methods that this server answers or passes on; others are passed on as well, but nobody is told (RFC 3261 §20.5). */
export const METHODS = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'INFO',
  'UPDATE',
  'PRACK',
] as const;

/** The option tags that this server understands as a proxy and registrar. */
const SUPPORTED: readonly string[] = ['path', 'outbound', 'gruu'];

/** RFC 3261 §16.3 steps 3 and 5: what stops a request that would be passed on. */
export function refusalToForward(request: Request): Decision | undefined {
  const hops = read(request, maxForwards);
  if (hops === 0) return reply(483);
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  return unsupported(readAll(request, proxyRequire));
}

/** RFC 3261 §8.2.2.3: 420 names every extension that is required and not understood. */
export function unsupported(required: readonly string[]): Decision | undefined {
  if (required.length === 0) return undefined;
  const unknown = required.filter((tag) => !SUPPORTED.includes(tag.toLowerCase()));
  return unknown.length === 0 ? undefined : reply(420, undefined, [line('Unsupported', unknown.join(', '))]);
}

/** What is asked of the server itself: a Request-URI that names it and no user (RFC 3261 §8.2, §11.2). */
export function answerAsServer(facts: Facts): Decision {
  const refusal = unsupported(readAll(facts.request, requireHeader));
  if (refusal !== undefined) return refusal;
  if (facts.method === 'OPTIONS') return reply(200, undefined, CAPABILITIES);
  if ((METHODS as readonly string[]).includes(facts.method))
    return reply(405, undefined, [line('Allow', 'OPTIONS, REGISTER')]);
  return reply(501, undefined, [line('Allow', 'OPTIONS, REGISTER')]);
}

/** RFC 3261 §11.2: Allow, Accept, Accept-Encoding, Accept-Language and Supported of a 200 to OPTIONS. */
const CAPABILITIES: readonly Line[] = [
  line('Allow', METHODS.join(', ')),
  line('Accept', 'application/sdp'),
  line('Accept-Encoding', 'identity'),
  line('Accept-Language', 'en'),
  line('Supported', SUPPORTED.join(', ')),
];
