import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, type Request } from '@strowger/sip/message';
import { nodeText } from '@strowger/testkit';
import { isFromScanner } from './scanners.ts';

function request(userAgent: string | undefined, from: string): Request {
  const lines = ['OPTIONS sip:100@192.0.2.1 SIP/2.0', `From: ${from}`, 'To: <sip:100@192.0.2.1>'];
  if (userAgent !== undefined) lines.push(`User-Agent: ${userAgent}`);
  const parsed = parse(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), nodeText);
  assert.ok(parsed.kind === 'request');
  return parsed;
}

const PERSON = '"Alice" <sip:alice@example.com>;tag=abc';

for (const name of [
  'friendly-scanner',
  'friendly-request',
  'sipvicious',
  'SIPVicious/0.3',
  'sipcli/v1.8',
  'sip-scan',
  'sundayddr',
  'VaxSIPUserAgent/3.1',
  'VaxIPUserAgent/3.0',
  'pplsip',
  'iWar',
  'SIVuS',
  'siparmyknife',
  'sippts',
  'smap 0.6',
])
  test(`${name} is a scanner by its User-Agent`, () => {
    assert.equal(isFromScanner(request(name, PERSON)), true);
  });

for (const name of [
  undefined,
  'Yealink SIP-T46S 66.85.0.5',
  'snomD385/10.1.54.13',
  'baresip v1.0.0 (x86_64/linux)',
  'Linphone/5.0.2',
  'Asterisk PBX 20.5.0',
  'FreeSWITCH',
  'sipsak 0.9.8.1',
  'SIPp',
  'Cisco-CP8841/12.8.1',
  'Viwarton/1',
])
  test(`${name ?? 'nobody'} is no scanner`, () => {
    assert.equal(isFromScanner(request(name, PERSON)), false);
  });

test('a From that says sipvicious is enough', () => {
  assert.equal(isFromScanner(request('Phone', '"sipvicious"<sip:100@1.1.1.1>;tag=1')), true);
});

test('the tags of svmap and svwar are known, whatever the rest says', () => {
  const tagOf = (data: string, number: string): string =>
    Buffer.from(`${data}\u0001${number}`, 'latin1').toString('hex');
  for (const tag of [
    tagOf('c0000201' + '13c4', '4193512345'),
    tagOf('1000', '123456789'),
    tagOf('alice', '3999999999'),
  ])
    assert.equal(isFromScanner(request('Phone', `<sip:100@1.1.1.1>;tag=${tag}`)), true, tag);
});

test('hex tags of honest phones are none of theirs', () => {
  for (const tag of [
    'a73kszlfl',
    'd5a2f1c09b8e4f6aa1',
    '00112233445566778899aabbccddeeff',
    '3139343031323334',
    'c0a8012301',
  ])
    assert.equal(isFromScanner(request('Phone', `<sip:a@b>;tag=${tag}`)), false, tag);
});
