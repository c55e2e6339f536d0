import { authorization, proxyAuthorization, resourcePriority, to } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { has, need } from '../message/read.ts';

/** When a request is given up to overload: among the first, only when all of those are gone, or never. */
export type Importance = 'first' | 'last' | 'never';

/**
 * How important a request is (RFC 7339 §5.10.1): never given up are those of dialogs, which end work rather than begin it,
 * and emergency calls, by the service they ask for (RFC 5031 §4) or their Resource-Priority (RFC 4412, RFC 7135). Whoever
 * sends credentials unasked was here before: he comes after strangers.
 * @throws RemoteFault 400 for a To that cannot be read
 */
export function importanceOf(request: Request): Importance {
  if (IN_DIALOG.has(request.method) || need(request, to).tag !== undefined) return 'never';
  if (SOS.test(request.uri) || isEmergency(request)) return 'never';
  return has(request, authorization) || has(request, proxyAuthorization) ? 'last' : 'first';
}

function isEmergency({ content }: Request): boolean {
  for (let i = content.find(resourcePriority); i >= 0; i = content.find(resourcePriority, i + 1))
    if (EMERGENCY.test(content.valueAt(i))) return true;
  return false;
}

const IN_DIALOG: ReadonlySet<string> = new Set(['ACK', 'BYE', 'CANCEL', 'PRACK', 'UPDATE', 'INFO', 'NOTIFY']);
const SOS = /^urn:service:sos(?:[.;?]|$)/i;
/** The namespaces of emergency services and of the government in emergencies. */
const EMERGENCY = /(?:^|,)\s*(?:esnet|ets|wps)\./i;
