import type { About } from '@strowger/sip/engine';
import type { TrafficRecord } from './network.ts';

/** One message on its way through a stream. */
export interface StreamMessage {
  readonly bytes: Uint8Array;
  readonly about: About;
  readonly record: TrafficRecord | undefined;
}

/** What one flush sends, or the end of a side. */
export type StreamSegment = readonly StreamMessage[] | 'end';

/** What one end has taken and the way has not: messages before their flush, and behind them segments that cannot travel. */
export class StreamQueue {
  #waiting: StreamMessage[] = [];
  #held: StreamSegment[] = [];
  #bytes = 0;

  /** Of messages that have not set out, and of those that come back. */
  get bytes(): number {
    return this.#bytes;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** True when more than the end of the side is held. */
  get isHoldingMessages(): boolean {
    return this.#held.some((segment) => segment !== 'end');
  }

  enqueue(bytes: Uint8Array, about: About): void {
    this.#waiting.push({ bytes, about, record: undefined });
    this.#bytes += bytes.length;
  }

  /** The messages of one flush, as they are when they leave: their bytes may change behind them. */
  flushed(record: (bytes: Uint8Array) => TrafficRecord): readonly StreamMessage[] {
    const messages = this.#waiting.map(({ bytes, about }): StreamMessage => {
      const copy = new Uint8Array(bytes);
      return { bytes: copy, about, record: record(copy) };
    });
    this.#waiting = [];
    return messages;
  }

  hold(segment: StreamSegment): void {
    this.#held.push(segment);
  }

  /** What was held, in order; nothing is held any more. */
  released(): readonly StreamSegment[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** A segment sets out. */
  left(segment: StreamSegment): void {
    this.#bytes -= bytesOf(segment);
  }

  /** A segment has arrived nowhere and has to set out again. */
  cameBack(segment: StreamSegment): void {
    this.#bytes += bytesOf(segment);
  }

  /** The messages that never set out. */
  unsent(): readonly StreamMessage[] {
    return [...this.#held.flatMap((segment) => (segment === 'end' ? [] : segment)), ...this.#waiting];
  }
}

const bytesOf = (segment: StreamSegment): number =>
  segment === 'end' ? 0 : segment.reduce((sum, { bytes }) => sum + bytes.length, 0);
