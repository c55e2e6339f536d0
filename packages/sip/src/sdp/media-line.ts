import { SyntaxFault } from '../text/faults.ts';
import { isSdpToken, type Line, numberOf, type SdpMode, type Word, Words } from './line.ts';

/** `m=`: what is sent, to which port, over which protocol, in which formats (RFC 8866 §5.14). */
export interface MediaLine {
  /** `audio`, `video`, `text`, `application`, `message`, `image` … */
  readonly kind: string;
  /** 0 for a stream that is refused or no longer wanted (RFC 3264 §6, §8.2). */
  readonly port: number;
  /** How many ports follow each other, each with its RTCP port; 1 but for layered streams. */
  readonly portCount: number;
  /** `RTP/AVP`, `RTP/SAVPF`, `UDP/TLS/RTP/SAVPF`, `udptl` … */
  readonly proto: string;
  /** Payload types of RTP in the order of preference, words of other protocols. */
  readonly formats: readonly string[];
}

/** @throws SyntaxFault with an offset in the whole text */
export function readMediaLine(line: Line, mode: SdpMode): MediaLine {
  const words = new Words(line, mode);
  const kind = words.token('a media type');
  const [port, portCount] = readPorts(words.word('a port'));
  const proto = words.word('a transport protocol');
  if (!proto.text.split('/').every(isSdpToken)) throw new SyntaxFault(proto.at, 'a transport protocol');
  const formats: string[] = [];
  // LENIENT(RFC 3264 §6): some answers that refuse a stream leave its formats out.
  const mayLackFormats = mode === 'lenient' && port === 0;
  while (words.left > 0 || (formats.length === 0 && !mayLackFormats)) formats.push(words.token('a media format'));
  return { kind, port, portCount, proto: proto.text, formats };
}

export function printMediaLine(media: MediaLine): string {
  const ports = media.portCount === 1 ? `${media.port}` : `${media.port}/${media.portCount}`;
  return `m=${[media.kind, ports, media.proto, ...media.formats].join(' ')}`;
}

function readPorts({ text, at }: Word): readonly [port: number, count: number] {
  const slash = text.indexOf('/');
  if (slash < 0) return [numberOf(text, at, 'a port up to 65535', PORTS), 1];
  const count = numberOf(text.slice(slash + 1), at + slash + 1, 'a number of ports up to 65535', PORTS);
  if (count === 0 || text.charAt(slash + 1) === '0') throw new SyntaxFault(at + slash + 1, 'a number of ports from 1');
  return [numberOf(text.slice(0, slash), at, 'a port up to 65535', PORTS), count];
}

const PORTS = 65_535;
