export { ackFor } from './ack.ts';
export { cancelFor } from './cancel.ts';
export { type ClientAction, type ClientInput, type ClientState, client } from './client.ts';
export { diagramOf, stateMachinesPage } from './diagram.ts';
export {
  type InviteClientAction,
  type InviteClientInput,
  type InviteClientState,
  inviteClient,
} from './invite-client.ts';
export {
  type InviteServerAction,
  type InviteServerInput,
  type InviteServerState,
  inviteServer,
} from './invite-server.ts';
export { cancelKey, clientKey, isAckFor, isOfOldClient, MAGIC_COOKIE, mergedKey, serverKey } from './keys.ts';
export {
  type AnyTable,
  createMachine,
  DEFAULT_TIMING,
  type Duration,
  dueAt,
  expire,
  isTerminated,
  type Machine,
  type MachineTable,
  type Reliability,
  type Row,
  type StateSpec,
  start,
  step,
  type TimerSpec,
  type Timing,
} from './machine.ts';
export { answerableUntil, mayRespond, tryingAfterMs, type Verdict } from './policy.ts';
export { type ReplyOptions, replyTo } from './reply.ts';
export { type ServerAction, type ServerInput, type ServerState, server } from './server.ts';
