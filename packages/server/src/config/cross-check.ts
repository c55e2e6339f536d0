import type { Advertised } from './advertise.ts';
import { isSameListen, type Listen, printListen } from './listen.ts';

/** A fault that only shows when two values are seen together. */
export interface CrossFault {
  readonly path: readonly (string | number)[];
  /** Undefined: the value at the path, as the loader describes it. */
  readonly found: string | undefined;
  readonly expected: string;
  readonly hint: string;
}

/** The part of the configuration whose values depend on each other. */
export interface CrossChecked {
  readonly domains: readonly string[];
  readonly listen: readonly Listen[];
  readonly tls: {
    readonly certificate: string;
    readonly key: string;
    readonly domains: readonly { readonly name: string }[];
  };
  readonly users: readonly { readonly name: string; readonly domain?: string | undefined }[];
  readonly registrar: { readonly minExpires: number; readonly maxExpires: number };
  readonly proxy: { readonly stateless: boolean; readonly fork: string; readonly recurse: boolean };
  readonly redirect: boolean;
  readonly enum: { readonly suffix: string | undefined };
  readonly edge: { readonly domains: readonly string[] };
  readonly advertise: readonly Advertised[];
}

export function crossFaults(config: CrossChecked): CrossFault[] {
  return [
    ...domainFaults(config.domains),
    ...listenFaults(config.listen),
    ...tlsFaults(config),
    ...userFaults(config),
    ...registrarFaults(config.registrar),
    ...proxyFaults(config),
    ...edgeFaults(config),
    ...advertiseFaults(config.advertise),
  ];
}

function domainFaults(domains: readonly string[]): CrossFault[] {
  return domains.flatMap((domain, index) =>
    domains.indexOf(domain) < index ? [fault(['domains', index], 'each domain once', `${domain} is there twice`)] : [],
  );
}

function listenFaults(listen: readonly Listen[]): CrossFault[] {
  if (listen.length === 0) {
    return [fault(['listen'], 'at least one listening address', 'leave listen out for UDP and TCP on port 5060')];
  }
  return listen.flatMap((one, index) => {
    const earlier = listen.slice(0, index).find((other) => isSameListen(one, other));
    if (earlier === undefined) return [];
    return [
      fault(['listen', index], 'each address once', `${printListen(earlier)} already takes this address and port`),
    ];
  });
}

function tlsFaults({ tls, domains }: CrossChecked): CrossFault[] {
  const faults: CrossFault[] = [];
  if (tls.certificate !== '' && tls.key === '')
    faults.push({
      ...fault(['tls'], 'key beside certificate', 'name the file with its key'),
      found: 'certificate alone',
    });
  if (tls.key !== '' && tls.certificate === '')
    faults.push({
      ...fault(['tls'], 'certificate beside key', 'name the file with its certificate'),
      found: 'key alone',
    });
  for (const [index, { name }] of tls.domains.entries()) {
    const path = ['tls', 'domains', index, 'name'];
    if (!domains.includes(name))
      faults.push(fault(path, 'one of the domains of this server', `add ${name} to domains`));
    if (tls.domains.findIndex((other) => other.name === name) < index)
      faults.push(fault(path, 'each domain once', `${name} is there twice`));
  }
  return faults;
}

function userFaults({ users, domains }: CrossChecked): CrossFault[] {
  const faults: CrossFault[] = [];
  const seen = new Set<string>();
  for (const [index, { name, domain }] of users.entries()) {
    const home = domain ?? domains[0] ?? '';
    if (domain !== undefined && !domains.includes(domain)) {
      const cure = domains.length === 0 ? `add domains: [${domain}]` : `add ${domain} to domains`;
      faults.push(fault(['users', index, 'domain'], 'one of the domains of this server', cure));
    }
    // The user part of an address is compared by case (RFC 3261 §19.1.4), so alice and Alice are two.
    const key = `${name}@${home}`;
    if (seen.has(key))
      faults.push({
        ...fault(['users', index, 'name'], 'each user of a domain once', 'remove one of the two'),
        found: `${name} again`,
      });
    seen.add(key);
  }
  return faults;
}

function registrarFaults({ minExpires, maxExpires }: CrossChecked['registrar']): CrossFault[] {
  if (minExpires <= maxExpires) return [];
  const expected = `at least minExpires, which is ${minExpires}`;
  return [fault(['registrar', 'maxExpires'], expected, 'raise maxExpires or lower minExpires')];
}

function proxyFaults({ proxy, redirect, enum: numbers }: CrossChecked): CrossFault[] {
  const faults: CrossFault[] = [];
  if (numbers.suffix !== undefined && redirect) {
    faults.push(fault(['enum', 'suffix'], 'off when redirect is true', 'a redirect server forwards nothing'));
  }
  if (proxy.stateless && proxy.fork === 'serial') {
    // RFC 3261 §16.11: a stateless proxy picks one target and sees no response as its own.
    faults.push(fault(['proxy', 'fork'], 'parallel when stateless is true', 'trying one after the other takes state'));
  }
  if (proxy.stateless && proxy.recurse) {
    faults.push(fault(['proxy', 'recurse'], 'false when stateless is true', 'following a redirection takes state'));
  }
  if (proxy.stateless && redirect) {
    faults.push(fault(['proxy', 'stateless'], 'false when redirect is true', 'a redirect server forwards nothing'));
  }
  return faults;
}

function edgeFaults({ edge, domains, proxy, redirect }: CrossChecked): CrossFault[] {
  const faults = edge.domains.flatMap((domain, index) => {
    const path = ['edge', 'domains', index];
    if (domains.includes(domain))
      return [fault(path, 'a domain of another server', `${domain} is one of domains: leave it out here`)];
    return edge.domains.indexOf(domain) < index ? [fault(path, 'each domain once', `${domain} is there twice`)] : [];
  });
  if (edge.domains.length > 0 && redirect)
    faults.push(fault(['edge', 'domains'], 'no domain when redirect is true', 'a redirect server forwards nothing'));
  if (edge.domains.length > 0 && proxy.stateless)
    // A phone's CANCEL to its registrar carries nothing that would let it pass by itself.
    faults.push(fault(['edge', 'domains'], 'no domain when stateless is true', 'to stand before phones takes state'));
  return faults;
}

function advertiseFaults(advertise: readonly Advertised[]): CrossFault[] {
  const names = { ip4: 'IPv4 address', ip6: 'IPv6 address', name: 'host name' };
  return advertise.flatMap(({ kind }, index) => {
    const earlier = advertise.findIndex((other) => other.kind === kind) < index;
    return earlier ? [fault(['advertise', index], `at most one ${names[kind]}`, 'nothing would say which to use')] : [];
  });
}

function fault(path: readonly (string | number)[], expected: string, hint: string): CrossFault {
  return { path, found: undefined, expected, hint };
}
