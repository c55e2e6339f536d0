import type { Instant } from '@strowger/sip/text';

/** Something that shall happen at an instant; without `action` it was cancelled. */
export interface PlannedEvent {
  readonly at: Instant;
  readonly order: number;
  action: (() => void) | undefined;
}

/** What shall happen, earliest first; what is planned for the same instant happens in the order of planning. */
export class EventQueue {
  /** A binary heap: no event is later than the two at twice its place. */
  #heap: PlannedEvent[] = [];
  #planned = 0;
  #cancelled = 0;

  add(at: Instant, action: () => void): PlannedEvent {
    const event: PlannedEvent = { at, order: this.#planned, action };
    this.#planned += 1;
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  cancel(event: PlannedEvent): void {
    if (event.action === undefined) return;
    event.action = undefined;
    this.#cancelled += 1;
    if (this.#cancelled > 100 && this.#cancelled > this.#heap.length / 2) this.#sweep();
  }

  /** When the next event is; undefined when there is none. */
  nextAt(): Instant | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].action === undefined) {
      this.#removeFirst();
      this.#cancelled -= 1;
    }
    return this.#heap[0]?.at;
  }

  /** The action of the next event, which is no longer in the queue. */
  take(): (() => void) | undefined {
    if (this.nextAt() === undefined) return undefined;
    const event = this.#removeFirst();
    const action = event?.action;
    if (event) event.action = undefined; // To cancel it from now on does nothing.
    return action;
  }

  #removeFirst(): PlannedEvent | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#isEarlier(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(from: number): void {
    for (let i = from; ; ) {
      const left = 2 * i + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#isEarlier(child, i)) return;
      this.#swap(i, child);
      i = child;
    }
  }

  #isEarlier(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return;
    this.#heap[i] = b;
    this.#heap[j] = a;
  }

  /** Alarms that are put off again and again would otherwise pile up until their old times. */
  #sweep(): void {
    this.#heap = this.#heap
      .filter((event) => event.action !== undefined)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    this.#cancelled = 0;
  }
}
