import type { UnixMs } from '@strowger/sip/text';
import { isRefusal, type Network } from './config/index.ts';
import { type Ban, parseBanned } from './guard/ban.ts';
import type { Bans } from './guard/bans.ts';

/** A ban as it is shown. */
export interface ShownBan {
  readonly network: string;
  readonly reason: string;
  readonly by: Ban['by'];
  readonly since: string;
  /** `null`: until it is removed. */
  readonly expiresInSeconds: number | null;
  /** How many bans of the guard in a row this one is; 0 for one made by hand. */
  readonly times: number;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * `GET /v1/bans`; `POST /v1/bans` with `{"network": "192.0.2.0/24"}`, perhaps `"reason"` and `"seconds"`;
 * `DELETE /v1/bans/NETWORK`, its slash escaped.
 */
export async function answerBans(
  request: Asked,
  rest: readonly string[],
  bans: Bans | undefined,
  now: UnixMs,
): Promise<Answer> {
  if (bans === undefined) return fault(409, 'this server has no guard: guard.enabled is false');
  const [text] = rest;
  if (text === undefined && request.method === 'GET')
    return { status: 200, body: { bans: bans.list().map((ban) => showBan(ban, now)) } };
  if (text === undefined && request.method === 'POST') return add(request.body, bans, now);
  if (rest.length === 1 && text !== undefined && request.method === 'DELETE') return remove(text, bans);
  return fault(405, `${request.method} is not for ${request.path}`);
}

async function add(body: unknown, bans: Bans, now: UnixMs): Promise<Answer> {
  const given = readBody(body);
  if (given === undefined) return fault(400, BODY);
  const network = networkOf(given.network);
  if ('status' in network) return network;
  const until = given.seconds === undefined ? undefined : now + given.seconds * 1000;
  const ban = await bans.add(network, given.reason, until);
  return ban === undefined
    ? fault(409, 'there are as many bans as there may be; remove some, or ban a larger network')
    : { status: 201, body: { ban: showBan(ban, now) } };
}

async function remove(text: string, bans: Bans): Promise<Answer> {
  const network = networkOf(text);
  if ('status' in network) return network;
  return (await bans.remove(network)) ? { status: 200, body: { network: text } } : fault(404, `${text} is not banned`);
}

interface NewBan {
  readonly network: string;
  readonly reason: string;
  readonly seconds: number | undefined;
}

function readBody(body: unknown): NewBan | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const {
    network,
    reason = 'by hand',
    seconds,
  } = { network: undefined, reason: undefined, seconds: undefined, ...body };
  if (typeof network !== 'string' || typeof reason !== 'string' || !REASON.test(reason)) return undefined;
  if (seconds === undefined || seconds === null) return { network, reason, seconds: undefined };
  const isWhole = typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds > 0 && seconds <= MAX_SECONDS;
  return isWhole ? { network, reason, seconds } : undefined;
}

function networkOf(text: string): Network | Answer {
  const read = parseBanned(text);
  if (!isRefusal(read)) return read.value;
  return fault(400, `found ${text}, expected ${read.expected}${read.hint === undefined ? '' : `; ${read.hint}`}`);
}

const showBan = ({ network, reason, by, since, until, times }: Ban, now: UnixMs): ShownBan => ({
  network,
  reason,
  by,
  since: new Date(since).toISOString(),
  expiresInSeconds: until === undefined ? null : Math.max(0, Math.ceil((until - now) / 1000)),
  times,
});

const fault = (status: number, error: string): Answer => ({ status, body: { error: `${error}.` } });

const REASON = /^[^\p{Cc}]{1,200}$/u;
const MAX_SECONDS = 315_360_000;
const BODY =
  'the body must be {"network": "192.0.2.0/24"}, perhaps with "reason", a line of text, and "seconds", a whole number from 1 to 315360000';
