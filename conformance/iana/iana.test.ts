import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { headerTable } from '../../packages/sip/src/message/headers/index.ts';
import { OPTION_TAGS } from '../../packages/sip/src/message/option-tags.ts';
import { METHODS } from '../../packages/sip/src/message/start-line.ts';
import { reasonOf } from '../../packages/sip/src/message/status.ts';

/** Registered header fields that the table does not hold, and why. Their lines pass through byte for byte all the same. */
const NOT_YET: Readonly<Record<string, string>> = {
  'Additional-Identity': 'defined in 3GPP TS 24.229 only',
  'Attestation-Info': 'defined in 3GPP TS 24.229 only',
  'Cellular-Network-Info': 'defined in 3GPP TS 24.229 only',
  'DC-Info': 'defined in 3GPP TS 24.229 only',
  'Origination-Id': 'defined in 3GPP TS 24.229 only',
  'Priority-Share': 'defined in 3GPP TS 24.229 only',
  'Priority-Verstat': 'defined in 3GPP TS 24.229 only',
  'Relayed-Charge': 'defined in 3GPP TS 24.229 only',
  'Resource-Share': 'defined in 3GPP TS 24.229 only',
  'Response-Source': 'defined in 3GPP TS 24.229 only',
  'Restoration-Info': 'defined in 3GPP TS 24.229 only',
  'Service-Interact-Info': 'defined in 3GPP TS 24.229 only',
  Encryption: 'of RFC 2543, dropped by RFC 3261',
  Hide: 'of RFC 2543, dropped by RFC 3261',
  'Response-Key': 'of RFC 2543, dropped by RFC 3261',
  'Identity-Info': 'of RFC 4474, replaced by the info parameter of RFC 8224',
  'Reason-Phrase': 'a name that RFC 6873 reserves for logs, no header field',
};

/** In the table without being registered. */
const UNREGISTERED: readonly string[] = ['Diversion', 'Remote-Party-ID'];

interface Entry {
  readonly name: string;
  readonly compact?: string;
  readonly reference: string;
}

interface Registry {
  readonly written: string;
  readonly headerFields: readonly Entry[];
  readonly methods: readonly Entry[];
  readonly responseCodes: readonly { readonly status: number; readonly reason: string; readonly reference: string }[];
  readonly optionTags: readonly Entry[];
}

const registry = JSON.parse(readFileSync(new URL('./sip-parameters.json', import.meta.url), 'utf8')) as Registry;

test('every registered header field is in the table or on the list of those that are not, with a reason', () => {
  const inTable = new Set(headerTable.map((def) => def.name));
  for (const { name } of registry.headerFields) {
    const reason = NOT_YET[name];
    assert.ok(inTable.has(name) || (reason !== undefined && reason !== ''), `${name} is neither`);
    assert.ok(!(inTable.has(name) && reason !== undefined), `${name} is both`);
  }
});

test('the table holds nothing that is not registered, but for the named exceptions', () => {
  const registered = new Set(registry.headerFields.map((entry) => entry.name));
  const others = headerTable.map((def) => def.name).filter((name) => !registered.has(name));
  assert.deepEqual(others.toSorted(), UNREGISTERED);
});

test('compact forms are the registered ones', () => {
  const compact = (entries: readonly { readonly name: string; readonly compact?: string | undefined }[]) =>
    entries.flatMap((e) => (e.compact === undefined ? [] : [`${e.compact} ${e.name}`])).toSorted();
  assert.deepEqual(compact(headerTable), compact(registry.headerFields));
});

test('each header field names the RFC that the registry names', () => {
  const references = new Map(registry.headerFields.map((entry) => [entry.name, entry.reference]));
  for (const def of headerTable) {
    const reference = references.get(def.name);
    if (reference !== undefined) assert.ok(def.rfc.startsWith(`${reference} §`), `${def.name}: ${def.rfc}`);
  }
});

test('every registered method is known, and no other', () => {
  assert.deepEqual(
    METHODS.toSorted(),
    registry.methods.map((m) => m.name),
  );
});

test('every registered status code has its reason phrase, and no other code has one', () => {
  const phrases = registry.responseCodes.map((code) => [code.status, code.reason]);
  const ours = Array.from({ length: 600 }, (_, i) => [i + 100, reasonOf(i + 100)]).filter(
    ([, reason]) => reason !== '',
  );
  assert.deepEqual(ours, phrases);
});

test('every registered option tag is known with its RFC, and no other', () => {
  assert.deepEqual(OPTION_TAGS, Object.fromEntries(registry.optionTags.map((tag) => [tag.name, tag.reference])));
});

test('the copy is dated and its names are unique', () => {
  assert.match(registry.written, /^\d{4}-\d{2}-\d{2}$/);
  for (const list of [registry.headerFields, registry.methods, registry.optionTags])
    assert.equal(new Set(list.map((entry) => entry.name.toLowerCase())).size, list.length);
});
