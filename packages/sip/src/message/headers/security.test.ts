import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { securityClient, securityServer, securityVerify } from './security.ts';

test('a security mechanism has a preference and parameters (RFC 3329 §2.2)', () => {
  for (const def of [securityClient, securityServer, securityVerify]) {
    reads(def, 'tls;q=0.2', { mechanism: 'tls', q: 200 });
    reads(def, 'Digest', { mechanism: 'digest' }, 'digest');
    reads(
      def,
      'ipsec-3gpp; alg=hmac-md5-96; q=0.1; spi-c=98765432',
      { mechanism: 'ipsec-3gpp', q: 100, params: new Params('; alg=hmac-md5-96; spi-c=98765432') },
      'ipsec-3gpp;q=0.1; alg=hmac-md5-96; spi-c=98765432',
    );
    refuses(def, { '': 0, 'tls;q=7': 4, 'tls,': 3 });
  }
});

function reads<T>(def: HeaderDef<T>, text: string, value: T, canonical = text): void {
  assert.deepEqual(def.decode(text), value, text);
  assert.equal(def.encode(value), canonical);
  assert.deepEqual(def.decode(canonical), value);
}

function refuses(def: HeaderDef<unknown>, faults: Readonly<Record<string, number>>): void {
  for (const [text, at] of Object.entries(faults))
    assert.throws(
      () => def.decode(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      `${def.name}: ${text}`,
    );
}
