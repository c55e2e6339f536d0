import { type AuthParam, type AuthValue, bareParam, paramOf, quotedParam } from '../text/auth-value.ts';
import { type DigestCredentials, readCredentials } from './credentials.ts';
import { responseOf, sameDigest } from './digest.ts';
import type { Hash } from './hash.ts';
import { type Account, ha1For } from './session.ts';

/** What the server's answer proves to the client. */
export interface InfoVerdict {
  /**
   * `genuine`: the server knows the user's secret (and with auth-int sent this body); `unproven`: it did not try;
   * `wrong`: it tried and failed, so the response is not to be trusted.
   */
  readonly type: 'genuine' | 'unproven' | 'wrong';
  /** The nonce for the next request; never from a `wrong` server. */
  readonly nextNonce: string | undefined;
}

/**
 * The parameters of Authentication-Info or Proxy-Authentication-Info in a 2xx (RFC 7616 §3.5, RFC 3261 §20.6): proof to the
 * client that the server knows its secret, for the body of the response when the request had auth-int.
 * `ha1` is the one that `verify` was given for the algorithm of these credentials.
 */
export function authenticationInfo(
  credentials: DigestCredentials,
  ha1: string,
  reply: { readonly body: Uint8Array; readonly nextNonce?: string },
  hash: Hash,
): readonly AuthParam[] {
  const params: AuthParam[] = [];
  if (reply.nextNonce !== undefined) params.push(quotedParam('nextnonce', reply.nextNonce));
  const { protection } = credentials;
  if (protection !== undefined) params.push(bareParam('qop', protection.qop));
  params.push(quotedParam('rspauth', rspauthOf(credentials, ha1, reply.body, hash)));
  if (protection !== undefined) params.push(quotedParam('cnonce', protection.cnonce), bareParam('nc', protection.nc));
  return params;
}

/**
 * Checks the parameters of Authentication-Info against the credentials that the client sent and the body of the response
 * (RFC 7616 §3.5). `qop`, `cnonce` and `nc` must be those of the request where they are given.
 */
export function checkAuthenticationInfo(
  params: readonly AuthParam[],
  sent: AuthValue,
  account: Account,
  body: Uint8Array,
  hash: Hash,
): InfoVerdict {
  const info = { params };
  const nextNonce = paramOf(info, 'nextnonce');
  const rspauth = paramOf(info, 'rspauth');
  if (rspauth === undefined) return { type: 'unproven', nextNonce };
  const credentials = readCredentials(sent);
  if (credentials.type !== 'digest') return WRONG;
  const ha1 = ha1For(account, credentials, hash);
  if (ha1 === undefined || !echoes(info, credentials)) return WRONG;
  return sameDigest(rspauth, rspauthOf(credentials, ha1, body, hash)) ? { type: 'genuine', nextNonce } : WRONG;
}

const rspauthOf = (credentials: DigestCredentials, ha1: string, body: Uint8Array, hash: Hash): string =>
  responseOf({ ...credentials, ha1, method: '', body }, hash);

/** LENIENT: servers that leave out qop, cnonce or nc beside rspauth; what is there must be ours. */
function echoes(info: Pick<AuthValue, 'params'>, { protection }: DigestCredentials): boolean {
  if (protection === undefined) return true;
  return (
    (paramOf(info, 'qop') ?? protection.qop) === protection.qop &&
    (paramOf(info, 'cnonce') ?? protection.cnonce) === protection.cnonce &&
    Number.parseInt(paramOf(info, 'nc') ?? protection.nc, 16) === Number.parseInt(protection.nc, 16)
  );
}

const WRONG: InfoVerdict = { type: 'wrong', nextNonce: undefined };
