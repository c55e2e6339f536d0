import {
  edit,
  from,
  type HeaderDef,
  has,
  type Line,
  line,
  lineOf,
  type Message,
  NameAddr,
  pAssertedIdentity,
  pAssertedService,
  pChargeInfo,
  pPreferredIdentity,
  pPreferredService,
  privacy,
  type Request,
  type Response,
  readAll,
  remotePartyId,
  route,
} from '@strowger/sip/message';
import { type Instead, type Plan, type Reply, reply, type Target, watch, withoutState } from '@strowger/sip/routing';
import { isPromiseLike, isToken, Params, RemoteFault } from '@strowger/sip/text';
import { escapePart, type SipUri, tryParseUri, unbracketed, userOf } from '@strowger/sip/uri';

/** Who sent a request, as far as this server knows. */
export type Sender =
  /** A network of `trusted`: what it says of others is true (RFC 3325 §5). */
  | { readonly type: 'trusted' }
  | { readonly type: 'proved'; readonly username: string; readonly realm: string }
  | { readonly type: 'stranger' };

/** Where a request goes: into the trust domain, to a phone of a user of ours, or out of it. */
export type NextHop = 'trusted' | 'phone' | 'outside';

/** A request without what identifies its sender, and what of it may go to whom (RFC 3324 §5, RFC 3325 §5). */
export interface Bordered {
  readonly request: Request;
  /** What goes on into the trust domain, and to phones. */
  readonly linesFor: (hop: NextHop) => readonly Line[];
}

/**
 * Takes off what says who is calling, and puts nothing back by itself: what reaches a place that nobody thought of, such as
 * the contact of a redirection, identifies nobody. From others than trusted sources it is lost; a user who has proved who he
 * is gets an identity of our making (RFC 3325 §5, §6), with the display name that he gives himself.
 *
 * Phones of our users see it unless the caller asks for privacy (RFC 3325 §7); whoever else is not trusted sees it where the
 * caller demands it with `Privacy: none`. The Privacy header stays: others have to obey it too.
 */
export function borderOf(request: Request, sender: Sender): Bordered {
  const cleaned = withoutAllOf(request, TAKEN_OFF, TAKEN_OFF_IDS);
  // A stranger is nobody: there is nothing to pass on.
  if (sender.type === 'stranger') return { request: cleaned, linesFor: noLines };
  const known = sender.type === 'trusted' ? linesIn(request, ASSERTED) : [];
  const made = sender.type === 'proved' && !UNIDENTIFIED.has(request.method) ? [identityOf(request, sender)] : [];
  const wishes = wishesOf(request);
  const all = [...known, ...made];
  const forPhones = all.filter(({ id }) => id === pAssertedIdentity.id || id === remotePartyId.id);
  const isOpen = isOpenly(wishes);
  const isHidden = !isOpen && wishes.some((wish) => HIDING.has(wish));
  return {
    request: cleaned,
    linesFor: (hop) => {
      if (hop === 'trusted') return all;
      return isOpen || (hop === 'phone' && !isHidden) ? forPhones : [];
    },
  };
}

/**
 * The plan whose requests carry what their next hop may see, and whose responses say of the callee only what a trusted
 * hop says (RFC 3325 §5).
 */
export function planAtBorder(plan: Plan, bordered: Bordered, hopOf: (target: Target) => NextHop): Plan {
  switch (plan.type) {
    case 'try': {
      const hop = hopOf(plan.target);
      const target = withLines(plan.target, bordered.linesFor(hop));
      return hop === 'trusted' ? { type: 'try', target } : watch({ type: 'try', target }, withoutAssertions);
    }
    case 'all':
    case 'each':
      return { type: plan.type, of: plan.of.map((part) => planAtBorder(part, bordered, hopOf)) };
    case 'watch':
      return { ...plan, plan: planAtBorder(plan.plan, bordered, hopOf) };
    case 'after': {
      const { onFailure } = plan;
      const again = (instead: Instead): Instead =>
        instead === undefined || instead.type === 'reply' ? instead : planAtBorder(instead, bordered, hopOf);
      return {
        type: 'after',
        plan: planAtBorder(plan.plan, bordered, hopOf),
        onFailure: (failure) => {
          const instead = onFailure(failure);
          return isPromiseLike(instead) ? instead.then(again) : again(instead);
        },
      };
    }
  }
}

/** The request with these lines added: for what is forwarded without a plan. */
export function withAssertions(request: Request, lines: readonly Line[]): Request {
  if (lines.length === 0) return request;
  const copy = edit(request);
  for (const one of lines) copy.add(one);
  return copy.request(request.method, request.uri);
}

/** A response without what its sender says of the callee. */
export function withoutAssertions(response: Response): Response {
  if (!hasAny(response, ASSERTED_IDS)) return response;
  const copy = edit(response);
  for (const def of ASSERTED) copy.remove(def);
  return copy.response(response.status, response.reason);
}

/**
 * Refuses what a caller holds critical and nobody here can do: to hide headers, the session or the user takes a server that
 * stands in the middle as both sides' partner (RFC 3323 §5). What a trusted server sends is its business.
 */
export function privacyRefusal(request: Request, sender: Sender): Reply | undefined {
  if (sender.type === 'trusted' || !has(request, privacy)) return undefined;
  const wishes = wishesOf(request);
  if (!wishes.includes('critical')) return undefined;
  const undone = wishes.filter((wish) => wish !== 'id' && wish !== 'none' && wish !== 'critical');
  return undone.length === 0 ? undefined : withoutState(reply(500, `Privacy Not Supported: ${undone.join(', ')}`));
}

/** Where a target leads, as far as can be said before names are resolved: only addresses can be trusted. */
export function nextHopOf(
  target: Target,
  request: Request,
  users: 'ours' | 'others',
  isTrusted: (host: string) => boolean,
): NextHop {
  const host = target.flow?.host ?? hostOf(target.route?.[0] ?? topRouteOf(request) ?? target.uri);
  if (host !== undefined && isTrusted(host)) return 'trusted';
  return users === 'ours' || target.flow !== undefined ? 'phone' : 'outside';
}

/** The address of the user with the display name that he wishes; what he wishes beyond that counts for nothing. */
function identityOf(
  request: Request,
  { username, realm }: { readonly username: string; readonly realm: string },
): Line {
  const isHis = ({ uriText }: NameAddr): boolean => {
    const uri = tryParseUri(uriText);
    return uri?.type === 'sip' && uri.host.toLowerCase() === realm && userOf(uri)?.normalize('NFC') === username;
  };
  const wished = [...readable(() => readAll(request, pPreferredIdentity)), ...readable(() => readAll(request, from))];
  const display = wished.find(isHis)?.display ?? '';
  const uri = `sip:${escapePart(username, 'user')}@${realm}`;
  return lineOf(pAssertedIdentity, pAssertedIdentity.encode(new NameAddr(display, uri, new Params(''))));
}

/**
 * What a caller wishes to have hidden, in lower case; a header that cannot be read asks for everything. LENIENT: several lines, and
 * commas, which RFC 3323 §4.2 has in its grammar (erratum 5184): who writes so must not be known for it.
 */
function wishesOf({ content }: Request): readonly string[] {
  const out: string[] = [];
  for (let i = content.find(privacy); i >= 0; i = content.find(privacy, i + 1)) {
    const wishes = content.valueAt(i).toLowerCase().split(/[;,]/);
    out.push(...wishes.map((wish) => wish.trim()).map((wish) => (isToken(wish) ? wish : 'id')));
  }
  return out;
}

/** `none` beside other wishes is none (RFC 3323 §4.2). */
const isOpenly = (wishes: readonly string[]): boolean => wishes.length > 0 && wishes.every((wish) => wish === 'none');

function readable<T>(values: () => readonly T[]): readonly T[] {
  try {
    return values();
  } catch (fault) {
    if (fault instanceof RemoteFault) return [];
    throw fault;
  }
}

const withLines = (target: Target, lines: readonly Line[]): Target =>
  lines.length === 0
    ? target
    : { ...target, edit: (request) => withAssertions(target.edit?.(request) ?? request, lines) };

function withoutAllOf(request: Request, defs: readonly HeaderDef<unknown>[], ids: Uint8Array): Request {
  if (!hasAny(request, ids)) return request;
  const copy = edit(request);
  for (const def of defs) copy.remove(def);
  return copy.request(request.method, request.uri);
}

/** One look at each line: most messages have none of them. `ids` is not 0 where the id of a header is looked for. */
function hasAny({ content }: Message, ids: Uint8Array): boolean {
  for (let i = 0; i < content.count; i += 1) if (ids[content.idAt(i)] === 1) return true;
  return false;
}

function idsOf(defs: readonly HeaderDef<unknown>[]): Uint8Array {
  const ids = new Uint8Array(1 + Math.max(...defs.map(({ id }) => id)));
  for (const { id } of defs) ids[id] = 1;
  return ids;
}

const noLines = (): readonly Line[] => [];

function linesIn({ content }: Message, defs: readonly HeaderDef<unknown>[]): readonly Line[] {
  const out: Line[] = [];
  for (const def of defs)
    for (let i = content.find(def); i >= 0; i = content.find(def, i + 1)) out.push(line(def.name, content.valueAt(i)));
  return out;
}

const topRouteOf = (request: Request): string | undefined =>
  has(request, route) ? readable(() => readAll(request, route))[0]?.uriText : undefined;

function hostOf(uriText: string): string | undefined {
  const uri = tryParseUri(uriText);
  return uri?.type === 'sip' ? hostIn(uri) : undefined;
}

/** RFC 3261 §16.6 step 7: where a maddr is, it is where the request goes. */
const hostIn = (uri: SipUri): string => unbracketed(uri.params.get('maddr') ?? uri.host);

/** What servers that trust each other say about a caller or callee. */
const ASSERTED: readonly HeaderDef<unknown>[] = [pAssertedIdentity, remotePartyId, pAssertedService, pChargeInfo];
const TAKEN_OFF: readonly HeaderDef<unknown>[] = [...ASSERTED, pPreferredIdentity, pPreferredService];
const [ASSERTED_IDS, TAKEN_OFF_IDS] = [idsOf(ASSERTED), idsOf(TAKEN_OFF)];
/** RFC 3325 §7 names `id`; who asks to be hidden otherwise (RFC 3323 §4.2) does not mean to be named here either. */
const HIDING: ReadonlySet<string> = new Set(['id', 'user', 'header']);
/** Methods in which no identity is asserted (RFC 3325 §9.1). */
const UNIDENTIFIED: ReadonlySet<string> = new Set(['ACK', 'CANCEL', 'REGISTER']);
