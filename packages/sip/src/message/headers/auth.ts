import {
  type AuthFault,
  type AuthParam,
  type AuthValue,
  parseAuthParams,
  parseAuthValue,
  printAuthParams,
  printAuthValue,
} from '../../text/auth-value.ts';
import { defineHeader, type HeaderDef } from '../header.ts';

/** Challenges and credentials: one a line, since commas stand inside them (RFC 3261 §7.3.1). */

export const wwwAuthenticate = authHeader('WWW-Authenticate', 'RFC 3261 §20.44');
export const proxyAuthenticate = authHeader('Proxy-Authenticate', 'RFC 3261 §20.27');
export const authorization = authHeader('Authorization', 'RFC 3261 §20.7');
export const proxyAuthorization = authHeader('Proxy-Authorization', 'RFC 3261 §20.28');

/** What the server says once it knows the client: the next nonce, its own proof. */
export const authenticationInfo = defineHeader({
  name: 'Authentication-Info',
  arity: 'lines',
  rfc: 'RFC 3261 §20.6',
  decode: (text: string): readonly AuthParam[] => unlessFault(parseAuthParams(text)).params,
  encode: printAuthParams,
});

function authHeader(name: string, rfc: string): HeaderDef<AuthValue, 'lines'> {
  return defineHeader({
    name,
    arity: 'lines',
    rfc,
    decode: (text: string) => unlessFault(parseAuthValue(text)),
    encode: printAuthValue,
  });
}

function unlessFault<T extends object>(parsed: T | AuthFault): T {
  if ('fault' in parsed) throw parsed.fault;
  return parsed;
}
