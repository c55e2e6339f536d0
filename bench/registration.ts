import type { Binding } from '@strowger/sip/roles/registrar';

/** Addresses-of-record and their bindings, by the number of the user. */

export const NOW = 1_790_000_000_000;
export const HOUR = 3_600_000;

/** A text of its own each time, as each request brings one. */
export function aorOf(user: number): string {
  return ['sip:user', user, '@example.com'].join('');
}

/** As the registrar makes it: its texts are cut out of the message. */
export function bindingOf(user: number, cseq: number): Binding {
  const host = `10.${(user >> 16) & 255}.${(user >> 8) & 255}.${user & 255}`;
  const id = String(1e11 + user);
  const text = `Call-ID: ${id}-8f3b2a71@${host}\r\nUser-Agent: Phone T46S 66.86.0.15 0015658a2b1c\r\nContact: <sip:user${user}@${host}:5062;transport=udp>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-${id}>";reg-id=1\r\n`;
  const cut = (from: string, to: string): string => {
    const at = text.indexOf(from) + from.length;
    return text.slice(at, text.indexOf(to, at));
  };
  const contact = cut('<', '>');
  const now = NOW + cseq;
  return {
    key: contact,
    contact,
    params: cut('udp>', '\r\n'),
    q: undefined,
    callId: cut('Call-ID: ', '\r\n'),
    cseq,
    expiresAt: now + HOUR,
    registeredAt: NOW + user,
    updatedAt: now,
    path: [],
    flow: { local: LOCAL, host, port: 5062, connection: 0 },
    reach: 'contact',
    instance: cut('"<', '>"'),
    regId: undefined,
    gruusSince: NOW + user,
    userAgent: cut('User-Agent: ', '\r\n'),
  };
}

const LOCAL = { protocol: 'udp', host: '192.0.2.1', port: 5060 } as const;
