import assert from 'node:assert/strict';
import { objectionTo } from '../../packages/node/src/web-socket-gate.ts';
import { decoder } from '../target.ts';

const PAGE = 'https://phone.example';

/**
 * The lines of a request that asks for a WebSocket: who is let in has offered SIP, and comes from the page that may; who is not
 * hears one line, and nothing of what he sent ends it. That HTTP is read rightly is Node's part.
 */
export const webSocketHandshake = decoder(
  'web-socket-handshake',
  [
    `sec-websocket-protocol: sip\norigin: ${PAGE}`,
    'sec-websocket-protocol: chat, sip\norigin: https://evil.example',
    'sec-websocket-protocol: sip',
    'origin: null',
  ],
  {
    words: [
      ...['sip', 'SIP', 'sips', 'xsip', 'chat', ', ', ',', ' ', '\t', ': ', '\n', '\r', '\0', '\x1b[2J', '\xff'],
      ...[
        'sec-websocket-protocol: ',
        'origin: ',
        'https://',
        'http://',
        'phone.example',
        'Phone.Example',
        ':443',
        '.',
        '@',
      ],
      ...['https://phone.example.evil.example', 'https://evil.example#https://phone.example', 'null', '*'],
    ],
    decode: (input) => {
      const headers = headersOf(input);
      for (const origins of [[], [PAGE]]) {
        const objection = objectionTo(headers, origins);
        if (objection === undefined) {
          assert.match(headers['sec-websocket-protocol'] ?? '', /(?:^|,)\s*sip\s*(?:,|$)/);
          if (origins.length > 0) assert.equal(headers.origin?.toLowerCase(), PAGE);
        } else {
          assert.ok(objection.status === 400 || objection.status === 403);
          assert.match(objection.why, /^[\x20-\x7e]{1,300}$/);
        }
      }
    },
  },
);

/** As Node's parser gives them: fields of one name joined by a comma, of Origin the first alone. */
function headersOf(input: string): { 'sec-websocket-protocol'?: string; origin?: string } {
  const headers: { 'sec-websocket-protocol'?: string; origin?: string } = {};
  for (const line of input.split('\n')) {
    const [name = '', ...rest] = line.split(': ');
    const value = rest.join(': ').trim();
    if (name === 'origin') headers.origin ??= value;
    if (name !== 'sec-websocket-protocol') continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
