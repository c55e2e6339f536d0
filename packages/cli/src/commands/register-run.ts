import { resolve } from 'node:path';
import { createAddressResolver } from '@strowger/node';
import { contact, expires, expiresOf, headersOf, type Response, read, readAll } from '@strowger/sip/message';
import type { Resolver } from '@strowger/sip/resolve';
import { RemoteFault } from '@strowger/sip/text';
import { type SipUri, tryParseUri, withUser } from '@strowger/sip/uri';
import { Caller, type Failed } from '../caller.ts';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { passwordFromInput } from '../password.ts';
import { type RegistrationOutcome, sendRegistration } from '../registration.ts';
import { printable, printSeconds, printTable } from '../table.ts';
import type { registerOutline } from './register.ts';

export const runRegister = registerBody({ timeoutMs: 10_000 });

export interface RegisterWorld {
  /** How long to wait for each answer. */
  readonly timeoutMs: number;
  /** The name service of this machine when missing. */
  readonly resolver?: Resolver;
}

/** The body in another world. */
export function registerBody(world: RegisterWorld): (input: InputOf<typeof registerOutline>) => Promise<number> {
  return (input) => withSentences('register', input.io, () => register(input, world));
}

async function register(
  { args, flags, io, signal }: InputOf<typeof registerOutline>,
  { timeoutMs, resolver = createAddressResolver() }: RegisterWorld,
): Promise<number> {
  const aor = readAor(args.aor);
  const server = flags.proxy === undefined ? withUser(aor, undefined) : readProxy(flags.proxy);
  const caller = new Caller(server, {
    resolver,
    authorities: flags.ca.map((file) => resolve(io.folder, file)),
    onPassedOver: (text) => io.err(`strowger register: ${text}; the next server is tried.`),
  });
  try {
    const registration = { aor, password: await passwordFromInput(io), expiresSeconds: flags.expires };
    const outcome = await sendRegistration(caller, registration, { timeoutMs, signal });
    if (outcome.type !== 'failed') return tell(outcome, aor, io);
    const hint = flags.proxy === undefined ? '. Name one with --proxy' : '';
    const text = outcome.why === 'no place' ? `no server for ${server.text}: ${outcome.text}${hint}` : outcome.text;
    io.err(`strowger register: ${printable(text)}.`);
    return EXIT.timeout;
  } finally {
    await caller.close();
  }
}

function readAor(text: string): SipUri {
  const uri = tryParseUri(text);
  if (uri?.type === 'sip' && uri.user !== undefined) return uri;
  throw new CommandFault(`${JSON.stringify(text)} is no address of a user such as sip:alice@example.test.`);
}

function readProxy(text: string): SipUri {
  const uri = tryParseUri(text);
  if (uri?.type === 'sip') return uri;
  throw new CommandFault(`${JSON.stringify(text)} is no SIP address such as sip:127.0.0.1.`);
}

function tell(outcome: Exclude<RegistrationOutcome, Failed>, aor: SipUri, io: Io): number {
  const { response } = outcome;
  if (outcome.type === 'refused') {
    const why = outcome.why === undefined ? '' : `: ${outcome.why}`;
    io.err(`strowger register: ${printable(`${response.status} ${response.reason}`)}${why}`);
    for (const [name, value] of headersOf(response))
      if (TOLD.has(name.toLowerCase())) io.err(`  ${name}: ${printable(value)}`);
    return EXIT.sip;
  }
  const rows = contactsOf(response, outcome.contact);
  io.out(rows.length === 0 ? `${aor.text} has no contact now.` : `${aor.text} is registered.`);
  if (rows.length > 0) for (const line of printTable(HEAD, rows)) io.out(line);
  return EXIT.ok;
}

/** RFC 3261 §10.2.4: the answer has every contact of the address, each with the time that it has left. */
function contactsOf(response: Response, own: string): readonly (readonly string[])[] {
  try {
    const common = read(response, expires);
    return readAll(response, contact).flatMap((value) => {
      if (value === '*') return [];
      const seconds = expiresOf(value) ?? common;
      const left = seconds === undefined ? 'not told' : printSeconds(seconds);
      return [[value.uriText, left, value.uriText === own ? 'this command' : '']];
    });
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    return [[`(${fault.reason})`, '', '']];
  }
}

/** What a refusal says about its reason. */
const TOLD: ReadonlySet<string> = new Set(['warning', 'min-expires', 'retry-after', 'unsupported', 'error-info']);
const HEAD = ['CONTACT', 'EXPIRES IN', ''];
