import { mandatory, text, texts, whole } from '../flag.ts';
import { outline, required } from '../outline.ts';

/** Of the commands that send requests. */
export const caFlag = texts('FILE', 'PEM certificates of an authority to believe, beside those of the system');

export const registerFlags = {
  passwordStdin: mandatory('read the password from standard input, one line'),
  expires: whole('S', 'seconds to stay registered; 0 removes every contact of the address', {
    min: 0,
    max: 4_294_967_295,
    fallback: 3600,
  }),
  proxy: text('URI', 'where to send, such as sip:127.0.0.1; without it to the domain'),
  ca: caFlag,
};

/** Exit codes: 0 registered, 2 refused, 3 no answer. */
export const registerOutline = outline({
  name: 'register',
  summary: 'Register an address as a phone does',
  positionals: { aor: required('AOR', 'the address, such as sip:alice@example.test') },
  flags: registerFlags,
  examples: [
    {
      line: 'register sip:alice@example.test --password-stdin --proxy sip:127.0.0.1 < password.txt',
      does: 'registers through a server that DNS does not know',
    },
  ],
});
