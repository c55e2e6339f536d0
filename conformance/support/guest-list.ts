import { App } from '@strowger/server';
import {
  challenges,
  createNonceCounts,
  createNonces,
  credentialsFor,
  digestsOf,
  readCredentials,
  verify,
} from '@strowger/sip/auth';
import { bodyOf, line, need, proxyAuthorization, type Request, readAll, to } from '@strowger/sip/message';
import { type Context, type Decision, pass, reply } from '@strowger/sip/routing';
import { printAuthValue } from '@strowger/sip/text';
import { nodeHash } from '@strowger/testkit';

/**
 * A program for a server that lets only guests in: a call from elsewhere must bring credentials for its realm, as the second
 * proxy of RFC 3665 §3.3 wants them, where the server by itself takes calls to its users from anybody.
 */
export function createGuestList(realm: string, guests: Readonly<Record<string, string>>): App {
  const nonces = createNonces({
    secret: new Uint8Array(32).fill(7),
    realm,
    lifetimeSeconds: 3600,
    skewSeconds: 5,
    hash: nodeHash,
  });
  const counts = createNonceCounts({ capacity: 1000, lifetimeSeconds: 3600, since: 0 });
  let issued = 0;
  const ask = (ctx: Context): Decision => {
    issued += 1;
    const offer = { realm, algorithms: ['MD5'], qop: ['auth'], nonce: nonces.issue(ctx.unix, issued) } as const;
    const values = challenges({ ...offer, stale: false, userhash: false });
    return reply(
      407,
      undefined,
      values.map((value) => line('Proxy-Authenticate', printAuthValue(value))),
    );
  };
  const isGuest = (request: Request, now: number): boolean => {
    const [given] = credentialsFor(realm, readAll(request, proxyAuthorization));
    const credentials = given === undefined ? undefined : readCredentials(given);
    if (credentials?.type !== 'digest' || credentials.user.type !== 'name') return false;
    const password = guests[credentials.user.name];
    const user = password === undefined ? undefined : digestsOf(credentials.user.name, realm, password, nodeHash);
    const policy = { realm, algorithms: ['MD5'], qop: ['auth'], withoutQop: 'refuse', uri: 'different' } as const;
    const target = { method: request.method, uri: request.uri, body: bodyOf(request) };
    const check = { credentials, request: target, user, now };
    return verify({ ...policy, nonces, counts, hash: nodeHash }, check).type === 'ok';
  };
  return new App().on('INVITE', (ctx) =>
    need(ctx.request, to).tag !== undefined || isGuest(ctx.request, ctx.unix) ? pass : ask(ctx),
  );
}
