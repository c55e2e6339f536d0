import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDomain } from './domain.ts';
import { isRefusal } from './reading.ts';

test('a domain is a host name or an IP address as it stands in a SIP address, in lower case (RFC 3261 §19.1.4)', () => {
  assert.deepEqual(parseDomain('Example.TEST'), { value: 'example.test' });
  assert.deepEqual(parseDomain('192.0.2.1'), { value: '192.0.2.1' });
  assert.deepEqual(parseDomain('[2001:DB8::1]'), { value: '[2001:db8::1]' });
});

test('what people write around a domain is refused with the word to leave it out', () => {
  const hint = (text: string): string | undefined => {
    const read = parseDomain(text);
    assert.ok(isRefusal(read), `${text} is accepted`);
    return read.hint;
  };
  assert.match(hint('sip:example.com') ?? '', /scheme/);
  assert.match(hint('example.com.') ?? '', /dot/);
  assert.match(hint('alice@example.com') ?? '', /user name/);
  assert.match(hint('example.com:5060') ?? '', /port/);
  assert.match(hint('2001:db8::1') ?? '', /brackets/);
  assert.equal(hint('a b'), undefined);
  assert.equal(hint(''), undefined);
  assert.equal(hint('[1.2.3.4]'), undefined);
});
