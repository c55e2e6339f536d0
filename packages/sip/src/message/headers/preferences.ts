import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader, type HeaderDef } from '../header.ts';
import { fieldsFrom, flag, rest } from './fields.ts';
import { tokenHeader, tokenParamsHeader } from './shapes.ts';

/** What the caller wants of the called device and of the proxies on the way. */

/** Features that the called device shall have (RFC 3841 §9.2). */
export interface AcceptContact {
  /** Devices without them shall not be tried. */
  readonly require: boolean;
  /** Devices that do not say that they have them count as not having them. */
  readonly explicit: boolean;
  /** The feature parameters of RFC 3840 §9, as they stand. */
  readonly params?: Params;
}

export const acceptContact = defineHeader({
  name: 'Accept-Contact',
  compact: 'a',
  arity: 'list',
  rfc: 'RFC 3841 §9.2',
  decode: (text: string): AcceptContact => {
    const fields = fieldsFrom(new Scanner(text).mark('*'));
    return { require: fields.flag('require'), explicit: fields.flag('explicit'), ...fields.rest() };
  },
  encode: (v) => `*${rest(v.params)}${flag('require', v.require)}${flag('explicit', v.explicit)}`,
});

/** Features that the called device shall not have. */
export const rejectContact = featuresHeader('Reject-Contact', 'j', 'RFC 3841 §9.2');

/** What proxies on the way of a request or response support, as feature-capability indicators (RFC 6809 §6). */
export const featureCaps = featuresHeader('Feature-Caps', undefined, 'RFC 6809 §6.2');

/** `proxy`, `redirect`, `cancel`, `no-cancel`, `fork`, `no-fork`, `recurse`, `no-recurse`, `parallel`, `sequential`, `queue`, `no-queue`. */
export const requestDisposition = tokenHeader(
  { name: 'Request-Disposition', compact: 'd', arity: 'list', rfc: 'RFC 3841 §9.1' },
  'a directive',
);

/** `Manual` or `Auto`; with `require` the call fails where that cannot be done. */
export const answerMode = tokenParamsHeader(
  { name: 'Answer-Mode', arity: 'one', rfc: 'RFC 5373 §2' },
  'an answer mode',
);

/** The same, for who may overrule the called party. */
export const privAnswerMode = tokenParamsHeader(
  { name: 'Priv-Answer-Mode', arity: 'one', rfc: 'RFC 5373 §2' },
  'an answer mode',
);

function featuresHeader(
  name: string,
  compact: string | undefined,
  rfc: string,
): HeaderDef<{ readonly params?: Params }, 'list'> {
  return defineHeader({
    name,
    ...(compact === undefined ? {} : { compact }),
    arity: 'list',
    rfc,
    decode: (text: string) => fieldsFrom(new Scanner(text).mark('*')).rest(),
    encode: (v: { readonly params?: Params }) => `*${rest(v.params)}`,
  });
}
