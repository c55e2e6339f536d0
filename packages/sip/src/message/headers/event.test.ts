import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { allowEvents, event, sipEtag, sipIfMatch, subscriptionState, suppressIfMatch } from './event.ts';

test('an event is a package with templates, an id and parameters (RFC 6665 §8.2.1)', () => {
  reads(event, 'presence.winfo', { package: 'presence.winfo' });
  reads(event, 'refer;id=93809824', { package: 'refer', id: '93809824' });
  reads(event, 'dialog;sla', { package: 'dialog', params: new Params(';sla') });
  refuses(event, { '': 0, '.winfo': 0, 'presence.': 0, 'a..b': 0, 'refer;id=': 9, 'refer id': 6 });
});

test('Allow-Events lists packages (RFC 6665 §8.2.2)', () => {
  reads(allowEvents, 'spirits-INDPs', 'spirits-INDPs');
  refuses(allowEvents, { '': 0, 'a;b': 1 });
});

test('Subscription-State says how the subscription stands, for how long, or why it ended (RFC 6665 §8.2.3)', () => {
  reads(subscriptionState, 'active;expires=3600', { state: 'active', expiresSeconds: 3600 });
  reads(
    subscriptionState,
    'Terminated;reason=Probation;retry-after=60;x',
    { state: 'terminated', reason: 'probation', retryAfterSeconds: 60, params: new Params(';x') },
    'terminated;reason=probation;retry-after=60;x',
  );
  refuses(subscriptionState, {
    '': 0,
    'active;expires=-1': 7,
    'active;expires=4294967296': 7,
    'active;reason="a b"': 7,
  });
});

test('entity tags are tokens; a star stands for any (RFC 3903 §11.3, RFC 5839 §7.2)', () => {
  for (const def of [sipEtag, sipIfMatch, suppressIfMatch]) {
    reads(def, 'dx200xyz', 'dx200xyz');
    refuses(def, { '': 0, 'a b': 2, '"a"': 0 });
  }
  reads(suppressIfMatch, '*', '*');
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
