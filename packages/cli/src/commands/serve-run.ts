import { flushCompileCache } from 'node:module';
import process from 'node:process';
import {
  bufferText,
  createAddressResolver,
  createBusyMeter,
  createClock,
  createHash,
  createRandom,
  limitYoungGeneration,
  type ResolverOptions,
} from '@strowger/node';
import type { ServerCredentials } from '@strowger/node/certificates';
import type { Store } from '@strowger/node/stores';
import { answerApi, createServer, loadSecrets, type Server } from '@strowger/server';
import { withSentences } from '../command-fault.ts';
import { type ControlDesk, openControlDesk } from '../control-desk.ts';
import { makeDataFolder, openDataStore } from '../data-store.ts';
import { createEventLog, loggedEvents } from '../event-log.ts';
import { EXIT } from '../exit.ts';
import { printFaults } from '../fault-lines.ts';
import { type FirstUser, makeFirstUsers, printFirstStart, printLaterStart } from '../first-start.ts';
import { type Io, painterOf } from '../io.ts';
import { printEndpoint, proxiesOf, webSocketsOf } from '../listening.ts';
import { createLog, type Log } from '../log.ts';
import type { InputOf } from '../outline.ts';
import {
  isNamedBy,
  keepCertificates,
  openCertificates,
  openerOf,
  printMadeCertificates,
} from '../server-certificates.ts';
import { type Settings, settingsOf } from '../settings.ts';
import type { serveOutline } from './serve.ts';

/** Runs until the signal; see `docs/guide/command-line.md` for what it prints. */
export async function runServe({ flags, io, signal }: InputOf<typeof serveOutline>): Promise<number> {
  const result = await settingsOf(flags, io.folder, io.readFile);
  if (result.type === 'faults') {
    printFaults(result.faults, io);
    return EXIT.usage;
  }
  const unlimit = limitYoungGeneration();
  try {
    return await withSentences('serve', io, () => serve(result.settings, io, signal));
  } finally {
    unlimit();
  }
}

/** Opens from the outside in, so that a second server finds the first before it touches its data; closes the other way. */
async function serve(settings: Settings, io: Io, signal: AbortSignal): Promise<number> {
  const { level, format } = settings.config.log;
  const log = createLog({ level, format, write: (line) => io.err(line), now: Date.now, paint: painterOf(io, 'err') });
  makeDataFolder(settings.data);
  const desk = await openControlDesk(settings, io.folder, log);
  try {
    const store = await openDataStore(settings.data, 'write', settings.config.durability);
    try {
      await serveFrom(store, desk, { settings, io, log, signal });
    } finally {
      store.close();
    }
  } finally {
    await desk.close();
  }
  log.info('server.stopped');
  return EXIT.ok;
}

interface Run {
  readonly settings: Settings;
  readonly io: Io;
  readonly log: Log;
  readonly signal: AbortSignal;
}

async function serveFrom(store: Store, desk: ControlDesk, run: Run): Promise<void> {
  const { settings, io, log, signal } = run;
  const clock = createClock();
  const [hash, random] = [createHash(), createRandom()];
  const resolver = createAddressResolver(nameServersOf(settings));
  const busy = createBusyMeter();
  const certificates = await openCertificates(settings, io.folder, await domainsOf(settings, store));
  const open = openerOf(settings, certificates);
  const ports = { ...store, clock, busy, random, hash, resolver, text: bufferText, open };
  const server = await createServer(settings.config, ports);
  const endLog = server.observe(
    createEventLog(log, () => performance.now()),
    loggedEvents(log),
  );
  const endCertificates = certificates === undefined ? () => {} : keepCertificates(certificates, log);
  try {
    const made = await firstUsersOf(server, store, settings);
    desk.answerWith((request) => answerApi(request, { server, hash, unix: Date.now }));
    if (!signal.aborted) {
      announce(server, made, certificates, run);
      // Here and not at the end, which a server may not be given: the next start is to be quick in any case.
      flushCompileCache();
    }
    await endOf(signal);
    log.info('server.stopping');
  } finally {
    desk.refuse('The server is stopping.');
    endCertificates();
    await server.stop(GRACE_MS);
    endLog();
  }
}

/** Those of the system where the configuration names none. */
function nameServersOf({ config: { dns } }: Settings): ResolverOptions {
  return dns.servers.length === 0 ? {} : { servers: dns.servers };
}

/** What the server is going to answer for: a certificate has to name it before anything is opened. */
async function domainsOf({ config }: Settings, store: Store): Promise<readonly string[]> {
  return config.domains.length > 0 ? config.domains : [(await loadSecrets(store.settings, createRandom())).domain];
}

/** Without passwords nobody has to be made. */
async function firstUsersOf(server: Server, store: Store, { config }: Settings): Promise<readonly FirstUser[]> {
  if (config.auth === 'none' || config.users.length > 0) return [];
  const { users, settings } = store;
  return await makeFirstUsers(server.identity.firstDomain, {
    users,
    settings,
    random: createRandom(),
    hash: createHash(),
  });
}

/** Everything that somebody may want to read before the server is used stands before the line that says that it is ready. */
function announce(
  server: Server,
  made: readonly FirstUser[],
  certificates: ServerCredentials | undefined,
  { settings, io, log }: Run,
): void {
  const { config, data } = settings;
  const domain = server.identity.firstDomain;
  const isCertified = (host: string): boolean => certificates !== undefined && isNamedBy(certificates, host);
  const doors = { listening: server.listening, advertise: config.advertise, domain, isCertified };
  const advice = { domain, proxies: proxiesOf(doors), webSockets: webSocketsOf(doors) };
  const listen = server.listening.map(printEndpoint);
  log.info('server.started', {
    domains: server.identity.domains,
    listen,
    data: data.type === 'memory' ? 'memory' : data.path,
    auth: config.auth,
    process: process.pid,
  });
  if (config.log.format === 'json') {
    if (made.length > 0) io.out(JSON.stringify({ event: 'first-start', ...advice, users: made }));
    io.out(JSON.stringify({ event: 'ready', listen }));
    return;
  }
  for (const line of certificates === undefined ? [] : printMadeCertificates(certificates)) io.out(line);
  for (const line of made.length > 0 ? printFirstStart(made, advice) : printLaterStart(advice)) io.out(line);
  io.out(`ready ${listen.join(' ')}`);
}

function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** With the time that connections may take to end this makes the five seconds that stopping takes at most. */
const GRACE_MS = 4_000;
