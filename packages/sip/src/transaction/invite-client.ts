import type { MachineTable } from './machine.ts';

export type InviteClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export type InviteClientInput =
  | 'provisional'
  | 'success'
  | 'failure'
  | 'timerA'
  | 'timerB'
  | 'timerD'
  | 'timerM'
  | 'transportError';

/**
 * `send` and `resend` the request; `deliver` the response to the transaction user; `ack` the response; `timedOut` and
 * `lost`: tell the transaction user that no answer will come, because of time or of the transport.
 */
export type InviteClientAction = 'send' | 'resend' | 'deliver' | 'ack' | 'timedOut' | 'lost';

/**
 * The INVITE client transaction: RFC 3261 §17.1.1.2, with the figure, the state `accepted` and timer M of RFC 6026 §8.4.
 * The ACK to a 2xx is the transaction user's.
 */
export const inviteClient: MachineTable<
  InviteClientState,
  InviteClientInput,
  'A' | 'B' | 'D' | 'M',
  InviteClientAction
> = {
  name: 'INVITE client',
  rfc: 'RFC 3261 §17.1.1, RFC 6026 §8.4',
  initial: 'calling',
  onStart: ['send'],
  timers: {
    A: { type: 'retransmit', upTo: 'infinity' },
    B: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: ({ t1 }) => 64 * t1 },
    // As long as a server may repeat its response. Its T1 is not known here: 32 s at the least.
    D: { type: 'timeout', unreliable: ({ t1 }) => Math.max(32_000, 64 * t1), reliable: () => 0 },
    M: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: ({ t1 }) => 64 * t1 },
  },
  states: {
    calling: {
      starts: ['A', 'B'],
      keeps: [],
      on: {
        provisional: { to: 'proceeding', do: ['deliver'] },
        success: { to: 'accepted', do: ['deliver'] },
        failure: { to: 'completed', do: ['ack', 'deliver'] },
        timerA: { to: 'calling', do: ['resend'] },
        timerB: { to: 'terminated', do: ['timedOut'] },
        timerD: 'ignore',
        timerM: 'ignore',
        transportError: { to: 'terminated', do: ['lost'] },
      },
    },
    proceeding: {
      starts: [],
      keeps: [],
      owner: 'the transaction user: Timer C of a proxy (RFC 3261 §16.6 step 11), a user agent that can cancel',
      on: {
        provisional: { to: 'proceeding', do: ['deliver'] },
        success: { to: 'accepted', do: ['deliver'] },
        failure: { to: 'completed', do: ['ack', 'deliver'] },
        timerA: 'ignore',
        timerB: 'ignore',
        timerD: 'ignore',
        timerM: 'ignore',
        transportError: 'ignore', // nothing is sent in this state, and the server has shown that it has the request
      },
    },
    completed: {
      starts: ['D'],
      keeps: [],
      on: {
        provisional: 'ignore',
        success: 'ignore',
        failure: { to: 'completed', do: ['ack'] }, // the response again: our ACK got lost
        timerA: 'ignore',
        timerB: 'ignore',
        timerD: { to: 'terminated' },
        timerM: 'ignore',
        transportError: { to: 'terminated', do: ['lost'] },
      },
    },
    accepted: {
      starts: ['M'],
      keeps: [],
      on: {
        provisional: 'ignore',
        success: { to: 'accepted', do: ['deliver'] }, // the 2xx again, or that of another branch of a fork
        failure: 'ignore',
        timerA: 'ignore',
        timerB: 'ignore',
        timerD: 'ignore',
        timerM: { to: 'terminated' },
        transportError: 'ignore',
      },
    },
    terminated: {
      starts: [],
      keeps: [],
      on: {
        provisional: 'ignore',
        success: 'ignore',
        failure: 'ignore',
        timerA: 'ignore',
        timerB: 'ignore',
        timerD: 'ignore',
        timerM: 'ignore',
        transportError: 'ignore',
      },
    },
  },
};
