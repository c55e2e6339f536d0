import { type Instant, UsageFault } from '@strowger/sip/text';
import { EventQueue } from './event-queue.ts';

export interface RunOptions {
  /** An instant to stop at, or a condition, looked at whenever all work of an instant is done. Without: until nothing is planned. */
  readonly until?: Instant | (() => boolean);
  /** A world that plans for ever is stopped with an error after so many events. */
  readonly maxEvents?: number;
}

/** Virtual time: it stands still while anything works, and jumps to the next event when nothing does. */
export class Timeline {
  #now: Instant = 0;
  readonly #queue = new EventQueue();
  #isRunning = false;

  get now(): Instant {
    return this.#now;
  }

  /** Plans something; an instant that has passed means now, after what is planned for now. Returns how to cancel it. */
  at(instant: Instant, action: () => void): () => void {
    const event = this.#queue.add(Math.max(instant, this.#now), action);
    return () => this.#queue.cancel(event);
  }

  after(ms: number, action: () => void): () => void {
    return this.at(this.#now + ms, action);
  }

  /**
   * Lets things happen. Before time moves, every promise that is ready has had its turn, however long the chain; what waits
   * for real I/O (files, threads) is not waited for.
   * @throws whatever an event throws; Error when the world does not come to rest; UsageFault when it runs already
   */
  async run({ until, maxEvents = MAX_EVENTS }: RunOptions = {}): Promise<void> {
    if (this.#isRunning) throw new UsageFault('the world runs already: await the first run before the next');
    this.#isRunning = true;
    try {
      await this.#run(
        typeof until === 'number' ? until : Number.POSITIVE_INFINITY,
        typeof until === 'function' ? until : never,
        maxEvents,
      );
    } finally {
      this.#isRunning = false;
    }
  }

  async #run(end: Instant, isEnough: () => boolean, maxEvents: number): Promise<void> {
    let left = maxEvents;
    for (;;) {
      await everythingReady();
      if (isEnough()) return;
      const next = this.#queue.nextAt();
      if (next === undefined || next > end) break;
      this.#now = next;
      while (this.#queue.nextAt() === next) {
        if (left === 0) throw new Error(`the world did not come to rest in ${maxEvents} events; it is ${next} ms old`);
        left -= 1;
        this.#queue.take()?.();
      }
    }
    if (end !== Number.POSITIVE_INFINITY) this.#now = Math.max(this.#now, end);
  }
}

/** A turn of the real event loop begins only when no promise is ready any more. */
const everythingReady = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = (): boolean => false;
const MAX_EVENTS = 1_000_000;
