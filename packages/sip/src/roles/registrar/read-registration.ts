import { callId, contact, cseq, need, path, type Request, readAll } from '../../message/index.ts';
import { RemoteFault, SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { contactKey, type Flow, tryParseUri } from '../../uri/index.ts';
import { outboundKeyOf } from './binding.ts';
import type { Candidate, Registration } from './decide.ts';

/** What a REGISTER says (RFC 3261 §10.2, §10.3). @throws RemoteFault 400 for a header that does not follow its grammar */
export function readRegistration(request: Request, flow: Flow): Registration {
  return {
    callId: need(request, callId),
    cseq: need(request, cseq).seq,
    expires: textOf(request, 'expires'),
    contacts: readAll(request, contact).map((value) =>
      value === '*' ? value : candidateOf(value.uriText, value.params),
    ),
    path: readAll(request, path).map((value) => value.uriText),
    flow,
    userAgent: textOf(request, 'user-agent'),
  };
}

function candidateOf(uriText: string, params: Params): Candidate {
  const uri = tryParseUri(uriText);
  if (uri === undefined) throw new RemoteFault(400, 'Bad Contact Header');
  const instance = params.get('+sip.instance')?.replace(/^<|>$/g, '');
  const regId = regIdOf(params.get('reg-id'));
  const outbound = instance !== undefined && regId !== undefined;
  return {
    key: outbound ? outboundKeyOf(instance, regId) : contactKey(uri),
    contact: uriText,
    params: params.text,
    q: thousandthsOf(params.get('q')),
    expires: params.get('expires'),
    instance,
    regId: outbound ? regId : undefined,
  };
}

/** RFC 5626 §4.2: a number from 1; what is none is as good as absent. */
const regIdOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;

/** qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
function thousandthsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text))
    throw new RemoteFault(400, 'Bad Contact Header', new SyntaxFault(0, 'a q from 0 to 1'));
  return Math.round(Number(text) * 1000);
}

/** The value as it stands, whether or not it follows its grammar. */
function textOf(request: Request, key: string): string | undefined {
  const { content } = request;
  for (let i = 0; i < content.count; i += 1) if (content.nameAt(i).toLowerCase() === key) return content.valueAt(i);
  return undefined;
}
