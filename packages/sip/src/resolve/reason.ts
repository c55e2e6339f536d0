import { type Answer, type NameFault, printQuestion, type Question } from './records.ts';

/** Something that stood in the way of finding a server. */
export type Reason =
  /** The URI asks for what cannot be had here. */
  | { readonly type: 'unsupported'; readonly text: string }
  /** The zone says with an SRV target of '.' that there is no such service (RFC 2782). */
  | { readonly type: 'denied'; readonly question: Question }
  | { readonly type: 'none'; readonly question: Question; readonly why: 'nodata' | 'nxdomain' | 'unusable' }
  | { readonly type: 'fault'; readonly question: Question; readonly fault: NameFault };

/** A sentence without a full stop that names the name, the type and what the server answered. */
export function printReason(reason: Reason): string {
  if (reason.type === 'unsupported') return reason.text;
  const question = printQuestion(reason.question);
  switch (reason.type) {
    case 'denied':
      return `${question}: the zone says that this service is not offered`;
    case 'none':
      return `${question}: ${WHY[reason.why]}`;
    case 'fault':
      return `${question}: ${reason.fault.text}`;
  }
}

/** The reasons as one sentence, what is worst first: a server that fails may be why nothing else was found. */
export const printReasons = (reasons: readonly Reason[]): string =>
  [...new Set(reasons.toSorted((a, b) => RANK.indexOf(a.type) - RANK.indexOf(b.type)).map(printReason))].join('; ');

/** An answer in a few words. */
export const printAnswer = (answer: Answer): string =>
  answer.type === 'records'
    ? `${answer.records.length} record${answer.records.length === 1 ? '' : 's'}`
    : answer.type === 'none'
      ? WHY[answer.why]
      : answer.text;

const WHY = {
  nodata: 'no such record',
  nxdomain: 'no such name (NXDOMAIN)',
  unusable: 'no record that can be used here',
} as const;
const RANK: readonly Reason['type'][] = ['unsupported', 'fault', 'denied', 'none'];
