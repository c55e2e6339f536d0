import { challenges, type DigestAlgorithm } from '@strowger/sip/auth';
import { type Line, line } from '@strowger/sip/message';
import { printAuthValue } from '@strowger/sip/text';

/**
 * The header lines that ask for digest credentials of a realm, printed once but for the nonce: every phone gets them with every
 * registration, and every stranger.
 */
export class ChallengeLines {
  readonly #server: Templates;
  readonly #proxy: Templates;

  /** `algorithms`: the most preferred first (RFC 8760 §2.3). */
  constructor(realm: string, algorithms: readonly DigestAlgorithm[]) {
    const templates = (name: string): Templates => ({
      new: templatesOf(name, realm, algorithms, 'new'),
      stale: templatesOf(name, realm, algorithms, 'stale'),
    });
    this.#server = templates('WWW-Authenticate');
    this.#proxy = templates('Proxy-Authenticate');
  }

  with(nonce: string, as: 'server' | 'proxy', why: 'new' | 'stale'): readonly Line[] {
    const templates = (as === 'server' ? this.#server : this.#proxy)[why];
    return templates.map(({ id, name, before, after }) => ({ id, name, value: before + nonce + after }));
  }
}

/** A line, and its value but for the nonce. */
interface Template extends Pick<Line, 'id' | 'name'> {
  readonly before: string;
  readonly after: string;
}

type Templates = { readonly [why in 'new' | 'stale']: readonly Template[] };

function templatesOf(
  name: string,
  realm: string,
  algorithms: readonly DigestAlgorithm[],
  why: 'new' | 'stale',
): readonly Template[] {
  const offer = { realm, algorithms, qop: ['auth'], nonce: MARK, stale: why === 'stale', userhash: false } as const;
  return challenges(offer).map((challenge) => {
    const { id, name: printed, value } = line(name, printAuthValue(challenge));
    const [before = '', after = ''] = value.split(MARK);
    return { id, name: printed, before, after };
  });
}

/** No domain has a star, so this stands in no realm. */
const MARK = '*nonce*';
