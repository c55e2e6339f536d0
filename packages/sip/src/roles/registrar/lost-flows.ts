import type { UnixMs } from '../../text/time.ts';
import { isReliable } from '../../uri/index.ts';
import { type Binding, type BindingFlow, LOST_CONNECTION } from './binding.ts';
import type { Locations } from './ports.ts';

/** Which addresses-of-record hang on which connections of this process. */
export class BoundFlows {
  readonly #aors = new Map<string, Set<string>>();

  /** These bindings were saved. */
  bound(aor: string, bindings: readonly Binding[]): void {
    for (const { flow } of bindings) {
      if (!isReliable(flow.local.protocol) || flow.connection <= 0) continue;
      const key = keyOf(flow);
      const aors = this.#aors.get(key);
      if (aors === undefined) this.#aors.set(key, new Set([aor]));
      else aors.add(aor);
    }
  }

  /** The connection of this flow has ended: whose bindings to look at. */
  closed(flow: BindingFlow): readonly string[] {
    const key = keyOf(flow);
    const aors = this.#aors.get(key);
    this.#aors.delete(key);
    return aors === undefined ? [] : [...aors];
  }

  /** How many connections something hangs on. */
  get size(): number {
    return this.#aors.size;
  }
}

/**
 * Lets go of what hangs on a connection that has ended (RFC 5626 §7): no request goes there any more, and unless the phone
 * comes back, the binding ends soon. It is kept for that while, and with it the phone's temporary GRUUs.
 */
export async function loseFlow(
  locations: Pick<Locations, 'load' | 'save'>,
  aor: string,
  flow: BindingFlow,
  now: UnixMs,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { bindings, version } = await locations.load(aor, now);
    const next = withoutFlow(bindings, flow, now);
    if (next === bindings || (await locations.save(aor, next, version))) return;
  }
}

/** The bindings when a connection has ended; the very same array where none hangs on it. */
export function withoutFlow(bindings: readonly Binding[], flow: BindingFlow, now: UnixMs): readonly Binding[] {
  const key = keyOf(flow);
  if (flow.connection <= 0 || !bindings.some((binding) => keyOf(binding.flow) === key)) return bindings;
  return bindings.map((binding) => {
    if (keyOf(binding.flow) !== key) return binding;
    // Who names an address of its own may be reached there as long as it asked for.
    const until = binding.reach === 'flow' ? Math.floor(now) + RETURN_MS : binding.expiresAt;
    return {
      ...binding,
      flow: { ...binding.flow, connection: LOST_CONNECTION },
      expiresAt: Math.min(binding.expiresAt, until),
    };
  });
}

const keyOf = ({ local, connection }: BindingFlow): string =>
  `${local.protocol} ${local.host} ${local.port} ${connection}`;

/** RFC 5626 §4.5: a phone with another flow alive tries again after at most twice 90 seconds. */
const RETURN_MS = 180_000;
const ATTEMPTS = 5;
