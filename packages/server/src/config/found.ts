import { nearest } from './nearest.ts';

/**
 * A value in words, for an error message. What may be a password is named by its kind only: everything about users but
 * their domain, and whatever stands under a key that sounds like a secret, misspelt or not.
 */
export function describeFound(path: readonly (string | number)[], value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return isSecret(path) ? 'text (not shown)' : quote(value);
  return isSecret(path) ? `a ${typeof value} (not shown)` : String(value);
}

/** True where a value may be a password. */
export function isSecret(path: readonly (string | number)[]): boolean {
  const [top] = path;
  if (typeof top === 'string' && nearest(top, ['users']) !== undefined) return path.at(-1) !== 'domain';
  return path.some((step) => typeof step === 'string' && soundsSecret(step));
}

function soundsSecret(key: string): boolean {
  return SECRET.test(key) || nearest(key, ['password', 'secret']) !== undefined;
}

function quote(text: string): string {
  // In addresses such as sip:alice:secret@example.com and URLs a password stands before the @.
  const shown = text.replace(/^[\s\S]*@/, '…@');
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}

const SECRET = /pass|pwd|secret|token|ha1|credential|auth.*key|private/i;
