import type { Destination, Engine, TransportFault } from '@strowger/sip/engine';
import type { Request, Response } from '@strowger/sip/message';

/** How one request to one place ended. */
export type Ended =
  | { readonly type: 'response'; readonly response: Response; readonly ms: number }
  /** The fault is what the transport said, where it said something. */
  | {
      readonly type: 'failed';
      readonly why: 'timeout' | 'transport' | 'aborted';
      readonly fault: TransportFault | undefined;
    };

/** Sends a request that has every header but Via, and waits for its final response. */
export function callOnce(
  engine: Engine,
  request: Request,
  destination: Destination,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const giveUp = (why: 'timeout' | 'aborted') => (): void => {
      transaction.abandon();
      end({ type: 'failed', why, fault: undefined });
    };
    const timer = setTimeout(giveUp('timeout'), timeoutMs);
    const onAbort = giveUp('aborted');
    const end = (ended: Ended): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(ended);
    };
    const transaction = engine.request(request, destination, {
      onResponse: (_, response) => {
        if (response.status >= 200) end({ type: 'response', response, ms: performance.now() - startedAt });
      },
      onFailure: (_, why, fault) => end({ type: 'failed', why, fault }),
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
