import {
  awaitChallenge,
  awaitRequest,
  awaitStatus,
  type Body,
  KEPT_INVITE,
  KEPT_NAMES,
  laterResponse,
  maybe,
  type Outgoing,
  request,
  response,
  type Scenario,
  SDP,
  sameTransaction,
  scenario,
  send,
  sendOnce,
  within,
  withinAsCalled,
} from './scenario.ts';
import { type Account, addressOf } from './server.ts';

/** What phones do, as scenarios of SIPp: what a caller does first, then what the called do. */

/** Registers where SIPp listens, or, with 0 seconds, takes that back. The registrar asks for the password. */
export function registers(account: Account, seconds: number, password = account.password, status = 200): Scenario {
  const own = { uri: `sip:${account.domain}`, from: account, to: addressOf(account) };
  return scenario(
    `${account.name} registers for ${seconds} s`,
    send(request('REGISTER', { ...own, cseq: 1, lines: [`Expires: ${seconds}`] })),
    awaitChallenge(401),
    send(request('REGISTER', { ...own, cseq: 2, lines: [`Expires: ${seconds}`, proof({ ...account, password })] })),
    awaitStatus(status),
  );
}

/** Registers at a registrar that asks for nothing. */
export function registersUnasked(account: Account): Scenario {
  const own = { uri: `sip:${account.domain}`, from: account, to: addressOf(account), cseq: 1 };
  return scenario(
    `${account.name} registers`,
    send(request('REGISTER', { ...own, lines: ['Expires: 300'] })),
    awaitStatus(200),
  );
}

/** Calls, talks for no time at all, and hangs up. `lines` go into the INVITE, such as Route. */
export const calls = (from: Account, to: string, lines: readonly string[] = []): Scenario =>
  scenario(
    `${from.name} calls`,
    challengedInvite({ uri: to, from, to, cseq: 2, lines }),
    answeredAndEnded(from, to, 2),
  );

/** Calls without being asked who it is, and hangs up. */
export const callsUnasked = (from: Account, to: string): Scenario =>
  scenario(`${from.name} calls`, unaskedInvite(from, to), answeredAndEnded(from, to, 1));

/** Calls and waits until the other hangs up. */
export const callsAndStays = (from: Account, to: string, lines: readonly string[] = []): Scenario =>
  scenario(
    `${from.name} calls and stays`,
    challengedInvite({ uri: to, from, to, cseq: 2, lines }),
    answeredAndWaiting(from, to, 2),
  );

export const callsAndStaysUnasked = (from: Account, to: string): Scenario =>
  scenario(`${from.name} calls and stays`, unaskedInvite(from, to), answeredAndWaiting(from, to, 1));

/** Calls and gives up while it rings (RFC 3261 §9.1). */
export function callsAndCancels(from: Account, to: string): Scenario {
  const invite = { uri: to, from, to, cseq: 2 };
  return scenario(
    `${from.name} calls and cancels`,
    challengedInvite(invite),
    maybe(100),
    awaitStatus(180),
    send(sameTransaction('CANCEL', invite)),
    awaitStatus(200),
    awaitStatus(487),
    sendOnce(sameTransaction('ACK', invite)),
  );
}

/** Calls and gets a failure. */
export function callsInVain(from: Account, to: string, status: number): Scenario {
  const invite = { uri: to, from, to, cseq: 2 };
  return scenario(
    `${from.name} calls and gets ${status}`,
    challengedInvite(invite),
    maybe(100, 180),
    awaitStatus(status),
    sendOnce(sameTransaction('ACK', invite)),
  );
}

/** Calls without a password and gets a failure. */
export const callsUnaskedInVain = (from: Account, to: string, status: number): Scenario =>
  scenario(
    `${from.name} calls and gets ${status}`,
    unaskedInvite(from, to),
    maybe(100),
    awaitStatus(status),
    sendOnce(sameTransaction('ACK', { uri: to, from, to, cseq: 1 })),
  );

/** Sends one request outside of a dialog, such as MESSAGE. */
export function asks(method: string, from: Account, to: string, body?: Body): Scenario {
  const outgoing = { uri: to, from, to, ...(body === undefined ? {} : { body }) };
  return scenario(
    `${from.name} sends ${method}`,
    send(request(method, { ...outgoing, cseq: 1 })),
    awaitChallenge(407),
    send(request(method, { ...outgoing, cseq: 2, lines: [proof(from)] })),
    awaitStatus(200),
  );
}

/** Sends one request outside of a dialog without being asked who it is. */
export const asksUnasked = (method: string, from: Account, to: string, body: Body): Scenario =>
  scenario(
    `${from.name} sends ${method}`,
    send(request(method, { uri: to, from, to, cseq: 1, body })),
    awaitStatus(200),
  );

export const answers = (as: Account): Scenario =>
  scenario(
    `${as.name} answers`,
    awaitRequest('INVITE'),
    sendOnce(response(180, 'Ringing', 'outside', as)),
    send(response(200, 'OK', 'outside', as, SDP)),
    awaitRequest('ACK'),
    awaitRequest('BYE'),
    sendOnce(response(200, 'OK', 'within')),
  );

export const answersAndHangsUp = (as: Account): Scenario =>
  scenario(
    `${as.name} answers and hangs up`,
    awaitRequest('INVITE', KEPT_NAMES),
    sendOnce(response(180, 'Ringing', 'outside', as)),
    send(response(200, 'OK', 'outside', as, SDP)),
    awaitRequest('ACK'),
    send(withinAsCalled('BYE', as, 1)),
    awaitStatus(200),
  );

/** Rings until the call is cancelled (RFC 3261 §9.2). */
export const rings = (as: Account): Scenario =>
  scenario(
    `${as.name} rings`,
    awaitRequest('INVITE', KEPT_INVITE),
    sendOnce(response(180, 'Ringing', 'outside', as)),
    awaitRequest('CANCEL'),
    sendOnce(response(200, 'OK', 'outside')),
    send(laterResponse(487, 'Request Terminated')),
    awaitRequest('ACK'),
  );

export const refuses = (as: Account, status: number, reason: string): Scenario =>
  scenario(
    `${as.name} refuses with ${status}`,
    awaitRequest('INVITE'),
    send(response(status, reason, 'outside')),
    awaitRequest('ACK'),
  );

/** Takes one request outside of a dialog. */
export const takes = (method: string, as: Account): Scenario =>
  scenario(`${as.name} takes ${method}`, awaitRequest(method), sendOnce(response(200, 'OK', 'outside')));

const unaskedInvite = (from: Account, to: string): readonly string[] => [
  send(request('INVITE', { uri: to, from, to, cseq: 1, body: SDP })),
];

/** From the first response on; the INVITE that is answered has the number `cseq`. */
const answeredAndEnded = (from: Account, to: string, cseq: number): readonly string[] => [
  ...answered(from, to, cseq),
  send(within('BYE', { from, to, cseq: cseq + 1 })),
  awaitStatus(200),
];

const answeredAndWaiting = (from: Account, to: string, cseq: number): readonly string[] => [
  ...answered(from, to, cseq),
  awaitRequest('BYE'),
  sendOnce(response(200, 'OK', 'within')),
];

const answered = (from: Account, to: string, cseq: number): readonly string[] => [
  ...maybe(100, 180),
  awaitStatus(200),
  sendOnce(within('ACK', { from, to, cseq })),
];

/** An INVITE that is challenged, and the one with the answer, which gets `cseq`. */
function challengedInvite(invite: Outgoing): readonly string[] {
  const { lines = [], cseq, from } = invite;
  const asked = { ...invite, cseq: cseq - 1 };
  return [
    send(request('INVITE', { ...asked, body: SDP })),
    ...maybe(100),
    awaitChallenge(407),
    sendOnce(sameTransaction('ACK', asked)),
    send(request('INVITE', { ...invite, lines: [...lines, proof(from)], body: SDP })),
  ];
}

/** SIPp makes Authorization or Proxy-Authorization of it, as it was asked. */
const proof = ({ name, password }: Account): string => `[authentication username=${name} password=${password}]`;
