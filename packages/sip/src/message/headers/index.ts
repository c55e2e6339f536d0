import type { HeaderDef } from '../header.ts';
import { contact, expires, minExpires } from './contact.ts';
import { callId, contentLength, cseq, from, maxForwards, recordRoute, route, to } from './core.ts';
import { flowTimer, maxBreadth } from './hops.ts';
import { allow, proxyRequire, require, supported, unsupported } from './options.ts';
import { path, replyTo, serviceRoute } from './routes.ts';
import { via } from './via.ts';

/** Every header field that the house knows: the one list that the scanner, the documentation and the tests read. */
export const headerTable: readonly HeaderDef<unknown>[] = [
  via,
  from,
  to,
  callId,
  cseq,
  maxForwards,
  route,
  recordRoute,
  contentLength,
  contact,
  expires,
  minExpires,
  path,
  serviceRoute,
  replyTo,
  require,
  proxyRequire,
  supported,
  unsupported,
  allow,
  maxBreadth,
  flowTimer,
];

export { contact, expires, expiresOf, instanceOf, minExpires, qOf, regIdOf } from './contact.ts';
export { type CSeq, callId, contentLength, cseq, from, maxForwards, recordRoute, route, to } from './core.ts';
export { flowTimer, maxBreadth } from './hops.ts';
export { allow, proxyRequire, require, supported, unsupported } from './options.ts';
export { parseQvalue, printQvalue } from './qvalue.ts';
export { path, replyTo, serviceRoute } from './routes.ts';
export { Via, via } from './via.ts';
