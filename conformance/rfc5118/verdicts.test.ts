import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parsedMessage, tortureMessage } from '../support/torture-message.ts';
import { changesBy, examine, startLineOf, wanted } from '../support/verdict.ts';
import { verdicts } from './verdicts.ts';

const messages = readdirSync(new URL('./messages', import.meta.url)).filter((file) => file.endsWith('.dat'));

test('every message of RFC 5118 has its verdict', () => {
  assert.deepEqual(verdicts.map(({ file }) => file).toSorted(), messages.toSorted());
});

for (const verdict of verdicts) {
  const { file, section } = verdict;
  const bytes = tortureMessage('rfc5118', file);
  test(`${file} is read as it should be (RFC 5118 §${section})`, () => {
    const parsed = parsedMessage('rfc5118', file);
    assert.equal(parsed.kind === 'malformed' ? parsed.reason : parsed.kind, verdict.parses);
  });

  for (const way of ['datagram', 'stream'] as const) {
    test(`${file} over a ${way} gets its verdict from a home server and from a proxy (RFC 5118 §${section})`, async () => {
      for (const role of ['home', 'proxy'] as const) {
        const { words, passedOn, stage } = await examine(bytes, role, way);
        assert.equal(words, wanted(verdict, role, way), role);
        assert.deepEqual(stage.faults, []);
        if (passedOn.length === 1) assert.deepEqual(changesBy(passedOn[0] ?? assert.fail(), bytes), []);
        await stage.later(250_000);
        assert.deepEqual(stage.tables, { servers: 0, clients: 0 });
      }
    });
  }
}

for (const [file, host, port] of [
  ['ipv6-good.dat', '2001:db8::10', 5060],
  ['port-ambiguous.dat', '2001:db8::10:5070', 5060],
  ['port-unambiguous.dat', '2001:db8::10', 5070],
  ['ipv6-bug-abnf-3-colons.dat', '2001:db8::c000:201', 5060],
  ['ipv6-correct-abnf-2-colons.dat', '2001:db8::c000:201', 5060],
] as const) {
  test(`${file} goes to the address and port that its Request-URI means (RFC 5118 §4)`, async () => {
    const { passedOn } = await examine(tortureMessage('rfc5118', file), 'proxy', 'datagram');
    assert.deepEqual(
      passedOn.map(({ to }) => to),
      [{ host, port }],
    );
  });
}

test('received is written without brackets into a Via whose sent-by is an IPv6 reference (RFC 5118 §4.5)', async () => {
  const { passedOn } = await examine(tortureMessage('rfc5118', 'via-received-param-no-delim.dat'), 'proxy', 'datagram');
  assert.equal(startLineOf(passedOn[0]?.text ?? ''), 'OPTIONS sip:[2001:db8::10] SIP/2.0');
  assert.match(passedOn[0]?.text ?? '', /Via: SIP\/2\.0\/UDP \[2001:db8::9:1\];received=203\.0\.113\.2;/);
});
