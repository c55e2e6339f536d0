import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parsedMessage, tortureMessage } from '../support/torture-message.ts';
import { changesBy, examine, wanted } from '../support/verdict.ts';
import { verdicts } from './verdicts.ts';

const messages = readdirSync(new URL('./messages', import.meta.url)).filter((file) => file.endsWith('.dat'));

test('every message of RFC 4475 has its verdict', () => {
  assert.deepEqual(verdicts.map(({ file }) => file).toSorted(), messages.toSorted());
});

for (const verdict of verdicts) {
  const { file, section } = verdict;
  const bytes = tortureMessage('rfc4475', file);

  test(`${file} is read as it should be (RFC 4475 §${section})`, () => {
    const parsed = parsedMessage('rfc4475', file);
    assert.equal(parsed.kind === 'malformed' ? parsed.reason : parsed.kind, verdict.parses);
  });

  for (const way of ['datagram', 'stream'] as const) {
    test(`${file} over a ${way} gets its verdict from a home server and from a proxy (RFC 4475 §${section})`, async () => {
      for (const role of ['home', 'proxy'] as const) {
        const { words, passedOn, stage } = await examine(bytes, role, way);
        assert.equal(words, wanted(verdict, role, way), role);
        assert.deepEqual(stage.faults, []);
        const changes = CHANGES[`${file} over a ${way}`] ?? CHANGES[file] ?? [];
        if (passedOn.length === 1) assert.deepEqual(changesBy(passedOn[0] ?? assert.fail(), bytes), changes);
        await stage.later(250_000);
        assert.deepEqual(stage.tables, { servers: 0, clients: 0 });
      }
    });
  }
}

/** What else a proxy changes in these, as it should. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  // RFC 3261 §16.6 step 6: its Route has no lr, so the strict router there gets its own URI as Request-URI.
  'mpart01.dat': [
    'start line: MESSAGE sip:127.0.0.1:5080 SIP/2.0',
    'lost: Route: <sip:127.0.0.1:5080>',
    'gained: Route: <sip:kumiko@example.org>',
  ],
  // On a stream a message without Content-Length has no body.
  'inv2543.dat over a stream': ['other body'],
};
