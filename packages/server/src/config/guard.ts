import * as z from 'zod';
import { list, reading, toggle, whole } from './fields.ts';
import { parseNetwork } from './networks.ts';

const RATE = 'a whole number of messages a second from 1 to 1000000';
const RatesSchema = z
  .strictObject(
    {
      register: rate(200).meta({ description: 'REGISTER requests a second.' }),
      invite: rate(40).meta({ description: 'INVITE requests a second.' }),
      other: rate(100).meta({
        description: 'OPTIONS, SUBSCRIBE, MESSAGE, PUBLISH and whatever has no key of its own.',
      }),
      dialog: rate(400).meta({ description: 'ACK, BYE, CANCEL, PRACK, UPDATE, INFO, NOTIFY.' }),
      keepAlive: rate(200).meta({ description: 'Keep-alives: line ends and STUN requests.' }),
      junk: rate(5).meta({ description: 'What is no SIP message at all.' }),
    },
    { error: 'rates written as { register: …, invite: …, … }' },
  )
  .readonly();

export const GuardSchema = z
  .strictObject(
    {
      enabled: toggle().default(true).meta({
        description: 'Limit what one source may send, and ban scanners and who guesses passwords.',
      }),
      overload: toggle().default(true).meta({
        description: 'Answer 503 to new requests when there is more to do than can be done.',
      }),
      exempt: list(reading('a network such as 10.0.0.0/8', parseNetwork), 'a list of networks such as [10.0.0.0/8]', [
        '127.0.0.0/8',
        '::1',
      ]).meta({
        description: 'Sources that are left alone, beside those of trusted; they still have to authenticate.',
      }),
      rates: RatesSchema.prefault({}).meta({
        description: 'Messages a second from one IPv4 address or IPv6 /64; thirty seconds of it may come at once.',
      }),
      banSeconds: whole(1, 31_536_000, 'a whole number of seconds from 1 to 31536000').default(600).meta({
        description: 'How long the first ban lasts; each further one lasts twice as long as the one before.',
      }),
      maxBanSeconds: whole(1, 31_536_000, 'a whole number of seconds from 1 to 31536000').default(86_400).meta({
        description: 'The longest ban; bans made by hand may be longer.',
      }),
    },
    { error: 'settings written as { exempt: …, rates: …, … }' },
  )
  .readonly();

function rate(fallback: number) {
  return whole(1, 1_000_000, RATE).default(fallback);
}
