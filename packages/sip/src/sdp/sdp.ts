import type { FaultCode } from '../text/faults.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Connection } from './connection.ts';
import type { MediaLine } from './media-line.ts';
import type { Origin } from './origin.ts';
import type { Timing } from './timing.ts';

/** One `a=` line; the value is `undefined` for a property (`a=recvonly`) and `''` for `a=name:` (RFC 8866 §5.13). */
export interface Attribute {
  readonly name: string;
  /** What stands behind the first colon, byte for byte. */
  readonly value: string | undefined;
}

/**
 * A session description (RFC 8866) as plain data. It is edited by spreading: `{ ...sdp, connection }`. Printing writes again
 * byte for byte every line whose meaning did not change, and puts lines that nobody knows back in their places.
 */
export interface Sdp {
  readonly type: 'sdp';
  readonly version: 0;
  readonly origin: Origin;
  /** `s=`; `undefined` where a peer left the line out. */
  readonly sessionName: string | undefined;
  readonly information: string | undefined;
  readonly uri: string | undefined;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly connection: Connection | undefined;
  readonly bandwidths: readonly Bandwidth[];
  /** Empty where a peer left the `t=` line out. */
  readonly timings: readonly Timing[];
  /**
   * `k=`, obsolete and never to be used.
   *
   * DEVIATION(RFC 8866 §5.12): it is kept so that it prints again, not discarded; a server in the middle changes nothing that
   * it need not change.
   */
  readonly key: string | undefined;
  readonly attributes: readonly Attribute[];
  /** Whole lines, without their ends, of types that RFC 8866 does not know; blank lines are among them. */
  readonly unknown: readonly string[];
  readonly media: readonly Media[];
  /**
   * The lines before the first media section as they were received; `undefined` where that is how they print anyway. It
   * holds spelling only: the other fields decide what is said.
   */
  readonly source: string | undefined;
}

/** One media section: an `m=` line and what belongs to it (RFC 8866 §5.14). */
export interface Media extends MediaLine {
  /** `i=`: the label of the stream. */
  readonly title: string | undefined;
  /** Several only for layered multicast (RFC 8866 §5.7); none where the session's connection holds. */
  readonly connections: readonly Connection[];
  readonly bandwidths: readonly Bandwidth[];
  /** `k=`, obsolete and never to be used; kept as the session's is. */
  readonly key: string | undefined;
  readonly attributes: readonly Attribute[];
  /** Whole lines, without their ends, of types that RFC 8866 does not know; blank lines are among them. */
  readonly unknown: readonly string[];
  /** The lines of this section as they were received; `undefined` where that is how they print anyway. */
  readonly source: string | undefined;
}

/** Why a text is not a session description, and where. */
export interface SdpFault {
  readonly type: 'fault';
  readonly code: FaultCode;
  /** Counted from 1. Where a line is missing it is the place where the section ends. */
  readonly line: number;
  /** Counted from 1, in characters. */
  readonly column: number;
  /** Offset in the text, from 0. */
  readonly at: number;
  /** A phrase: what the grammar, or a limit, wants there. */
  readonly reason: string;
}

/** What a new description must say; everything else has a default. */
export type NewSdp = Pick<Sdp, 'origin'> & Partial<Omit<Sdp, 'type' | 'version' | 'source'>>;

/** What a new media section must say; everything else has a default. */
export type NewMedia = Pick<Media, 'kind' | 'port' | 'proto' | 'formats'> & Partial<Omit<Media, 'source'>>;

/** A description of our own: named `-` and permanent unless told otherwise (RFC 8866 §5.3, §5.9). */
export function createSdp(parts: NewSdp): Sdp {
  return {
    type: 'sdp',
    version: 0,
    sessionName: '-',
    information: undefined,
    uri: undefined,
    emails: [],
    phones: [],
    connection: undefined,
    bandwidths: [],
    timings: [{ start: '0', stop: '0', repeats: [], adjustments: [] }],
    key: undefined,
    attributes: [],
    unknown: [],
    media: [],
    source: undefined,
    ...parts,
  };
}

/** A media section of our own. */
export function createMedia(parts: NewMedia): Media {
  return {
    portCount: 1,
    title: undefined,
    connections: [],
    bandwidths: [],
    key: undefined,
    attributes: [],
    unknown: [],
    source: undefined,
    ...parts,
  };
}

/** The connection that holds for a media section: its own first one, or the session's (RFC 8866 §5.7). */
export const connectionOf = (sdp: Sdp, media: Media): Connection | undefined => media.connections[0] ?? sdp.connection;
