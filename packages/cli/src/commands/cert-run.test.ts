import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { ensureOwnCertificates } from '@strowger/node/certificates';
import { folderFor, portOf, run, start } from '../../test/process.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';

const NAMES = { domains: ['a.example'], addresses: ['127.0.0.1'] };

async function cert(folder: string, words: string, yaml?: string): Promise<{ exit: number; out: string; err: string }> {
  const io = createFakeIo({ folder, files: yaml === undefined ? {} : { [join(folder, 'strowger.yaml')]: yaml } });
  const exit = await main(['cert', ...words.split(' ')], io, new AbortController().signal);
  return { exit, out: io.outLines.join('\n'), err: io.errLines.join('\n') };
}

const makeOwn = (folder: string) => ensureOwnCertificates(join(folder, 'strowger-data'), NAMES, new Date(), 'due');

test('the certificates that a server made are shown with names, validity, fingerprint and what phones need', async (t) => {
  const folder = folderFor(t);
  const { server, authority } = await makeOwn(folder);
  const leaf = new X509Certificate(readFileSync(server.certificate));
  const { exit, out } = await cert(folder, 'show');
  assert.equal(exit, 0);
  for (const line of [
    'Certificate of the server',
    `  file     ${server.certificate}`,
    '  names    URI:sip:a.example, DNS:a.example, IP Address:127.0.0.1',
    `  valid    ${leaf.validFromDate.toISOString().slice(0, 10)} to ${leaf.validToDate.toISOString().slice(0, 10)}`,
    `  SHA-256  ${leaf.fingerprint256}`,
    'Certificate of its authority',
    `Give phones ${authority.certificate} as a trusted (CA) certificate.`,
  ])
    assert.ok(out.split('\n').includes(line), line);
  assert.ok(!out.includes(readFileSync(server.key, 'utf8').split('\n')[1] ?? ''), 'the key is not shown');
  const [first] = JSON.parse((await cert(folder, 'show --json')).out).certificates;
  assert.deepEqual([first.sha256, first.subject], [leaf.fingerprint256, 'CN=a.example']);
});

test('a renewal keeps the names and the authority', async (t) => {
  const folder = folderFor(t);
  const { server, authority } = await makeOwn(folder);
  const before = [server, authority].map(({ certificate }) => readFileSync(certificate, 'utf8'));
  const { exit, out } = await cert(folder, 'renew');
  assert.deepEqual([exit, out], [0, `${server.certificate} is new. A running server takes it within seconds.`]);
  const after = [server, authority].map(({ certificate }) => readFileSync(certificate, 'utf8'));
  assert.notEqual(after[0], before[0]);
  assert.equal(after[1], before[1]);
  const altNames = new X509Certificate(after[0] ?? '').subjectAltName;
  assert.equal(altNames, 'URI:sip:a.example, DNS:a.example, IP Address:127.0.0.1');
});

test('certificates of the configuration are shown and not renewed', async (t) => {
  const folder = folderFor(t);
  const { server } = await makeOwn(folder);
  for (const [name, file] of [
    ['mine.pem', server.certificate],
    ['mine.key', server.key],
  ] as const)
    writeFileSync(join(folder, name), readFileSync(file));
  const yaml = 'tls: { certificate: mine.pem, key: mine.key }';
  const { out } = await cert(folder, 'show', yaml);
  assert.ok(out.includes(`  file     ${join(folder, 'mine.pem')}\n`), out);
  const renewed = await cert(folder, 'renew', yaml);
  assert.deepEqual(renewed, {
    exit: 1,
    out: '',
    err: 'strowger cert renew: the certificate mine.pem comes from elsewhere; renew it there.',
  });
});

test('where there is no certificate the sentence says how one is made', async (t) => {
  const folder = folderFor(t);
  const sentence = `there is no certificate in ${join(folder, 'strowger-data')} yet; strowger serve makes one when it listens on tls: or wss:.`;
  for (const word of ['show', 'renew'])
    assert.deepEqual(await cert(folder, word), { exit: 1, out: '', err: `strowger cert ${word}: ${sentence}` });
  assert.match((await cert(folder, 'show', 'data: memory')).err, /data is in memory/);
});

test('a configuration with a certificate that cannot be used is told by config check and by serve', async (t) => {
  const folder = folderFor(t);
  writeFileSync(
    join(folder, 'strowger.yaml'),
    'tls: { certificate: gone.pem, key: gone.key }\nlisten: [tls:127.0.0.1:0]',
  );
  const sentence = `the certificate file ${join(folder, 'gone.pem')} is not there.\n`;
  const checked = await run(t, folder, ['config', 'check', 'strowger.yaml']);
  assert.deepEqual([checked.code, checked.err], [1, `strowger config check: ${sentence}`]);
  const served = await run(t, folder, ['serve']);
  assert.deepEqual([served.code, served.err], [1, `strowger serve: ${sentence}`]);
});

test('a server with TLS makes its certificate, says so, answers over it, and takes a renewed one at SIGHUP', async (t) => {
  const folder = folderFor(t);
  const server = start(t, folder, ['serve', '--domain', 'a.example', '--listen', 'tls:127.0.0.1:0']);
  const authority = join(folder, 'strowger-data/certificates/authority.pem');
  await server.line(/^For TLS the server made an authority of its own/);
  await server.line(new RegExp(`^ {2}${authority}$`));
  const port = portOf(await server.line(/^ready /), 'tls');
  const first = await dial(t, port, readFileSync(authority, 'utf8'));
  assert.match(await answerTo(first), /^SIP\/2\.0 200 OK\r\n/);
  assert.equal((await run(t, folder, ['cert', 'renew'])).code, 0);
  server.kill('SIGHUP');
  await server.line(/certificates\.loaded/, 'stderr');
  const second = await dial(t, port, readFileSync(authority, 'utf8'));
  assert.notEqual(second.getPeerCertificate().fingerprint256, first.getPeerCertificate().fingerprint256);
  assert.match(await answerTo(first), /^SIP\/2\.0 200 OK\r\n/, 'the old connection is still there');
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
});

function dial(t: TestContext, port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'a.example' });
  t.after(() => socket.destroy());
  return new Promise((resolve, reject) => socket.once('secureConnect', () => resolve(socket)).once('error', reject));
}

function answerTo(socket: TLSSocket): Promise<string> {
  socket.write(
    [
      'OPTIONS sip:a.example SIP/2.0',
      `Via: SIP/2.0/TLS client.invalid;branch=z9hG4bK${socket.bytesWritten};rport`,
      'Max-Forwards: 70',
      'From: <sip:x@client.invalid>;tag=1',
      'To: <sip:a.example>',
      `Call-ID: ${socket.bytesWritten}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n'),
  );
  return new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
}
