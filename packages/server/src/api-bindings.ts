import type { Binding, Locations } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { aorKey, bracketed, type Endpoint, tryParseUri } from '@strowger/sip/uri';
import { type ApiRequest, type ApiResponse, fault, notFor } from './api-response.ts';
import type { Identity } from './identity.ts';

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

/** What `GET /v1/bindings` answers. */
export interface BindingsPage {
  readonly bindings: readonly ShownBinding[];
  /** To be asked for as `after`, for those behind these; `null` when these were the last. */
  readonly next: string | null;
}

/**
 * `GET /v1/bindings`, in the order of their addresses: `after` an address, up to the one with which they are `limit`, 1,000 where it
 * does not say. The bindings of one address come together, so that there may be some more. With `aor` those of one address.
 */
export async function answerBindings(
  request: ApiRequest,
  locations: Locations,
  identity: Identity,
  now: UnixMs,
): Promise<ApiResponse> {
  if (request.method !== 'GET') return notFor(request);
  const { query } = request;
  const asked = query.get('aor');
  if (asked === undefined) {
    const limit = limitOf(query.get('limit'));
    if (limit === undefined) return fault(400, `limit must be a whole number from 1 to ${MOST}`);
    return { status: 200, body: await pageOf(locations, now, query.get('after') ?? '', limit) };
  }
  const aor = aorOf(asked, identity);
  if ('status' in aor) return aor;
  const found = await locations.lookup(aor.key, now);
  const body: BindingsPage = { bindings: found.map((binding) => showBinding(aor.key, binding, now)), next: null };
  return { status: 200, body };
}

export const showBinding = (aor: string, binding: Binding, now: UnixMs): ShownBinding => ({
  aor,
  contact: binding.contact,
  q: binding.q === undefined ? null : binding.q / 1000,
  expiresInSeconds: Math.max(0, Math.ceil((binding.expiresAt - now) / 1000)),
  receivedFrom: showAddress(binding.flow.local.protocol, binding.flow.host, binding.flow.port),
  path: binding.path,
  userAgent: binding.userAgent ?? null,
  callId: binding.callId,
  cseq: binding.cseq,
});

export const showAddress = (protocol: Endpoint['protocol'], host: string, port: number): string =>
  `${protocol}:${bracketed(host)}:${port}`;

export const notOurs = (domain: string, { domains }: Identity): ApiResponse =>
  fault(400, `${domain} is not a domain of this server, which has ${domains.join(', ')}`);

async function pageOf(locations: Locations, now: UnixMs, after: string, limit: number): Promise<BindingsPage> {
  const bindings: ShownBinding[] = [];
  for await (const { aor, binding } of locations.entries(now, after)) {
    const last = bindings.at(-1)?.aor;
    if (bindings.length >= limit && last !== undefined && aor !== last) return { bindings, next: last };
    bindings.push(showBinding(aor, binding, now));
  }
  return { bindings, next: null };
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return MOST;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST ? limit : undefined;
}

/** The key that an address has in the location service: the user at one of our domains (RFC 3261 §10.3 step 5). */
function aorOf(text: string, identity: Identity): { readonly key: string } | ApiResponse {
  const hasScheme = /^sips?:/i.test(text);
  const address = hasScheme || text.includes('@') ? text : `${text}@${identity.firstDomain}`;
  const uri = tryParseUri(hasScheme ? address : `sip:${address}`);
  if (uri?.type !== 'sip' || uri.user === undefined) return fault(400, `${text} is no address such as sip:alice@host`);
  const domain = identity.domainOf(uri);
  if (domain === undefined) return notOurs(uri.host, identity);
  const key = aorKey(uri);
  return { key: `${key.slice(0, key.lastIndexOf('@') + 1)}${domain}` };
}

/** Bindings in one answer, if need be with the rest of those of the last address. */
const MOST = 1_000;
