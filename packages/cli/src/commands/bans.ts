import { text, toggle, whole } from '../flag.ts';
import { outline, required } from '../outline.ts';
import { dataFlags } from '../settings.ts';

const NETWORK = required('NETWORK', 'an address or a network such as 192.0.2.0/24; an IPv6 address means its /64');

export const bansListFlags = { json: toggle('print JSON'), ...dataFlags };
export const bansAddFlags = {
  seconds: whole('N', 'how long it lasts, in seconds; 0 until it is removed', {
    min: 0,
    max: 315_360_000,
    fallback: 0,
  }),
  reason: text('TEXT', 'why, for whoever reads the list'),
  ...dataFlags,
};
export const bansRemoveFlags = { ...dataFlags };

export const bansListOutline = outline({
  name: 'bans list',
  summary: 'List the networks that are banned',
  positionals: {},
  flags: bansListFlags,
  examples: [{ line: 'bans list', does: 'prints a line for each ban, with its reason and its end' }],
});

export const bansAddOutline = outline({
  name: 'bans add',
  summary: 'Ban a network',
  positionals: { network: NETWORK },
  flags: bansAddFlags,
  examples: [
    { line: 'bans add 192.0.2.0/24', does: 'takes nothing more from there until the ban is removed' },
    { line: 'bans add 192.0.2.7 --seconds 3600 --reason abuse', does: 'bans one address for an hour' },
  ],
});

export const bansRemoveOutline = outline({
  name: 'bans remove',
  summary: 'End a ban',
  positionals: { network: NETWORK },
  flags: bansRemoveFlags,
  examples: [{ line: 'bans remove 192.0.2.7', does: 'lets this address in again' }],
});
