import { digestsOf, type Hash } from '@strowger/sip/auth';
import type { Binding } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import type { Server } from './server.ts';

/** A request of the HTTP API, however it came. */
export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** The JSON of the body; `undefined` without one. */
  readonly body: unknown;
}

export interface ApiResponse {
  readonly status: number;
  /** Becomes JSON. */
  readonly body: unknown;
}

export interface ApiPorts {
  readonly server: Server;
  readonly hash: Hash;
  readonly unix: () => UnixMs;
}

/** A binding as it is shown: nothing in it is secret. */
export interface ShownBinding {
  readonly aor: string;
  readonly contact: string;
  readonly q: number | null;
  readonly expiresInSeconds: number;
  readonly receivedFrom: string;
  readonly path: readonly string[];
  readonly userAgent: string | null;
  readonly callId: string;
  readonly cseq: number;
}

/**
 * The first routes of the HTTP API: `GET /v1/bindings[?aor=]`, `GET /v1/users`, `PUT /v1/users/DOMAIN/NAME` with
 * `{"password": …}`, `DELETE /v1/users/DOMAIN/NAME`, `GET /v1/server`. Passwords go in and never come out.
 */
export async function answerApi(request: ApiRequest, ports: ApiPorts): Promise<ApiResponse> {
  const [version, resource, ...rest] = request.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (version !== 'v1') return fault(404, `no such path: ${request.path}`);
  if (resource === 'server' && request.method === 'GET') return { status: 200, body: describe(ports.server) };
  if (resource === 'bindings' && request.method === 'GET')
    return { status: 200, body: { bindings: await bindingsOf(request.query.get('aor'), ports) } };
  if (resource === 'users') return users(request, rest, ports);
  return fault(404, `no such path: ${request.method} ${request.path}`);
}

export const showBinding = (aor: string, binding: Binding, now: UnixMs): ShownBinding => ({
  aor,
  contact: binding.contact,
  q: binding.q === undefined ? null : binding.q / 1000,
  expiresInSeconds: Math.max(0, Math.ceil((binding.expiresAt - now) / 1000)),
  receivedFrom: `${binding.flow.local.protocol}:${binding.flow.host.includes(':') ? `[${binding.flow.host}]` : binding.flow.host}:${binding.flow.port}`,
  path: binding.path,
  userAgent: binding.userAgent ?? null,
  callId: binding.callId,
  cseq: binding.cseq,
});

async function bindingsOf(aor: string | undefined, { server, unix }: ApiPorts): Promise<readonly ShownBinding[]> {
  const now = unix();
  if (aor !== undefined)
    return (await server.locations.lookup(aor, now)).map((binding) => showBinding(aor, binding, now));
  const shown: ShownBinding[] = [];
  for await (const located of server.locations.entries(now)) shown.push(showBinding(located.aor, located.binding, now));
  return shown.sort((a, b) => (a.aor < b.aor ? -1 : a.aor > b.aor ? 1 : 0));
}

async function users(request: ApiRequest, path: readonly string[], ports: ApiPorts): Promise<ApiResponse> {
  const { server, hash } = ports;
  if (path.length === 0 && request.method === 'GET') {
    const list = [];
    for await (const { username, realm, origin } of server.users.list())
      list.push({ name: username, domain: realm, origin });
    return { status: 200, body: { users: list } };
  }
  const [domain, name] = path;
  if (domain === undefined || name === undefined || path.length > 2) return fault(404, `no such path: ${request.path}`);
  if (server.users.isConfigured(name, domain))
    return fault(409, `${name}@${domain} is written in the configuration; change it there`);
  if (request.method === 'DELETE')
    return (await server.users.remove(name, domain))
      ? { status: 200, body: { removed: `${name}@${domain}` } }
      : fault(404, `there is no user ${name}@${domain}`);
  if (request.method !== 'PUT') return fault(405, `${request.method} is not for users`);
  const password = passwordOf(request.body);
  if (password === undefined) return fault(400, 'the body must be {"password": "…"} with a password that is not empty');
  if (!server.identity.domains.includes(domain))
    return fault(400, `${domain} is not a domain of this server, which are: ${server.identity.domains.join(', ')}`);
  await server.users.put(digestsOf(name.normalize('NFC'), domain, password, hash));
  return { status: 200, body: { user: `${name}@${domain}` } };
}

const describe = (server: Server): unknown => ({
  domains: server.identity.domains,
  listening: server.listening.map(
    ({ protocol, host, port }) => `${protocol}:${host.includes(':') ? `[${host}]` : host}:${port}`,
  ),
  transactions: { server: server.engine.core.servers.size, client: server.engine.core.clients.size },
});

function passwordOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('password' in body)) return undefined;
  return typeof body.password === 'string' && body.password !== '' ? body.password : undefined;
}

const fault = (status: number, error: string): ApiResponse => ({ status, body: { error } });
