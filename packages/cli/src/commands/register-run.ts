import { contact, expires, expiresOf, headersOf, type Response, read, readAll } from '@strowger/sip/message';
import { RemoteFault } from '@strowger/sip/text';
import { type SipUri, tryParseUri, withUser } from '@strowger/sip/uri';
import { type Caller, openCaller } from '../caller.ts';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { passwordFromInput } from '../password.ts';
import { contactOf, type RegistrationOutcome, sendRegistration } from '../registration.ts';
import { printable, printSeconds, printTable } from '../table.ts';
import type { registerOutline } from './register.ts';

export const runRegister = registerBody({ timeoutMs: 10_000 });

/** The body with another patience for each answer. */
export function registerBody({
  timeoutMs,
}: {
  readonly timeoutMs: number;
}): (input: InputOf<typeof registerOutline>) => Promise<number> {
  return ({ args, flags, io, signal }) =>
    withSentences('register', io, async () => {
      const aor = readAor(args.aor);
      const server = flags.proxy === undefined ? withUser(aor, undefined) : readProxy(flags.proxy);
      const password = await passwordFromInput(io);
      const caller = await openCaller(server);
      if ('type' in caller) {
        const hint = flags.proxy === undefined ? '; name the server with --proxy' : '';
        io.err(`strowger register: ${caller.text}${hint}.`);
        return EXIT.timeout;
      }
      try {
        const registration = { aor, password, expiresSeconds: flags.expires };
        const outcome = await sendRegistration(caller, registration, timeoutMs, signal);
        return tell(outcome, aor, caller, io);
      } finally {
        await caller.close();
      }
    });
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

function tell(outcome: RegistrationOutcome, aor: SipUri, caller: Caller, io: Io): number {
  if (outcome.type === 'failed') {
    io.err(`strowger register: ${outcome.text} from ${caller.peer}.`);
    return EXIT.timeout;
  }
  const { response } = outcome;
  if (outcome.type === 'refused') {
    const why = outcome.why === undefined ? '' : `: ${outcome.why}`;
    io.err(`strowger register: ${printable(`${response.status} ${response.reason}`)}${why}`);
    for (const [name, value] of headersOf(response))
      if (TOLD.has(name.toLowerCase())) io.err(`  ${name}: ${printable(value)}`);
    return EXIT.sip;
  }
  const rows = contactsOf(response, contactOf(aor, caller));
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
