import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../text/faults.ts';
import { parseUri } from './uri.ts';
import { canonicalUrn, serviceOf, type UrnUri } from './urn.ts';

test('a URN names its namespace and what is in it', () => {
  const uri = urn('URN:UUID:f81d4fae-7dec-11d0-a765-00a0c91e6bf6');
  assert.deepEqual([uri.namespace, uri.specific], ['uuid', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6']);
  assert.equal(serviceOf(uri), undefined);
});

test('an emergency service is one (RFC 5031 §4.2)', () => {
  assert.equal(serviceOf(urn('urn:service:sos')), 'sos');
  assert.equal(serviceOf(urn('urn:service:SOS.animal-control')), 'sos.animal-control');
});

test('what is no URN is refused with its offset', () => {
  for (const [text, at] of [
    ['urn:x', 4],
    ['urn:-a:b', 4],
    ['urn:uuid:', 9],
    ['urn:uuid:a b', 10],
    ['urn:uuid:%4', 9],
    ['urn:service:sos.', 12],
    ['urn:service:-sos', 12],
    [`urn:service:${'s'.repeat(28)}`, 12],
  ] as const)
    assert.throws(
      () => parseUri(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      text,
    );
});

test('services and UUIDs are compared without regard to case, other names with it (RFC 2141 §5)', () => {
  assert.equal(canonicalUrn(urn('urn:service:SOS')), canonicalUrn(urn('URN:Service:sos')));
  assert.equal(canonicalUrn(urn('urn:foo:a123%2c456')), canonicalUrn(urn('URN:FOO:a123%2C456')));
  assert.notEqual(canonicalUrn(urn('urn:foo:A123,456')), canonicalUrn(urn('urn:foo:a123,456')));
});

function urn(text: string): UrnUri {
  const uri = parseUri(text);
  assert.equal(uri.type, 'urn');
  return uri as UrnUri;
}
