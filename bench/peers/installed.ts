import { existsSync } from 'node:fs';

export const arePeersInstalled = (): boolean => existsSync(new URL('node_modules/sip.js', import.meta.url));

/** The line to say where the npm packages to measure against are missing; `undefined` where they are installed. */
export const missingPeers = (): string | undefined =>
  arePeersInstalled()
    ? undefined
    : 'The npm packages to measure against are missing and left out: npm ci --ignore-scripts --prefix bench/peers';
