import { constants } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { KeyPair } from './key-pair.ts';

/** What the server shows and whom it believes, as it was read at one time. */
export interface CredentialMaterial {
  /** Shown to whoever asks for no name or for one that is not in `domains`, and as a client. */
  readonly own: KeyPair;
  /** In lower case. */
  readonly domains: ReadonlyMap<string, KeyPair>;
  /** PEM of the authorities that are believed beside those of the system. */
  readonly authorities: readonly string[];
}

/**
 * The certificates in use by the listeners and by connections of ours. `reload` reads them again: connections that are open
 * stay as they are, new ones get the new ones.
 */
export class Credentials {
  readonly #read: () => CredentialMaterial;
  readonly #watchers = new Set<() => void>();
  #material: CredentialMaterial;
  #byDomain = new Map<string, SecureContext>();
  #client: SecureContext | undefined;

  /** @throws whatever `read` throws, CertificateFault as a rule */
  constructor(read: () => CredentialMaterial) {
    this.#read = read;
    this.#material = read();
  }

  get material(): CredentialMaterial {
    return this.#material;
  }

  /** Reads again; what cannot be used leaves everything as it was. @throws as the constructor */
  reload(): void {
    this.#material = this.#read();
    this.#byDomain = new Map();
    this.#client = undefined;
    for (const told of this.#watchers) told();
  }

  /** Calls `told` after each reload, until the returned function is called. */
  onReload(told: () => void): () => void {
    this.#watchers.add(told);
    return () => this.#watchers.delete(told);
  }

  /**
   * For a listener. Whom it asks for certificates it believes by the authorities that were given, and only where none were by
   * those of the system: a certificate that anybody can have from a public authority says little about a phone.
   */
  get server(): SecureContextOptions {
    return this.#serverOptions(this.#material.own);
  }

  /** What is shown to a client that asks for a domain; `undefined` for what is shown to everybody else. */
  contextFor(domain: string): SecureContext | undefined {
    const name = domain.toLowerCase();
    const pair = this.#material.domains.get(name);
    if (pair === undefined) return undefined;
    const known = this.#byDomain.get(name) ?? createSecureContext(this.#serverOptions(pair));
    this.#byDomain.set(name, known);
    return known;
  }

  /** For connections of ours: shows the own certificate if it is asked for, believes the system's authorities and those given. */
  get client(): SecureContext {
    // DEVIATION(RFC 5923 §9.3): one certificate, and so the same connections, whatever domain of ours a request is of.
    const { own, authorities } = this.#material;
    this.#client ??= createSecureContext({
      ...SECURE,
      cert: own.certificatePem,
      key: own.keyPem,
      ca: [...getCACertificates('default'), ...authorities],
    });
    return this.#client;
  }

  #serverOptions({ certificatePem, keyPem }: KeyPair): SecureContextOptions {
    const { authorities } = this.#material;
    const ca = authorities.length > 0 ? { ca: [...authorities] } : {};
    return { ...SECURE, cert: certificatePem, key: keyPem, sessionIdContext: SESSIONS, ...ca };
  }
}

/** TLS 1.2 and 1.3 (RFC 8996 forbids what was before), without renegotiation, which serves attackers alone. */
const SECURE: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
};

/** Without one, sessions of clients with certificates cannot be resumed. */
const SESSIONS = 'strowger';
