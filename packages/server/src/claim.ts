import { need, pPreferredIdentity, read, to } from '@strowger/sip/message';
import { RemoteFault } from '@strowger/sip/text';
import { type SipUri, tryParseUri, type Uri, userOf } from '@strowger/sip/uri';
import type { Facts } from './facts.ts';
import type { Identity } from './identity.ts';

/** Whom a request says that it comes from, and whose password proves it. */
export interface Claim {
  readonly realm: string;
  /** True when this user of the realm may say so. */
  readonly admits: (username: string) => boolean;
}

/** What the address in this header claims (RFC 3261 §10.3 step 4, §22.3). */
export function claimOf(facts: Facts, header: 'To' | 'From', identity: Identity): Claim {
  if (header === 'From' && facts.isAnonymous) return anonymousClaim(facts, identity);
  const address = header === 'To' ? tryParseUri(need(facts.request, to).uriText) : facts.from;
  const domain = domainOf(address, header, identity);
  const realm = domain ?? (header === 'To' ? facts.uriDomain : facts.fromDomain) ?? identity.firstDomain;
  const owner = domain === undefined || address?.type !== 'sip' ? undefined : userNameOf(address);
  return { realm, admits: (username) => username === owner };
}

/** The address of ours that a URI claims to be, whatever its spelling; '' for one of others. */
export function claimedAddress(uriText: string, identity: Identity): string {
  const uri = tryParseUri(uriText);
  const domain = uri?.type === 'sip' ? identity.domainOfSender(uri) : undefined;
  return uri?.type !== 'sip' || domain === undefined ? '' : `${userNameOf(uri) ?? ''}@${domain}`;
}

/** The name of a user as it is kept; `undefined` for a URI without one. */
export const userNameOf = (uri: SipUri): string | undefined => userOf(uri)?.normalize('NFC');

/**
 * Who hides his address in From (RFC 3323 §4.1.1) proves that he is one of us, whichever: the server learns it, the callee
 * does not. Of which domain he is says P-Preferred-Identity (RFC 3325 §9.2).
 */
function anonymousClaim(facts: Facts, identity: Identity): Claim {
  const realm = facts.fromDomain ?? preferredDomain(facts, identity) ?? identity.firstDomain;
  return { realm, admits: () => true };
}

function preferredDomain(facts: Facts, identity: Identity): string | undefined {
  try {
    return domainOf(tryParseUri(read(facts.request, pPreferredIdentity)?.uriText ?? ''), 'From', identity);
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined; // a hint that cannot be read is none
    throw fault;
  }
}

function domainOf(address: Uri | undefined, header: 'To' | 'From', identity: Identity): string | undefined {
  if (address?.type !== 'sip') return undefined;
  return header === 'To' ? identity.domainOf(address) : identity.domainOfSender(address);
}
