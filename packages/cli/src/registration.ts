import { createHash } from '@strowger/node';
import {
  answer,
  authorize,
  type DigestClient,
  type DigestRequest,
  type DigestSession,
  type Refusal,
} from '@strowger/sip/auth';
import { bodyOf, headersOf, type Line, line, newRequest, type Request, type Response } from '@strowger/sip/message';
import { type AuthValue, parseAuthValue, printAuthValue } from '@strowger/sip/text';
import { bareUri, bracketed, type SipUri, userOf, withHost, withUser } from '@strowger/sip/uri';
import type { Caller } from './caller.ts';

/** What one command registers. */
export interface Registration {
  /** With a user. */
  readonly aor: SipUri;
  readonly password: string;
  readonly expiresSeconds: number;
}

export type RegistrationOutcome =
  | { readonly type: 'registered'; readonly response: Response }
  /** `why` is known where the server asked for a password and none is left to try. */
  | { readonly type: 'refused'; readonly response: Response; readonly why: string | undefined }
  | { readonly type: 'failed'; readonly text: string };

/**
 * Sends a REGISTER and answers challenges as often as digest authentication allows (RFC 3261 §10.2, §22.2). The contact is
 * the caller's own socket; an expiry of 0 removes every contact of the address by `Contact: *` (§10.2.2), because nobody
 * knows the socket of an earlier command any more.
 */
export async function sendRegistration(
  caller: Caller,
  registration: Registration,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RegistrationOutcome> {
  const client = clientFor(registration);
  const names = { callId: caller.token(), tag: caller.token() };
  let proofs = KINDS.map((kind): Proof => ({ kind, sessions: [], lines: [] }));
  for (let sequence = 1; ; sequence += 1) {
    const lines = proofs.flatMap((proof) => proof.lines);
    const request = registerOf(caller, registration, { ...names, sequence }, lines);
    const outcome = await caller.call(request, timeoutMs, signal);
    if (outcome.type === 'failed') return outcome;
    const { response } = outcome;
    if (response.status < 300) return { type: 'registered', response };
    if (response.status !== 401 && response.status !== 407) return { type: 'refused', response, why: undefined };
    const target = { method: 'REGISTER', uri: request.uri, body: bodyOf(request) };
    const next = proofs.map((proof) => proofAfter(proof, response, target, client, caller.token()));
    const refused = next.find((proof) => 'reason' in proof);
    if (refused !== undefined || next.every(({ isAnswer }) => !isAnswer))
      return { type: 'refused', response, why: WHY[refused?.reason ?? 'malformed'] };
    proofs = next;
  }
}

/** The contact that the caller registers. */
export function contactOf({ user }: SipUri, { local }: Caller): string {
  const transport = local.protocol === 'udp' ? '' : `;transport=${local.protocol}`;
  return `sip:${user ?? ''}@${bracketed(local.host)}:${local.port}${transport}`;
}

/** What is proved to one kind of server, and the header lines that prove it. */
interface Proof {
  readonly kind: (typeof KINDS)[number];
  readonly sessions: readonly DigestSession[];
  readonly lines: readonly Line[];
}

interface NextProof extends Proof {
  /** True when the server asked and gets an answer that it did not have. */
  readonly isAnswer: boolean;
  readonly reason?: Refusal['reason'];
}

/** RFC 3261 §22.3: each server gets what it asks for, and again what it has accepted. */
function proofAfter(
  { kind, sessions }: Proof,
  response: Response,
  target: DigestRequest,
  client: DigestClient,
  cnonce: string,
): NextProof {
  const challenges = valuesOf(response, kind.challenge);
  if (challenges.length === 0) {
    const kept = authorize(sessions, target, client, cnonce);
    return { kind, sessions: kept.sessions, lines: linesOf(kind.header, kept.credentials), isAnswer: false };
  }
  const given = answer(challenges, target, client, { cnonce, sent: sessions });
  if (given.type === 'giveUp')
    return { kind, sessions, lines: [], isAnswer: false, reason: given.refused[0]?.reason ?? 'malformed' };
  return { kind, sessions: given.sessions, lines: linesOf(kind.header, given.credentials), isAnswer: true };
}

const linesOf = (header: string, credentials: readonly AuthValue[]): readonly Line[] =>
  credentials.map((value) => line(header, printAuthValue(value)));

/** A person named the server and gave the password for it, so it is used for whatever realm the server calls itself. */
function clientFor({ aor, password }: Registration): DigestClient {
  const username = userOf(aor) ?? '';
  return {
    accountFor: () => ({ username, password }),
    algorithms: ['SHA-512-256', 'SHA-256', 'MD5'],
    choose: 'strongest',
    qop: 'auth',
    hash: createHash(),
  };
}

function registerOf(
  caller: Caller,
  { aor, expiresSeconds }: Registration,
  { callId, tag, sequence }: { readonly callId: string; readonly tag: string; readonly sequence: number },
  proofs: readonly Line[],
): Request {
  const address = withHost(bareUri(aor), aor.host, aor.port);
  const lines: readonly Line[] = [
    line('Max-Forwards', '70'),
    line('From', `<${address.text}>;tag=${tag}`),
    line('To', `<${address.text}>`),
    line('Call-ID', callId),
    line('CSeq', `${sequence} REGISTER`),
    line('Contact', expiresSeconds === 0 ? '*' : `<${contactOf(aor, caller)}>`),
    line('Expires', String(expiresSeconds)),
    line('User-Agent', 'Strowger'),
    ...proofs,
  ];
  const request = newRequest();
  for (const one of lines) request.add(one);
  return request.request('REGISTER', withUser(address, undefined).text);
}

/** The challenges of a response; what cannot be read is left out. */
function valuesOf(response: Response, name: string): readonly AuthValue[] {
  return [...headersOf(response)].flatMap(([header, text]) => {
    const value = header.toLowerCase() === name ? parseAuthValue(text) : undefined;
    return value === undefined || 'fault' in value ? [] : [value];
  });
}

const KINDS = [
  { challenge: 'www-authenticate', header: 'Authorization' },
  { challenge: 'proxy-authenticate', header: 'Proxy-Authorization' },
] as const;

const WHY: Readonly<Record<Refusal['reason'], string>> = {
  rejected: 'the name or the password is wrong',
  noAccount: 'there is no account for this realm',
  unsupported: 'the server wants an authentication that is not known here',
  malformed: 'what the server asks for cannot be read',
};
