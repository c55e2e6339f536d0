export { type PlanPolicy, planOf, targetOf } from './plan.ts';
export { type PathVerdict, type Preprocessed, preprocess, type RoutePorts, type TokenWorth } from './preprocess.ts';
export { placesFor, schemeRefusal } from './schemes.ts';
