import { text, toggle } from '../flag.ts';
import { outline, required } from '../outline.ts';
import { dataFlags } from '../settings.ts';

const NAME = required('NAME', 'the user, as before the @ of the address');
const DOMAIN = text('D', 'the domain of the user; without it the first one of the server');
const PASSWORD_STDIN = toggle('read the password from standard input, one line');

export const userAddFlags = { domain: DOMAIN, passwordStdin: PASSWORD_STDIN, ...dataFlags };
export const userListFlags = { json: toggle('print JSON'), ...dataFlags };
export const userRemoveFlags = { domain: DOMAIN, ...dataFlags };
export const userPasswordFlags = { domain: DOMAIN, passwordStdin: PASSWORD_STDIN, ...dataFlags };

export const userAddOutline = outline({
  name: 'user add',
  summary: 'Add a user',
  positionals: { name: NAME },
  flags: userAddFlags,
  examples: [
    { line: 'user add alice', does: 'adds alice to the first domain' },
    { line: 'user add alice --password-stdin < password.txt', does: 'takes the password from a file' },
  ],
});

export const userListOutline = outline({
  name: 'user list',
  summary: 'List the users',
  positionals: {},
  flags: userListFlags,
  examples: [
    {
      line: 'user list --config /etc/strowger.yaml',
      does: 'prints a line for each user and where the user is written down',
    },
  ],
});

export const userRemoveOutline = outline({
  name: 'user remove',
  summary: 'Remove a user',
  positionals: { name: NAME },
  flags: userRemoveFlags,
  examples: [{ line: 'user remove alice --domain example.test', does: 'removes alice@example.test' }],
});

export const userPasswordOutline = outline({
  name: 'user password',
  summary: 'Give a user a new password',
  positionals: { name: NAME },
  flags: userPasswordFlags,
  examples: [{ line: 'user password alice --password-stdin < password.txt', does: 'takes the password from a file' }],
});
