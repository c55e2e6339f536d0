import { bracketed, canonicalHost, type Endpoint, type SipUri } from '@strowger/sip/uri';
import type { Advertised } from './config/index.ts';

/**
 * Who this server is. A URI is ours when its host is one of our domains and its port is absent or one that we listen on, or
 * when host and port are an address that we listen on or advertise: such an address stands for the first domain, because
 * phones are often configured with the server's address. The same host with another port is somebody else.
 */
export class Identity {
  readonly domains: readonly string[];
  /** The domains by their canonical texts: an IPv6 address has many (RFC 5954 §4.2). */
  readonly #byHost: ReadonlyMap<string, string>;
  /** The ports of each host that is an address of ours. */
  readonly #addresses = new Map<string, Set<number>>();
  readonly #ports = new Set<number>();

  constructor(domains: readonly string[]) {
    this.domains = domains.map((domain) => domain.toLowerCase());
    this.#byHost = new Map(this.domains.map((domain) => [canonicalHost(domain), domain]));
  }

  /** The domain that addresses stand for, and where users without one belong. */
  get firstDomain(): string {
    return this.domains[0] ?? 'localhost';
  }

  listensOn(local: Endpoint): void {
    this.#isReachedAt(local.host, local.port);
  }

  isAdvertisedAs(advertised: Advertised, port: number): void {
    this.#isReachedAt(advertised.host, port);
  }

  isOurs(uri: SipUri): boolean {
    return this.domainOf(uri) !== undefined;
  }

  /** The domain of ours that a sender claims to belong to: also with another port, which changes nothing about the claim. */
  domainOfSender(uri: SipUri): string | undefined {
    return this.#byHost.get(canonicalHost(uri.host)) ?? this.domainOf(uri);
  }

  /** The domain of ours that a URI names, by its own name or by an address of ours; `undefined` for a URI of others. */
  domainOf(uri: SipUri): string | undefined {
    const host = canonicalHost(uri.host);
    const domain = this.#byHost.get(host);
    if (domain !== undefined && (uri.port === undefined || this.#ports.has(uri.port))) return domain;
    const isAddress = this.#addresses.get(host)?.has(uri.port ?? (uri.secure ? 5061 : 5060)) === true;
    return isAddress ? this.firstDomain : undefined;
  }

  #isReachedAt(host: string, port: number): void {
    const key = canonicalHost(bracketed(host));
    const ports = this.#addresses.get(key);
    if (ports === undefined) this.#addresses.set(key, new Set([port]));
    else ports.add(port);
    this.#ports.add(port);
  }
}
