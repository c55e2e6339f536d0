import { isToken } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { type Params, quoted } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader, type HeaderDef } from '../header.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';
import { tokenParamsHeader } from './shapes.ts';

/** What a session is known by, what it carries for applications, and what goes before others. */

export interface SessionId {
  /** 32 hexadecimal digits in lower case; all zeros where the sender knows none. */
  readonly local: string;
  readonly remote?: string;
  readonly params?: Params;
}

/** One identifier for a call across all B2BUAs. */
export const sessionId = defineHeader({
  name: 'Session-ID',
  arity: 'one',
  rfc: 'RFC 7989 §5',
  decode: (text: string): SessionId => {
    const s = new Scanner(text).blanks();
    const start = s.pos;
    const local = s.token('32 hexadecimal digits');
    if (!isUuid(local)) throw new SyntaxFault(start, '32 hexadecimal digits');
    const fields = fieldsFrom(s);
    const remote = fields.take('remote');
    if (remote !== undefined && !isUuid(remote)) throw fields.fault('remote', '32 hexadecimal digits');
    return { local: local.toLowerCase(), ...present({ remote: remote?.toLowerCase() }), ...fields.rest() };
  },
  encode: (v) => `${v.local}${param('remote', v.remote)}${rest(v.params)}`,
});

export interface UserToUser {
  readonly data: string;
  /** What it is for; absent means ISDN (RFC 7434 §4). */
  readonly purpose?: string;
  readonly content?: string;
  /** `hex`. */
  readonly encoding?: string;
  readonly params?: Params;
}

/** Data of the callers' applications, passed on unread. */
export const userToUser = defineHeader({
  name: 'User-to-User',
  arity: 'list',
  rfc: 'RFC 7433 §4.1',
  decode: (text: string): UserToUser => {
    const s = new Scanner(text).blanks();
    const data = s.tokenOrQuoted('user-to-user data');
    const fields = fieldsFrom(s);
    const [purpose, content, encoding] = ['purpose', 'content', 'encoding'].map((name) => fields.token(name));
    return { data, ...present({ purpose, content, encoding }), ...fields.rest() };
  },
  encode: (v) =>
    `${isToken(v.data) ? v.data : quoted(v.data)}${param('purpose', v.purpose)}${param('content', v.content)}${param('encoding', v.encoding)}${rest(v.params)}`,
});

/** The package that an INFO belongs to. */
export const infoPackage = tokenParamsHeader(
  { name: 'Info-Package', arity: 'one', rfc: 'RFC 6086 §7.2' },
  'an info package',
);

/** The packages that the sender takes; may be empty. */
export const recvInfo = tokenParamsHeader(
  { name: 'Recv-Info', arity: 'list', rfc: 'RFC 6086 §7.3' },
  'an info package',
);

/** A rank in a namespace of ranks: `dsn.flash`, `ets.0`, `esnet.1` … in lower case. */
export interface ResourcePriority {
  readonly namespace: string;
  readonly priority: string;
}

export const resourcePriority = priorityHeader('Resource-Priority', 'RFC 4412 §3.1');
/** The ranks that the server knows; may be empty. */
export const acceptResourcePriority = priorityHeader('Accept-Resource-Priority', 'RFC 4412 §3.2');

function priorityHeader(name: string, rfc: string): HeaderDef<ResourcePriority, 'list'> {
  return defineHeader({
    name,
    arity: 'list',
    rfc,
    decode: (text: string): ResourcePriority => {
      const s = new Scanner(text).blanks();
      const start = s.pos;
      const [namespace, priority, more] = s.token('a namespace and a priority').toLowerCase().split('.');
      s.end();
      if (!namespace || !priority || more !== undefined)
        throw new SyntaxFault(start, 'a namespace, one dot and a priority');
      return { namespace, priority };
    },
    encode: (v: ResourcePriority) => `${v.namespace}.${v.priority}`,
  });
}

const isUuid = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);
