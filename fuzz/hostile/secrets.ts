import { digestsOf } from '@strowger/sip/auth';
import { nodeHash } from '@strowger/testkit';

/** Whose password and digests stand in the cases, so that a log can be searched for them. */
export const ALICE = { name: 'alice', password: 'correct-horse-battery', domain: 'example.test' } as const;

const { ha1s } = digestsOf(ALICE.name, ALICE.domain, ALICE.password, nodeHash);

/** H(A1) as it is stored, in the place of a response: whoever has it is Alice. */
export const HA1 = { md5: ha1s.MD5, sha256: ha1s['SHA-256'] } as const;

/** The password as the scheme Basic sends it. */
export const BASIC = Buffer.from(`${ALICE.name}:${ALICE.password}`).toString('base64');

/** Stands where a client puts what keys a media stream. */
export const MEDIA_KEY = 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';

/** The names of the secrets that stand in a text, such as a log; none is allowed to. */
export function secretsIn(text: string): readonly string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

const SECRETS = {
  password: ALICE.password,
  'H(A1) of MD5': HA1.md5,
  'H(A1) of SHA-256': HA1.sha256,
  'Basic credentials': BASIC,
  'media key': MEDIA_KEY,
} as const;
