export { Downstream } from './downstream.ts';
export {
  feedbackIn,
  OFFER,
  type OverloadFeedback,
  offersFeedback,
  withFeedback,
  withoutFeedback,
  withoutStrayFeedback,
} from './feedback.ts';
export { type Importance, importanceOf } from './importance.ts';
export { Load, type LoadSample } from './load.ts';
export { Loss } from './loss.ts';
