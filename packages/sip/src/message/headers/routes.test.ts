import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { path, replyTo, serviceRoute } from './routes.ts';

test('routes of registrations and the address for replies are addresses (RFC 3327 §4, RFC 3608 §5, RFC 3261 §20.31)', () => {
  for (const def of [path, serviceRoute, replyTo]) {
    reads(
      def,
      '<sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW3ib@ep1.example.com;lr;ob>',
      new NameAddr('', 'sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW3ib@ep1.example.com;lr;ob', new Params('')),
    );
    reads(
      def,
      'Bob <sip:bob@biloxi.com>;x',
      new NameAddr('Bob', 'sip:bob@biloxi.com', new Params(';x')),
      '"Bob" <sip:bob@biloxi.com>;x',
    );
    refuses(def, { '': 0, '<sip:a@b.c>x': 11 });
  }
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
