import { nameAddrHeader } from './shapes.ts';

/** Route sets that registrations learn. */

/** The proxies between the phone and its registrar, to be passed on the way back. */
export const path = nameAddrHeader({ name: 'Path', arity: 'list', rfc: 'RFC 3327 §4' });

/** The proxies that the registrar wants in requests of the registered phone. */
export const serviceRoute = nameAddrHeader({ name: 'Service-Route', arity: 'list', rfc: 'RFC 3608 §5' });

/** Where answers to the request shall go, a human's choice. */
export const replyTo = nameAddrHeader({ name: 'Reply-To', arity: 'one', rfc: 'RFC 3261 §20.31' });
