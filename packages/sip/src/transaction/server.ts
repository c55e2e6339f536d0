import type { MachineTable } from './machine.ts';

export type ServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export type ServerInput = 'request' | 'sendProvisional' | 'sendFinal' | 'timerJ' | 'transportError';

/**
 * `reply` with the response that was given; `resend` the last response; `lost`: tell the transaction user that a response
 * could not be sent.
 */
export type ServerAction = 'reply' | 'resend' | 'lost';

/**
 * The server transaction of all methods but INVITE and ACK: RFC 3261 §17.2.2 and Figure 8, with erratum 1470 (a final response
 * straight from `trying`) and RFC 6026 §8.8: a response that cannot be sent ends nothing, where Figure 8 still goes to
 * `terminated`. Which responses may be given at all says `policy.ts` (RFC 4320).
 */
export const server: MachineTable<ServerState, ServerInput, 'J', ServerAction> = {
  name: 'non-INVITE server',
  rfc: 'RFC 3261 §17.2.2, RFC 6026 §8.8',
  initial: 'trying',
  onStart: [],
  timers: {
    J: { type: 'timeout', unreliable: ({ t1 }) => 64 * t1, reliable: () => 0 },
  },
  states: {
    trying: {
      starts: [],
      keeps: [],
      owner: 'the transaction user, who answers before the client gives up (RFC 4320 §4.2)',
      on: {
        request: 'ignore',
        sendProvisional: { to: 'proceeding', do: ['reply'] },
        sendFinal: { to: 'completed', do: ['reply'] },
        timerJ: 'ignore',
        transportError: { to: 'trying', do: ['lost'] },
      },
    },
    proceeding: {
      starts: [],
      keeps: [],
      owner: 'the transaction user, who answers before the client gives up (RFC 4320 §4.2)',
      on: {
        request: { to: 'proceeding', do: ['resend'] },
        sendProvisional: { to: 'proceeding', do: ['reply'] },
        sendFinal: { to: 'completed', do: ['reply'] },
        timerJ: 'ignore',
        transportError: { to: 'proceeding', do: ['lost'] },
      },
    },
    completed: {
      starts: ['J'],
      keeps: [],
      on: {
        request: { to: 'completed', do: ['resend'] },
        sendProvisional: 'ignore',
        sendFinal: 'ignore',
        timerJ: { to: 'terminated' },
        transportError: { to: 'completed', do: ['lost'] },
      },
    },
    terminated: {
      starts: [],
      keeps: [],
      on: {
        request: 'ignore',
        sendProvisional: 'ignore',
        sendFinal: 'ignore',
        timerJ: 'ignore',
        transportError: 'ignore',
      },
    },
  },
};
