import type { EngineEvent, EngineListener } from './events.ts';

/** The one stream of events: who listens to what. An event of a type that nobody listens to is never built. */
export class EventStream {
  readonly #byType = new Map<EngineEvent['type'], Set<EngineListener>>();
  /** Asked for dozens of times in a call: a property is found faster than an entry of a map. */
  readonly #wanted: Record<string, boolean> = {};

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

  /** Ask before building an event. */
  wants(type: EngineEvent['type']): boolean {
    return this.#wanted[type] === true;
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
const KNOWN: Readonly<Record<EngineEvent['type'], true>> = {
  'message.received': true,
  'message.sent': true,
  'message.malformed': true,
  'message.dropped': true,
  'transaction.created': true,
  'transaction.ended': true,
  'request.decided': true,
  'guard.dropped': true,
  'guard.banned': true,
  'guard.unbanned': true,
  'login.failed': true,
  'login.locked': true,
  'login.refused': true,
  'target.unknown': true,
  'transport.failed': true,
  fault: true,
};

export const EVENT_TYPES = Object.keys(KNOWN) as readonly EngineEvent['type'][];
