import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeIo, type FakeWorld, fileError } from '../io-fake.ts';
import { main } from '../main.ts';

const GOOD = [
  'OPTIONS sip:a.test SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'From: <sip:a@b.test>;tag=1',
  'To: <sip:a.test>',
  'Call-ID: c',
  'CSeq: 1 OPTIONS',
  'Accept: application/sdp',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

async function lint(
  words: readonly string[],
  world: FakeWorld,
): Promise<{ exit: number; out: string[]; err: string[] }> {
  const io = createFakeIo(world);
  const exit = await main(['lint', ...words], io, new AbortController().signal);
  return { exit, out: io.outLines, err: io.errLines };
}

test('a sound message is told in one line', async () => {
  assert.deepEqual(await lint(['m.sip'], { files: { '/home/al/m.sip': GOOD } }), {
    exit: 0,
    out: ['m.sip: sound: 0 faults, 0 warnings, 0 notes'],
    err: [],
  });
});

test('a fault is told with its place, an excerpt with carets, and its section; the exit code is 2', async () => {
  const files = { '/home/al/m.sip': GOOD.replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE') };
  assert.deepEqual(await lint(['m.sip'], { files }), {
    exit: 2,
    out: [
      'm.sip:7:9: fault: CSeq says INVITE and the start line OPTIONS (RFC 3261 §8.1.1.5)',
      '    CSeq: 1 INVITE',
      '            ^^^^^^',
      'm.sip: faulty: 1 fault, 0 warnings, 0 notes',
    ],
    err: [],
  });
});

test('warnings and notes leave the exit code 0', async () => {
  const input = GOOD.replace('Max-Forwards: 70\r\n', '').replace('Accept: application/sdp\r\n', '');
  assert.deepEqual(await lint(['-'], { input }), {
    exit: 0,
    out: [
      'standard input: warning: Max-Forwards is missing; OPTIONS must have it (RFC 3261 §8.1.1.6)',
      'standard input: note: Accept is missing; OPTIONS should have it (RFC 3261 §20.1)',
      'standard input: sound: 0 faults, 1 warning, 1 note',
    ],
    err: [],
  });
});

test('a terminal gets colours', async () => {
  const { out } = await lint(['-'], { input: GOOD, isTerminal: true });
  assert.equal(out[0], 'standard input: \u001b[32msound\u001b[39m: 0 faults, 0 warnings, 0 notes');
});

test('programs get JSON', async () => {
  const { exit, out } = await lint(['-', '--json'], { input: GOOD.replace('CSeq: 1', 'CSeq: x') });
  assert.equal(exit, 2);
  assert.deepEqual(JSON.parse(out.join('\n')), {
    file: '-',
    kind: 'request',
    faults: 1,
    warnings: 0,
    notes: 0,
    findings: [
      {
        severity: 'fault',
        line: 7,
        column: 7,
        text: 'CSeq: expected a sequence number below 2**31',
        rfc: 'RFC 3261 §20.16',
      },
    ],
  });
});

test('a file that cannot be read is wrong usage', async () => {
  const files = {
    '/home/al/dir': fileError('EISDIR'),
    '/home/al/no': fileError('EACCES'),
    '/home/al/odd': fileError('EIO'),
  };
  for (const [file, cause] of [
    ['gone', 'there is no file of this name'],
    ['dir', 'it is a folder'],
    ['no', 'this user may not read it'],
    ['odd', 'EIO'],
  ])
    assert.deepEqual(await lint([file ?? ''], { files }), {
      exit: 1,
      out: [],
      err: [`strowger lint: ${file} cannot be read: ${cause}.`],
    });
});

test('a file of more than 2 MiB is refused', async () => {
  const files = { '/home/al/big': 'x'.repeat(2 * 1024 * 1024 + 1) };
  assert.deepEqual(await lint(['big'], { files }), {
    exit: 1,
    out: [],
    err: ['strowger lint: big is larger than any SIP message: more than 2097152 bytes.'],
  });
});
