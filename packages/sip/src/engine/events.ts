import type { Message } from '../message/message.ts';
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
  | { readonly type: 'transport.failed'; readonly fault: TransportFault; readonly flow: Flow }
  | { readonly type: 'fault'; readonly where: string; readonly error: unknown };

export type EngineListener = (event: EngineEvent) => void;
