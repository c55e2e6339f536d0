import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import {
  contentDisposition,
  contentEncoding,
  contentId,
  contentLanguage,
  contentType,
  mimeVersion,
} from './content.ts';

test('a media type has two parts and parameters (RFC 3261 §20.15)', () => {
  reads(contentType, 'application/sdp', { media: 'application/sdp' });
  reads(
    contentType,
    'Multipart/Mixed ; boundary="unique boundary, 1"',
    { media: 'multipart/mixed', params: new Params('; boundary="unique boundary, 1"') },
    'multipart/mixed; boundary="unique boundary, 1"',
  );
  assert.equal(contentType.decode('multipart/mixed;boundary="a b"').params?.get('boundary'), 'a b');
  refuses(contentType, { '': 0, text: 4, 'text/': 5, 'text/*': 0, 'text/html;': 10, 'text/html x': 10 });
});

test('a disposition says what the body is for and whether it must be understood (RFC 3261 §20.11, RFC 5621 §8)', () => {
  reads(contentDisposition, 'session', { type: 'session' });
  reads(
    contentDisposition,
    'early-session;handling=Optional',
    { type: 'early-session', handling: 'optional' },
    'early-session;handling=optional',
  );
  reads(
    contentDisposition,
    'attachment; filename=smime.p7s; handling=required',
    { type: 'attachment', handling: 'required', params: new Params('; filename=smime.p7s') },
    'attachment;handling=required; filename=smime.p7s',
  );
  refuses(contentDisposition, { '': 0, 'session;handling=': 17, 'session handling': 8 });
});

test('encodings, languages and the MIME version of a body (RFC 3261 §20.12, §20.13, §20.24)', () => {
  reads(contentEncoding, 'GZIP', 'gzip', 'gzip');
  reads(contentLanguage, 'fr', 'fr');
  reads(mimeVersion, '1.0', '1.0');
  refuses(contentEncoding, { '': 0, 'a b': 2 });
  refuses(contentLanguage, { '': 0, 'fr ca': 3, '*': 0 });
  refuses(mimeVersion, { '': 0, '1': 0, '1.0 (x)': 0 });
});

test('Content-ID is a message identifier in brackets (RFC 8262 §3.2)', () => {
  reads(contentId, '<20398823.2UWQFN309shb3@referrer.example>', '20398823.2UWQFN309shb3@referrer.example');
  refuses(contentId, { '': 0, 'a@b': 0, '<ab>': 0, '<a@b@c>': 0, '<a b@c>': 0 });
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
