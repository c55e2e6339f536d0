/**
 * What kind of work a message asks for, read from its first bytes: the method is the first token of a request. What belongs
 * to a dialog cannot be known before parsing, so the methods that live in dialogs have a generous class of their own.
 */
export type MethodClass = (typeof METHOD_CLASSES)[number];

export const METHOD_CLASSES = ['dialog', 'register', 'invite', 'other', 'keepAlive', 'junk'] as const;

/** The index in `METHOD_CLASSES`, or `RESPONSE`. Looks at nine bytes at most. */
export function methodClassOf(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0;
  if (first < 32) return isAlive(bytes) ? ALIVE : first === 13 || first === 10 ? afterBlankLines(bytes) : JUNK;
  return classAt(bytes, 0);
}

function classAt(bytes: Uint8Array, at: number): number {
  const word =
    ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  switch (word) {
    case SIP_:
      return RESPONSE;
    case INVI:
      return INVITE;
    case REGI:
      return REGISTER;
    case ACK_:
    case BYE_:
    case CANC:
    case PRAC:
    case INFO:
    case UPDA:
    case NOTI:
      return DIALOG;
    default:
      return isCapital(bytes[at]) && isCapital(bytes[at + 1]) && isCapital(bytes[at + 2]) ? OTHER : JUNK;
  }
}

/** Keep-alives: line ends and the zero bytes of some phones (RFC 5626 §4.4), and STUN (RFC 8489 §5, whose cookie stands at 4). */
function isAlive(bytes: Uint8Array): boolean {
  if (bytes.length <= 4) return true;
  return (bytes[0] ?? 0) < 2 && bytes.length >= 20 && bytes[4] === 0x21 && bytes[5] === 0x12;
}

/** RFC 3261 §7.5: empty lines before the start line are ignored. */
function afterBlankLines(bytes: Uint8Array): number {
  for (let at = 1; at < 5; at += 1) {
    const byte = bytes[at];
    if (byte !== 13 && byte !== 10) return classAt(bytes, at);
  }
  return JUNK;
}

const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 65 && byte <= 90;

const DIALOG = 0;
const REGISTER = 1;
const INVITE = 2;
const OTHER = 3;
const ALIVE = 4;
export const JUNK = 5;
export const RESPONSE = 6;
/** True for the classes that begin new work: what overload sheds. */
export const isNewWork = (methodClass: number): boolean => methodClass >= REGISTER && methodClass <= OTHER;

const SIP_ = 0x5349502f;
const INVI = 0x494e5649;
const REGI = 0x52454749;
const ACK_ = 0x41434b20;
const BYE_ = 0x42594520;
const CANC = 0x43414e43;
const PRAC = 0x50524143;
const INFO = 0x494e464f;
const UPDA = 0x55504441;
const NOTI = 0x4e4f5449;
