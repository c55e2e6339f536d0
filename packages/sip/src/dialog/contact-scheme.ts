import { contact, recordRoute, route } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { read } from '../message/read.ts';
import type { Side } from './id.ts';

/**
 * The scheme that our Contact must have when a request makes a dialog. As the one that asks: sips: when the Request-URI or the
 * top Route has it (RFC 3261 §12.1.2). As the one that is asked: when the Request-URI has it, or the top Record-Route, or,
 * where there is none, the Contact of the request (§12.1.1).
 * @throws RemoteFault 400
 */
export function contactSchemeFor(request: Request, side: Side): 'sip' | 'sips' {
  const next = side === 'uac' ? read(request, route) : (read(request, recordRoute) ?? read(request, contact));
  const nextUri = next === undefined || next === '*' ? '' : next.uriText;
  return SIPS.test(request.uri) || SIPS.test(nextUri) ? 'sips' : 'sip';
}

const SIPS = /^sips:/i;
