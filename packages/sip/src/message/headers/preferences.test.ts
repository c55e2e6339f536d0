import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import {
  acceptContact,
  answerMode,
  featureCaps,
  privAnswerMode,
  rejectContact,
  requestDisposition,
} from './preferences.ts';

test('Accept-Contact names features and how much they are wanted (RFC 3841 §9.2)', () => {
  reads(acceptContact, '*;audio;require', { require: true, explicit: false, params: new Params(';audio') });
  reads(
    acceptContact,
    '*;mobility="mobile";explicit;require',
    { require: true, explicit: true, params: new Params(';mobility="mobile"') },
    '*;mobility="mobile";require;explicit',
  );
  reads(acceptContact, '*', { require: false, explicit: false });
  refuses(acceptContact, { '': 0, audio: 0, '*audio': 1, '*;': 2 });
});

test('Reject-Contact and Feature-Caps name features (RFC 3841 §9.2, RFC 6809 §6.2)', () => {
  reads(rejectContact, '*;actor="msg-taker";video', { params: new Params(';actor="msg-taker";video') });
  reads(featureCaps, '*;+sip.pns="acme";+sip.pnsreg="121"', {
    params: new Params(';+sip.pns="acme";+sip.pnsreg="121"'),
  });
  for (const def of [rejectContact, featureCaps]) refuses(def, { '': 0, '+sip.608': 0 });
});

test('directives to proxies and modes of answering are tokens (RFC 3841 §9.1, RFC 5373 §2)', () => {
  reads(requestDisposition, 'no-fork', 'no-fork');
  reads(answerMode, 'Auto;require', { value: 'Auto', params: new Params(';require') });
  reads(privAnswerMode, 'Manual', { value: 'Manual' });
  refuses(requestDisposition, { '': 0, 'a;b': 1 });
  refuses(answerMode, { '': 0, ';require': 0 });
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
