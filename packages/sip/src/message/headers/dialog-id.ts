import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, flag, type ParamFields, param, rest } from './fields.ts';

/** Header fields that name another dialog: to take its place, to join it, to prove that one knows it. */

export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while that dialog is early. */
  readonly earlyOnly: boolean;
  readonly params?: Params;
}

export const replaces = defineHeader({
  name: 'Replaces',
  arity: 'one',
  rfc: 'RFC 3891 §6.1',
  decode: (text: string): Replaces => {
    const [callId, fields] = callIdAndFields(text);
    const toTag = needed(fields, 'to-tag');
    const fromTag = needed(fields, 'from-tag');
    return { callId, toTag, fromTag, earlyOnly: fields.flag('early-only'), ...fields.rest() };
  },
  encode: (v) =>
    `${v.callId}${param('to-tag', v.toTag)}${param('from-tag', v.fromTag)}${flag('early-only', v.earlyOnly)}${rest(v.params)}`,
});

export interface Join {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly params?: Params;
}

export const join = defineHeader({
  name: 'Join',
  arity: 'one',
  rfc: 'RFC 3911 §7.1',
  decode: (text: string): Join => {
    const [callId, fields] = callIdAndFields(text);
    const toTag = needed(fields, 'to-tag');
    return { callId, toTag, fromTag: needed(fields, 'from-tag'), ...fields.rest() };
  },
  encode: (v) => `${v.callId}${param('to-tag', v.toTag)}${param('from-tag', v.fromTag)}${rest(v.params)}`,
});

export interface TargetDialog {
  readonly callId: string;
  /** The tag of the side that the request goes to. */
  readonly remoteTag: string;
  readonly localTag: string;
  readonly params?: Params;
}

export const targetDialog = defineHeader({
  name: 'Target-Dialog',
  arity: 'one',
  rfc: 'RFC 4538 §7',
  decode: (text: string): TargetDialog => {
    const [callId, fields] = callIdAndFields(text);
    const remoteTag = needed(fields, 'remote-tag');
    return { callId, remoteTag, localTag: needed(fields, 'local-tag'), ...fields.rest() };
  },
  encode: (v) => `${v.callId}${param('remote-tag', v.remoteTag)}${param('local-tag', v.localTag)}${rest(v.params)}`,
});

function callIdAndFields(text: string): readonly [string, ParamFields] {
  const s = new Scanner(text).blanks();
  const start = s.pos;
  const callId = s.until(' \t;');
  if (callId === '') throw new SyntaxFault(start, 'a call identifier');
  return [callId, fieldsFrom(s)];
}

function needed(fields: ParamFields, name: string): string {
  const tag = fields.token(name);
  if (tag === undefined) throw fields.fault(name, `";${name}="`);
  return tag;
}
