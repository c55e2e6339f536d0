import { SyntaxFault } from '../text/faults.ts';
import { printBandwidth, readBandwidth } from './bandwidth.ts';
import { printConnection, readConnection } from './connection.ts';
import { type Line, lineValue, type SdpMode } from './line.ts';
import { printMediaLine, readMediaLine } from './media-line.ts';
import { printOrigin, readOrigin } from './origin.ts';
import type { Attribute, Media, Sdp } from './sdp.ts';
import { printTiming, readAdjustments, readRepeat, readTime } from './timing.ts';

/**
 * The kinds of lines that a section holds, in the order of RFC 8866 §5. Lines of one kind keep their order among each other;
 * `t` stands for `t=`, `r=` and `z=`, which only mean something together, `?` for lines of unknown types.
 */
export interface Grammar {
  readonly order: string;
  /** The kinds that appear once at most. */
  readonly once: string;
}

export const SESSION: Grammar = { order: 'vosiuepcbtka?', once: 'vosiuck' };
export const MEDIA: Grammar = { order: 'micbka?', once: 'mik' };

/** A line that is about to be printed: the letter of its kind, and the line without its end. */
export interface PlainLine {
  readonly kind: string;
  readonly content: string;
}

/** The kind of a line in its section; `undefined` for a known line that belongs into the other sort of section. */
export function kindOf(content: string, grammar: Grammar): string | undefined {
  const letter = content.charAt(0);
  const kind = letter === 'r' || letter === 'z' ? 't' : letter;
  if (content !== '' && grammar.order.includes(kind)) return kind;
  return content !== '' && (SESSION.order.includes(kind) || kind === 'm') ? undefined : '?';
}

/** The lines that say what the session-level fields say, in the order and spelling of the grammar. */
export function sessionLines(sdp: Sdp): readonly PlainLine[] {
  return [
    { kind: 'v', content: `v=${sdp.version}` },
    { kind: 'o', content: printOrigin(sdp.origin) },
    ...optional('s', sdp.sessionName),
    ...optional('i', sdp.information),
    ...optional('u', sdp.uri),
    ...sdp.emails.map((value) => ({ kind: 'e', content: `e=${value}` })),
    ...sdp.phones.map((value) => ({ kind: 'p', content: `p=${value}` })),
    ...(sdp.connection === undefined ? [] : [{ kind: 'c', content: printConnection(sdp.connection) }]),
    ...sdp.bandwidths.map((bandwidth) => ({ kind: 'b', content: printBandwidth(bandwidth) })),
    ...sdp.timings.flatMap((timing) => printTiming(timing).map((content) => ({ kind: 't', content }))),
    ...lastLines(sdp),
  ];
}

/** The lines that say what the fields of a media section say, in the order and spelling of the grammar. */
export function mediaLines(media: Media): readonly PlainLine[] {
  return [
    { kind: 'm', content: printMediaLine(media) },
    ...optional('i', media.title),
    ...media.connections.map((connection) => ({ kind: 'c', content: printConnection(connection) })),
    ...media.bandwidths.map((bandwidth) => ({ kind: 'b', content: printBandwidth(bandwidth) })),
    ...lastLines(media),
  ];
}

/** How the grammar spells a line that may be spelled otherwise; `undefined` where the line says nothing. */
export function respelled(content: string): string | undefined {
  const line: Line = { at: 0, content, end: '' };
  try {
    switch (content.charAt(0)) {
      case 'v':
        return `v=${readVersion(line, 'lenient')}`;
      case 'o':
        return printOrigin(readOrigin(line, 'lenient'));
      case 'c':
        return printConnection(readConnection(line, 'lenient'));
      case 'b':
        return printBandwidth(readBandwidth(line, 'lenient'));
      case 't':
        return printTiming(readTime(line, 'lenient'))[0];
      case 'r':
        return printTiming({ ...NO_TIME, repeats: [readRepeat(line, 'lenient')] })[1];
      case 'z':
        return printTiming({ ...NO_TIME, adjustments: readAdjustments(line, 'lenient') })[1];
      case 'm':
        return printMediaLine(readMediaLine(line, 'lenient'));
      default:
        return content;
    }
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

/** `v=`: there is no version but 0 (RFC 8866 §5.1). @throws SyntaxFault */
export function readVersion(line: Line, mode: SdpMode): 0 {
  if (!(mode === 'strict' ? /^0+$/ : /^[ \t]*0+[ \t]*$/).test(lineValue(line)))
    throw new SyntaxFault(line.at + 2, 'version 0');
  return 0;
}

function lastLines(section: Sdp | Media): readonly PlainLine[] {
  return [
    ...optional('k', section.key),
    ...section.attributes.map((attribute) => ({ kind: 'a', content: printAttribute(attribute) })),
    ...section.unknown.map((content) => ({ kind: '?', content })),
  ];
}

const optional = (kind: string, value: string | undefined): readonly PlainLine[] =>
  value === undefined ? [] : [{ kind, content: `${kind}=${value}` }];

const printAttribute = ({ name, value }: Attribute): string =>
  value === undefined ? `a=${name}` : `a=${name}:${value}`;

const NO_TIME = { start: '0', stop: '0', repeats: [], adjustments: [] };
