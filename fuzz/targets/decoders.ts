import { parseSubstitution, substitute } from '../../packages/sip/src/resolve/enum/substitution.ts';
import { decoder, type Target } from '../target.ts';
import { certificateNames } from './certificate-names.ts';
import { dnsReply } from './dns-reply.ts';
import { stun } from './stun.ts';
import { webSocketHandshake } from './web-socket-handshake.ts';

/**
 * Decoders that throw nothing and are done in time, whatever they get. One more is one more entry: its name, what it reads at
 * its best, pieces of its grammar, and a call of it, which may throw where more must be true.
 */
export const decoders: readonly Target[] = [
  decoder('naptr-regexp', ['!^.*$!sip:a@b.example!', '!^\\+44(1|20)(.{3,9})$!sip:\\2@x\\1.example;p=\\!!i'], {
    words: [
      ...'!\\^$.*+?|()[]{}-,:=',
      '[[:digit:]]',
      '[^+]',
      '{1,255}',
      '{0,}',
      '(a*)*',
      '\\1',
      '\\9',
      '!i',
      'é',
      '+44',
    ],
    decode: (field) => {
      const read = parseSubstitution(field);
      if (typeof read !== 'string') substitute(read, '+441632960083');
    },
  }),
  dnsReply,
  stun,
  webSocketHandshake,
  certificateNames,
];
