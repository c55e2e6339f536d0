import { hash as digest } from 'node:crypto';
import { answer, authorize, type DigestClient, type DigestSession, type Hash } from '@strowger/sip/auth';
import {
  bodyOf,
  type Line,
  line,
  proxyAuthenticate,
  type Request,
  type Response,
  readAll,
  wwwAuthenticate,
} from '@strowger/sip/message';
import { printAuthValue } from '@strowger/sip/text';

/** The hash functions of digest authentication. */
export const nodeHash: Hash = (algorithm, data) => digest(OPENSSL_NAMES[algorithm], data, 'hex');

/** What a phone has proved to servers and may go on using. */
export interface Wallet {
  readonly www: readonly DigestSession[];
  readonly proxy: readonly DigestSession[];
}

export const EMPTY_WALLET: Wallet = { www: [], proxy: [] };

/** Credentials for one request, and what is in the wallet afterwards. */
export interface Authorized {
  readonly lines: readonly Line[];
  readonly wallet: Wallet;
}

/** Name and password of a phone: answers challenges (RFC 3261 §22). It believes every realm. */
export class PhoneAccount {
  readonly #client: DigestClient;
  readonly #cnonce: () => string;

  constructor(username: string, password: string, cnonce: () => string) {
    this.#cnonce = cnonce;
    this.#client = {
      accountFor: () => ({ username, password }),
      algorithms: ['SHA-512-256', 'SHA-256', 'MD5'],
      choose: 'topmost',
      qop: 'auth',
      hash: nodeHash,
    };
  }

  /** Answers a 401 or 407 to this request; `undefined` when there is no answer that was not refused already. */
  answer(response: Response, request: Request, wallet: Wallet): Authorized | undefined {
    const asked = requestOf(request);
    const www = readAll(response, wwwAuthenticate);
    const proxy = readAll(response, proxyAuthenticate);
    const isProxy = response.status === 407;
    const attempt = { cnonce: this.#cnonce(), sent: isProxy ? wallet.proxy : wallet.www };
    const said = answer(isProxy ? proxy : www, asked, this.#client, attempt);
    if (said.type === 'giveUp') return undefined;
    const other = authorize(isProxy ? wallet.www : wallet.proxy, asked, this.#client, this.#cnonce());
    const lines = (name: string, credentials: typeof said.credentials): Line[] =>
      credentials.map((value) => line(name, printAuthValue(value)));
    const [forUs, forProxies] = isProxy ? [other, said] : [said, other];
    return {
      lines: [...lines('Authorization', forUs.credentials), ...lines('Proxy-Authorization', forProxies.credentials)],
      wallet: { www: forUs.sessions, proxy: forProxies.sessions },
    };
  }

  /** Credentials that nobody asked for, from earlier challenges (RFC 3261 §22.2). */
  authorize(request: Request, wallet: Wallet): Authorized {
    const asked = requestOf(request);
    const www = authorize(wallet.www, asked, this.#client, this.#cnonce());
    const proxy = authorize(wallet.proxy, asked, this.#client, this.#cnonce());
    return {
      lines: [
        ...www.credentials.map((value) => line('Authorization', printAuthValue(value))),
        ...proxy.credentials.map((value) => line('Proxy-Authorization', printAuthValue(value))),
      ],
      wallet: { www: www.sessions, proxy: proxy.sessions },
    };
  }
}

const requestOf = (request: Request): { method: string; uri: string; body: Uint8Array } => ({
  method: request.method,
  uri: request.uri,
  body: bodyOf(request),
});

const OPENSSL_NAMES = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const;
