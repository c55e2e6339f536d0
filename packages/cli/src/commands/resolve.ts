import { text, toggle } from '../flag.ts';
import { outline, required } from '../outline.ts';

/** Of the commands that ask the name service. */
export const serverFlag = text('IP[:PORT]', 'the name server to ask; by default those of the system');

export const resolveFlags = { server: serverFlag, json: toggle('print JSON') };

/** Exit codes: 0 there is somewhere to go, 2 the zone names nothing, 3 the name servers are silent. */
export const resolveOutline = outline({
  name: 'resolve',
  summary: 'Show where a SIP address leads and why (RFC 3263)',
  positionals: { uri: required('URI', 'the address, such as sip:example.test or sips:bob@example.test') },
  flags: resolveFlags,
  examples: [
    { line: 'resolve sip:example.test', does: 'prints every question with its answer, then the places to try' },
    { line: 'resolve sips:example.test --server 192.0.2.1 --json', does: 'asks one name server and prints JSON' },
  ],
});
