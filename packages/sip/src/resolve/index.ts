export { DEAD_TARGET_LIMITS, DeadTargets, type Place } from './dead-targets.ts';
export { ENUM_LIMITS, type EnumFound, type EnumUri, lookUpEnum } from './enum/look-up.ts';
export { type E164, ENUM_SUFFIX, e164Of, enumDomainOf, parseE164 } from './enum/number.ts';
export { type Goal, goalOf, goalOfVia } from './goal.ts';
export { INQUIRY_LIMITS, Inquiry, runInquiry, type TraceLine } from './inquiry.ts';
export { LOCATING_LIMITS, type Locating, type LocatingFacts, type LocatingStep, locate } from './locate.ts';
export { isName } from './name.ts';
export { printAnswer, printReason, printReasons, type Reason } from './reason.ts';
export {
  type Answer,
  type NameFault,
  type NameFaultCode,
  type NaptrRecord,
  printQuestion,
  printRecord,
  type Question,
  type RecordOf,
  type RecordType,
  type Resolver,
  type SrvRecord,
} from './records.ts';
export { type Chance, chanceOf, orderSrv } from './srv-order.ts';
export { tableResolver } from './table-resolver.ts';
export type { Family, ResolvedTarget, Way } from './target.ts';
export { type Found, TargetSearch, type TargetSearchOptions } from './target-search.ts';
