import { text, toggle } from '../flag.ts';
import { outline, required } from '../outline.ts';
import { serverFlag } from './resolve.ts';

export const enumFlags = {
  suffix: text('DOMAIN', 'where the numbers are (default e164.arpa)'),
  server: serverFlag,
  json: toggle('print JSON'),
};

/** Exit codes: 0 the number has a SIP address, 2 it has none, 3 the name servers are silent. */
export const enumOutline = outline({
  name: 'enum',
  summary: 'Show which SIP addresses a telephone number has (RFC 6116)',
  positionals: { number: required('NUMBER', 'with its country code, such as +441632960083 or tel:+441632960083') },
  flags: enumFlags,
  examples: [
    { line: 'enum +441632960083', does: 'prints the records of the number and what becomes of each' },
    { line: 'enum +441632960083 --suffix numbers.example.test', does: 'looks in a directory of your own' },
  ],
});
