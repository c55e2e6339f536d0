import type { Clock } from '@strowger/sip/engine';
import type { Instant } from '@strowger/sip/text';

export interface NodeClock extends Clock {
  /** An alarm that waits no longer keeps the process alive. */
  unref(): void;
  /** An alarm that waits keeps the process alive again, as it does at first. */
  ref(): void;
}

/** The time of this machine: monotonic from the start of the process, and the wall clock. One alarm, one system timer. */
export function createClock(): NodeClock {
  let timer: NodeJS.Timeout | undefined;
  let keepsProcess = true;

  const arm = (at: Instant, wake: () => void): void => {
    clearTimeout(timer);
    // The system's timers count whole milliseconds and may fire a fraction too early.
    const delayMs = Math.min(Math.max(Math.ceil(at - performance.now()), 0), LONGEST_DELAY_MS);
    timer = setTimeout(() => {
      timer = undefined;
      if (performance.now() < at) arm(at, wake);
      else wake();
    }, delayMs);
    if (!keepsProcess) timer.unref();
  };

  return {
    now: () => performance.now(),
    unix: () => Date.now(),
    wakeAt: arm,
    sleep: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    unref: () => {
      keepsProcess = false;
      timer?.unref();
    },
    ref: () => {
      keepsProcess = true;
      timer?.ref();
    },
  };
}

/** What setTimeout can count; a longer wait is taken in several steps. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;
