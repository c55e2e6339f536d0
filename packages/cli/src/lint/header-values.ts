import { NameAddr } from '@strowger/sip/message';
import { SyntaxFault } from '@strowger/sip/text';
import { type Finding, fault, note, warning } from './finding.ts';
import { canonicalName, type Field, type Item } from './header-fields.ts';

/** Finds the name that somebody meant; `undefined` where none is near. */
export type Suggest = (word: string, candidates: readonly string[]) => string | undefined;

/** Checks every header line by itself: is its name known, does its value follow its grammar, may it stand there twice. */
export function checkValues(fields: readonly Field[], known: readonly string[], suggest: Suggest): readonly Finding[] {
  const seen = new Set<string>();
  return fields.flatMap((field) => {
    const { def, name, nameSpan } = field;
    if (def === undefined) return [unknown(field, known, suggest)];
    const findings = field.items.flatMap((item) => checkItem(field, item));
    if (def.arity === 'one' && seen.has(def.key))
      findings.unshift(fault(nameSpan, `${name} stands here a second time and may stand once only`, 'RFC 3261 §7.3.1'));
    seen.add(def.key);
    return findings;
  });
}

function unknown({ name, nameSpan }: Field, known: readonly string[], suggest: Suggest): Finding {
  const meant = name.length > 2 ? suggest(name, known) : undefined;
  if (meant === undefined) return note(nameSpan, `${name} is no header field that is known here`, 'RFC 3261 §7.3.1');
  return warning(nameSpan, `${name} is no header field that is known here; did you mean ${meant}?`, 'RFC 3261 §7.3.1');
}

function checkItem(field: Field, item: Item): Finding[] {
  const { def } = field;
  if (def === undefined) return [];
  try {
    const value = def.decode(item.text);
    return value instanceof NameAddr ? checkAddress(field, item, value) : [];
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return [syntaxFault(field, item.at + error.at, error.expected, def.rfc)];
  }
}

/** The address inside a value is read when it is asked for, so it is asked for here. */
function checkAddress(field: Field, item: Item, value: NameAddr): Finding[] {
  const at = item.at + Math.max(0, item.text.indexOf(value.uriText));
  try {
    void value.uri;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return [syntaxFault(field, at + error.at, error.expected, 'RFC 3261 §19.1.1')];
  }
  if (item.text.includes('<')) return checkBrackets(field, item, value.uriText);
  const strayed = value.params.entries().find(([name]) => URI_PARAMS.has(name));
  if (strayed === undefined) return [];
  const text = `without angle brackets ;${strayed[0]} belongs to ${canonicalName(field)} and not to the address`;
  return [warning(field.spanOf(at, value.uriText.length), text, 'RFC 3261 §20')];
}

/** RFC 3261 §25.1: there is no room for blanks between the brackets and the address. */
function checkBrackets(field: Field, item: Item, uriText: string): Finding[] {
  const at = item.text.indexOf(uriText);
  const isTight = item.text.charAt(at - 1) === '<' && item.text.charAt(at + uriText.length) === '>';
  if (isTight) return [];
  const span = field.spanOf(item.at + at, uriText.length);
  return [
    warning(span, `${canonicalName(field)}: blanks stand between the angle brackets and the address`, 'RFC 3261 §25.1'),
  ];
}

const syntaxFault = (field: Field, at: number, expected: string, rfc: string): Finding =>
  fault(field.spanOf(at, 1), `${canonicalName(field)}: expected ${expected}`, rfc);

/** Parameters of addresses (RFC 3261 §19.1.1), which mean nothing as parameters of a header field. */
const URI_PARAMS: ReadonlySet<string> = new Set(['transport', 'user', 'method', 'ttl', 'maddr', 'lr', 'ob']);
