import { to } from '../message/headers/index.ts';
import { type Line, lineOf, type Request, type Response } from '../message/message.ts';
import { headerNamed } from './header-lines.ts';
import { siblingOf } from './sibling.ts';

/**
 * The ACK to a final response other than a 2xx, for the server that sent it: what its INVITE said, with the To of the response
 * (RFC 3261 §17.1.1.3) and the credentials of the INVITE (§22.1).
 */
export const ackFor = (invite: Request, response: Response): Request =>
  siblingOf(invite, 'ACK', toLineOf(response), CREDENTIALS);

function toLineOf(response: Response): Line | undefined {
  const index = response.content.find(to);
  return index < 0 ? undefined : lineOf(to, response.content.valueAt(index));
}

const CREDENTIALS = [headerNamed('Authorization'), headerNamed('Proxy-Authorization')];
