import { readFileSync } from 'node:fs';
import { parse } from '@strowger/sip/message';
import { plainText } from '@strowger/testkit/messages';

/** The bytes of a torture message: those of its RFC's archive. */
export const tortureMessage = (rfc: 'rfc4475' | 'rfc5118', file: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../${rfc}/messages/${file}`, import.meta.url)));

/** What the parser makes of it. */
export const parsedMessage = (rfc: 'rfc4475' | 'rfc5118', file: string): ReturnType<typeof parse> =>
  parse(tortureMessage(rfc, file), plainText);
