import type { MachineTable } from './machine.ts';

export type InviteServerState = 'proceeding' | 'completed' | 'accepted' | 'confirmed' | 'terminated';

export type InviteServerInput =
  | 'request'
  | 'ack'
  | 'sendProvisional'
  | 'sendSuccess'
  | 'sendFailure'
  | 'timerG'
  | 'timerH'
  | 'timerI'
  | 'timerL'
  | 'transportError';

/**
 * `reply` with the response that was given; `resend` the last response, if there is one; `deliverAck`: the ACK to a 2xx is the
 * transaction user's; `noAck`: tell the transaction user that the final response was never acknowledged; `lost`: that a
 * response could not be sent.
 */
export type InviteServerAction = 'reply' | 'resend' | 'deliverAck' | 'noAck' | 'lost';

/**
 * The INVITE server transaction: RFC 3261 §17.2.1, with the figure, the state `accepted` and timer L of RFC 6026 §8.6, §8.7,
 * and its §8.8: a response that cannot be sent ends nothing, so that the request is not taken for a new one.
 */
export const inviteServer: MachineTable<
  InviteServerState,
  InviteServerInput,
  'G' | 'H' | 'I' | 'L',
  InviteServerAction
> = {
  name: 'INVITE server',
  rfc: 'RFC 3261 §17.2.1, RFC 6026 §8.6',
  initial: 'proceeding',
  onStart: [],
  timers: {
    G: { type: 'retransmit', upTo: 't2' },
    H: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: ({ t1 }) => 64 * t1 },
    I: { type: 'timeout', unreliable: ({ t4 }) => t4, reliable: () => 0 },
    L: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: ({ t1 }) => 64 * t1 },
  },
  states: {
    proceeding: {
      starts: [],
      keeps: [],
      owner: 'the transaction user, who answers (RFC 3261 §17.2.1)',
      on: {
        request: { to: 'proceeding', do: ['resend'] },
        ack: 'ignore',
        sendProvisional: { to: 'proceeding', do: ['reply'] },
        sendSuccess: { to: 'accepted', do: ['reply'] },
        sendFailure: { to: 'completed', do: ['reply'] },
        timerG: 'ignore',
        timerH: 'ignore',
        timerI: 'ignore',
        timerL: 'ignore',
        transportError: { to: 'proceeding', do: ['lost'] },
      },
    },
    completed: {
      starts: ['G', 'H'],
      keeps: [],
      on: {
        request: { to: 'completed', do: ['resend'] },
        ack: { to: 'confirmed' },
        sendProvisional: 'ignore',
        sendSuccess: 'ignore',
        sendFailure: 'ignore',
        timerG: { to: 'completed', do: ['resend'] },
        timerH: { to: 'terminated', do: ['noAck'] },
        timerI: 'ignore',
        timerL: 'ignore',
        transportError: { to: 'completed', do: ['lost'] },
      },
    },
    accepted: {
      starts: ['L'],
      keeps: [],
      on: {
        request: 'ignore', // the user agent that accepted repeats its 2xx by itself
        ack: { to: 'accepted', do: ['deliverAck'] },
        sendProvisional: 'ignore',
        sendSuccess: { to: 'accepted', do: ['reply'] },
        sendFailure: 'ignore',
        timerG: 'ignore',
        timerH: 'ignore',
        timerI: 'ignore',
        timerL: { to: 'terminated' },
        transportError: { to: 'accepted', do: ['lost'] },
      },
    },
    confirmed: {
      starts: ['I'],
      keeps: [],
      on: {
        request: 'ignore',
        ack: 'ignore', // ACKs to the response that was repeated meanwhile
        sendProvisional: 'ignore',
        sendSuccess: 'ignore',
        sendFailure: 'ignore',
        timerG: 'ignore',
        timerH: 'ignore',
        timerI: { to: 'terminated' },
        timerL: 'ignore',
        transportError: 'ignore',
      },
    },
    terminated: {
      starts: [],
      keeps: [],
      on: {
        request: 'ignore',
        ack: 'ignore',
        sendProvisional: 'ignore',
        sendSuccess: 'ignore',
        sendFailure: 'ignore',
        timerG: 'ignore',
        timerH: 'ignore',
        timerI: 'ignore',
        timerL: 'ignore',
        transportError: 'ignore',
      },
    },
  },
};
