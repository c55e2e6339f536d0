import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { pDcsBillingInfo, pDcsLaes, pDcsOsps, pDcsRedirect, pDcsTracePartyId } from './packetcable.ts';

test('header fields of PacketCable (RFC 5503 §5.1, §6.1)', () => {
  reads(
    pDcsTracePartyId,
    '<sip:+12345678912@domain.com;user=phone>;timestamp=3434688831.2327',
    new NameAddr('', 'sip:+12345678912@domain.com;user=phone', new Params(';timestamp=3434688831.2327')),
  );
  reads(pDcsOsps, 'BLV', 'BLV');
  refuses(pDcsOsps, { '': 0 });
});

test('billing data names a correlation and a financial entity (RFC 5503 §7.1)', () => {
  reads(pDcsBillingInfo, '01ABCDEF/0A@example.com;rksgroup=group;charge="sip:a@b.c"', {
    correlationId: '01ABCDEF',
    feid: '0A',
    host: 'example.com',
    params: new Params(';rksgroup=group;charge="sip:a@b.c"'),
  });
  refuses(pDcsBillingInfo, { '': 0, 'xyz/0A@example.com': 0, '01/0A': 0, '01/0A@': 6, '01/0A@a..b': 8 });
});

test('surveillance goes to hosts (RFC 5503 §8.1)', () => {
  reads(pDcsLaes, 'les.example.com:5060;content=media.example.com:9000;bcid=0A', {
    host: 'les.example.com',
    port: 5060,
    content: 'media.example.com:9000',
    params: new Params(';bcid=0A'),
  });
  reads(pDcsLaes, '[::1]', { host: '[::1]' });
  refuses(pDcsLaes, { '': 0, 'a.b:99999': 4, 'a.b:x': 3 });
});

test('a redirection names who was called and by whom it was made (RFC 5503 §8.1)', () => {
  reads(pDcsRedirect, '"sip:called@example.com";redirector-uri="sip:by@example.com";count=1', {
    called: 'sip:called@example.com',
    redirector: 'sip:by@example.com',
    count: 1,
  });
  refuses(pDcsRedirect, { '': 0, 'sip:a@b.c': 0, '"nothing"': 8, '"sip:a@b.c";count=x': 12 });
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
