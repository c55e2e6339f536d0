import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolverOf, type Zone } from '../../../test/zone.ts';
import { parseUri } from '../../uri/uri.ts';
import { Inquiry, runInquiry, type TraceLine } from '../inquiry.ts';
import { printReasons } from '../reason.ts';
import { ENUM_LIMITS, lookUpEnum } from './look-up.ts';
import { type E164, ENUM_SUFFIX, e164Of, enumDomainOf, parseE164 } from './number.ts';

const NAME = '3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa';
const NUMBER: E164 = '+441632960083';

test('a number becomes a name by its digits from the last to the first (RFC 6116 §3.2)', () => {
  assert.equal(enumDomainOf('+442079460148', ENUM_SUFFIX), '8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa');
  assert.equal(parseE164('+44-116-496-0348'), '+441164960348');
  assert.equal(parseE164(' +44 (20) 7946.0148 '), '+442079460148');
});

test('numbers are found in tel: and SIP URIs that have a plus; dialled strings are never asked for (RFC 6116 §3.7)', () => {
  for (const [text, number] of [
    ['tel:+44-20-7946-0148', '+442079460148'],
    ['sip:+442079460148@example.com', '+442079460148'],
    ['sip:%2B44-2079460148;phone-context=x@example.com;user=phone', '+442079460148'],
    ['tel:7946;phone-context=+44', undefined],
    ['sip:442079460148@example.com', undefined],
    ['sip:+44a@example.com', undefined],
    ['sip:example.com', undefined],
    ['urn:service:sos', undefined],
    ['tel:+1234567890123456', undefined],
  ] as const) {
    assert.equal(e164Of(parseUri(text)), number, text);
    assert.equal(parseE164(text), number, text);
  }
  for (const text of ['442079460148', '+', '+()', 'alice', '', ':', `+${'1'.repeat(16)}`])
    assert.equal(parseE164(text), undefined, text);
});

test('the example of RFC 6116 §4: SIP is taken, H.323 and mail are passed over', () => {
  const trace: TraceLine[] = [];
  const { uris } = run(
    {
      [`NAPTR ${NAME}`]: [
        '100 51 "u" "E2U+h323" "!^\\+441632960083$!h323:operator@example.com!" .',
        '100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
        '100 52 "u" "E2U+email:mailto" "!^.*$!mailto:info@example.com!" .',
      ],
    },
    trace,
  );
  assert.deepEqual(uris, ['sip:+441632960083@example.com']);
  const notes = trace.flatMap((line) => (line.type === 'note' ? [line.text] : []));
  assert.deepEqual(notes, [
    '"E2U+sip" gives sip:+441632960083@example.com',
    '"E2U+h323" is passed over: "E2U+h323" is no service of SIP',
    '"E2U+email:mailto" is passed over: "E2U+email:mailto" is no service of SIP',
  ]);
});

test('order goes before preference, and records that are equal in both stay as they came (RFC 6116 §5.2)', () => {
  const record = (order: number, preference: number, user: string) =>
    `${order} ${preference} "u" "E2U+sip" "!^.*$!sip:${user}@a.example!" .`;
  const { uris } = run({
    [`NAPTR ${NAME}`]: [record(20, 1, 'd'), record(10, 9, 'b'), record(10, 1, 'a'), record(10, 9, 'c')],
  });
  assert.deepEqual(uris.join(), 'sip:a@a.example,sip:b@a.example,sip:c@a.example,sip:d@a.example');
});

test('services in any case, in company, in the old form, and with sips: addresses are read (RFC 6116 §3.6, §5.2)', () => {
  const services = ['e2u+SIP', 'E2U+voice:tel+sip', 'sip+E2U', 'E2U+sips', 'E2U+pstn:tel', 'sip', 'E2U', 'SIP+D2U', ''];
  const records = services.map((service, i) => `${i} 1 "U" "${service}" "/^.*$/sips:s${i}@a.example/" .`);
  assert.deepEqual(
    run({ [`NAPTR ${NAME}`]: records }).uris,
    [0, 1, 2, 3].map((i) => `sips:s${i}@a.example`),
  );
});

test('regexps may have any delimiter, escaped ones in their text, many groups and the flag i (RFC 3402 §3.2)', () => {
  const results = (regexp: string) => run({ [`NAPTR ${NAME}`]: [`1 1 "u" "E2U+sip" "${regexp}" .`] }).uris.join();
  assert.equal(results('/^\\+44(.*)$/sip:\\1@a.example/i'), 'sip:1632960083@a.example');
  assert.equal(
    results('!^\\+(..)(....)(.*)$!sip:\\3.\\2.\\1.\\3.\\2@a.example!'),
    'sip:960083.1632.44.960083.1632@a.example',
  );
  assert.equal(results('!^.*$!sip:a\\!b@a.example!'), 'sip:a!b@a.example');
  assert.equal(results('!^+44(.*)$!sip:\\1@a.example!'), 'sip:1632960083@a.example');
});

test('records that cannot be used are passed over, each with a sentence, and the next is read (RFC 6116 §5.2)', () => {
  for (const [fields, why] of [
    ['"u" "E2U+sip" "" .', 'the regexp begins with no delimiter'],
    ['"u" "E2U+sip" "1a1b1" .', 'the regexp begins with no delimiter'],
    ['"u" "E2U+sip" "!^.*$!sip:a@a.example" .', 'the regexp has 2 instead of three delimiters'],
    ['"u" "E2U+sip" "!^.*$!sip:a@a.example!!" .', 'the regexp has 4 instead of three delimiters'],
    ['"u" "E2U+sip" "!^.*$!sip:a@a.example!g" .', 'the flags "g" of the regexp are unknown'],
    ['"u" "E2U+sip" "!^(.*$!sip:a@a.example!" .', 'the regexp cannot be read at offset 5'],
    ['"u" "E2U+sip" "!^.*$!sip:\\1@a.example!" .', '\\1 refers to a group that the regexp does not have'],
    ['"u" "E2U+sip" "!^\\+1!sip:a@a.example!" .', 'the regexp does not match +441632960083'],
    ['"u" "E2U+sip" "!^.*$!tel:+1!" .', '"tel:+1" is no SIP address'],
    ['"u" "E2U+sip" "!^.*$!sip:a b!" .', '"sip:a b" is no SIP address'],
    ['"x" "E2U+sip" "!^.*$!sip:a@a.example!" .', 'its flags "x" are unknown'],
    ['"" "" "" .', 'it leads on to no name'],
  ] as const) {
    const trace: TraceLine[] = [];
    const good = '9 9 "u" "E2U+sip" "!^.*$!sip:good@a.example!" .';
    assert.deepEqual(run({ [`NAPTR ${NAME}`]: [`1 1 ${fields}`, good] }, trace).uris, ['sip:good@a.example'], fields);
    const [note] = trace.flatMap((line) => (line.type === 'note' ? [line.text] : []));
    assert.ok(note?.endsWith(`is passed over: ${why}`) || note === `"" is passed over: ${why}`, `${fields}: ${note}`);
  }
});

test('a record without flags leads on to another name, whose records take its place in the order (RFC 6116 §5.2.1)', () => {
  const { uris, asked } = run({
    [`NAPTR ${NAME}`]: ['2 1 "u" "E2U+sip" "!^.*$!sip:last@a.example!" .', '1 1 "" "ignored" "!a!b!" Other.Example.'],
    'NAPTR other.example': ['900 1 "u" "E2U+sip" "!^.*$!sip:first@a.example!" .'],
  });
  assert.deepEqual(uris, ['sip:first@a.example', 'sip:last@a.example']);
  assert.deepEqual(asked, [`NAPTR ${NAME}`, 'NAPTR other.example']);
});

test('names that lead back and chains without end are left, and the search goes on (RFC 6116 §5.2.1)', () => {
  const last = '9 9 "u" "E2U+sip" "!^.*$!sip:last@a.example!" .';
  const loop = run({
    [`NAPTR ${NAME}`]: ['1 1 "" "" "" b.example.', last],
    'NAPTR b.example': [`1 1 "" "" "" ${NAME}.`],
  });
  assert.deepEqual([loop.uris, loop.asked.length], [['sip:last@a.example'], 2]);
  const zone: Record<string, readonly string[]> = { [`NAPTR ${NAME}`]: ['1 1 "" "" "" c0.example.', last] };
  for (let i = 0; i < 20; i += 1) zone[`NAPTR c${i}.example`] = [`1 1 "" "" "" c${i + 1}.example.`];
  const chain = run(zone);
  assert.deepEqual([chain.uris, chain.asked.length], [['sip:last@a.example'], 1 + ENUM_LIMITS.chain]);
});

test('a zone cannot make us ask without end, nor give more addresses than the limit', () => {
  const zone: Record<string, readonly string[]> = {};
  const fan = (name: string) => Array.from({ length: 30 }, (_, i) => `1 1 "" "" "" ${i}.${name}.`);
  zone[`NAPTR ${NAME}`] = fan('x');
  for (let i = 0; i < 30; i += 1) zone[`NAPTR ${i}.x`] = fan(`${i}.x`);
  assert.equal(run(zone).asked.length, 40);
  const many = Array.from({ length: 30 }, (_, i) => `1 ${i} "u" "E2U+sip" "!^.*$!sip:u${i}@a.example!" .`);
  assert.equal(run({ [`NAPTR ${NAME}`]: many }).uris.length, ENUM_LIMITS.uris);
});

test('what stood in the way is told with name, type and answer', () => {
  assert.equal(run({}).why, `NAPTR ${NAME}: no such name (NXDOMAIN)`);
  assert.equal(run({ [`NAPTR ${NAME}`]: 'SERVFAIL' }).why, `NAPTR ${NAME}: SERVFAIL from 192.0.2.53:53`);
  assert.equal(run({ [`NAPTR ${NAME}`]: [] }).why, `NAPTR ${NAME}: no record that can be used here`);
});

test('answers may come later', async () => {
  const inquiry = new Inquiry();
  const resolver = resolverOf({ [`NAPTR ${NAME}`]: ['1 1 "u" "E2U+sip" "!^.*$!sip:a@a.example!" .'] }, 'later');
  const found = await runInquiry(lookUpEnum(NUMBER, '.E164.ARPA.', inquiry), inquiry, resolver);
  assert.equal(found.uris[0]?.uri, 'sip:a@a.example');
});

function run(zone: Zone, trace: TraceLine[] = []) {
  const inquiry = new Inquiry(trace);
  const resolver = resolverOf(zone);
  const found = runInquiry(lookUpEnum(NUMBER, ENUM_SUFFIX, inquiry), inquiry, resolver);
  assert.ok('uris' in found, 'answers that are at hand are used at once');
  return { uris: found.uris.map(({ uri }) => uri), why: printReasons(found.reasons), asked: resolver.asked };
}
