import { UsageFault } from '../../text/faults.ts';
import type { UnixMs } from '../../text/time.ts';

/**
 * One place where an address-of-record can be reached, as a REGISTER asked for it and a registrar granted it
 * (RFC 3261 §10.3, RFC 3327 §5.3, RFC 5626 §6). Every text is as the message had it, unless said otherwise.
 */
export interface Binding {
  /**
   * What tells the bindings of one address-of-record apart: the contact's URI in a canonical form whose texts are equal
   * when RFC 3261 §19.1.4 calls the URIs equal, sips: taken for sip:, or `outboundKeyOf` where RFC 5626 applies. Never sent to anybody.
   */
  readonly key: string;
  /** The Contact URI, without display name and angle brackets. */
  readonly contact: string;
  /** The parameters behind the contact, `;a=b;c`, or empty; with those that other fields repeat as values. */
  readonly params: string;
  /** The preference in thousandths, 0 to 1000; `undefined` when the request gave none. */
  readonly q: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  /** From this moment on the binding is as good as deleted. */
  readonly expiresAt: UnixMs;
  /** When the binding came to be; refreshing it changes nothing here (RFC 3680 §5.1, duration-registered). */
  readonly registeredAt: UnixMs;
  /** When a REGISTER set it last (RFC 5626 §6). */
  readonly updatedAt: UnixMs;
  /** The URIs of the Path header fields, topmost first, each with its parameters (RFC 3327 §5.3). */
  readonly path: readonly string[];
  /** The way the REGISTER came, which is the way back (RFC 5626 §7). */
  readonly flow: BindingFlow;
  /**
   * How requests get there: to the host that the Contact names, or over the flow alone, because RFC 5626 §7 says so or the
   * Contact names what only its own network can reach. A live connection goes before the Contact in either case.
   */
  readonly reach: 'contact' | 'flow';
  /** The URN of `+sip.instance` as `instanceKeyOf` writes it; `undefined` when there was none. */
  readonly instance: string | undefined;
  /** Only where RFC 5626 applies to this registration; a reg-id that is to be ignored is not kept here. */
  readonly regId: number | undefined;
  /**
   * Temporary GRUUs of the instance that were made for another moment than this are void (RFC 5627 §5.1); the same in all
   * bindings of one instance. `undefined` without an instance.
   */
  readonly gruusSince: UnixMs | undefined;
  readonly userAgent: string | undefined;
}

/** Our address and the sender's, in the shape that the engine sends on. `host`s are IP literals without brackets. */
export interface BindingFlow {
  readonly local: {
    readonly protocol: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
    readonly host: string;
    readonly port: number;
  };
  readonly host: string;
  readonly port: number;
  /** The number of the connection; 0 for datagrams; `LOST_CONNECTION` for one of an earlier life of this server. */
  readonly connection: number;
}

/** Stands for a connection that is certainly gone, so that its number is not mistaken for a new peer's. */
export const LOST_CONNECTION = -1;

/** The key of a binding made with an instance id and a reg-id (RFC 5626 §6); no URI looks like it. */
export const outboundKeyOf = (instance: string, regId: number): string =>
  `<${instanceKeyOf(instance)}>;reg-id=${regId}`;

/**
 * One text for all texts of an instance id, which may stand in its angle brackets. URNs are compared by RFC 2141 §5, those
 * of UUIDs without regard to case (RFC 4122 §3).
 */
export function instanceKeyOf(instance: string): string {
  const urn = instance.startsWith('<') && instance.endsWith('>') ? instance.slice(1, -1) : instance;
  const prefix = /^urn:[^:]*:/i.exec(urn)?.[0].toLowerCase() ?? '';
  const rest = urn.slice(prefix.length);
  return `${prefix}${prefix === 'urn:uuid:' ? rest.toLowerCase() : rest}`;
}

/**
 * What every store asks of a set of bindings before it takes it, so that nothing a store accepts can fail for its content.
 * @throws UsageFault for two bindings with one key, or a number that is not a whole one
 */
export function requireStorable(bindings: readonly Binding[]): void {
  for (let i = 0; i < bindings.length; i += 1) {
    const binding = bindings[i] as Binding;
    for (let j = 0; j < i; j += 1)
      if (bindings[j]?.key === binding.key) throw new UsageFault(`two bindings with the key ${binding.key} in one set`);
    if (!hasWholeNumbers(binding))
      throw new UsageFault(`a binding of ${binding.contact} holds a number that is not a whole number`);
  }
}

const hasWholeNumbers = (b: Binding): boolean =>
  isWhole(b.q ?? 0) &&
  isWhole(b.cseq) &&
  isWhole(b.expiresAt) &&
  isWhole(b.registeredAt) &&
  isWhole(b.updatedAt) &&
  isWhole(b.flow.local.port) &&
  isWhole(b.flow.port) &&
  isWhole(b.flow.connection) &&
  isWhole(b.regId ?? 0) &&
  isWhole(b.gruusSince ?? 0);

const isWhole = (n: number): boolean => Number.isSafeInteger(n);
