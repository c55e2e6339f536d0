import type { EngineEvent, EngineListener } from './events.ts';

/** The one stream of events: who listens to what. An event of a type that nobody listens to is never built. */
export class EventStream {
  readonly #byType = new Map<EngineEvent['type'], Set<EngineListener>>();
  readonly #wanted: Record<EngineEvent['type'], boolean> = { ...UNWANTED };

  /** Ask before building an event: dozens of times in a call, so each place that asks reads a property of its own. */
  readonly wanted: Readonly<Record<EngineEvent['type'], boolean>> = this.#wanted;

  /** Lets a listener see the events of these types, or all of them, until the returned function is called. */
  observe(listener: EngineListener, types: readonly EngineEvent['type'][] = EVENT_TYPES): () => void {
    for (const type of types) {
      const listeners = this.#byType.get(type) ?? new Set();
      this.#byType.set(type, listeners.add(listener));
      this.#wanted[type] = true;
    }
    return () => {
      for (const type of types) {
        const listeners = this.#byType.get(type);
        listeners?.delete(listener);
        if (listeners?.size !== 0) continue;
        this.#byType.delete(type);
        this.#wanted[type] = false;
      }
    };
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#byType.get(event.type) ?? []) this.#tell(listener, event);
  }

  /** A listener that throws disturbs neither the work that it is told about nor the other listeners. */
  #tell(listener: EngineListener, event: EngineEvent): void {
    try {
      listener(event);
    } catch (error) {
      if (event.type !== 'fault') this.emit({ type: 'fault', where: `listener of ${event.type}`, error });
    }
  }
}

/** A record, so that the compiler misses none. */
const UNWANTED: Readonly<Record<EngineEvent['type'], false>> = {
  'message.received': false,
  'message.sent': false,
  'message.malformed': false,
  'message.dropped': false,
  'transaction.created': false,
  'transaction.ended': false,
  'request.decided': false,
  'guard.dropped': false,
  'guard.banned': false,
  'guard.unbanned': false,
  'login.failed': false,
  'login.locked': false,
  'login.refused': false,
  'target.unknown': false,
  'transport.failed': false,
  fault: false,
};

export const EVENT_TYPES = Object.keys(UNWANTED) as readonly EngineEvent['type'][];
