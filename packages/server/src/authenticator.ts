import {
  challenges,
  createNonceCounts,
  createNonces,
  credentialsFor,
  type DigestPolicy,
  type DigestVerdict,
  type Hash,
  type HashAlgorithm,
  hashOf,
  type NonceCounts,
  type Nonces,
  readCredentials,
  verify,
} from '@strowger/sip/auth';
import { bodyOf, type Line, line, type Request } from '@strowger/sip/message';
import type { Users } from '@strowger/sip/roles/registrar';
import { type Decision, reply, withoutState } from '@strowger/sip/routing';
import { type AuthValue, isPromiseLike, parseAuthValue, printAuthValue, type UnixMs } from '@strowger/sip/text';
import { type SipUri, tryParseUri, userOf } from '@strowger/sip/uri';
import { ProvedRequests } from './proved-requests.ts';

export interface AuthenticatorPorts {
  readonly users: Pick<Users, 'find' | 'findByUserhash'>;
  readonly hash: Hash;
  readonly isOurs: (uri: SipUri) => boolean;
  /** Offered and accepted, the most preferred first (RFC 8760 §2.3). */
  readonly algorithms: readonly HashAlgorithm[];
  readonly random: { uint32(): number };
  /** At least 16 bytes; the same after a restart, so that phones need no new challenge. */
  readonly secret: Uint8Array;
  /** When the table of used nonces was empty. */
  readonly since: UnixMs;
  /** Whether retransmissions come here: they do where requests are forwarded without transactions. */
  readonly retransmissions: 'come' | 'absorbed';
}

export interface Proof {
  readonly type: 'proved';
  readonly username: string;
  readonly realm: string;
}

/** Asks for digest credentials and checks them (RFC 3261 §22, RFC 8760). One for all domains; each domain is a realm. */
export class Authenticator {
  readonly #ports: AuthenticatorPorts;
  readonly #realms = new Map<string, { readonly nonces: Nonces; readonly counts: NonceCounts }>();
  readonly #proved: ProvedRequests | undefined;

  constructor(ports: AuthenticatorPorts) {
    this.#ports = ports;
    this.#proved = ports.retransmissions === 'come' ? new ProvedRequests() : undefined;
  }

  /**
   * Who sent the request, or the answer that asks or refuses: 401 with WWW-Authenticate where the server is the one spoken
   * to (`server`), 407 with Proxy-Authenticate where it stands between (`proxy`).
   */
  check(
    request: Request,
    realm: string,
    as: 'server' | 'proxy',
    now: UnixMs,
  ): Proof | Decision | Promise<Proof | Decision> {
    const given = credentialsFor(
      realm,
      valuesOf(request, as === 'server' ? 'authorization' : 'proxy-authorization'),
    )[0];
    if (given === undefined) return this.#challenge(realm, as, now, 'new');
    const credentials = readCredentials(given);
    if (credentials.type === 'malformed') return withoutState(reply(400, `Bad Credentials: ${credentials.reason}`));
    if (credentials.type !== 'digest') return this.#challenge(realm, as, now, 'new');
    const { users } = this.#ports;
    const { user } = credentials;
    const found =
      user.type === 'name'
        ? users.find(user.name.normalize('NFC'), realm)
        : users.findByUserhash(hashOf(credentials.algorithm), user.userhash, realm);
    const judge = (known: Awaited<typeof found>): Proof | Decision => {
      const target = { method: request.method, uri: request.uri, body: bodyOf(request) };
      const verdict = verify(this.#policy(realm, request.uri), { credentials, request: target, user: known, now });
      const { response } = credentials;
      if (verdict.type === 'ok') this.#proved?.add(request, response, now);
      else if (verdict.type === 'stale' && known !== undefined && this.#proved?.has(request, response, now) === true)
        return { type: 'proved', username: known.username, realm };
      return this.#answer(verdict, realm, as, now);
    };
    return isPromiseLike(found) ? found.then(judge) : judge(found);
  }

  #answer(verdict: DigestVerdict, realm: string, as: 'server' | 'proxy', now: UnixMs): Proof | Decision {
    if (verdict.type === 'ok') return { type: 'proved', username: verdict.username, realm };
    if (verdict.type === 'wrong' && verdict.reason === 'uri')
      return withoutState(reply(400, 'Digest URI Does Not Match'));
    return this.#challenge(realm, as, now, verdict.type === 'stale' ? 'stale' : 'new');
  }

  #challenge(realm: string, as: 'server' | 'proxy', now: UnixMs, why: 'new' | 'stale'): Decision {
    const nonce = this.#realm(realm).nonces.issue(now, this.#ports.random.uint32());
    const offer = challenges({
      realm,
      algorithms: this.#ports.algorithms,
      qop: ['auth'],
      nonce,
      stale: why === 'stale',
      userhash: false,
    });
    const name = as === 'server' ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    const lines: Line[] = offer.map((value) => line(name, printAuthValue(value)));
    return withoutState(reply(as === 'server' ? 401 : 407, undefined, lines));
  }

  #policy(realm: string, requestUri: string): DigestPolicy {
    const { nonces, counts } = this.#realm(realm);
    return {
      realm,
      algorithms: this.#ports.algorithms,
      qop: ['auth'],
      withoutQop: 'accept',
      uri: 'similar',
      acceptsUri: (uri) => this.#namesUs(uri, requestUri),
      nonces,
      counts,
      hash: this.#ports.hash,
    };
  }

  /**
   * Credentials made for another server's challenge are no good here. LENIENT: phones and testers that put the server's address
   * or one of its other names into `uri`, with the right user or none.
   */
  #namesUs(digestUri: string, requestUri: string): boolean {
    const uri = tryParseUri(digestUri);
    if (uri?.type !== 'sip' || !this.#ports.isOurs(uri)) return false;
    if (uri.user === undefined) return true;
    const target = tryParseUri(requestUri);
    return target?.type === 'sip' && userOf(uri) === userOf(target);
  }

  #realm(realm: string): { readonly nonces: Nonces; readonly counts: NonceCounts } {
    const known = this.#realms.get(realm);
    if (known !== undefined) return known;
    const { secret, hash, since } = this.#ports;
    const made = {
      nonces: createNonces({ secret, realm, lifetimeSeconds: NONCE_SECONDS, skewSeconds: 5, hash }),
      counts: createNonceCounts({ capacity: 200_000, lifetimeSeconds: NONCE_SECONDS, since }),
    };
    this.#realms.set(realm, made);
    return made;
  }
}

/** What cannot be read as credentials counts as none. */
function valuesOf(request: Request, key: 'authorization' | 'proxy-authorization'): readonly AuthValue[] {
  const out: AuthValue[] = [];
  for (let i = 0; i < request.content.count; i += 1) {
    if (request.content.nameAt(i).toLowerCase() !== key) continue;
    const value = parseAuthValue(request.content.valueAt(i));
    if (!('fault' in value)) out.push(value);
  }
  return out;
}

/** How long a nonce may be used: the interval of a usual registration and a bit. */
const NONCE_SECONDS = 3900;
