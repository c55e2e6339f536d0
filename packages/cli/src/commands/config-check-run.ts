import { withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import { printFaults } from '../fault-lines.ts';
import { painterOf } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { certificateSettings } from '../server-certificates.ts';
import { printListen } from '../server-config.ts';
import { type Settings, settingsOf } from '../settings.ts';
import type { configCheckOutline } from './config-check.ts';

export async function runConfigCheck({ args, io }: InputOf<typeof configCheckOutline>): Promise<number> {
  const result = await settingsOf({ config: args.file }, io.folder, io.readFile);
  if (result.type === 'faults') {
    printFaults(result.faults, io);
    return EXIT.usage;
  }
  const { checkCertificates } = await import('@strowger/node/certificates');
  const checked = await withSentences('config check', io, async () => {
    checkCertificates(certificateSettings(result.settings, io.folder), new Date());
    return EXIT.ok;
  });
  if (checked !== EXIT.ok) return checked;
  const paint = painterOf(io, 'out');
  io.out(`${args.file}: ${paint('green', 'in order')}`);
  for (const [name, value] of summaryOf(result.settings)) io.out(`  ${name.padEnd(8)} ${value}`);
  return EXIT.ok;
}

function summaryOf({ config, data }: Settings): (readonly [string, string])[] {
  return [
    ['domains', config.domains.length === 0 ? 'one made up at the first start' : config.domains.join(', ')],
    ['listen', config.listen.map(printListen).join(', ')],
    ['data', data.type === 'memory' ? 'in memory only' : data.path],
    ['auth', config.auth],
    ['users', String(config.users.length)],
  ];
}
