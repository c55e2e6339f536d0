import type { Request } from '../message/message.ts';
import { siblingOf } from './sibling.ts';

/**
 * The CANCEL of a request: what it said, tags and all, without Require and Proxy-Require (RFC 3261 §9.1). To be sent where the
 * request went, and not before a provisional response to it.
 */
export const cancelFor = (request: Request): Request => siblingOf(request, 'CANCEL', undefined);
