import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import { domainsOf, isProvedBy, provedFault } from '@strowger/sip/uri';
import { namesOf } from '../../packages/node/src/certificates/peer-names.ts';
import { decoder } from '../target.ts';

/**
 * The names of a stranger's certificate, as Node prints them: alternative names in the first line, the subject in the others. No
 * value can pass for two, and what is proved is what stands there.
 */
export const certificateNames = decoder(
  'certificate-names',
  [
    'URI:sip:a.example, DNS:a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1\nC=DE\nCN=a.example',
    'DNS:"good.example, DNS:evil.example", URI:"sip:a\\u002cb"\nCN=a.example\nCN=b.example',
    'othername:<unsupported>, email:x@a.example, DirName:"CN = x", Registered ID:1.2.3.4\n',
    '\nCN=a.example',
  ],
  {
    words: [
      ...[
        'DNS:',
        'URI:',
        'IP Address:',
        'email:',
        'DirName:',
        'othername:<unsupported>',
        ', ',
        ',',
        ' ',
        '"',
        '\\',
        '\\"',
        '\\u0000',
      ],
      ...[
        'sip:',
        'sips:',
        'SIP:',
        'sip:a@',
        '%',
        '@',
        ':',
        ';',
        '?',
        '.',
        '*',
        '*.',
        '[',
        ']',
        '\n',
        'CN=',
        'O=',
        '\0',
        '\xe9',
      ],
      ...['good.example', 'evil.example', 'GOOD.example', 'good.example.', '192.0.2.1', '::1', '2001:db8::1'],
    ],
    decode: (input) => {
      const at = input.indexOf('\n');
      const [altNames, subject] = [input.slice(0, at < 0 ? undefined : at), input.slice(at + 1)];
      const names = namesOf(said(altNames === '' ? undefined : altNames, subject));
      for (const domain of domainsOf(names)) {
        assert.equal(domain, domain.toLowerCase());
        // One dot behind a name is nothing; with two it is no name, and proves nothing.
        if (!domain.endsWith('.')) assert.ok(isProvedBy(names, domain), domain);
      }
      const isGood = isProvedBy(names, 'good.example');
      assert.equal(provedFault(names, 'good.example') === undefined, isGood);
      if (isGood) assert.match(input, /good\.example/i);
      assert.deepEqual(namesOf(said(`DNS:${JSON.stringify(input)}, DNS:${JSON.stringify(subject)}`, '')).dnsNames, [
        input,
        subject,
      ]);
    },
  },
);

/** What Node says of a certificate. */
const said = (subjectAltName: string | undefined, subject: string): X509Certificate =>
  ({ subjectAltName, subject }) as Partial<X509Certificate> as X509Certificate;
