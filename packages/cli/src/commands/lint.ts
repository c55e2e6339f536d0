import { toggle } from '../flag.ts';
import { outline, required } from '../outline.ts';

export const lintFlags = { json: toggle('print JSON') };

/** Exit codes: 0 the message is sound, 2 it is faulty. */
export const lintOutline = outline({
  name: 'lint',
  summary: 'Say what is wrong with a SIP message',
  positionals: { file: required('FILE|-', 'a file with one message, or - for standard input') },
  flags: lintFlags,
  examples: [{ line: 'lint invite.sip', does: 'prints a line per fault and exits with 2 when there is one' }],
});
