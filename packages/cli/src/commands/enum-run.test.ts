import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type NameZone, openNameServer } from '@strowger/testkit';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

async function lookUp(words: readonly string[]) {
  const io = createFakeIo();
  const exit = await main(['enum', ...words], io, new AbortController().signal);
  return { exit, out: io.outLines, err: io.errLines };
}

async function server(t: TestContext, zone: NameZone): Promise<string> {
  const opened = await openNameServer(zone);
  t.after(() => opened.close());
  return opened.address;
}

/** RFC 6116 §4. */
const RECORDS = [
  '100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
  '100 51 "u" "E2U+h323" "!^\\+441632960083$!h323:operator@example.com!" .',
];

test('the records of a number and what becomes of each are printed, then its addresses (RFC 6116 §4)', async (t) => {
  const address = await server(t, { 'NAPTR 3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa': RECORDS });
  const { exit, out, err } = await lookUp(['+44 1632 960083', '--server', address]);
  assert.deepEqual([exit, err], [0, []]);
  assert.deepEqual(out, [
    'NAPTR 3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa: 2 records',
    '  100 50 "u" "E2U+sip" "!^(\\+441632960083)$!sip:\\1@example.com!" .',
    '  100 51 "u" "E2U+h323" "!^\\+441632960083$!h323:operator@example.com!" .',
    '  "E2U+sip" gives sip:+441632960083@example.com',
    '  "E2U+h323" is passed over: "E2U+h323" is no service of SIP',
    '',
    'TRY  ADDRESS                        SERVICE  ORDER  PREFERENCE',
    '1    sip:+441632960083@example.com  sip      100    50',
  ]);
});

test('another suffix is looked in, and programs get one JSON object', async (t) => {
  const address = await server(t, { 'NAPTR 2.1.numbers.example': ['1 2 "u" "E2U+sip" "!^.*$!sip:a@b.example!" .'] });
  const { exit, out } = await lookUp(['tel:+12', '--suffix', 'numbers.example.', '--server', address, '--json']);
  const { number, uris } = JSON.parse(out.join('\n'));
  assert.deepEqual([exit, number, uris.length, uris[0].uri], [0, '+12', 1, 'sip:a@b.example']);
});

test('a number without an address exits with 2 and says what the zone answered', async (t) => {
  const { exit, err } = await lookUp(['+12', '--server', await server(t, {})]);
  const text = 'strowger enum: no SIP address for +12: NAPTR 2.1.e164.arpa: no such name (NXDOMAIN).';
  assert.deepEqual([exit, err], [2, [text]]);
});

test('what is no number, and a suffix that is no domain, are wrong usage (RFC 6116 §3.7)', async () => {
  for (const number of ['441632960083', 'alice', '+', '+1234567890123456'])
    assert.deepEqual(await lookUp([number]), {
      exit: 1,
      out: [],
      err: [`strowger enum: ${JSON.stringify(number)} is no number with a plus, a country code and at most 15 digits.`],
    });
  const { exit, err } = await lookUp(['+12', '--suffix', 'a..b']);
  const text = 'strowger enum: --suffix: found "a..b", expected a domain such as e164.arpa.';
  assert.deepEqual([exit, err], [1, [text]]);
});
