/** The schemes of SIP URIs (RFC 3261 §19.1): sips: demands TLS on every hop (RFC 5630 §5.3). */
export type Scheme = 'sip' | 'sips';

/** True for the text of a sips: URI. */
export const isSips = (uriText: string): boolean =>
  uriText.charCodeAt(4) === COLON && uriText.slice(0, 4).toLowerCase() === 'sips';

/** The text of a sip: or sips: URI with that scheme, the rest as it stands. */
export const withScheme = (uriText: string, scheme: Scheme): string => scheme + uriText.slice(uriText.indexOf(':'));

const COLON = 58;
