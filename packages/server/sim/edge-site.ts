import assert from 'node:assert/strict';
import type { Phone, PhoneOptions } from '@strowger/testkit';
import { headerOf } from './heard.ts';
import { createSite, type Site, USUAL } from './site.ts';
import { createVirtualServer, type VirtualServer } from './virtual-server.ts';

export const EDGE =
  'domains: [edge.example]\nusers: [{ name: eve, password: eve }]\nedge: { domains: [example.com] }\n';
export const BEHIND_NAT = '<sip:alice@192.168.7.7;ob>';
export const OUTBOUND = ';reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"';

export interface EdgeSite {
  readonly site: Site;
  readonly registrar: VirtualServer;
  /** Behind a NAT and the edge proxy; what its Contact is nobody can reach. */
  readonly alice: Phone;
  /** Registered at the registrar itself. */
  readonly bob: Phone;
}

/** An edge proxy, the registrar of example.com behind it, and a phone at each. */
export async function edgeSite(config = EDGE, options: Partial<PhoneOptions> = {}): Promise<EdgeSite> {
  const site = await createSite({ config, names: { 'example.com': ['10.0.0.2'] } });
  const starting = createVirtualServer(site.world, '10.0.0.2', USUAL, { name: 'registrar' });
  const registrar = await site.play(() => starting);
  const alice = site.phone('alice', { protocol: 'tcp', at: '10.0.0.40', contact: BEHIND_NAT.slice(1, -1), ...options });
  const bob = site.phone('bob', { at: '10.0.0.50', server: { host: '10.0.0.2', port: 5060 } });
  assert.equal((await site.play(() => bob.register())).status, 200);
  return { site, registrar, alice, bob };
}

/** Where alice's phone has registered with outbound. */
export async function registered(
  config = EDGE,
  options: Partial<PhoneOptions> = {},
): Promise<EdgeSite & { path: string }> {
  const at = await edgeSite(config, options);
  const { response, status } = await at.site.play(() => register(at.alice, `${BEHIND_NAT}${OUTBOUND}`));
  assert.equal(status, 200);
  return { ...at, path: headerOf(response, 'Path') };
}

export const register = (phone: Phone, contact: string, Supported = 'path, outbound'): ReturnType<Phone['register']> =>
  phone.register({ contacts: [contact], headers: { Supported } });

export const bindingsOf = async ({ registrar }: EdgeSite, user = 'alice'): Promise<readonly string[]> =>
  (await registrar.locations.lookup(`sip:${user}@example.com`, registrar.engine.core.unix)).flatMap(({ path }) => path);

export const counted = (phone: Phone, method: string): number =>
  phone.peer.labels.filter((label) => label === method).length;
