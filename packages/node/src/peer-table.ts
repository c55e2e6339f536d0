import type { StreamConnection } from './stream-connection.ts';

/**
 * Which live connection leads to an address and port: the alias table of RFC 5923 §5. Where peers prove who they are, a
 * message for a name only finds a connection whose peer has proved it; elsewhere an address is all that there is to go by.
 */
export class PeerTable {
  readonly #trust: 'proved' | 'believed';
  readonly #byAddress = new Map<string, readonly StreamConnection[]>();
  /** The addresses beyond its own that a connection is entered under. */
  readonly #aliases = new Map<StreamConnection, readonly string[]>();

  constructor(trust: 'proved' | 'believed') {
    this.#trust = trust;
  }

  /**
   * The eldest one that may be used. Where only an address is asked for, and not a name, the connection with that very address
   * will do; an alias has to be proved in any case.
   */
  find(host: string, port: number, identity = host): StreamConnection | undefined {
    const there = this.#byAddress.get(keyOf(host, port));
    // DEVIATION(RFC 5923 §9.3): without TLS the connection with an address serves every name that leads there, whoever made it, as
    // RFC 3261 §18.1.1 recommends; nothing proves more of a new connection. An alias is never made of one.
    if (there === undefined || this.#trust === 'believed') return there?.[0];
    const isThere = ({ flow }: StreamConnection): boolean => flow.port === port && identity === host;
    return there.find((connection) => isThere(connection) || connection.isFor(identity));
  }

  /** Under its own address, or under the one that its peer listens on. */
  add(connection: StreamConnection, host: string, port: number): void {
    const key = keyOf(host, port);
    const there = this.#byAddress.get(key) ?? [];
    if (there.includes(connection)) return;
    const { flow } = connection;
    if (flow.host !== host || flow.port !== port) {
      const aliases = this.#aliases.get(connection) ?? [];
      if (aliases.length >= MAX_ALIASES) return;
      this.#aliases.set(connection, [...aliases, key]);
    }
    this.#byAddress.set(key, [...there, connection]);
  }

  remove(connection: StreamConnection): void {
    const { host, port } = connection.flow;
    for (const key of [keyOf(host, port), ...(this.#aliases.get(connection) ?? [])]) {
      const left = (this.#byAddress.get(key) ?? []).filter((other) => other !== connection);
      if (left.length > 0) this.#byAddress.set(key, left);
      else this.#byAddress.delete(key);
    }
    this.#aliases.delete(connection);
  }
}

const keyOf = (host: string, port: number): string => `${host} ${port}`;

/** A peer listens on one port or on very few. */
const MAX_ALIASES = 4;
