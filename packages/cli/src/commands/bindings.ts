import { toggle } from '../flag.ts';
import { optional, outline } from '../outline.ts';
import { dataFlags } from '../settings.ts';

export const bindingsFlags = { json: toggle('print JSON'), ...dataFlags };

export const bindingsOutline = outline({
  name: 'bindings',
  summary: 'Show where users are registered',
  positionals: { aor: optional('AOR', 'one address, such as sip:alice@example.test; without it all') },
  flags: bindingsFlags,
  examples: [
    { line: 'bindings', does: 'prints the contacts of every address' },
    { line: 'bindings sip:alice@example.test --json', does: 'prints the contacts of one address as JSON' },
  ],
});
