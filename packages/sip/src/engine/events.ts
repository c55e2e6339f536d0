import type { Message } from '../message/message.ts';
import type { UnixMs } from '../text/time.ts';
import type { Flow } from '../uri/transport.ts';
import type { TransportFault } from './ports.ts';

/**
 * Everything that an engine lets the world see: logs, metrics, ladders, traces and consoles are listeners of this one
 * stream. Events are built only while somebody listens.
 */
export type EngineEvent =
  | { readonly type: 'message.received'; readonly message: Message; readonly flow: Flow }
  | { readonly type: 'message.sent'; readonly message: Message; readonly flow: Flow }
  | {
      readonly type: 'message.malformed';
      readonly reason: string;
      readonly position: number;
      readonly bytes: number;
      readonly flow: Flow;
      readonly answered: number;
    }
  | { readonly type: 'message.dropped'; readonly reason: string; readonly flow: Flow }
  | {
      readonly type: 'transaction.created' | 'transaction.ended';
      readonly side: 'client' | 'server';
      readonly method: string;
      readonly key: string;
    }
  | {
      readonly type: 'request.decided';
      readonly method: string;
      readonly callId: string;
      readonly decision: string;
      readonly status: number;
    }
  /** What the guard at the door did not let in, counted by reason over a second. */
  | { readonly type: 'guard.dropped'; readonly reason: string; readonly count: number }
  | {
      readonly type: 'guard.banned';
      readonly network: string;
      readonly reason: string;
      readonly by: string;
      /** `undefined`: until somebody removes the ban. */
      readonly until: UnixMs | undefined;
    }
  | { readonly type: 'guard.unbanned'; readonly network: string }
  /** A wrong password; also for accounts that do not exist. */
  | { readonly type: 'login.failed'; readonly account: string; readonly flow: Flow }
  /** Too many of them: for so long the credentials of this account, of this source, or of both together are not looked at. */
  | {
      readonly type: 'login.locked';
      readonly scope: string;
      readonly account: string;
      readonly seconds: number;
      readonly flow: Flow;
    }
  /** Credentials that were not looked at. */
  | { readonly type: 'login.refused'; readonly scope: string; readonly account: string; readonly flow: Flow }
  /** No place was found to send a request to; the reason names the questions and what the name servers said. */
  | { readonly type: 'target.unknown'; readonly host: string; readonly reason: string }
  | { readonly type: 'transport.failed'; readonly fault: TransportFault; readonly flow: Flow }
  | { readonly type: 'fault'; readonly where: string; readonly error: unknown };

export type EngineListener = (event: EngineEvent) => void;
