export { type Binding, type BindingFlow, LOST_CONNECTION, outboundKeyOf, requireStorable } from './binding.ts';
export {
  type Candidate,
  decide,
  intervalOf,
  type Registration,
  type RegistrationPolicy,
  type Verdict,
} from './decide.ts';
export type { Loaded, Located, Locations, Settings, UserName, Users } from './ports.ts';
export { readRegistration } from './read-registration.ts';
export { type RegistrarPorts, register } from './role.ts';
export { requireUser } from './user.ts';
