import { digestsOf, type Hash } from '@strowger/sip/auth';
import type { UnixMs } from '@strowger/sip/text';
import { answerBans } from './api-bans.ts';
import { answerBindings, notOurs, showAddress } from './api-bindings.ts';
import { type ApiRequest, type ApiResponse, fault, notFor } from './api-response.ts';
import { USER_NAME, USER_NAME_SIGNS } from './config/user-name.ts';
import type { Server } from './server.ts';

/** What the API works on: a server, or, without `engine` and `listening`, the data of one that does not run. */
export type Administered = Pick<Server, 'identity' | 'users' | 'locations'> &
  Partial<Pick<Server, 'engine' | 'listening' | 'bans'>>;

export interface ApiPorts {
  readonly server: Administered;
  readonly hash: Hash;
  readonly unix: () => UnixMs;
}

/**
 * The first routes of the HTTP API. Passwords go in and never come out.
 *
 * `GET /v1/server`; `GET /v1/users`; `POST /v1/users` with `{"name": …, "domain": …, "password": …}` for a new user, of the first
 * domain where none is named; `PUT` and `PATCH /v1/users/DOMAIN/NAME` with `{"password": …}`, where PATCH wants the user to be
 * there; `DELETE /v1/users/DOMAIN/NAME`; `GET /v1/bindings[?limit=…&after=…]` and `GET /v1/bindings?aor=…`, where the address may
 * be a user name alone. Bans: `answerBans`.
 */
export async function answerApi(request: ApiRequest, ports: ApiPorts): Promise<ApiResponse> {
  const parts = partsOf(request.path);
  if (parts === undefined) return fault(400, `the path ${request.path} is not escaped as it should be`);
  const [version, resource, ...rest] = parts;
  const isKnown = version === 'v1' && (resource === 'users' || resource === 'bans' || rest.length === 0);
  if (isKnown && resource === 'server') return get(request, () => describe(ports.server));
  if (isKnown && resource === 'bindings')
    return answerBindings(request, ports.server.locations, ports.server.identity, ports.unix());
  if (isKnown && resource === 'users') return users(request, rest, ports);
  if (isKnown && resource === 'bans') return answerBans(request, rest, ports.server.bans, ports.unix());
  return fault(404, `there is no ${request.path} here`);
}

async function get(request: ApiRequest, show: () => unknown): Promise<ApiResponse> {
  return request.method === 'GET' ? { status: 200, body: await show() } : notFor(request);
}

async function users(request: ApiRequest, path: readonly string[], ports: ApiPorts): Promise<ApiResponse> {
  if (path.length === 0)
    return request.method === 'POST' ? addUser(request.body, ports) : get(request, () => listUsers(ports));
  const [domain = '', name = ''] = path;
  if (path.length !== 2) return fault(404, `there is no ${request.path} here`);
  const user = { name: name.normalize('NFC'), domain: domain.toLowerCase() };
  if (request.method === 'DELETE') return removeUser(user, ports);
  if (request.method === 'PUT') return setPassword(user, request.body, 'any', ports);
  return request.method === 'PATCH' ? setPassword(user, request.body, 'known', ports) : notFor(request);
}

async function listUsers({ server }: ApiPorts): Promise<unknown> {
  const list = [];
  for await (const { username, realm, origin } of server.users.list())
    list.push({ name: username, domain: realm, origin });
  return { users: list };
}

interface User {
  /** In normalization form C. */
  readonly name: string;
  /** In lower case. */
  readonly domain: string;
}

async function addUser(body: unknown, ports: ApiPorts): Promise<ApiResponse> {
  const { identity, users: known } = ports.server;
  const name = fieldOf(body, 'name')?.normalize('NFC');
  const domain = fieldOf(body, 'domain')?.toLowerCase() ?? identity.firstDomain;
  if (name === undefined)
    return fault(400, 'the body must be {"name": "…", "password": "…"}, with "domain" if need be');
  if ((await known.find(name, domain)) !== undefined)
    return configuredFault({ name, domain }, ports) ?? fault(409, `${name}@${domain} is there already`);
  return setPassword({ name, domain }, body, 'any', ports, 201);
}

async function removeUser(user: User, ports: ApiPorts): Promise<ApiResponse> {
  const { name, domain } = user;
  const refused = configuredFault(user, ports);
  if (refused !== undefined) return refused;
  return (await ports.server.users.remove(name, domain))
    ? { status: 200, body: { user: `${name}@${domain}` } }
    : fault(404, `there is no user ${name}@${domain}`);
}

async function setPassword(
  user: User,
  body: unknown,
  which: 'any' | 'known',
  ports: ApiPorts,
  status = 200,
): Promise<ApiResponse> {
  const { server, hash } = ports;
  const { name, domain } = user;
  const refused = configuredFault(user, ports);
  if (refused !== undefined) return refused;
  if (!server.identity.domains.includes(domain)) return notOurs(domain, server.identity);
  if (!USER_NAME.test(name))
    return fault(400, `${JSON.stringify(name)} is no user name: use letters, digits and the signs ${USER_NAME_SIGNS}`);
  const password = fieldOf(body, 'password');
  if (password === undefined || !PASSWORD.test(password))
    return fault(400, 'the body must have a "password": one line that is not empty');
  if (which === 'known' && (await server.users.find(name, domain)) === undefined)
    return fault(404, `there is no user ${name}@${domain}`);
  await server.users.put(digestsOf(name, domain, password, hash));
  return { status, body: { user: `${name}@${domain}` } };
}

const configuredFault = ({ name, domain }: User, { server }: ApiPorts): ApiResponse | undefined =>
  server.users.isConfigured(name, domain)
    ? fault(409, `${name}@${domain} is written in the configuration and can only be changed there`)
    : undefined;

const describe = ({ identity, engine, listening }: Administered): unknown => ({
  domains: identity.domains,
  listening: (listening ?? []).map(({ protocol, host, port }) => showAddress(protocol, host, port)),
  transactions: { server: engine?.core.servers.size ?? 0, client: engine?.core.clients.size ?? 0 },
});

/** The parts of a path, escapes undone; `undefined` where an escape is none. */
function partsOf(path: string): readonly string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** A text of a JSON object. */
function fieldOf(body: unknown, key: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : undefined;
}

const PASSWORD = /^[^\r\n\0]+$/;
