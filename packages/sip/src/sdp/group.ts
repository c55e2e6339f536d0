import { valuesOf } from './attributes.ts';
import type { Media, Sdp } from './sdp.ts';

/** `a=group`: media sections that belong together (RFC 5888 §5). */
export interface Group {
  /** `BUNDLE`, `LS`, `FID` … */
  readonly semantics: string;
  /** Identification tags; none where a peer only says that it knows the semantics (RFC 5888 §9.3). */
  readonly mids: readonly string[];
}

/** The identification tag of a media section (RFC 5888 §4). */
export function midOf(media: Media): string | undefined {
  const mid = valuesOf(media, 'mid')[0]?.trim();
  return mid === '' ? undefined : mid;
}

/** The media section with this identification tag. */
export const mediaByMid = (sdp: Sdp, mid: string): Media | undefined => sdp.media.find((media) => midOf(media) === mid);

/** The groups of a description, in their order. */
export const groupsOf = (sdp: Sdp): readonly Group[] =>
  valuesOf(sdp, 'group').flatMap((value) => parseGroup(value) ?? []);

/** The value of `a=group`; `undefined` where it is empty. */
export function parseGroup(value: string): Group | undefined {
  const [semantics = '', ...mids] = value.trim().split(/[ \t]+/);
  return semantics === '' ? undefined : { semantics, mids };
}

/** The value of an `a=group` attribute. */
export const printGroup = ({ semantics, mids }: Group): string => [semantics, ...mids].join(' ');
