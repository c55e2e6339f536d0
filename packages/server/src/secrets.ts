import type { SipKey } from '@strowger/sip/auth';
import type { Random } from '@strowger/sip/engine';
import type { Settings } from '@strowger/sip/roles/registrar';

/** What a server makes once and keeps with its data, so that calls and registrations survive a restart. */
export interface Secrets {
  /** The domain of a server that was given none. Digests hold it, so it never changes by itself. */
  readonly domain: string;
  /** Signs nonces. */
  readonly nonce: Uint8Array;
  /** Signs the tokens of Record-Route and branches. */
  readonly token: SipKey;
}

export async function loadSecrets(settings: Settings, random: Random): Promise<Secrets> {
  const domain = await kept(
    settings,
    'domain',
    () => `strowger-${random.uint32().toString(16).padStart(8, '0').slice(0, 4)}.internal`,
  );
  const nonce = wordsOf(await kept(settings, 'secret.nonce', () => hexOf(random, 8)));
  const [a = 0, b = 0, c = 0, d = 0] = wordsOf(await kept(settings, 'secret.token', () => hexOf(random, 4)));
  return { domain, nonce: new Uint8Array(new Uint32Array(nonce).buffer), token: [a, b, c, d] };
}

async function kept(settings: Settings, name: string, make: () => string): Promise<string> {
  const known = await settings.get(name);
  if (known !== undefined) return known;
  const made = make();
  await settings.put(name, made);
  return made;
}

const hexOf = (random: Random, words: number): string =>
  Array.from({ length: words }, () => random.uint32().toString(16).padStart(8, '0')).join('');
const wordsOf = (hex: string): number[] => (hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));
