import type { Clock } from '@strowger/sip/engine';
import type { UnixMs } from '@strowger/sip/text';
import type { Timeline } from './timeline.ts';

/** A clock of the virtual time with an alarm of its own. `unixAtStart` is what its wall clock said when the world began. */
export function createVirtualClock(timeline: Timeline, unixAtStart: UnixMs): Clock {
  let cancel = (): void => {};
  return {
    now: () => timeline.now,
    unix: () => unixAtStart + timeline.now,
    wakeAt: (at, wake) => {
      cancel();
      cancel = timeline.at(at, wake);
    },
    sleep: () => cancel(),
  };
}
