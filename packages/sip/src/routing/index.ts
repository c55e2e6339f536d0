export {
  asServer,
  type Context,
  type Decision,
  drop,
  type ForwardOptions,
  type Handler,
  pass,
  reply,
} from './decision.ts';
export {
  type AfterFailure,
  after,
  all,
  each,
  type Failure,
  type OnResponse,
  type Plan,
  ring,
  type Target,
  watch,
} from './plan.ts';
