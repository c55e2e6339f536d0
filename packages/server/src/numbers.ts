import { type E164, Inquiry, lookUpEnum, printReasons, type Resolver, runInquiry } from '@strowger/sip/resolve';
import { each, type Plan, ring } from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';
import { type SipUri, tryParseUri } from '@strowger/sip/uri';

export interface NumberPorts {
  readonly resolver: Resolver;
  /** The domain that the numbers are in (RFC 6116 §3.2). */
  readonly suffix: string;
  /** Told of look-ups that failed, and what the name servers said. */
  readonly onFailed: (number: E164, reason: string) => void;
}

/** Where a URI of ours leads: a plan, or `undefined` for nowhere; `'elsewhere'` for one that is not ours. */
export type OwnPlan = (uri: SipUri) => Plan | 'elsewhere' | undefined | Promise<Plan | undefined>;

/** Looks numbers up in ENUM (RFC 6116). */
export class Numbers {
  readonly #ports: NumberPorts;

  constructor(ports: NumberPorts) {
    this.#ports = ports;
  }

  /**
   * The plan for a number: its URIs one after the other, the best first. Those of our users are looked up by `ownPlan`, which
   * asks for no number again, so numbers that lead to each other lead nowhere. `'unknown'`: nobody has it; `'failed'`: nobody
   * could say.
   */
  planFor(number: E164, ownPlan: OwnPlan): NumberPlan | Promise<NumberPlan> {
    const { resolver, suffix, onFailed } = this.#ports;
    const inquiry = new Inquiry();
    const found = runInquiry(lookUpEnum(number, suffix, inquiry), inquiry, resolver);
    const plan = ({ uris, reasons }: Awaited<typeof found>): NumberPlan | Promise<NumberPlan> => {
      const isFailed = reasons.some(({ type }) => type === 'fault');
      if (isFailed) onFailed(number, printReasons(reasons));
      const plans = plansOf([...new Set(uris.map(({ uri }) => uri))], ownPlan);
      const decide = (all: readonly Plan[]): NumberPlan =>
        all.length > 0 ? each(...all) : isFailed ? 'failed' : 'unknown';
      return isPromiseLike(plans) ? plans.then(decide) : decide(plans);
    };
    return isPromiseLike(found) ? found.then(plan) : plan(found);
  }
}

export type NumberPlan = Plan | 'unknown' | 'failed';

function plansOf(uris: readonly string[], ownPlan: OwnPlan): readonly Plan[] | Promise<readonly Plan[]> {
  const [first, ...others] = uris;
  if (first === undefined) return [];
  const add = (plan: Plan | undefined): readonly Plan[] | Promise<readonly Plan[]> => {
    const rest = plansOf(others, ownPlan);
    const ahead = plan === undefined ? [] : [plan];
    return isPromiseLike(rest) ? rest.then((behind) => [...ahead, ...behind]) : [...ahead, ...rest];
  };
  const uri = tryParseUri(first);
  const own = uri?.type === 'sip' ? ownPlan(uri) : undefined;
  if (isPromiseLike(own)) return own.then(add);
  return add(own === 'elsewhere' ? ring(first) : own);
}
