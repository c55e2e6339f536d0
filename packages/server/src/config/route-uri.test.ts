import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal } from './reading.ts';
import { parseRouteUri } from './route-uri.ts';

test('a route is a SIP URI with lr (RFC 3608 §5)', () => {
  assert.deepEqual(parseRouteUri('sip:proxy.example.com;lr'), { value: 'sip:proxy.example.com;lr' });
  for (const wrong of ['proxy.example.com', 'tel:+1', '<sip:proxy.example.com;lr>', 'sip:'])
    assert.ok(isRefusal(parseRouteUri(wrong)), wrong);
  const strict = parseRouteUri('sip:proxy.example.com');
  assert.equal(isRefusal(strict) && strict.hint, 'did you mean sip:proxy.example.com;lr?');
});
