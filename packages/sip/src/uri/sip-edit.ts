import { UsageFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { canonicalNames } from './equality.ts';
import { escapePart, unescapePart } from './escape.ts';
import { isHost } from './host.ts';
import { SipUri, type SipUriParts } from './sip.ts';

/** Changed copies of SIP URIs, and their parts with escapes undone. Texts given here are plain; they are escaped where needed. */

/** The parts of a new URI; `user` is plain text. */
export interface NewSipUri {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  /** `undefined` and false: sip:. */
  readonly secure?: boolean;
  /** Plain values; '' for a parameter without one. */
  readonly params?: Readonly<Record<string, string>>;
}

/** @throws UsageFault when host, port or a parameter name is none */
export function createSipUri(parts: NewSipUri): SipUri {
  checkHost(parts.host, parts.port);
  let params = '';
  for (const [name, value] of Object.entries(parts.params ?? {})) params += paramText(name, value);
  return new SipUri({
    secure: parts.secure === true,
    user: userText(parts.user),
    password: undefined,
    host: parts.host,
    port: parts.port,
    params: params === '' ? NO_PARAMS : new Params(params),
    headers: '',
  });
}

/** The user, escapes undone. */
export const userOf = (uri: SipUri): string | undefined =>
  uri.user === undefined ? undefined : unescapePart(uri.user);

/** The value of the parameter named in lower case, escapes undone; '' for one without a value. */
export function uriParam(uri: SipUri, name: string): string | undefined {
  const value = uri.params.get(name) ?? new Map(canonicalNames(uri.params)).get(name);
  return value === undefined ? undefined : unescapePart(value);
}

/** Header names as they stand and values, escapes undone, in order; the name `body` stands for a body (RFC 3261 §19.1.1). */
export function headersOf(uri: SipUri): readonly (readonly [name: string, value: string])[] {
  if (uri.headers === '') return [];
  return uri.headers.split('&').map((header) => {
    const equals = header.indexOf('=');
    return [unescapePart(header.slice(0, equals)), unescapePart(header.slice(equals + 1))] as const;
  });
}

export const withHeaders = (uri: SipUri, headers: readonly (readonly [name: string, value: string])[]): SipUri =>
  changed(uri, { headers: headers.map(([n, v]) => `${escapePart(n, 'header')}=${escapePart(v, 'header')}`).join('&') });

/** Another user, without the password of the old one. */
export const withUser = (uri: SipUri, user: string | undefined): SipUri =>
  changed(uri, { user: userText(user), password: undefined });

/** Another host and port; without a port the URI has none. @throws UsageFault */
export function withHost(uri: SipUri, host: string, port?: number): SipUri {
  checkHost(host, port);
  return changed(uri, { host, port });
}

/** All parameters replaced by these, as they stand. */
export const withParams = (uri: SipUri, params: Params): SipUri => changed(uri, { params });

/** One parameter set, at its old place or at the end. */
export function withParam(uri: SipUri, name: string, value = ''): SipUri {
  return changed(uri, { params: uri.params.put(name.toLowerCase(), paramText(name, value)) });
}

export const withoutParam = (uri: SipUri, name: string): SipUri =>
  uri.params.has(name) ? changed(uri, { params: uri.params.delete(name) }) : uri;

/** What an address-of-record is made of: neither port, parameters, headers nor password (RFC 3261 §10.3 step 5). */
export const bareUri = (uri: SipUri): SipUri =>
  changed(uri, { password: undefined, port: undefined, params: NO_PARAMS, headers: '' });

function changed(uri: SipUri, parts: Partial<SipUriParts>): SipUri {
  const { secure, user, password, host, port, params, headers } = uri;
  return new SipUri({ secure, user, password, host, port, params, headers, ...parts });
}

function userText(user: string | undefined): string | undefined {
  if (user === '') throw new UsageFault('a user of a URI cannot be empty');
  return user === undefined ? undefined : escapePart(user, 'user');
}

function paramText(name: string, value: string): string {
  if (name === '') throw new UsageFault('a URI parameter needs a name');
  return value === '' ? `;${escapePart(name, 'param')}` : `;${escapePart(name, 'param')}=${escapePart(value, 'param')}`;
}

function checkHost(host: string, port: number | undefined): void {
  if (!isHost(host)) throw new UsageFault(`"${host}" is no host of a URI`);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new UsageFault(`${port} is no port`);
}
