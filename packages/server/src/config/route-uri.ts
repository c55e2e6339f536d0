import { tryParseUri } from '@strowger/sip/uri';
import { type Reading, refuse } from './reading.ts';

/** Reads the URI of a loose router, for Service-Route (RFC 3608 §5): a SIP URI with the parameter `lr`. */
export function parseRouteUri(text: string): Reading<string> {
  const uri = tryParseUri(text);
  if (uri?.type !== 'sip') return refuse(EXPECTED);
  return uri.params.has('lr') ? { value: text } : refuse(EXPECTED, `did you mean ${text};lr?`);
}

const EXPECTED = 'a SIP URI with lr such as sip:proxy.example.com;lr';
