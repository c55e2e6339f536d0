import { toggle, whole } from '../flag.ts';
import { outline, required } from '../outline.ts';
import { caFlag } from './register.ts';

export const pingFlags = {
  count: whole('N', 'how many to send', { min: 1, max: 10_000, fallback: 4 }),
  ca: caFlag,
  json: toggle('print JSON'),
};

/** Exit codes: 0 every probe was answered, 3 some were lost. */
export const pingOutline = outline({
  name: 'ping',
  summary: 'Send OPTIONS to a SIP address and time the answers',
  positionals: { uri: required('URI', 'the address, such as sip:example.test or sip:127.0.0.1:5070') },
  flags: pingFlags,
  examples: [
    { line: 'ping sip:127.0.0.1 --count 10', does: 'exits with 3 when any of the ten is lost' },
    { line: 'ping sips:example.test --ca authority.pem', does: 'asks over TLS and believes an authority of your own' },
  ],
});
