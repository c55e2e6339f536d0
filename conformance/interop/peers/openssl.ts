import type { Child } from './child.ts';
import type { Lab } from './lab.ts';

export interface SecureClientOptions {
  readonly host: string;
  readonly port: number;
  /** The path of the only authority that it believes; a server that is not believed ends it. */
  readonly ca: string;
  /** Further arguments, such as `-tls1_2`. */
  readonly args?: readonly string[];
}

/**
 * Starts `openssl s_client`, which is brief: without that it would mix session tickets into what the server says. What is said
 * to it goes to the server; only `R` at the beginning asks for renegotiation.
 */
export const startSecureClient = (lab: Lab, { host, port, ca, args = [] }: SecureClientOptions): Child =>
  lab.start(
    'openssl',
    ['s_client', '-connect', `${host}:${port}`, '-CAfile', ca, '-verify_return_error', '-brief', ...args],
    { input: 'lines' },
  );

/** What it says when the handshake is over, and the server is believed. */
export const VERIFIED = /^Verification: OK$/;

/** Sends one of a method that openssl does not take for an order of its own: not REGISTER. */
export const sendRequest = (client: Child, request: string): void => client.say(request.slice(0, -1));
