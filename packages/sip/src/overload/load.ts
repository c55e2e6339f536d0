import type { Instant, UnixMs } from '../text/time.ts';
import type { OverloadFeedback } from './feedback.ts';

/** How busy a server was since it was last asked. */
export interface LoadSample {
  /** The share of the time in which it was working; 0 to 1. */
  readonly busy: number;
  /** How long work had to wait for its turn, in milliseconds. */
  readonly lateMs: number;
}

/**
 * How much new work has to be given up so that a server keeps up with the rest. After each sample what is taken is multiplied
 * by how far the server is from the load that it shall have, so it settles where the work that is taken makes just that load, however much more is asked for.
 */
export class Load {
  #taken = 1;
  #busy = 0;
  #lateMs = 0;
  #changedAt: UnixMs = 0;
  #sampledAt: Instant = Number.NEGATIVE_INFINITY;

  sample({ busy, lateMs }: LoadSample, now: Instant, unix: UnixMs): void {
    this.#sampledAt = now;
    const before = this.lossPercent;
    this.#busy += (busy - this.#busy) * NEWEST_SHARE;
    const byBusy = TARGET_BUSY / Math.max(this.#busy, 0.01);
    const stillLateMs = Math.min(lateMs, this.#lateMs); // twice: once is a pause of the machine
    const byLate = stillLateMs > LATE_MS ? LATE_MS / stillLateMs : LEAST_BRAKE;
    this.#lateMs = lateMs;
    const change = Math.max(HARDEST_BRAKE, Math.min(LEAST_BRAKE, byBusy, byLate));
    this.#taken = Math.max(LEAST_TAKEN, Math.min(1, this.#taken * change));
    // A sequence has to grow with the values (RFC 7339 §4.4), also when the wall clock does not.
    if (this.lossPercent !== before) this.#changedAt = Math.max(unix, this.#changedAt + 1);
  }

  /** The share of new work that is to be given up; 0 to 1. What was sampled too long ago says nothing. */
  lossAt(now: Instant): number {
    return now - this.#sampledAt > STALE_MS || this.lossPercent === 0 ? 0 : 1 - this.#taken;
  }

  /** What the hop before is told. */
  feedbackAt(now: Instant): OverloadFeedback {
    const lossPercent = Math.round(this.lossAt(now) * 100);
    return { lossPercent, validityMs: lossPercent === 0 ? 0 : VALIDITY_MS, sequence: this.#changedAt / 1000 };
  }

  get lossPercent(): number {
    return Math.round((1 - this.#taken) * 100);
  }
}

/** The rest is for what is never given up. */
const TARGET_BUSY = 0.85;
/** A rush that is over in half a second is no overload: all phones of an office that register at once. */
const NEWEST_SHARE = 0.2;
const LATE_MS = 100;
const HARDEST_BRAKE = 0.5;
/** How fast more is taken again. */
const LEAST_BRAKE = 1.15;
/** Without any new work nobody would see that there is room again. */
const LEAST_TAKEN = 0.02;
const STALE_MS = 2_000;
const VALIDITY_MS = 500;
