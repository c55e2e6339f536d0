import { digestsOf, type Hash } from '@strowger/sip/auth';
import type { Random } from '@strowger/sip/engine';
import type { Settings, Users } from '@strowger/sip/roles/registrar';
import { createPassword } from './password.ts';

/** A user that was just made, with the password that is shown once and kept nowhere. */
export interface FirstUser {
  readonly name: string;
  readonly password: string;
}

export interface FirstStartPorts {
  readonly users: Users;
  readonly settings: Settings;
  readonly random: Random;
  readonly hash: Hash;
}

/**
 * Makes the first two users of a domain when there never were any: none in the configuration (the caller knows), none in the
 * store, and no earlier start or command has made some. Answers whom it made.
 */
export async function makeFirstUsers(domain: string, ports: FirstStartPorts): Promise<readonly FirstUser[]> {
  if ((await ports.settings.get(USERS_MADE)) !== undefined) return [];
  for await (const _ of ports.users.list()) {
    await rememberUsers(ports.settings);
    return [];
  }
  const made = NAMES.map((name) => ({ name, password: createPassword(ports.random) }));
  await Promise.all(made.map(({ name, password }) => ports.users.put(digestsOf(name, domain, password, ports.hash))));
  await rememberUsers(ports.settings);
  return made;
}

/** From now on nobody is made unasked, also when the last user is removed. */
export async function rememberUsers(settings: Settings): Promise<void> {
  await settings.put(USERS_MADE, 'yes');
}

/** What a phone has to be told about a server. */
export interface PhoneAdvice {
  readonly domain: string;
  /** SIP URIs to send to, the best first. */
  readonly proxies: readonly string[];
  /** What phones in browsers connect to, the best first: `wss://192.0.2.1:8443`. */
  readonly webSockets: readonly string[];
}

/** The lines for a person who starts a server for the first time. The only place where the passwords are shown. */
export function printFirstStart(users: readonly FirstUser[], advice: PhoneAdvice): readonly string[] {
  const { domain, proxies, webSockets } = advice;
  const rows = users.map(({ name, password }) => [`sip:${name}@${domain}`, password] as const);
  const width = Math.max(...rows.map(([address]) => address.length));
  const [{ name, password } = { name: '', password: '' }] = users;
  return [
    'This is the first start: two users were made. Their passwords are shown this once.',
    '',
    `  ${'Address'.padEnd(width)}  Password`,
    ...rows.map(([address, secret]) => `  ${address.padEnd(width)}  ${secret}`),
    '',
    `What to type into a phone, here for ${name}:`,
    '',
    `  Address of record   sip:${name}@${domain}`,
    `  User name           ${name}`,
    `  Password            ${password}`,
    `  Domain, registrar   ${domain}`,
    ...listed('Outbound proxy', proxies),
    ...listed('In a browser', webSockets),
    '',
    ...(proxies[0] === undefined ? [] : printPrograms(name, password, domain, proxies[0])),
  ];
}

const listed = (label: string, places: readonly string[]): readonly string[] =>
  places.map((one, index) => `  ${(index === 0 ? label : 'or').padEnd(20)}${one}`);

function printPrograms(name: string, password: string, domain: string, proxy: string): readonly string[] {
  return [
    '  baresip, as one line of ~/.baresip/accounts:',
    `    <sip:${name}@${domain}>;auth_user=${name};auth_pass=${password};outbound="${proxy}"`,
    '  Linphone, "Use SIP account": user name, password and domain as above; then, in the',
    `    settings of the account, the SIP proxy address <${proxy}> with "Outbound proxy" on.`,
    '',
  ];
}

/** The lines at every other start. */
export function printLaterStart({ domain, proxies, webSockets }: PhoneAdvice): readonly string[] {
  const ways = [
    ...(proxies.length === 0 ? [] : [`send to ${proxies.join(' or ')}`]),
    ...(webSockets.length === 0 ? [] : [`in a browser connect to ${webSockets.join(' or ')}`]),
  ];
  return [
    `Phones register as sip:NAME@${domain} and ${ways.join(', ')}.`,
    'strowger user list shows the users; strowger user password NAME replaces a lost password.',
  ];
}

const NAMES = ['alice', 'bob'];
const USERS_MADE = 'users.made';
