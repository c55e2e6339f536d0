import { missingSqliteModule } from './kamailio/database.ts';
import type { Mix } from './mixes.ts';
import { missingPeers } from './peers/installed.ts';
import { type Subject, type SubjectOptions, startKamailio, startSipPackage, startStrowger } from './servers.ts';

/** A server as it is set up for the benchmark. */
export interface SubjectKind {
  readonly name: string;
  readonly start: (options: SubjectOptions) => Promise<Subject>;
  readonly data: 'memory' | 'disk';
  /** Lines for the configuration. */
  readonly settings?: readonly string[];
  /** Without it: all mixes. */
  readonly mixes?: readonly string[];
  /** Higher rates than this are brought down to it: the server would only fall behind. */
  readonly mostPerSecond?: number;
  /** Measured only where `--subjects` names it. */
  readonly onDemand?: true;
  /** Why it cannot be measured on this machine. */
  readonly missing?: () => string | undefined;
}

/** What the others are compared with. */
export const PEER = 'kamailio';

export const SUBJECTS: readonly SubjectKind[] = [
  { name: 'strowger', start: startStrowger, data: 'memory' },
  { name: 'strowger dgram', start: startStrowger, data: 'memory', settings: ['datagrams: single'], onDemand: true },
  { name: 'strowger (disk)', start: startStrowger, data: 'disk', mixes: ['register', 'register-auth'] },
  { name: PEER, start: startKamailio, data: 'memory' },
  { name: 'kamailio (sqlite)', start: startKamailio, data: 'disk', mixes: ['register'], missing: missingSqliteModule },
  {
    name: 'npm sip',
    start: startSipPackage,
    data: 'memory',
    mixes: ['call'],
    mostPerSecond: 300,
    missing: missingPeers,
  },
];

export const takesPart = ({ mixes }: SubjectKind, { name }: Mix): boolean =>
  mixes === undefined || mixes.includes(name);
