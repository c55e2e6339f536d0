import type { Verdict } from '../support/verdict.ts';
import { meaning } from './meaning-verdicts.ts';
import { invalidSyntax, validSyntax } from './syntax-verdicts.ts';

/** The verdict of RFC 4475 on each of its messages, and ours. */
export const verdicts: readonly Verdict[] = [...validSyntax, ...invalidSyntax, ...meaning];
