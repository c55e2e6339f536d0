import { type CommandEntry, commandEntry } from './command.ts';

/**
 * The table of commands, in the order of the help. To add one:
 * 1. `commands/NAME.ts`: the outline (name, flags, help, examples), with `outline(…)`;
 * 2. `commands/NAME-run.ts`: the body, a function of `InputOf<typeof nameOutline>` that gives an exit code and touches the
 *    world through `io` and the ports it creates; its test runs `main` with a fake `Io`;
 * 3. an entry here, and the outline in the list of `help.test.ts`, which checks the rest: every flag has help, every example
 *    parses, every line fits a terminal.
 */
export const COMMANDS: readonly CommandEntry[] = [
  commandEntry(
    'serve',
    async () => (await import('./commands/serve.ts')).serveOutline,
    async () => (await import('./commands/serve-run.ts')).runServe,
  ),
  commandEntry(
    'user add',
    async () => (await import('./commands/user.ts')).userAddOutline,
    async () => (await import('./commands/user-run.ts')).runUserAdd,
  ),
  commandEntry(
    'user list',
    async () => (await import('./commands/user.ts')).userListOutline,
    async () => (await import('./commands/user-run.ts')).runUserList,
  ),
  commandEntry(
    'user remove',
    async () => (await import('./commands/user.ts')).userRemoveOutline,
    async () => (await import('./commands/user-run.ts')).runUserRemove,
  ),
  commandEntry(
    'user password',
    async () => (await import('./commands/user.ts')).userPasswordOutline,
    async () => (await import('./commands/user-run.ts')).runUserPassword,
  ),
  commandEntry(
    'bindings',
    async () => (await import('./commands/bindings.ts')).bindingsOutline,
    async () => (await import('./commands/bindings-run.ts')).runBindings,
  ),
  commandEntry(
    'bans list',
    async () => (await import('./commands/bans.ts')).bansListOutline,
    async () => (await import('./commands/bans-run.ts')).runBansList,
  ),
  commandEntry(
    'bans add',
    async () => (await import('./commands/bans.ts')).bansAddOutline,
    async () => (await import('./commands/bans-run.ts')).runBansAdd,
  ),
  commandEntry(
    'bans remove',
    async () => (await import('./commands/bans.ts')).bansRemoveOutline,
    async () => (await import('./commands/bans-run.ts')).runBansRemove,
  ),
  commandEntry(
    'cert show',
    async () => (await import('./commands/cert.ts')).certShowOutline,
    async () => (await import('./commands/cert-run.ts')).runCertShow,
  ),
  commandEntry(
    'cert renew',
    async () => (await import('./commands/cert.ts')).certRenewOutline,
    async () => (await import('./commands/cert-run.ts')).runCertRenew,
  ),
  commandEntry(
    'config check',
    async () => (await import('./commands/config-check.ts')).configCheckOutline,
    async () => (await import('./commands/config-check-run.ts')).runConfigCheck,
  ),
  commandEntry(
    'doctor',
    async () => (await import('./commands/doctor.ts')).doctorOutline,
    async () => (await import('./commands/doctor-run.ts')).runDoctor,
  ),
  commandEntry(
    'ping',
    async () => (await import('./commands/ping.ts')).pingOutline,
    async () => (await import('./commands/ping-run.ts')).runPing,
  ),
  commandEntry(
    'resolve',
    async () => (await import('./commands/resolve.ts')).resolveOutline,
    async () => (await import('./commands/resolve-run.ts')).runResolve,
  ),
  commandEntry(
    'enum',
    async () => (await import('./commands/enum.ts')).enumOutline,
    async () => (await import('./commands/enum-run.ts')).runEnum,
  ),
  commandEntry(
    'register',
    async () => (await import('./commands/register.ts')).registerOutline,
    async () => (await import('./commands/register-run.ts')).runRegister,
  ),
  commandEntry(
    'lint',
    async () => (await import('./commands/lint.ts')).lintOutline,
    async () => (await import('./commands/lint-run.ts')).runLint,
  ),
];
