import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryParseUri } from '@strowger/sip/uri';
import { USER_NAME, USER_NAME_SIGNS } from './user-name.ts';

test('a user name has letters, digits and signs that stand before the @ of an address as they are (RFC 3261 §25.1)', () => {
  for (let code = 0; code < 256; code += 1) {
    const sign = String.fromCharCode(code);
    const isName = USER_NAME.test(`a${sign}b`);
    assert.equal(isName, /[a-z\d]/i.test(sign) || USER_NAME_SIGNS.includes(sign), JSON.stringify(sign));
    if (!isName) continue;
    const uri = tryParseUri(`sip:a${sign}b@example.com`);
    assert.ok(uri?.type === 'sip' && uri.user === `a${sign}b`, JSON.stringify(sign));
  }
  assert.equal(USER_NAME.test(''), false);
  assert.equal(USER_NAME.test('alice\n'), false);
});
