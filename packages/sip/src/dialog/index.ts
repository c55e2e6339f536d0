export { type Arrival, acceptRequest, acceptResponse, endsDialog, isTargetRefresh } from './accept.ts';
export { contactSchemeFor } from './contact-scheme.ts';
export {
  confirmDialog,
  confirmDialogBy,
  createUacDialog,
  createUasDialog,
  type Dialog,
  isDialogForming,
  type Party,
  targetOf,
} from './dialog.ts';
export { type DialogId, dialogIdOf, dialogKey, type Side } from './id.ts';
export { ackIn, type DialogRequest, type DialogRequestOptions, requestIn } from './request.ts';
