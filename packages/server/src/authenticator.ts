import {
  createNonceCounts,
  createNonces,
  type DigestAlgorithm,
  type DigestCredentials,
  type DigestPolicy,
  type DigestVerdict,
  type Hash,
  hashOf,
  nonceOf,
  readCredentials,
  verify,
} from '@strowger/sip/auth';
import type { EngineEvent, Flow } from '@strowger/sip/engine';
import { authorization, bodyOf, line, proxyAuthorization, type Request } from '@strowger/sip/message';
import type { Users } from '@strowger/sip/roles/registrar';
import { type Context, type Decision, reply, withoutState } from '@strowger/sip/routing';
import { type AuthValue, isPromiseLike, paramOf, parseAuthValue, type UnixMs } from '@strowger/sip/text';
import { isReliable, type SipUri, tryParseUri, userOf } from '@strowger/sip/uri';
import { ChallengeLines } from './challenge-lines.ts';
import { type Attempt, type Lockout, LoginGuard, type LoginPolicy } from './login-guard/login-guard.ts';
import { sourceNameOf } from './login-guard/source-name.ts';
import { ProvedRequests } from './proved-requests.ts';

export interface AuthenticatorPorts {
  readonly users: Pick<Users, 'find' | 'findByUserhash'>;
  readonly hash: Hash;
  readonly isOurs: (uri: SipUri) => boolean;
  /** Offered and accepted, the most preferred first (RFC 8760 §2.3). */
  readonly algorithms: readonly DigestAlgorithm[];
  readonly random: { uint32(): number };
  /** At least 16 bytes; the same after a restart, and on every server that answers for the same domains. */
  readonly secret: Uint8Array;
  /** When the table of used nonces was empty. */
  readonly since: UnixMs;
  /** Whether retransmissions come here: they do where requests are forwarded without transactions. */
  readonly retransmissions: 'come' | 'absorbed';
  readonly login: LoginPolicy;
  /** Hears of wrong passwords and of what follows from them. */
  readonly events: () => LoginEvents;
  /**
   * Told of each wrong password, and of credentials that were not looked at after too many, that came from where it says: on a
   * connection, or in answer to a challenge that went there. Anybody can write any address on a datagram.
   */
  readonly onGuess?: (account: string, flow: Flow) => void;
}

export interface LoginEvents {
  readonly wanted: Readonly<Record<'login.failed' | 'login.locked' | 'login.refused', boolean>>;
  emit(event: EngineEvent): void;
}

export interface Proof {
  readonly type: 'proved';
  readonly username: string;
  readonly realm: string;
}

/** What is known of a request that shall prove who sent it. */
export type AuthContext = Pick<Context, 'request' | 'flow' | 'now' | 'unix'>;

/** Asks for digest credentials and checks them (RFC 3261 §22, RFC 8760). One for all domains; each domain is a realm. */
export class Authenticator {
  readonly #ports: AuthenticatorPorts;
  readonly #realms = new Map<string, Realm>();
  readonly #proved: ProvedRequests | undefined;
  readonly #guard: LoginGuard;

  constructor(ports: AuthenticatorPorts) {
    this.#ports = ports;
    this.#proved = ports.retransmissions === 'come' ? new ProvedRequests() : undefined;
    this.#guard = new LoginGuard(ports.login);
  }

  /**
   * Who sent the request, or the answer that asks or refuses: 401 with WWW-Authenticate where the server is the one spoken
   * to (`server`), 407 with Proxy-Authenticate where it stands between (`proxy`). Nothing in the answer, and nothing in the
   * work behind it, depends on whether the user exists.
   */
  check(ctx: AuthContext, realm: string, as: 'server' | 'proxy'): Proof | Decision | Promise<Proof | Decision> {
    const { policy, lines } = this.#realm(realm);
    const asked: Asked = { policy, lines, ctx, realm, as };
    const given = valueFor(realm, ctx.request, as === 'server' ? authorization : proxyAuthorization);
    if (given === undefined) return this.#challenge(asked, 'new');
    const credentials = readCredentials(given);
    if (credentials.type === 'malformed') return withoutState(reply(400, `Bad Credentials: ${credentials.reason}`));
    if (credentials.type !== 'digest') return this.#challenge(asked, 'new');
    const nonce = nonceOf(asked.policy, credentials.nonce, ctx.unix);
    if (nonce !== 'fresh') return this.#challenge(asked, 'stale');
    const attempt = attemptOf(asked, credentials);
    const lockout = this.#guard.check(attempt, ctx.now);
    if (lockout !== undefined) return this.#refuse(asked, credentials, lockout);
    const found = this.#find(credentials, realm);
    const judge = (user: Awaited<typeof found>): Proof | Decision => {
      const request = { method: ctx.request.method, uri: ctx.request.uri, body: bodyOf(ctx.request) };
      const verdict = verify(asked.policy, { credentials, request, user, now: ctx.unix, nonce });
      return this.#answer(asked, verdict, credentials, attempt);
    };
    return isPromiseLike(found) ? found.then(judge) : judge(found);
  }

  #find({ user, algorithm }: DigestCredentials, realm: string): ReturnType<Users['find']> {
    const { users } = this.#ports;
    return user.type === 'name'
      ? users.find(user.name, realm)
      : users.findByUserhash(hashOf(algorithm), user.userhash, realm);
  }

  #answer(asked: Asked, verdict: DigestVerdict, credentials: DigestCredentials, attempt: Attempt): Proof | Decision {
    const { request, now, unix } = asked.ctx;
    const { realm } = asked;
    switch (verdict.type) {
      case 'ok':
        this.#guard.proved(attempt, now);
        this.#proved?.add(request, credentials.response, verdict.username, unix);
        return { type: 'proved', username: verdict.username, realm };
      case 'stale': {
        const username = this.#proved?.userOf(request, credentials.response, unix);
        return username === undefined ? this.#challenge(asked, 'stale') : { type: 'proved', username, realm };
      }
      case 'wrong':
        if (verdict.reason === 'uri') return withoutState(reply(400, 'Digest URI Does Not Match'));
        if (verdict.reason === 'credentials') this.#failed(asked, credentials, attempt);
        return this.#challenge(asked, 'new');
    }
  }

  #failed(asked: Asked, credentials: DigestCredentials, attempt: Attempt): void {
    const { flow, now } = asked.ctx;
    const lockout = this.#guard.failed(attempt, now);
    const events = this.#ports.events();
    const account = accountOf(asked.realm, credentials);
    this.#tellGuess(asked, credentials, account);
    if (events.wanted['login.failed']) events.emit({ type: 'login.failed', account, flow });
    if (lockout === undefined || !events.wanted['login.locked']) return;
    events.emit({ type: 'login.locked', scope: lockout.scope, account, seconds: secondsOf(lockout), flow });
  }

  /**
   * DEVIATION(RFC 3261 §20.33): Retry-After in a 403, for phones that read it; 403 because 503 would send them to another
   * server, and a challenge would make them ask their users for another password.
   */
  #refuse(asked: Asked, credentials: DigestCredentials, lockout: Lockout): Decision {
    const { flow } = asked.ctx;
    const events = this.#ports.events();
    const account = accountOf(asked.realm, credentials);
    // Who comes from a new place to an account that others have locked may well know the password: nobody looked.
    if (lockout.scope !== 'account') this.#tellGuess(asked, credentials, account);
    if (events.wanted['login.refused']) events.emit({ type: 'login.refused', scope: lockout.scope, account, flow });
    return withoutState(reply(403, 'Too Many Wrong Passwords', [line('Retry-After', String(secondsOf(lockout)))]));
  }

  #tellGuess({ ctx, policy }: Asked, { nonce }: DigestCredentials, account: string): void {
    const { flow } = ctx;
    const isFromThere = isReliable(flow.local.protocol) || policy.nonces.isFor(nonce, sourceNameOf(flow.host));
    if (isFromThere) this.#ports.onGuess?.(account, flow);
  }

  #challenge({ ctx, as, policy, lines }: Asked, why: 'new' | 'stale'): Decision {
    const nonce = policy.nonces.issue(ctx.unix, this.#ports.random.uint32(), sourceNameOf(ctx.flow.host));
    return withoutState(reply(as === 'server' ? 401 : 407, undefined, lines.with(nonce, as, why)));
  }

  #realm(name: string): Realm {
    const known = this.#realms.get(name);
    if (known !== undefined) return known;
    const { secret, hash, since, algorithms, isOurs } = this.#ports;
    const policy: DigestPolicy = {
      realm: name,
      algorithms,
      qop: ['auth'],
      withoutQop: 'accept',
      uri: 'similar',
      acceptsUri: (uri, requestUri) => namesUs(uri, requestUri, isOurs),
      nonces: createNonces({ secret, realm: name, lifetimeSeconds: NONCE_SECONDS, skewSeconds: 5, hash }),
      counts: createNonceCounts({ capacity: 200_000, lifetimeSeconds: NONCE_SECONDS, since }),
      hash,
    };
    const made = { policy, lines: new ChallengeLines(name, algorithms) };
    this.#realms.set(name, made);
    return made;
  }
}

interface Realm {
  readonly policy: DigestPolicy;
  readonly lines: ChallengeLines;
}

/** One check. */
interface Asked extends Realm {
  readonly ctx: AuthContext;
  readonly realm: string;
  readonly as: 'server' | 'proxy';
}

/**
 * The source is the one that the nonce was made for: who guesses for others’ addresses has no nonce of theirs. Put together with
 * `join`, the texts are in memory of their own; a template would keep the message alive that a part of it was cut from.
 */
const attemptOf = ({ policy, realm }: Asked, credentials: DigestCredentials): Attempt => ({
  source: [policy.nonces.sourceOf(credentials.nonce), realm].join(' '),
  account: accountOf(realm, credentials),
});

const accountOf = (realm: string, { user }: DigestCredentials): string =>
  [user.type === 'name' ? user.name : `hash:${user.userhash}`, realm].join('@');

const secondsOf = ({ waitMs }: Lockout): number => Math.ceil(waitMs / 1000);

/**
 * Credentials made for another server's challenge are no good here. LENIENT: phones and testers that put the server's address
 * or one of its other names into `uri`, with the right user or none.
 */
function namesUs(digestUri: string, requestUri: string, isOurs: (uri: SipUri) => boolean): boolean {
  const uri = tryParseUri(digestUri);
  if (uri?.type !== 'sip' || !isOurs(uri)) return false;
  if (uri.user === undefined) return true;
  const target = tryParseUri(requestUri);
  return target?.type === 'sip' && userOf(uri) === userOf(target);
}

/** The first credentials for this realm; no other may be touched (RFC 3261 §22.3). What cannot be read as credentials counts as none. */
function valueFor(
  realm: string,
  { content }: Request,
  def: typeof authorization | typeof proxyAuthorization,
): AuthValue | undefined {
  for (let i = content.find(def); i >= 0; i = content.find(def, i + 1)) {
    const value = parseAuthValue(content.valueAt(i));
    if (!('fault' in value) && paramOf(value, 'realm') === realm) return value;
  }
  return undefined;
}

/** How long a nonce may be used: the interval of a usual registration and a bit. */
const NONCE_SECONDS = 3900;
