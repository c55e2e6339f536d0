import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSips, withScheme } from './scheme.ts';

test('sips: is told from other schemes in any case (RFC 3261 §19.1.4)', () => {
  for (const text of ['sips:bob@h', 'SIPS:bob@h', 'sipS:h']) assert.equal(isSips(text), true, text);
  for (const text of ['sip:bob@h', 'sip:sips:x@h', 'tels:1', 'sips', '', 'sip:a:b@h'])
    assert.equal(isSips(text), false, text);
});

test('another scheme leaves the rest of a URI as it is (RFC 5630 §5.3)', () => {
  assert.equal(withScheme('sips:bob:pw@H:5061;transport=tcp?a=b', 'sip'), 'sip:bob:pw@H:5061;transport=tcp?a=b');
  assert.equal(withScheme('SIP:bob@h', 'sips'), 'sips:bob@h');
  assert.equal(withScheme('sips:bob@h', 'sips'), 'sips:bob@h');
});
