import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { diversion, historyInfo, remotePartyId } from './history.ts';

const address = (uri: string, display = '') => new NameAddr(display, uri, new Params(''));

test('an entry of History-Info is an address with its place in the tree (RFC 7044 §5)', () => {
  reads(historyInfo, '<sip:bob@example.com>;index=1', { address: address('sip:bob@example.com'), index: '1' });
  reads(
    historyInfo,
    '<sip:office@192.0.2.5?Reason=SIP%3Bcause%3D408>;rc=1.2 ;index=1.2.1;foo="a b"',
    {
      address: address('sip:office@192.0.2.5?Reason=SIP%3Bcause%3D408'),
      index: '1.2.1',
      rc: '1.2',
      params: new Params(';foo="a b"'),
    },
    '<sip:office@192.0.2.5?Reason=SIP%3Bcause%3D408>;index=1.2.1;rc=1.2;foo="a b"',
  );
  for (const origin of ['mp', 'np'] as const)
    assert.equal(historyInfo.decode(`<sip:a@b.c>;index=1.1;${origin}=1`)[origin], '1');
  refuses(historyInfo, {
    '': 0,
    '<sip:a@b.c>;index=': 18,
    '<sip:a@b.c>;index=1.x': 12,
    '<sip:a@b.c>;index=1;rc=.1': 20,
  });
});

test('a diversion says who diverted the call, why and how often (RFC 5806 §4)', () => {
  reads(
    diversion,
    '"Bob" <sip:Bob@uas1.isp.com> ;Reason=User-Busy;counter=2;privacy=full;screen=yes;limit=5',
    {
      address: address('sip:Bob@uas1.isp.com', 'Bob'),
      reason: 'user-busy',
      counter: 2,
      limit: 5,
      privacy: 'full',
      screen: 'yes',
    },
    '"Bob" <sip:Bob@uas1.isp.com>;reason=user-busy;counter=2;limit=5;privacy=full;screen=yes',
  );
  reads(diversion, '<sip:a@b.c>;reason="so so"', { address: address('sip:a@b.c'), reason: 'so so' });
  refuses(diversion, { '': 0, '<sip:a@b.c>;counter=x': 12, '<sip:a@b.c>;counter=100': 12 });
});

test('Remote-Party-ID is an address with parameters', () => {
  const value = new NameAddr('Alice', 'sip:alice@example.com', new Params(';party=calling;screen=yes;privacy=off'));
  reads(remotePartyId, '"Alice" <sip:alice@example.com>;party=calling;screen=yes;privacy=off', value);
});

function reads<T>(def: HeaderDef<T>, text: string, value: T, canonical = text): void {
  assert.deepEqual(def.decode(text), value, text);
  assert.equal(def.encode(value), canonical);
  assert.deepEqual(def.decode(canonical), value);
}

function refuses(def: HeaderDef<unknown>, faults: Readonly<Record<string, number>>): void {
  for (const [text, at] of Object.entries(faults))
    assert.throws(
      () => def.decode(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      `${def.name}: ${text}`,
    );
}
