import { readFileSync } from 'node:fs';
import type { Message } from '@strowger/sip/message';
import { labelOf } from '@strowger/testkit';
import { bytesOf, requestOf, responseOf } from '@strowger/testkit/messages';

/** One arrow of a figure. */
export interface Step {
  /** The number behind its F. */
  readonly n: number;
  readonly from: string;
  readonly to: string;
  /** As ladders call it: `INVITE`, `180 INVITE`. */
  readonly label: string;
  readonly message: Message;
}

export interface Flow {
  readonly section: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** A flow of RFC 3665, from `flows/`: the messages as the RFC prints them, verified errata applied. */
export function readFlow(section: string): Flow {
  const text = readFileSync(new URL(`flows/${section}.txt`, import.meta.url), 'utf8');
  const title = /^RFC 3665 §[\d.]+: (.+)$/m.exec(text)?.[1] ?? '';
  const parts = text.split(/^F(\d+) (.+) -> (.+)$/m).slice(1);
  const steps: Step[] = [];
  for (let i = 0; i + 3 < parts.length; i += 4) {
    const [n = '', from = '', to = '', body = ''] = parts.slice(i, i + 4);
    steps.push({ n: Number(n), from: laneOf(from), to: laneOf(to), ...messageOf(body) });
  }
  return { section, title, steps };
}

function messageOf(printed: string): { readonly label: string; readonly message: Message } {
  const text = printed.trim().replace(/\n/g, '\r\n');
  const whole = text.includes('\r\n\r\n') ? `${text}\r\n` : `${text}\r\n\r\n`;
  return {
    label: labelOf(bytesOf(whole)),
    message: whole.startsWith('SIP/2.0') ? responseOf(whole) : requestOf(whole),
  };
}

/** The RFC calls one lane by two names (§3.6: "Redirect Proxy", "Proxy"). */
const laneOf = (name: string): string =>
  name === 'Redirect Proxy' ? 'Redirect Server' : name === 'Proxy' ? 'Proxy 3' : name;
