import { createHash } from '@strowger/node';
import {
  answer,
  authorize,
  type DigestClient,
  type DigestRequest,
  type DigestSession,
  type Refusal,
} from '@strowger/sip/auth';
import type { Endpoint } from '@strowger/sip/engine';
import { bodyOf, headersOf, type Line, line, newRequest, type Request, type Response } from '@strowger/sip/message';
import { type AuthValue, parseAuthValue, printAuthValue } from '@strowger/sip/text';
import { bareUri, bracketed, type SipUri, userOf, withHost, withUser } from '@strowger/sip/uri';
import type { Caller, Failed, Patience } from './caller.ts';

/** What one command registers. */
export interface Registration {
  /** With a user. */
  readonly aor: SipUri;
  readonly password: string;
  readonly expiresSeconds: number;
}

export type RegistrationOutcome =
  /** `contact` is what was registered. */
  | { readonly type: 'registered'; readonly response: Response; readonly contact: string }
  /** `why` is known where the server asked for a password and none is left to try. */
  | { readonly type: 'refused'; readonly response: Response; readonly why: string | undefined }
  | Failed;

/**
 * Sends a REGISTER and answers challenges as often as digest authentication allows (RFC 3261 §10.2, §22.2). The contact is
 * the caller's own socket; an expiry of 0 removes every contact of the address by `Contact: *` (§10.2.2), because nobody
 * knows the socket of an earlier command any more.
 */
export async function sendRegistration(
  caller: Caller,
  registration: Registration,
  patience: Patience,
): Promise<RegistrationOutcome> {
  const client = clientFor(registration);
  const names = { callId: caller.token(), tag: caller.token() };
  let proofs = KINDS.map((kind): Proof => ({ kind, sessions: [], lines: [] }));
  for (let sequence = 1; ; sequence += 1) {
    const lines = proofs.flatMap((proof) => proof.lines);
    const requestFrom = (local: Endpoint): Request => registerOf(local, registration, { ...names, sequence }, lines);
    const outcome = await caller.call(requestFrom, patience);
    if (outcome.type === 'failed') return outcome;
    const { response, local } = outcome;
    if (response.status < 300) return { type: 'registered', response, contact: contactOf(registration.aor, local) };
    if (response.status !== 401 && response.status !== 407) return { type: 'refused', response, why: undefined };
    const request = requestFrom(local);
    const target = { method: 'REGISTER', uri: request.uri, body: bodyOf(request) };
    const next = proofs.map((proof) => proofAfter(proof, response, target, client, caller.token()));
    const refused = next.find((proof) => 'reason' in proof);
    if (refused !== undefined || next.every(({ isAnswer }) => !isAnswer))
      return { type: 'refused', response, why: WHY[refused?.reason ?? 'malformed'] };
    proofs = next;
  }
}

/** The contact that a caller registers; a sips: address has only sips: contacts (RFC 5630 §5.1.1.1). */
function contactOf({ user, secure }: SipUri, { protocol, host, port }: Endpoint): string {
  const transport = secure && protocol === 'tls' ? '' : TRANSPORTS[protocol];
  return `${secure ? 'sips' : 'sip'}:${user ?? ''}@${bracketed(host)}:${port}${transport}`;
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
  local: Endpoint,
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
    line('Contact', expiresSeconds === 0 ? '*' : `<${contactOf(aor, local)}>`),
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

/** RFC 3261 §19.1.1, RFC 7118 §5.2: WebSocket has one name, encrypted or not. */
const TRANSPORTS: Readonly<Record<Endpoint['protocol'], string>> = {
  udp: '',
  tcp: ';transport=tcp',
  tls: ';transport=tls',
  ws: ';transport=ws',
  wss: ';transport=ws',
};

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
