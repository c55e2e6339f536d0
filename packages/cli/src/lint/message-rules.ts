import type { Message, Request, Response } from '@strowger/sip/message';
import { SyntaxFault } from '@strowger/sip/text';
import { parseUri, type Uri } from '@strowger/sip/uri';
import { checkContacts } from './contact-rules.ts';
import type { Facts } from './facts.ts';
import { type Finding, fault, note, warning } from './finding.ts';
import { canonicalName, type Field } from './header-fields.ts';
import { CORE, type Rule, requestRules, responseRules } from './header-use.ts';
import type { Suggest } from './header-values.ts';
import { checkRouting } from './routing-rules.ts';

/** The method that a message is about: of a response the one in CSeq; '' where nothing says it. */
export function methodOf(message: Message, fields: readonly Field[]): string {
  if (message.kind === 'request') return message.method;
  const cseq = fields.find((field) => canonicalName(field) === 'CSeq');
  return /^\d+\s+(\S+)$/.exec(cseq?.value ?? '')?.[1] ?? '';
}

/** Checks what header fields say together, and which of them are there. */
export function checkRules(message: Message, facts: Facts, suggest: Suggest): readonly Finding[] {
  const own = message.kind === 'request' ? checkRequest(message, facts, suggest) : checkResponse(message, facts);
  return [...own, ...checkRouting(message, facts), ...checkContacts(message, facts)];
}

function checkRequest(request: Request, facts: Facts, suggest: Suggest): readonly Finding[] {
  return [
    ...checkMethod(request, facts, suggest),
    ...checkRequestUri(request, facts),
    ...checkSequence(request, facts),
    ...checkTag(facts, 'From', 'RFC 3261 §8.1.1.3'),
    ...checkUse(requestRules(request.method), facts, request.method),
  ];
}

function checkResponse(response: Response, facts: Facts): readonly Finding[] {
  const { status } = response;
  const what = `${status} to ${facts.method === '' ? 'an unknown method' : facts.method}`;
  const findings = [...checkUse(responseRules(status, facts.method), facts, what)];
  findings.push(...checkTag(facts, 'From', 'RFC 3261 §8.2.6.2'));
  if (status > 100) findings.push(...checkTag(facts, 'To', 'RFC 3261 §8.2.6.2'));
  return findings;
}

function checkMethod({ method }: Request, { startSpan }: Facts, suggest: Suggest): readonly Finding[] {
  if (METHODS.includes(method)) return [];
  const span = { at: startSpan.at, length: method.length };
  const upper = method.toUpperCase();
  if (METHODS.includes(upper))
    return [warning(span, `methods are compared by case, so ${method} is not ${upper}`, 'RFC 3261 §7.1')];
  const meant = suggest(upper, METHODS);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return [note(span, `${method} is a method that is not known here${hint}`, 'RFC 3261 §7.1')];
}

function checkRequestUri({ method, uri }: Request, { startSpan }: Facts): readonly Finding[] {
  if (UNFIT.test(uri)) return []; // which the grammar of the start line told
  const at = startSpan.at + method.length + 1;
  const span = { at, length: uri.length };
  const parsed = parsedUri(uri);
  if (parsed instanceof SyntaxFault)
    return [
      fault({ at: at + parsed.at, length: 1 }, `the Request-URI: expected ${parsed.expected}`, 'RFC 3261 §19.1.1'),
    ];
  const findings: Finding[] = [];
  if (parsed.type === 'other')
    findings.push(
      note(span, `a server that does not know the scheme ${parsed.scheme}: answers 416`, 'RFC 3261 §8.2.2.1'),
    );
  if (parsed.type !== 'sip') return findings;
  if (method === 'REGISTER' && parsed.user !== undefined)
    findings.push(warning(span, 'the Request-URI of a REGISTER names a domain, without a user', 'RFC 3261 §10.2'));
  if (parsed.headers !== '' || parsed.params.has('method'))
    findings.push(warning(span, 'headers and a method do not belong into a Request-URI', 'RFC 3261 §19.1.1'));
  return findings;
}

function parsedUri(text: string): Uri | SyntaxFault {
  try {
    return parseUri(text);
  } catch (error) {
    if (error instanceof SyntaxFault) return error;
    throw error;
  }
}

/** RFC 3261 §8.1.1.5: the method in CSeq is that of the request. */
function checkSequence({ method }: Request, { fields }: Facts): readonly Finding[] {
  const field = fields.find((one) => canonicalName(one) === 'CSeq');
  const [, number = '', named = ''] = /^(\d+\s+)(\S+)$/.exec(field?.value ?? '') ?? [];
  if (field === undefined || named === '' || named === method) return [];
  const span = field.spanOf(number.length, named.length);
  return [fault(span, `CSeq says ${named} and the start line ${method}`, 'RFC 3261 §8.1.1.5')];
}

function checkTag({ fields }: Facts, name: 'From' | 'To', rfc: string): readonly Finding[] {
  const field = fields.find((one) => canonicalName(one) === name);
  if (field === undefined || TAG.test(field.value)) return [];
  return [warning(field.nameSpan, `${name} has no tag`, rfc)];
}

function checkUse(rules: readonly Rule[], { fields }: Facts, what: string): readonly Finding[] {
  return rules.flatMap(({ name, use, rfc }): Finding[] => {
    const found = fields.find((field) => canonicalName(field) === name);
    if (use === 'never')
      return found === undefined ? [] : [note(found.nameSpan, `${name} means nothing in ${what} and is ignored`, rfc)];
    if (found !== undefined) return [];
    if (use === 'should') return [note(undefined, `${name} is missing; ${what} should have it`, rfc)];
    return [(CORE.includes(name) ? fault : warning)(undefined, `${name} is missing; ${what} must have it`, rfc)];
  });
}

/** The methods of the RFCs that this house reads. */
export const METHODS: readonly string[] = [
  ...['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER'],
  ...['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'MESSAGE', 'REFER', 'INFO', 'UPDATE', 'PRACK'],
];
/** What no Request-URI may hold, whatever its scheme. */
const UNFIT = /[\u0000-\u0020\u007f<>]/;
const TAG = /;\s*tag\s*=/i;
