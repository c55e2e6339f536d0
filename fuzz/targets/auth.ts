import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { credentialsFor, readChallenge, readCredentials } from '@strowger/sip/auth';
import { fromBinary, parseAuthParams, parseAuthValue, printAuthValue, SyntaxFault } from '@strowger/sip/text';
import { corpusOf } from '../corpus.ts';
import { HEADER_SAMPLES } from '../samples.ts';
import type { Target } from '../target.ts';
import { HEADER_WORDS } from '../words.ts';

/** Challenges and credentials: a text is a value or a fault, a value survives printing, and its readers do not throw. */
export const auth: Target = {
  name: 'auth',
  share: 5,
  seeds: [
    ...[
      'WWW-Authenticate',
      'Proxy-Authenticate',
      'Authorization',
      'Proxy-Authorization',
      'Authentication-Info',
    ].flatMap((name) => HEADER_SAMPLES[name] ?? []),
    'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, nonce="7ypf", nc=00000001, cnonce="f2/w", qop=auth-int, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe", userhash=true',
    ...corpusOf('auth').values(),
  ],
  words: [
    ...HEADER_WORDS,
    ', ',
    '=',
    'algorithm=SHA-512-256',
    'qop="auth,auth-int"',
    'userhash=true',
    "username*=UTF-8''%41",
    'nc=1',
  ],
  check: (input) => {
    const text = fromBinary(input.replace(/[\r\n]/g, ' '));
    const params = parseAuthParams(text);
    if ('fault' in params) assert.ok(params.fault instanceof SyntaxFault);
    const value = parseAuthValue(text);
    if ('fault' in value) return assert.ok(value.fault.at >= 0 && value.fault.at <= text.length);
    readChallenge(value);
    readCredentials(value);
    credentialsFor('x', [value]);
    const again = parseAuthValue(printAuthValue(value));
    assert.ok(!('fault' in again), `refused what was printed: ${printAuthValue(value)}`);
    const said = (v: typeof value) => [v.scheme, v.token68, v.params.map((p) => [p.name, p.value])];
    assert.ok(isDeepStrictEqual(said(again), said(value)), printAuthValue(value));
  },
};
