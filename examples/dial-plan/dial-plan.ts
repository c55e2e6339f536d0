import { App, forward, type ServerPorts } from '@strowger/server';
import { decodeNameAddr, diversion, edit, line, need, type Request, route, to } from '@strowger/sip/message';
import { targetOf } from '@strowger/sip/roles/proxy';
import { after, all, type Context, type Decision, each, type Plan, pass, reply, ring } from '@strowger/sip/routing';
import type { UnixMs } from '@strowger/sip/text';
import { aorKey, tryParseUri } from '@strowger/sip/uri';

/** Calls to bob: in office hours his phones and his mobile ring together for 20 seconds, then his voicemail answers. */
export const createDialPlan = ({ locations }: Pick<ServerPorts, 'locations'>): App =>
  new App().on('INVITE', async (ctx) => {
    if (!isNewCallTo(BOB, ctx.request)) return pass;
    const phones = await locations.lookup(BOB, ctx.unix);
    const desk = phones.map((phone) => ring(phone.contact, { ...targetOf(phone), seconds: 20 }));
    return decide(desk, ctx);
  });

function decide(desk: readonly Plan[], { request, unix }: Context): Decision {
  const plan = isOfficeHours(unix)
    ? each(all(...desk, ring(MOBILE, { seconds: 20, edit: marked })), voicemail('no-answer'))
    : voicemail('time-of-day');
  // A phone with an outbound proxy names this server in Route: that way has come to its end here.
  const here = edit(request).remove(route).request(request.method, request.uri);
  return forward(after(plan, nobodyHere), { request: here });
}

/** Monday to Friday from 9 to 17 where the office is, in summer and in winter. */
export function isOfficeHours(unix: UnixMs): boolean {
  const parts = new Map(OFFICE_CLOCK.formatToParts(unix).map(({ type, value }) => [type, value]));
  const [day = '', hour] = [parts.get('weekday'), Number(parts.get('hour'))];
  return !['Sat', 'Sun'].includes(day) && hour >= 9 && hour < 17;
}

/** Without a tag in To it begins a dialog (RFC 3261 §12.2.2); what belongs to a call goes where the call went. */
function isNewCallTo(aor: string, request: Request): boolean {
  const uri = tryParseUri(request.uri);
  return uri !== undefined && aorKey(uri) === aor && need(request, to).tag === undefined;
}

/** The voicemail learns whose box it is, and why (RFC 5806). */
const voicemail = (reason: string): Plan =>
  ring(VOICEMAIL, {
    edit: (request) =>
      edit(request)
        .prepend(diversion, { address: decodeNameAddr(`<${BOB}>`), reason })
        .request(request.method, request.uri),
  });

/** The mobile rings as for a call that was forwarded (RFC 7462 §8.2.1); bob's phones get the request without this. */
const marked = (request: Request): Request =>
  edit(request).line('Alert-Info', '<urn:alert:service:forward>').request(request.method, request.uri);

/** What nobody took, not even the voicemail: the caller is told when to try again. */
const nobodyHere = () => reply(480, 'Nobody Here', [line('Retry-After', '300')]);

const BOB = 'sip:bob@example.com';
const MOBILE = 'sip:+441632960123@gateway.example';
const VOICEMAIL = 'sip:bob@voicemail.example';
const OFFICE_CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});
