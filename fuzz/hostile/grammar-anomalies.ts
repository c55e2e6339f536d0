import { type Anomaly, put, replacing } from './anomaly.ts';

/** What is wrong with one kind of element only, because it has a grammar of its own. */

const all = (family: string, texts: readonly string[]): readonly Anomaly[] =>
  texts.map((text) => replacing(family, text, text));

/** Around the edges of bytes, words, doubles and signs (RFC 3261 §25.1 knows no sign and no fraction). */
export const NUMBERS: readonly Anomaly[] = [
  ...all('integer', ['0', '-0', '-1', '+1', '007', '1.5', '1e9', '0x10', '1,000', '1 1', 'NaN', 'Infinity', '1_0']),
  ...all('integer', ['127', '128', '255', '256', '32767', '32768', '65535', '65536', '-32769', '-2147483649']),
  ...all('integer', ['2147483647', '2147483648', '4294967295', '4294967296', '9007199254740993']),
  ...all('integer', ['9223372036854775808', '18446744073709551616', '-9223372036854775809']),
  replacing('integer', 'zeros before it', `${'0'.repeat(300)}1`),
  replacing('integer', 'Arabic digits', '\xd9\xa1\xd9\xa2'),
  replacing('integer', 'wide digits', '\xef\xbc\x91'),
];

export const HOSTS: readonly Anomaly[] = [
  ...all('host', ['.', '..', 'a..b', '.a', 'a.', '-a', 'a-', 'a_b', '*', 'a b', 'localhost', 'xn--', 'xn--a.xn--b']),
  ...all('host', ['1', '4294967296', 'a.1', '%65xample.test', 'example.test@x', 'user:secret@x', '//x', 'x\\y']),
  replacing('host', 'a label of 64 letters', `${'a'.repeat(64)}.test`),
  replacing('host', 'a name of 256 bytes', `${'a.'.repeat(126)}test`),
  replacing('host', '1000 labels', 'a.'.repeat(1_000)),
  replacing('host', 'a name in UTF-8', 'b\xc3\xbccher.test'),
];

export const IP_ADDRESSES: readonly Anomaly[] = [
  ...all('IPv4', ['256.256.256.256', '1.2.3', '1.2.3.4.5', '1.2.3.', '1..2.3', '01.02.03.04', '0x7f.0.0.1']),
  ...all('IPv4', ['2130706433', '-1.2.3.4', '1.2.3.4/8', '0.0.0.0', '255.255.255.255', '224.0.0.1']),
  ...all('IPv6', ['[::', '::1]', '::1', '[]', '[:]', '[:::]', '[::]', '[1::2::3]', '[1:2:3:4:5:6:7]']),
  ...all('IPv6', ['[1:2:3:4:5:6:7:8:9]', '[g::1]', '[12345::1]', '[::1%eth0]', '[::ffff:999.1.1.1]', '[[::1]]']),
  ...all('IPv6', ['[::1]x', '[v1.a]', '[2001:db8::192.0.2.1:1]', '[ff02::1]']),
];

export const PORTS: readonly Anomaly[] = [
  ...all('port', [
    ':',
    '::',
    ':0',
    ':-1',
    ':+1',
    ':65535',
    ':65536',
    ':4294967296',
    ':99999999999999999999',
    ':5060:5060',
  ]),
  ...all('port', [': 5060', ' :5060', ':5060 ', ':0x13c4', ':5060a', ':a', ':005060', ':5060.0', ':%35060', ':*']),
  replacing('port', '1000 digits', `:${'1'.repeat(1_000)}`),
  replacing('port', 'NUL behind it', ':5060\0'),
  replacing('port', 'Arabic digits', ':\xd9\xa5\xd9\xa0'),
];

export const URIS: readonly Anomaly[] = [
  ...all('URI', ['sip', 'sip:', ':', '//', 'sip://bob@example.test', 'sip:@example.test', 'sip:bob@', 'sip:@']),
  ...all('URI', ['sip:bob@@example.test', 'sip:bob@a@example.test', 'sip::@example.test', 'sip:bob:@example.test']),
  ...all('URI', [
    'sip:bob@example.test:',
    'sip:bob@example.test:1:2',
    'sip:bob@example.test;',
    'sip:bob@example.test;;;',
  ]),
  ...all('URI', ['sip:bob@example.test;=', 'sip:bob@example.test;lr=', 'sip:bob@example.test;transport=']),
  ...all('URI', ['sip:bob@example.test;transport=tcp;transport=udp', 'sip:bob@example.test;transport=sctp']),
  ...all('URI', ['sip:bob@example.test;maddr=;ttl=', 'sip:bob@example.test;maddr=224.0.0.1;ttl=256']),
  ...all('URI', ['sip:bob@example.test;method=BYE', 'sip:bob@example.test;user=ip', 'sip:bob@example.test;lr;lr']),
  ...all('URI', [
    'sip:bob@example.test?',
    'sip:bob@example.test?=',
    'sip:bob@example.test?a',
    'sip:bob@example.test?a=b&&c',
  ]),
  ...all('URI', ['sip:bob@example.test?Via=x&Route=%3Csip:192.0.2.66%3E', 'sip:bob@example.test?body=%0d%0a%0d%0a']),
  ...all('URI', ['sip:%@example.test', 'sip:%4@example.test', 'sip:%zz@example.test', 'sip:%00@example.test']),
  ...all('URI', [
    'sip:%0d%0aRoute:x@example.test',
    'sip:bob%40example.test',
    'sip:"bob"@example.test',
    'sip:bo b@example.test',
  ]),
  ...all('URI', [
    'sips:bob@example.test',
    'SIP:bob@EXAMPLE.TEST',
    'sipx:bob@example.test',
    'http://example.test/',
    '0:1',
  ]),
  ...all('URI', [
    'tel:',
    'tel:+',
    'tel:1',
    'tel:+1;phone-context=',
    'tel:1;phone-context=;ext=',
    'tel:+1;isub=%;x',
    'tel:abc',
  ]),
  ...all('URI', ['urn:', 'urn:service:', 'urn:service:sos', 'urn:uuid:0', 'data:,x', 'file:///etc/passwd', 'cid:x@y']),
  ...all('URI', [
    '*',
    '<sip:bob@example.test>',
    '<<sip:bob@example.test>>',
    'sip:bob@example.test>',
    'sip:[::1',
    'sip:sip:sip:',
  ]),
  replacing('URI', '1000 parameters', `sip:bob@example.test${';a=b'.repeat(1_000)}`),
  replacing('URI', '1000 headers', `sip:bob@example.test?${'a=b&'.repeat(1_000)}`),
  replacing('URI', '5000 escapes', `sip:${'%62'.repeat(5_000)}@example.test`),
  replacing('URI', '1000 passwords', `sip:bob${':x'.repeat(1_000)}@example.test`),
];

export const QUOTED: readonly Anomaly[] = [
  ...all('quotes', [
    '"',
    '""',
    '"""',
    '"a',
    'a"',
    'a"b"',
    '"a"b',
    '"a""b"',
    "'a'",
    '"\\"',
    '"\\\\"',
    '"\\',
    '"a\\"b',
    '"\\\0"',
  ]),
  ...all('quotes', [
    '"a\r\nb"',
    '"a\r\n b"',
    '"\t"',
    '"\x7f"',
    '"<sip:a@b>"',
    '"a, b; c"',
    '\xe2\x80\x9ca\xe2\x80\x9d',
  ]),
  replacing('quotes', '1000 escaped quotes', `"${'\\"'.repeat(1_000)}"`),
  replacing('quotes', '1001 backslashes', `"${'\\'.repeat(1_001)}"`),
  replacing('quotes', '1000 pairs', '""'.repeat(1_000)),
];

export const PARAMETERS: readonly Anomaly[] = [
  ...all('parameter', [
    '',
    ';',
    ';;',
    ';=',
    ';=x',
    ';a=',
    ';a==b',
    ';a b',
    ' ; a = b',
    ';a="',
    ';a="b"c',
    ';a="\\"',
    ';a=<b>',
  ]),
  ...all('parameter', [
    ';a=[',
    ';%61=%',
    ';\0=\0',
    ';\xff=\xff',
    ';__proto__=x',
    ';tag=1;tag=2',
    ';branch=a;branch=b',
    '&a=b',
  ]),
  replacing('parameter', 'a name of 10000 letters', `;${'a'.repeat(10_000)}=b`),
  replacing('parameter', 'a value of 10000 letters', `;a=${'b'.repeat(10_000)}`),
  replacing('parameter', '1000 other ones', Array.from({ length: 1_000 }, (_, at) => `;p${at}=x`).join('')),
  put('parameter', 'without its first byte', (valid) => valid.slice(1)),
  put('parameter', 'without its value', (valid) => valid.split('=', 1)[0] ?? ''),
  put('parameter', 'in capitals', (valid) => valid.toUpperCase()),
];

export const ADDRESSES: readonly Anomaly[] = [
  ...all('brackets', [
    '<',
    '>',
    '<>',
    '<<>>',
    '><',
    '< >',
    '<sip:bob@example.test',
    'sip:bob@example.test>',
    '<sip:bob@example.test>>',
  ]),
  ...all('brackets', [
    '<<sip:bob@example.test>',
    '"Bob" sip:bob@example.test',
    '"Bob"<sip:bob@example.test>',
    'Bob<sip:bob@example.test',
  ]),
  ...all('brackets', [
    '"Bob <sip:bob@example.test>',
    'Bob" <sip:bob@example.test>',
    '"<sip:bob@example.test>',
    '<"sip:bob@example.test">',
  ]),
  ...all('brackets', [
    'a, b <sip:bob@example.test>',
    'sip:bob@example.test, sip:carol@example.test',
    '<sip:a@b><sip:c@d>',
    '<*>',
    '*',
  ]),
  ...all('brackets', [
    '"\\" <sip:bob@example.test>',
    '"a" "b" <sip:bob@example.test>',
    '(Bob) <sip:bob@example.test>',
    '<sip:bob@example.test> x',
  ]),
  replacing('brackets', '1000 of them', '<'.repeat(1_000) + '>'.repeat(1_000)),
  replacing('brackets', '1000 addresses', Array.from({ length: 1_000 }, (_, at) => `<sip:u${at}@x.test>`).join(',')),
];

export const DATES: readonly Anomaly[] = [
  ...all('date', ['Sat, 13 Nov 2010 23:29:00 CET', 'Sat, 32 Nov 2010 23:29:00 GMT', 'Sat, 13 Foo 2010 23:29:00 GMT']),
  ...all('date', [
    'Sat, 13 Nov 2010 24:60:61 GMT',
    'Sun, 13 Nov 2010 23:29:00 GMT',
    '13 Nov 2010 23:29:00 GMT',
    'Sat, 13 Nov 10 23:29:00 GMT',
  ]),
  ...all('date', [
    'Sat, 13 Nov 999999 23:29:00 GMT',
    'Sat, 29 Feb 2011 23:29:00 GMT',
    'Sat, -1 Nov 2010 -1:-1:-1 GMT',
    '2010-11-13T23:29:00Z',
  ]),
  ...all('date', [
    'Sat,13 Nov 2010 23:29:00 GMT',
    'Sat, 13  Nov  2010 23:29:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Sat',
  ]),
];

export const BROKEN_ESCAPES: readonly Anomaly[] = [
  ...all('escape', ['%', '%4', '%zz', '%00', '%0d%0a', '%25%32%35', '%u0041', '\\', '\\\\\\', '%c0%af', '%ff', '%-1']),
  replacing('escape', '1000 percents', '%'.repeat(1_000)),
];

/** A whole line of a header, its end included. */
export const LINES: readonly Anomaly[] = [
  replacing('line', 'missing', ''),
  replacing('line', 'an empty line in its place', '\r\n'),
  ...[2, 3, 100].map((count) => put('line', `${count} times`, (line) => line.repeat(count))),
  replacing('line', '300 other ones', 'X-Other: x\r\n'.repeat(300)),
  put('line', 'ends with LF', (line) => `${line.trimEnd()}\n`),
  put('line', 'ends with CR', (line) => `${line.trimEnd()}\r`),
  put('line', 'ends with LF CR', (line) => `${line.trimEnd()}\n\r`),
  put('line', 'ends with CR CR LF', (line) => `${line.trimEnd()}\r\r\n`),
  put('line', 'does not end', (line) => line.trimEnd()),
  put('line', 'an empty line behind it', (line) => `${line}\r\n`),
  put('line', 'a blank before it', (line) => ` ${line}`),
  put('line', 'a line of blanks behind it', (line) => `${line} \t \r\n`),
  put('line', 'blanks behind it', (line) => `${line.trimEnd()}${' \t'.repeat(200)}\r\n`),
  put('line', 'folded at each blank', (line) => `${line.trimEnd().replaceAll(' ', '\r\n ')}\r\n`),
  put('line', '1000 folds behind it', (line) => `${line}${' \r\n'.repeat(1_000)}`),
  put('line', 'NUL behind it', (line) => `${line.trimEnd()}\0\r\n`),
  put('name', 'in capitals', (line) => line.replace(/^[^:]*/, (name) => name.toUpperCase())),
  put('name', 'without colon', (line) => line.replace(':', '')),
  put('name', 'without value and colon', (line) => `${line.split(':', 1)[0]}\r\n`),
  put('name', 'two colons', (line) => line.replace(':', '::')),
  put('name', 'blanks before the colon', (line) => line.replace(':', ' \t :')),
  put('name', 'a fold before the colon', (line) => line.replace(':', '\r\n :')),
  put('name', 'no blank behind the colon', (line) => line.replace(': ', ':')),
  put('name', 'equals in place of the colon', (line) => line.replace(':', '=')),
  put('name', 'a fold behind the colon', (line) => line.replace(': ', ':\r\n\t')),
];

/** The letter of a line of a session description, and its order. */
export const SDP_LINES: readonly Anomaly[] = [
  put('type', 'in capitals', (line) => line.replace(/^./, (letter) => letter.toUpperCase())),
  put('type', 'another letter', (line) => line.replace(/^./, 'q')),
  put('type', 'without equals', (line) => line.replace('=', '')),
  put('type', 'blanks around equals', (line) => line.replace('=', ' = ')),
  put('type', 'without value', (line) => `${line.slice(0, 2)}\r\n`),
  put('type', '1000 times', (line) => line.repeat(1_000).slice(0, 60_000)),
];
