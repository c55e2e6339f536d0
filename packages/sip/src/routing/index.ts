export { type Context, type Decision, drop, type ForwardOptions, type Handler, pass } from './decision.ts';
export {
  type AfterFailure,
  after,
  all,
  each,
  type Failure,
  type Instead,
  type OnResponse,
  type Plan,
  ring,
  type Target,
  watch,
} from './plan.ts';
export { asServer, type Reply, reply, withoutState } from './reply.ts';
