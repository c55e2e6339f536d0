import { toggle } from '../flag.ts';
import { outline } from '../outline.ts';
import { dataFlags } from '../settings.ts';

export const certShowFlags = { json: toggle('print JSON'), ...dataFlags };
export const certRenewFlags = { ...dataFlags };

export const certShowOutline = outline({
  name: 'cert show',
  summary: 'Show the certificates of the server',
  positionals: {},
  flags: certShowFlags,
  examples: [{ line: 'cert show', does: 'prints names, validity, fingerprints, and what phones must be given' }],
});

export const certRenewOutline = outline({
  name: 'cert renew',
  summary: 'Renew the certificate that the server made',
  positionals: {},
  flags: certRenewFlags,
  examples: [{ line: 'cert renew', does: 'makes a new one; a running server takes it within seconds' }],
});
