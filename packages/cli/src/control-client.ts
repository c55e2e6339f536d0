import type { Store } from '@strowger/node/stores';
import type { ApiRequest, ApiResponse } from '@strowger/server';
import { CommandFault } from './command-fault.ts';
import { controlPlaceOf, controlWorld, requireOwnFolder } from './control-path.ts';
import { hasDataStore, makeDataFolder, openDataStore } from './data-store.ts';
import { rememberUsers } from './first-start.ts';
import type { Settings } from './settings.ts';

/** The API of a server with its data, or of the data alone. */
export interface Administration {
  /**
   * The body of an answer of success. @throws CommandFault (rejects) with the server's sentence otherwise, and the other
   * faults of control sockets and stores
   */
  ask(method: string, path: string, more?: Partial<Pick<ApiRequest, 'query' | 'body'>>): Promise<unknown>;
  close(): Promise<void>;
}

/** What a command does with the data where no server runs: read it, change what is there, or make it if need be. */
export type Purpose = 'read' | 'change' | 'make';

/**
 * Asks the server that runs with these settings, and where none runs the data itself, by the same API.
 * @param folder the working folder
 */
export function openAdministration(settings: Settings, purpose: Purpose, folder: string): Administration {
  const place = controlPlaceOf(settings, controlWorld(folder));
  let offline: Promise<Offline> | undefined;
  const answerTo = async (request: ApiRequest): Promise<ApiResponse> => {
    if (offline === undefined) {
      requireOwnFolder(place);
      const { callControl } = await import('@strowger/node/control');
      const answer = await callControl(place.path, request);
      if (answer !== undefined) return answer;
      offline = openOffline(settings, purpose);
    }
    return await (await offline).answer(request);
  };
  return {
    ask: async (method, path, more) => {
      const { status, body } = await answerTo({ method, path, query: new Map(), body: undefined, ...more });
      if (status >= 200 && status < 300) return body;
      throw new CommandFault(errorOf(body) ?? `the server answered with status ${status}.`);
    },
    close: async () => {
      // Whoever asked was told why it could not be opened.
      (await offline?.catch(() => undefined))?.store.close();
    },
  };
}

interface Offline {
  readonly store: Store;
  answer(request: ApiRequest): Promise<ApiResponse>;
}

async function openOffline(settings: Settings, purpose: Purpose): Promise<Offline> {
  const { config, data } = settings;
  if (data.type === 'memory')
    throw new CommandFault('no server runs here that keeps its data in memory; start it with strowger serve.');
  const isThere = hasDataStore(data);
  if (!isThere && purpose !== 'make' && config.domains.length === 0)
    throw new CommandFault(`there is no data in ${data.path} yet; strowger serve makes it, or strowger user add NAME.`);
  if (purpose === 'make') makeDataFolder(data);
  const place = isThere || purpose === 'make' ? data : ({ type: 'memory' } as const);
  const store = await openDataStore(place, purpose === 'read' ? 'read' : 'write', config.durability);
  try {
    return await offlineOf(store, settings, purpose);
  } catch (error) {
    store.close();
    throw error;
  }
}

async function offlineOf(store: Store, { config, data }: Settings, purpose: Purpose): Promise<Offline> {
  const [
    { createHash, createRandom },
    { answerApi, createOfflineBans, Identity, LayeredUsers, loadSecrets, madeDomain },
  ] = await Promise.all([import('@strowger/node'), import('@strowger/server')]);
  const made = purpose === 'make' ? (await loadSecrets(store.settings, createRandom())).domain : undefined;
  const domain = made ?? (await madeDomain(store.settings));
  const domains = config.domains.length > 0 || domain === undefined ? config.domains : [domain];
  if (domains.length === 0)
    throw new CommandFault(
      `the domain of ${data.type === 'memory' ? 'this server' : data.path} is made by strowger serve, which did not run yet.`,
    );
  const hash = createHash();
  const identity = new Identity(domains);
  const users = new LayeredUsers(config.users, identity.firstDomain, store.users, hash);
  const bans = await createOfflineBans(store.bans, config, Date.now);
  const server = { identity, users, locations: store.locations, bans };
  return {
    store,
    answer: async (request) => {
      const answer = await answerApi(request, { server, hash, unix: Date.now });
      const isUser = request.path.startsWith('/v1/users');
      if (purpose === 'make' && isUser && answer.status === 201) await rememberUsers(store.settings);
      return answer;
    },
  };
}

function errorOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
    ? body.error
    : undefined;
}
