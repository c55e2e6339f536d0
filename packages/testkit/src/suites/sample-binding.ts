import type { Binding } from '@strowger/sip/roles/registrar';

/** The moment in which the cases play. */
export const NOW = 1_764_000_000_000;

/** A binding that lives for an hour from `NOW`, where the case says nothing else. */
export function sampleBinding(key: string, other: Partial<Binding> = {}): Binding {
  return {
    key,
    contact: `sip:${key}@198.51.100.7:5062;transport=udp`,
    params: ';expires=3600',
    q: undefined,
    callId: `call-of-${key}`,
    cseq: 1,
    expiresAt: NOW + 3_600_000,
    registeredAt: NOW,
    updatedAt: NOW,
    path: [],
    flow: {
      local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
      host: '198.51.100.7',
      port: 5062,
      connection: 0,
    },
    reach: 'contact',
    instance: undefined,
    regId: undefined,
    gruusSince: undefined,
    userAgent: undefined,
    ...other,
  };
}

/** A binding in which every field says something, and says it with difficult characters. */
export function fullBinding(key: string): Binding {
  return {
    key,
    contact: 'sips:%61lice@[2001:db8::7]:5061;transport=ws;x="\u00e9\u{1f4de}"',
    params: ';q=0.25;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";reg-id=2;t="a\\"b\'c"',
    q: 0,
    callId: `\u{1f4de}-'"\\;--/*@host`,
    cseq: 2 ** 31 - 1,
    expiresAt: NOW + (2 ** 32 - 1) * 1000,
    registeredAt: NOW - 86_400_000,
    updatedAt: NOW + 999,
    path: ['sip:edge.example.com;lr;ob', 'sip:"odd",one@example.com;lr'],
    flow: {
      local: { protocol: 'wss', host: '2001:db8::1', port: 8443 },
      host: '2001:db8::7',
      port: 65535,
      connection: 77,
    },
    reach: 'flow',
    instance: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    regId: 2,
    gruusSince: NOW - 86_400_000,
    userAgent: 'Ph\u00f6ne/1.0 (with; everything) NULL',
  };
}
