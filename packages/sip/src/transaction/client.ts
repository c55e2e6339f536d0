import type { MachineTable } from './machine.ts';

export type ClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type ClientInput = 'provisional' | 'final' | 'timerE' | 'timerF' | 'timerK' | 'transportError';

/**
 * `send` and `resend` the request; `deliver` the response to the transaction user; `timedOut` and `lost`: tell the
 * transaction user that no answer will come, because of time or of the transport.
 */
export type ClientAction = 'send' | 'resend' | 'deliver' | 'timedOut' | 'lost';

/** The client transaction of all methods but INVITE and ACK: RFC 3261 §17.1.2.2 and Figure 6. */
export const client: MachineTable<ClientState, ClientInput, 'E' | 'F' | 'K', ClientAction> = {
  name: 'non-INVITE client',
  rfc: 'RFC 3261 §17.1.2',
  initial: 'trying',
  onStart: ['send'],
  timers: {
    E: { type: 'retransmit', upTo: 't2' },
    F: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: ({ t1 }) => 64 * t1 },
    K: { type: 'timeout', unreliable: ({ t4 }) => t4, reliable: () => 0 },
  },
  states: {
    trying: {
      starts: ['E', 'F'],
      keeps: [],
      on: {
        provisional: { to: 'proceeding', do: ['deliver'] },
        final: { to: 'completed', do: ['deliver'] },
        timerE: { to: 'trying', do: ['resend'] },
        timerF: { to: 'terminated', do: ['timedOut'] },
        timerK: 'ignore',
        transportError: { to: 'terminated', do: ['lost'] },
      },
    },
    proceeding: {
      starts: [],
      keeps: ['E', 'F'],
      pace: 't2',
      on: {
        provisional: { to: 'proceeding', do: ['deliver'] },
        final: { to: 'completed', do: ['deliver'] },
        timerE: { to: 'proceeding', do: ['resend'] }, // only this makes the server repeat a final response that got lost
        timerF: { to: 'terminated', do: ['timedOut'] },
        timerK: 'ignore',
        transportError: { to: 'terminated', do: ['lost'] },
      },
    },
    completed: {
      starts: ['K'],
      keeps: [],
      on: {
        provisional: 'ignore',
        final: 'ignore',
        timerE: 'ignore',
        timerF: 'ignore',
        timerK: { to: 'terminated' },
        transportError: 'ignore',
      },
    },
    terminated: {
      starts: [],
      keeps: [],
      on: {
        provisional: 'ignore',
        final: 'ignore',
        timerE: 'ignore',
        timerF: 'ignore',
        timerK: 'ignore',
        transportError: 'ignore',
      },
    },
  },
};
