import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { client, inviteClient, inviteServer, server, stateMachinesPage } from '@strowger/sip/transaction';
import { type Page, writePages } from './page.ts';

/** The reference page that is printed from the tables of the transaction machines. */
export const stateMachinePages = (): readonly Page[] => [
  {
    path: 'docs/reference/state-machines.md',
    text: stateMachinesPage([inviteClient, client, inviteServer, server]),
  },
];

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  for (const sentence of writePages(root, stateMachinePages())) console.log(sentence);
}
