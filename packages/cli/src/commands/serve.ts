import { outline } from '../outline.ts';
import { settingsFlags } from '../settings.ts';

export const serveFlags = settingsFlags;

export const serveOutline = outline({
  name: 'serve',
  summary: 'Run the SIP server',
  positionals: {},
  flags: serveFlags,
  examples: [
    { line: 'serve', does: 'runs with ./strowger.yaml, or with nothing configured' },
    { line: 'serve --config /etc/strowger.yaml --log-format json', does: 'runs as a service does' },
    {
      line: 'serve --domain example.test --listen udp:127.0.0.1:5060 --data memory',
      does: 'runs on this machine only and keeps nothing',
    },
  ],
});
