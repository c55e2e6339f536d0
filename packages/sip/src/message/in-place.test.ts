import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf } from '@strowger/testkit/messages';
import fc from 'fast-check';
import { RemoteFault, SyntaxFault } from '../text/faults.ts';
import { headerTable } from './headers/index.ts';
import type { HeaderDef } from './index.ts';
import { splitList } from './list.ts';
import { read } from './read.ts';

/*
 * The header fields of every message are decoded where they stand, between two offsets of the header part; every other
 * reader decodes the same text by itself. Both must find the same value, or the same fault.
 */
const inPlace = headerTable.filter((def) => def.decodeAt !== undefined);

test('what is decoded in place is what routing reads in every message', () => {
  assert.deepEqual(
    inPlace.map(({ name }) => name),
    ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Route', 'Record-Route', 'Content-Length', 'Contact'],
  );
});

for (const def of inPlace.filter(({ name }) => name !== 'Content-Length')) {
  // a wrong length is no message at all
  test(`${def.name}: a value decoded in place and the same decoded by itself agree, in value and in fault`, () => {
    let whole = 0;
    fc.assert(
      fc.property(valueFor(def), fc.boolean(), (value, lowerCase) => {
        const message = requestOf(
          [
            'OPTIONS sip:a@b.example SIP/2.0',
            'Subject: <sip:not@this.one>;tag=none, 99 BYE',
            `${lowerCase ? def.key : def.name}:${value}`,
            'Organization: "<sip:nor@this.one>" ;q=1',
            '',
            '',
          ].join('\r\n'),
        );
        const text = message.content.valueAt(message.content.find(def));
        const list = def.arity === 'list';
        const first = list ? splitList(text)[0] : text;
        if (first === undefined) return assert.equal(read(message, def), undefined);
        const expected = outcomeOf(() => def.decode(first));
        if (!(expected instanceof SyntaxFault)) whole += 1;
        const found = outcomeOf(() => read(message, def));
        if (expected instanceof SyntaxFault) {
          assert.ok(found instanceof RemoteFault, `${JSON.stringify(value)} is no fault in place`);
          assert.equal(found.reason, `Bad ${def.name} Header`);
          assert.deepEqual(found.cause, expected);
        } else {
          assert.deepEqual(found, expected);
          assert.equal(def.encode(found), def.encode(expected));
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(whole > 20, `only ${whole} of the values followed the grammar`);
  });
}

/** Values that mostly follow the grammar: pieces of good ones in a mostly natural order, with a stray one now and then. */
function valueFor(def: HeaderDef<unknown>): fc.Arbitrary<string> {
  const good = fc.constantFrom(...(GOOD[def.name] ?? NAME_ADDRS));
  const stray = fc.tuple(good, fc.nat(80), fc.constantFrom(...STRAYS), fc.nat(3)).map(([text, at, piece, taken]) => {
    const cut = Math.min(at, text.length);
    return `${text.slice(0, cut)}${piece}${text.slice(cut + taken)}`;
  });
  const several = fc.array(good, { minLength: 2, maxLength: 4 }).map((all) => all.join(' , '));
  return fc
    .tuple(fc.constantFrom('', ' ', '\t', '  '), fc.oneof(good, stray, several), fc.constantFrom('', ' ', '\t '))
    .map((parts) => parts.join(''));
}

function outcomeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (fault) {
    return fault;
  }
}

const NAME_ADDRS: readonly string[] = [
  '<sip:alice@atlanta.example;transport=tcp;lr?Subject=x>;tag=1928',
  '"A. \\"Bell\\", jr." <sips:a%40b:pw@[2001:db8::1]:5061>;tag=x;q=0.5',
  'sip:carol@chicago.example;tag=a6c85cf',
  'Bob Smith <tel:+1-201-555-0123;ext=1>',
  '<sip:p1.example.com;lr>',
  'Anonymous <sip:c8oqz84zk7z@privacy.example>;tag=hyh8;expires=60;+sip.instance="<urn:uuid:0>"',
  '<urn:service:sos>',
  '*',
];

const GOOD: Readonly<Record<string, readonly string[]>> = {
  'Call-ID': ['a84b4c76e66710@pc33.example', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '{<["\\?/:()%!*_+`\'~@x'],
  CSeq: ['314159 INVITE', '0 ACK', '4294967295 x-METHOD', '1  OPTIONS', '2147483648\tBYE'],
  'Content-Length': ['0', '349', '00007', '4294967295', '4294967296'],
  'Max-Forwards': ['70', '0', '255', '256', '007'],
  Via: [
    'SIP/2.0/UDP pc33.example:5060;branch=z9hG4bK776asdhds;rport',
    'SIP / 2.0 / TCP first.example : 4000;ttl=16 ;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1',
    'SIP/2.0/TLS [2001:db8::9:1]:5061;received=192.0.2.1;rport=7;branch=z9hG4bK.',
    'SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;x="a,b;c"',
    'SIP/2.0/SCTP 192.0.2.4',
  ],
};

const STRAYS: readonly string[] = [
  '',
  ' ',
  ',',
  ';',
  '"',
  '<',
  '>',
  '\\',
  '=',
  ':',
  '@',
  '[',
  '%zz',
  ';tag=',
  ';lr',
  '\u00e9',
  '🙂',
  '99999999999',
  ';;',
  ' \r\n ',
  '*',
];
