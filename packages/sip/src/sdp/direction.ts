import { replaceAttributes, type Section } from './attributes.ts';
import type { Media, Sdp } from './sdp.ts';

/** Who sends, as the side that says it sees it (RFC 8866 §6.7). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The direction of a media section: its own, the session's, or `sendrecv` (RFC 8866 §6.7). */
export const directionOf = (sdp: Sdp, media: Media): Direction =>
  ownDirection(media) ?? ownDirection(sdp) ?? 'sendrecv';

/** With this direction, at the place of an earlier one or at the end. */
export const withDirection = <S extends Section>(section: S, direction: Direction): S =>
  replaceAttributes(section, DIRECTIONS, { name: direction, value: undefined });

/** The direction as the other side sees it: what one sends, the other receives (RFC 3264 §6.1). */
export const reversed = (direction: Direction): Direction => REVERSED[direction];

/**
 * The direction that this level states itself.
 *
 * LENIENT(RFC 8866 §6.7): servers that put a call on hold by adding a line leave the earlier direction in; the last one counts.
 */
export function ownDirection(section: Section): Direction | undefined {
  const last = section.attributes.findLast(({ name, value }) => value === undefined && isDirection(name));
  return last !== undefined && isDirection(last.name) ? last.name : undefined;
}

const isDirection = (name: string): name is Direction => DIRECTIONS.some((direction) => direction === name);

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const REVERSED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
