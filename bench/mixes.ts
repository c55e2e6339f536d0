/** What is asked of a server in a measurement. */
export interface Mix {
  readonly name: string;
  /** For tables and drawings: what one of the thousand is. */
  readonly about: string;
  readonly scenario: string;
  readonly callee?: 'uas-call' | 'uas-message';
  readonly auth: 'digest' | 'none';
  readonly mode: 'proxy' | 'redirect' | 'relay';
  /** Whose host and port stand in the Request-URI of the first request. */
  readonly aimedAt: 'server' | 'callee';
  /** How many calls are open at once at saturation. */
  readonly open: number;
  /** How many calls the server is warmed up with. */
  readonly warm: number;
}

const PLAIN = { auth: 'none', mode: 'proxy', aimedAt: 'server', open: 500, warm: 20_000 } as const;

export const MIXES: readonly Mix[] = [
  {
    ...PLAIN,
    name: 'call',
    about: 'INVITE to a registered user, 100, 180, 200, ACK, BYE, 200; Record-Route',
    scenario: 'uac-call',
    callee: 'uas-call',
    open: 100,
    warm: 15_000,
  },
  {
    ...PLAIN,
    name: 'proxy',
    about: 'the same call relayed to where its Request-URI says: no look-up, no Record-Route',
    scenario: 'uac-call',
    callee: 'uas-call',
    mode: 'relay',
    aimedAt: 'callee',
    open: 100,
    warm: 15_000,
  },
  {
    ...PLAIN,
    name: 'message',
    about: 'MESSAGE to a registered user, 200',
    scenario: 'uac-message',
    callee: 'uas-message',
    open: 200,
    warm: 30_000,
  },
  { ...PLAIN, name: 'register', about: 'REGISTER, 200', scenario: 'uac-register' },
  {
    ...PLAIN,
    name: 'register-auth',
    about: 'REGISTER, 401, REGISTER with a digest, 200',
    scenario: 'uac-register-auth',
    auth: 'digest',
  },
  { ...PLAIN, name: 'options', about: 'OPTIONS for the server itself, 200', scenario: 'uac-options' },
  {
    ...PLAIN,
    name: 'redirect',
    about: 'INVITE to a registered user, 302, ACK',
    scenario: 'uac-redirect',
    mode: 'redirect',
  },
];

/** Whether callers can only be served once the users have registered. */
export const needsUsers = (mix: Mix): boolean => mix.auth === 'none' && mix.mode !== 'relay';
