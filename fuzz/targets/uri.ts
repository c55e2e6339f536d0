import assert from 'node:assert/strict';
import { fromBinary, SyntaxFault } from '@strowger/sip/text';
import {
  aorKey,
  bareUri,
  contactKey,
  headersOf,
  parseUri,
  printUri,
  sameUri,
  schemeOf,
  sipOfTel,
  telOf,
  type Uri,
  uriParam,
  userOf,
  withHeaders,
  withParam,
  withUser,
} from '@strowger/sip/uri';
import { corpusOf } from '../corpus.ts';
import type { Target } from '../target.ts';
import { URI_WORDS } from '../words.ts';

/** Every text is a URI or a SyntaxFault; a URI equals itself, its keys are stable, its edits are URIs. */
export const uri: Target = {
  name: 'uri',
  share: 12,
  seeds: [
    'sip:alice@atlanta.example',
    'sip:alice:secretword@atlanta.example;transport=tcp',
    'sips:alice@atlanta.example?subject=project%20x&priority=urgent',
    'sip:+1-212-555-1212:1234@gateway.example;user=phone;lr;maddr=192.0.2.1;ttl=15',
    'sip:%61lice@[2001:db8::1]:5060;n%61me=v%61lue%25;method=REGISTER',
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
    'tel:+1-201-555-0123;phone-context=example.com;ext=12;isub=3;a=b',
    'tel:7042;phone-context=+1914',
    'urn:service:sos.police',
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'http://www.example.com/a?b#c',
    ...corpusOf('uri').values(),
  ],
  words: URI_WORDS,
  check: (input) => {
    const text = fromBinary(input);
    uriOf(DIGITS_BEFORE);
    const parsed = uriOf(text);
    uriOf(MARKS_BEFORE);
    assert.deepEqual(uriOf(text), parsed, 'whatever was read before');
    if (parsed === undefined) return;
    assert.equal(printUri(parsed), text);
    assert.ok(sameUri(parsed, parsed));
    assert.equal(contactKey(parsed), contactKey(parseUri(text)));
    assert.ok(schemeOf(parsed) !== '');
    checkAor(parsed);
    if (parsed.type === 'tel') readable(sipOfTel(parsed, 'example.com').text);
    if (parsed.type !== 'sip') return;
    const user = userOf(parsed);
    uriParam(parsed, 'transport');
    telOf(parsed);
    readable(withHeaders(parsed, headersOf(parsed)).text);
    readable(bareUri(parsed).text);
    readable(withParam(parsed, 'x', 'a;b=c@d').text);
    if (user !== undefined && user !== '') assert.equal(userOf(withUser(parsed, user)), user);
  },
};

/** An address-of-record is a URI, and its own key. */
function checkAor(parsed: Uri): void {
  const key = aorKey(parsed);
  const again = uriOf(key);
  assert.ok(again !== undefined, `the key ${key} is no URI`);
  assert.equal(aorKey(again), key);
}

function readable(text: string): void {
  if (text.length < 8_000) assert.doesNotThrow(() => parseUri(text), text);
}

function uriOf(text: string): Uri | undefined {
  try {
    return parseUri(text);
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    assert.ok(fault.at >= 0 && fault.at <= text.length, 'the offset is within the text');
    return undefined;
  }
}

/** What lies in memory behind the end of a URI that is read after these. */
const DIGITS_BEFORE = `sip:${'4'.repeat(252)}`;
const MARKS_BEFORE = `sip:${'.:]'.repeat(84)}`;
