import { performance } from 'node:perf_hooks';

/** Tells the share of the time, 0 to 1, in which the event loop of this process was working since it was last asked. */
export function createBusyMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
