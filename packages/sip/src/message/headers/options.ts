import { tokenHeader } from './shapes.ts';

/** What peers can do, must do, or could not do: lists of option tags and methods (RFC 3261 §19.2). */

/** What the server must understand to process the request. */
export const require = tokenHeader({ name: 'Require', arity: 'list', rfc: 'RFC 3261 §20.32' }, 'an option tag');

/** What every proxy must understand. */
export const proxyRequire = tokenHeader(
  { name: 'Proxy-Require', arity: 'list', rfc: 'RFC 3261 §20.29' },
  'an option tag',
);

/** What the sender understands; may be empty. */
export const supported = tokenHeader(
  { name: 'Supported', compact: 'k', arity: 'list', rfc: 'RFC 3261 §20.37' },
  'an option tag',
);

/** What made the server answer 420. */
export const unsupported = tokenHeader({ name: 'Unsupported', arity: 'list', rfc: 'RFC 3261 §20.40' }, 'an option tag');

/** The methods that the sender handles; may be empty. */
export const allow = tokenHeader({ name: 'Allow', arity: 'list', rfc: 'RFC 3261 §20.5' }, 'a method');
