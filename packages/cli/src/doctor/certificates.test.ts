import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensureOwnCertificates, type OwnCertificates } from '@strowger/node/certificates';
import { folderFor } from '../../test/process.ts';
import { settingsOf } from '../settings.ts';
import { certificateFindings } from './certificates.ts';

const DAY_MS = 86_400_000;
const MADE = new Date(Date.UTC(2026, 10, 24));
const LISTEN = 'listen: [tls:127.0.0.1:5061]';

async function linesOf(folder: string, yaml: string, now = MADE): Promise<readonly string[]> {
  const result = await settingsOf({}, folder, () => yaml);
  assert.ok(result.type === 'settings');
  const findings = await certificateFindings({ unix: () => now.getTime() }, result.settings, folder);
  return findings.map(({ state, found, advice }) => `${state}: ${found}${advice === undefined ? '' : `. ${advice}`}`);
}

/** A folder whose server made certificates for itself, and copies of them as `mine.pem` and `mine.key`. */
async function made(t: TestContext): Promise<{ folder: string; own: OwnCertificates; until: Date }> {
  const folder = folderFor(t);
  const names = { domains: ['a.test'], addresses: ['127.0.0.1'] };
  const own = await ensureOwnCertificates(join(folder, 'strowger-data'), names, MADE, 'due');
  copyFileSync(own.server.certificate, join(folder, 'mine.pem'));
  copyFileSync(own.server.key, join(folder, 'mine.key'));
  const { X509Certificate } = await import('node:crypto');
  return { folder, own, until: new X509Certificate(readFileSync(own.server.certificate)).validToDate };
}

const day = (time: Date): string => time.toISOString().slice(0, 10);

test('without tls: and wss: nothing is said', async () => {
  assert.deepEqual(await linesOf('/srv', 'listen: [udp:127.0.0.1:5060, ws:127.0.0.1:8080]'), []);
});

test('a server without a certificate makes its own; in memory at each start, which is noted', async (t) => {
  const folder = folderFor(t);
  assert.deepEqual(await linesOf(folder, LISTEN), ['ok: the server makes one of its own at the first start']);
  assert.match((await linesOf(folder, `${LISTEN}\ndata: memory`))[0] ?? '', /^note: made anew at each start/);
});

test('a certificate that the server made is told with its end; where it ended the server makes a new one', async (t) => {
  const { folder, own, until } = await made(t);
  const { certificate } = own.server;
  assert.deepEqual(await linesOf(folder, LISTEN), [
    `ok: ${certificate} is valid until ${day(until)}, and the server renews it`,
  ]);
  const [late = ''] = await linesOf(folder, LISTEN, new Date(until.getTime() + DAY_MS));
  assert.match(late, /^note: the validity of .* ended on .*\. The server makes a new one when it starts\.$/);
});

test('a key of its own that cannot be read stops the server, one that is gone does not', async (t) => {
  const { folder, own } = await made(t);
  rmSync(own.server.key);
  assert.match((await linesOf(folder, LISTEN))[0] ?? '', /^note: the key file .* is not there\. The server makes/);
  mkdirSync(own.server.key);
  assert.match((await linesOf(folder, LISTEN))[0] ?? '', /^fault: the key file .* is a folder$/);
});

test('a certificate of the configuration is noted when it ends within thirty days, and at fault afterwards', async (t) => {
  const { folder, until } = await made(t);
  const yaml = `${LISTEN}\ntls: { certificate: mine.pem, key: mine.key }`;
  const at = (days: number): Promise<readonly string[]> =>
    linesOf(folder, yaml, new Date(until.getTime() - days * DAY_MS));
  const told = `${join(folder, 'mine.pem')} is valid until ${day(until)}`;
  assert.deepEqual(await at(30), [`ok: ${told}`]);
  assert.deepEqual(await at(29), [`note: ${told}, 29 days from now. Renew it where it came from.`]);
  assert.deepEqual(await at(1), [`note: ${told}, 1 day from now. Renew it where it came from.`]);
  assert.match((await at(-1))[0] ?? '', /^fault: the validity of .* ended on .*\. Renew it\.$/);
});

test('certificates of domains and authorities are looked at, too', async (t) => {
  const { folder, own } = await made(t);
  writeFileSync(join(folder, 'empty.pem'), '');
  copyFileSync(own.authority.certificate, join(folder, 'authority.pem'));
  const yaml = [
    LISTEN,
    'domains: [a.test]',
    'tls:',
    '  certificate: mine.pem',
    '  key: mine.key',
    '  ca: [authority.pem, empty.pem]',
    '  domains: [{ name: a.test, certificate: mine.pem, key: gone.key }]',
  ].join('\n');
  const lines = await linesOf(folder, yaml);
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['ok', 'fault', 'ok', 'fault'],
  );
  assert.match(lines[1] ?? '', /gone\.key is not there$/);
  assert.equal(lines[2], `ok: ${join(folder, 'authority.pem')} holds an authority`);
  assert.match(lines[3] ?? '', /empty\.pem holds no certificate/);
});
