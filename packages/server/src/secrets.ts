import type { Hash, SipKey } from '@strowger/sip/auth';
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
  const domain = await kept(settings, DOMAIN, /./, () => `strowger-${hexOf(random, 1).slice(0, 4)}.internal`);
  const nonce = wordsOf(await kept(settings, 'secret.nonce', /^[0-9a-f]{64}$/, () => hexOf(random, 8)));
  const token = wordsOf(await kept(settings, 'secret.token', /^[0-9a-f]{32}$/, () => hexOf(random, 4)));
  const [a = 0, b = 0, c = 0, d = 0] = token;
  return { domain, nonce: new Uint8Array(new Uint32Array(nonce).buffer), token: [a, b, c, d] };
}

/** The domain that was made for this data; `undefined` where none was yet. */
export const madeDomain = (settings: Settings): ReturnType<Settings['get']> => settings.get(DOMAIN);

/**
 * What signs nonces: made of the secret that all servers of the domains are given, or this server's own. Where one server checks
 * the nonces of another it knows them by this secret alone.
 */
export function nonceSecretOf(shared: string, own: Pick<Secrets, 'nonce'>, hash: Hash): Uint8Array {
  if (shared === '') return own.nonce;
  const digest = hash('SHA-256', shared);
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digest.slice(i * 2, i * 2 + 2), 16));
}

/** What is kept, or made now; a value of another form was damaged, and a key of it would be easy to guess. */
async function kept(settings: Settings, name: string, form: RegExp, make: () => string): Promise<string> {
  const known = await settings.get(name);
  if (known !== undefined && form.test(known)) return known;
  const made = make();
  await settings.put(name, made);
  return made;
}

const hexOf = (random: Random, words: number): string =>
  Array.from({ length: words }, () => random.uint32().toString(16).padStart(8, '0')).join('');
const wordsOf = (hex: string): number[] => (hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));

const DOMAIN = 'domain';
