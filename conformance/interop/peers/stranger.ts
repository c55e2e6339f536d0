/** A request of somebody whom the server does not know, outside of any dialog. */
export const strangersRequest = (protocol: 'TLS' | 'WS', method: string, uri: string): string =>
  [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${protocol} client.invalid;branch=z9hG4bK.${method};rport`,
    'Max-Forwards: 70',
    'From: <sip:stranger@client.invalid>;tag=1',
    `To: <${uri}>`,
    `Call-ID: stranger-${method}`,
    `CSeq: 1 ${method}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
