export {
  type Binding,
  type BindingFlow,
  instanceKeyOf,
  LOST_CONNECTION,
  outboundKeyOf,
  requireStorable,
} from './binding.ts';
export {
  type Candidate,
  decide,
  intervalOf,
  type Registration,
  type RegistrationPolicy,
  type Verdict,
} from './decide.ts';
export { Gruus } from './gruu.ts';
export { BoundFlows, loseFlow } from './lost-flows.ts';
export type { Loaded, Located, Locations, Settings, UserName, Users } from './ports.ts';
export { type NatMode, type Reachability, reachOf } from './reach.ts';
export { isFromNeighbour, readRegistration, supports } from './read-registration.ts';
export { type RegistrarPorts, register } from './role.ts';
export { requireUser } from './user.ts';
