import { parseIp } from './address.ts';
import { type Reading, refuse } from './reading.ts';

/** Reads `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`, and gives the text as it is. */
export function parseNameServer(text: string): Reading<string> {
  if (parseIp(text) !== undefined) return { value: text };
  const [, bracketed, plain, port = '53'] = PLACE.exec(text) ?? [];
  const ip = parseIp(bracketed ?? plain ?? '');
  if (ip === undefined || (ip.family === 6) !== (bracketed !== undefined))
    return refuse(
      EXPECTED,
      /^[a-z][\w.-]*$/i.test(text) ? 'write its address: names are what it is asked for' : undefined,
    );
  return Number(port) > 0 && Number(port) < 65_536 ? { value: text } : refuse('a port from 1 to 65535');
}

const PLACE = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/;
const EXPECTED = 'the address of a name server such as 192.0.2.1 or [2001:db8::1]:53';
