import { headerTable } from '@strowger/sip/message';
import type { Text } from '@strowger/sip/text';
import { checkBody } from './body-rules.ts';
import { type Finding, fault, note, type Severity, type Span, warning } from './finding.ts';
import { parseThrough } from './grammar-faults.ts';
import { fieldsOf } from './header-fields.ts';
import { checkValues, type Suggest } from './header-values.ts';
import { withLineEnds } from './line-ends.ts';
import { checkRules, methodOf } from './message-rules.ts';
import { type Place, Source } from './source.ts';

/** All there is to say about one message. */
export interface Report {
  readonly kind: 'request' | 'response' | 'none';
  readonly findings: readonly Told[];
}

/** A finding as people read it. */
export interface Told {
  readonly severity: Severity;
  /** `undefined` for what is missing. */
  readonly place: Place | undefined;
  /** The line, and the line with the carets under it. */
  readonly excerpt: readonly [string, string] | undefined;
  readonly text: string;
  readonly rfc: string;
}

/**
 * Explains one message: what a receiver refuses, which rules its sender broke, and what may not be what was meant. Pure:
 * `suggest` finds the word that somebody meant.
 */
export function lint(given: Uint8Array, text: Text, suggest: Suggest): Report {
  const { bytes, findings } = withLineEnds(given);
  if (bytes.every((byte) => byte === 13 || byte === 10 || byte === 32))
    return reportOf('none', [fault(undefined, 'there is no message', 'RFC 3261 §7')], new Source(bytes, text));
  const source = new Source(bytes, text);
  const parsed = parseThrough(bytes, text);
  const all = [...findings, ...parsed.findings, ...checkStart(bytes, text)];
  const { message } = parsed;
  if (message === undefined) return reportOf('none', all, source);
  const fields = fieldsOf(message.content);
  const facts = { fields, method: methodOf(message, fields), startSpan: startSpanOf(bytes) };
  all.push(...checkValues(fields, NAMES, suggest), ...checkRules(message, facts, suggest));
  if (parsed.isWhole) all.push(...checkBody(message, fields, source, text), ...checkSize(bytes, text));
  return reportOf(message.kind, all, source);
}

function checkStart(bytes: Uint8Array, text: Text): readonly Finding[] {
  const { at, length } = startSpanOf(bytes);
  const line = text.latin1(bytes, at, at + length);
  const findings: Finding[] = [];
  if (at > 0)
    findings.push(note({ at: 0, length: 1 }, 'empty lines before the start line are ignored', 'RFC 3261 §7.5'));
  const version = /(?:^|\s)(sip\/2\.0)(?:\s|$)/i.exec(line)?.[1];
  if (version !== undefined && version !== 'SIP/2.0')
    findings.push(
      warning({ at: at + line.indexOf(version), length: 7 }, 'SIP/2.0 is sent in capitals', 'RFC 3261 §7.1'),
    );
  if (/[ \t]$/.test(line) && !/^SIP\//i.test(line))
    findings.push(
      warning({ at: at + length - 1, length: 1 }, 'a blank stands behind the request line', 'RFC 3261 §7.1'),
    );
  return findings;
}

/** RFC 3261 §18.1.1: what is larger than this goes by a stream where the path is not known. */
function checkSize(bytes: Uint8Array, text: Text): readonly Finding[] {
  const isUdpRequest = /^\S+ \S+ SIP\/2\.0\r?\n(?:[^\n]+\n)*?(?:via|v)[ \t]*:[ \t]*SIP\/2\.0\/UDP/i.test(
    text.latin1(bytes, startSpanOf(bytes).at, Math.min(bytes.length, MAX_DATAGRAM)),
  );
  if (!isUdpRequest || bytes.length <= MAX_DATAGRAM) return [];
  const size = `this request has ${bytes.length} bytes; above ${MAX_DATAGRAM} it should go by TCP`;
  return [note(undefined, size, 'RFC 3261 §18.1.1')];
}

function startSpanOf(bytes: Uint8Array): Span {
  let at = 0;
  while (bytes[at] === 13 || bytes[at] === 10) at += 1;
  const feed = bytes.indexOf(10, at);
  const end = feed < 0 ? bytes.length : feed;
  return { at, length: (bytes[end - 1] === 13 ? end - 1 : end) - at };
}

/** In the order of the message; what is missing comes last, and each kind of finding before the milder ones. */
function reportOf(kind: Report['kind'], findings: readonly Finding[], source: Source): Report {
  const told = findings.map(({ severity, span, text, rfc }) => ({
    severity,
    place: span === undefined ? undefined : source.placeOf(span.at),
    excerpt: span === undefined ? undefined : source.excerpt(span),
    text,
    rfc,
  }));
  return { kind, findings: told.sort(compare) };
}

function compare(a: Told, b: Told): number {
  const byLine = (a.place?.line ?? Number.MAX_SAFE_INTEGER) - (b.place?.line ?? Number.MAX_SAFE_INTEGER);
  if (byLine !== 0) return byLine;
  const byColumn = (a.place?.column ?? 0) - (b.place?.column ?? 0);
  return byColumn !== 0 ? byColumn : SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

const SEVERITIES: readonly Severity[] = ['fault', 'warning', 'note'];
const NAMES = headerTable.map(({ name }) => name);
const MAX_DATAGRAM = 1_300;
