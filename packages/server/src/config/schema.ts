import { algorithmsByStrength } from '@strowger/sip/auth';
import * as z from 'zod';
import { parseAdvertised } from './advertise.ts';
import { crossFaults } from './cross-check.ts';
import { parseDomain } from './domain.ts';
import { choice, list, reading, seconds, text, toggle, whole } from './fields.ts';
import { GuardSchema } from './guard.ts';
import { parseListen } from './listen.ts';
import { parseNameServer } from './name-server.ts';
import { parseNetwork } from './networks.ts';
import { isRefusal, type Reading } from './reading.ts';
import { parseRouteUri } from './route-uri.ts';
import { TlsSchema, WebSocketSchema } from './tls.ts';
import { USER_NAME } from './user-name.ts';

/**
 * The configuration: every key, its default and its meaning. The message of an issue is always the expectation as a noun
 * phrase, because the loader prints "found …, expected …"; so every schema here states one.
 */

const UserSchema = z
  .strictObject(
    {
      name: text('a user name of letters, digits and the characters a SIP address takes unescaped', USER_NAME).meta({
        description: 'The part before the @ of the address; also the name in digest authentication.',
      }),
      password: text('a password: text that is not empty', /^[^\r\n\0]+$/).meta({
        description: 'Kept as digests only; quote it when it has digits only or special characters.',
      }),
      domain: reading('a domain', parseDomain).optional().meta({
        description: 'One of domains; left out, the first.',
      }),
    },
    { error: 'a user written as { name: …, password: … }' },
  )
  .readonly();

const RegistrarSchema = z
  .strictObject(
    {
      minExpires: whole(0, 3600, 'a whole number of seconds from 0 to 3600 (RFC 3261 §10.3)')
        .default(60)
        .meta({ description: 'Seconds; shorter registrations are answered 423 with this number.' }),
      maxExpires: whole(1, 4_294_967_295, 'a whole number of seconds from 1 to 4294967295').default(3600).meta({
        description: 'Seconds; longer registrations are shortened to this, and those that say nothing get it.',
      }),
      maxBindings: whole(1, 1000, 'a whole number from 1 to 1000')
        .default(10)
        .meta({ description: 'Contacts one address may have at a time.' }),
      serviceRoute: list(
        reading('a SIP URI with lr such as sip:proxy.example.com;lr', parseRouteUri),
        'a list of SIP URIs with lr such as ["sip:proxy.example.com;lr"]',
      ).meta({
        description:
          'Sent as Service-Route with every registration: phones put it into Route of what they send (RFC 3608).',
      }),
      nat: choice(['auto', 'off']).default('auto').meta({
        description: 'off: a Contact with a wrong address is believed, and calls go there.',
      }),
      flowTimer: seconds(10, 3600, 'off, or a whole number of seconds from 10 to 3600').default('off').meta({
        description:
          'Seconds in which a phone shall be heard that asks how often (RFC 5626, RFC 6223); off: as it likes.',
      }),
    },
    { error: 'settings written as { minExpires: …, maxExpires: …, maxBindings: … }' },
  )
  .readonly();

const ProxySchema = z
  .strictObject(
    {
      recordRoute: toggle().default(true).meta({
        description: 'Stay in the path of the requests of a dialog.',
      }),
      timerC: whole(
        181,
        86_400,
        'a whole number of seconds from 181 to 86400 (more than three minutes, RFC 3261 §16.6)',
      )
        .default(200)
        .meta({ description: 'Seconds a ringing call may go without news before the proxy gives it up.' }),
      stateless: toggle().default(false).meta({
        description: 'Forward without keeping transactions: to one target only, without retransmitting.',
      }),
      fork: choice(['parallel', 'serial']).default('parallel').meta({
        description: 'Several contacts of the same preference ring at once or one after the other.',
      }),
      recurse: toggle().default(false).meta({
        description: 'Follow the contacts of a 3xx response instead of passing it back.',
      }),
    },
    { error: 'settings written as { recordRoute: …, timerC: …, … }' },
  )
  .readonly();

const LoginSchema = z
  .strictObject(
    {
      attempts: whole(1, 1000, 'a whole number from 1 to 1000').default(10).meta({
        description: 'Wrong passwords for one account from one address, until that address has to wait with it.',
      }),
      window: whole(10, 86_400, 'a whole number of seconds from 10 to 86400').default(600).meta({
        description: 'Seconds in which wrong passwords are counted together.',
      }),
      lockout: whole(1, 3600, 'a whole number of seconds from 1 to 3600').default(60).meta({
        description: 'Seconds of the first wait; each further one is twice as long, up to 64 times this.',
      }),
      secret: text('a secret of at least 32 characters, or nothing', /^(?:[^\r\n\0]{32,})?$/)
        .default('')
        .meta({
          description: 'Signs challenges: the same on all servers of a domain, so that each takes the answers to all.',
        }),
    },
    { error: 'settings written as { attempts: …, window: …, lockout: … }' },
  )
  .readonly();

const DnsSchema = z
  .strictObject(
    {
      servers: list(
        reading('a name server such as 192.0.2.1 or [2001:db8::1]:53', parseNameServer),
        'a list of name servers such as [192.0.2.1]',
      ).meta({ description: 'Name servers as IP or IP:PORT; without any, those of the system.' }),
    },
    { error: 'settings written as { servers: … }' },
  )
  .readonly();

const parseSuffix = (given: string): Reading<string | undefined> =>
  given === 'off' ? { value: undefined } : parseDomain(given);

const EnumSchema = z
  .strictObject(
    {
      suffix: reading('a domain such as e164.arpa, or off', parseSuffix).prefault('off').meta({
        description: 'The domain that numbers are looked up in, such as e164.arpa (RFC 6116 §3.2); off: none are.',
      }),
    },
    { error: 'settings written as { suffix: e164.arpa }' },
  )
  .readonly();

const EdgeSchema = z
  .strictObject(
    {
      domains: list(
        reading('a domain such as example.com', parseDomain),
        'a list of domains such as [example.com]',
      ).meta({ description: 'Domains of other registrars: everybody may send to them through this server.' }),
    },
    { error: 'settings written as { domains: [example.com] }' },
  )
  .readonly();

const LogSchema = z
  .strictObject(
    {
      level: choice(['error', 'warn', 'info', 'debug']).default('info').meta({
        description: 'The least important level that is written.',
      }),
      format: choice(['json', 'pretty']).default('pretty').meta({
        description: 'One JSON object per line for machines, or aligned text for people.',
      }),
    },
    { error: 'settings written as { level: …, format: … }' },
  )
  .readonly();

export const ConfigSchema = z
  .strictObject(
    {
      domains: list(
        reading('a domain such as example.com', parseDomain),
        'a list of domains such as [example.com]',
      ).meta({
        description:
          'The domains this server answers for; the first is the default. Left out, one is made up once and kept with the data.',
      }),
      listen: list(
        reading('a listening address such as udp:0.0.0.0:5060', parseListen),
        'a list of listening addresses such as [udp:0.0.0.0:5060]',
        ['udp:0.0.0.0:5060', 'tcp:0.0.0.0:5060'],
      ).meta({
        description:
          'Where to receive SIP: PROTOCOL:HOST:PORT with udp, tcp, tls, ws or wss; port 0 lets the system choose.',
      }),
      datagrams: choice(['auto', 'single']).default('auto').meta({
        description: 'auto: many datagrams with one system call where the machine can; single: one by one.',
      }),
      tls: TlsSchema.prefault({}).meta({ description: 'Certificates, for tls: and wss:.' }),
      webSocket: WebSocketSchema.prefault({}).meta({ description: 'Who may connect to ws: and wss:.' }),
      data: text('a folder, or memory', /^(?!\w+:\/\/)[^\0]+$/)
        .default('./strowger-data')
        .meta({
          description: 'The folder for users and bindings, relative to this file; memory keeps nothing.',
        }),
      durability: choice(['process', 'power']).default('process').meta({
        description: 'What a registration outlives once it is answered: the end of the process, or of the power too.',
      }),
      auth: choice(['digest', 'none']).default('digest').meta({
        description: 'How users prove who they are.',
      }),
      digest: algorithms().meta({
        description: 'The digest algorithms offered and accepted, the most preferred first.',
        uniqueItems: true,
      }),
      users: list(UserSchema, 'a list of users such as [{ name: alice, password: … }]').meta({
        description: 'Accounts, beside those added with the user command.',
      }),
      trusted: list(
        reading('a network such as 10.0.0.0/8', parseNetwork),
        'a list of networks such as [10.0.0.0/8]',
      ).meta({ description: 'Sources that need no authentication and may relay to anywhere.' }),
      login: LoginSchema.prefault({}).meta({ description: 'How the guessing of passwords is slowed down.' }),
      registrar: RegistrarSchema.prefault({}).meta({ description: 'How registrations are kept.' }),
      proxy: ProxySchema.prefault({}).meta({ description: 'How requests are forwarded.' }),
      redirect: toggle().default(false).meta({
        description: 'Answer 302 with the contacts instead of forwarding.',
      }),
      advertise: advertised().meta({
        description:
          'Public addresses for Via and Record-Route: HOST or HOST:PORT, at most one of IPv4, IPv6 and name each.',
      }),
      dns: DnsSchema.prefault({}).meta({ description: 'Who is asked for names.' }),
      enum: EnumSchema.prefault({}).meta({ description: 'Where numbers that no user of ours has lead.' }),
      edge: EdgeSchema.prefault({}).meta({ description: 'Whose phones this server stands before (RFC 5626 §5).' }),
      guard: GuardSchema.prefault({}).meta({ description: 'What keeps floods and scanners out.' }),
      log: LogSchema.prefault({}).meta({ description: 'What is written about the work.' }),
    },
    { error: 'settings written as KEY: VALUE lines' },
  )
  .superRefine((config, context) => {
    // A value that is wrong by itself would only seem to contradict the others.
    if (context.issues.length > 0) return;
    for (const { path, expected, found, hint } of crossFaults(config)) {
      context.addIssue({ code: 'custom', path: [...path], message: expected, params: { found, hint } });
    }
  })
  .readonly();

/** What a configuration means, every default filled in. */
export type Config = z.output<typeof ConfigSchema>;

export type ConfigUser = Config['users'][number];

function algorithms() {
  const expected = 'a list of digest algorithms, each once, such as [SHA-256, MD5]';
  return z
    .array(choice(algorithmsByStrength), { error: expected })
    .min(1, { error: expected })
    .refine((given) => new Set(given).size === given.length, { error: expected })
    .readonly()
    .prefault(['MD5']);
}

function advertised() {
  const expected = 'a public address such as 203.0.113.5 or sip.example.com:5060, or a list of them';
  return z
    .union([z.string(), z.array(z.string())], { error: expected })
    .transform((given, context) =>
      [given].flat().flatMap((item, index) => {
        const read = parseAdvertised(item);
        if (!isRefusal(read)) return [read.value];
        const path = Array.isArray(given) ? [index] : [];
        context.addIssue({ code: 'custom', path, message: read.expected, params: { hint: read.hint } });
        return [];
      }),
    )
    .readonly()
    .prefault([]);
}
