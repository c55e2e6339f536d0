/** One thing that is wrong with a configuration, with all that is needed to put it right. Never holds a password. */
export interface ConfigFault {
  /** The file as it was named, or the flag that gave the value. */
  readonly file: string;
  /** From 1; 0 when the fault has no place in a text. */
  readonly line: number;
  readonly column: number;
  /** The way to the value: keys and list positions. Empty for the whole text. */
  readonly path: readonly (string | number)[];
  /** What is there, in words; undefined when the text is not YAML. */
  readonly found: string | undefined;
  /** What should be there: a noun phrase. */
  readonly expected: string;
  /** The cure, when there is an obvious one. */
  readonly hint: string | undefined;
}

/** One sentence: `strowger.yaml:3:12: registrar.minExpires: found 7200, expected …; lower minExpires.` */
export function printFault(fault: ConfigFault): string {
  const place = fault.line === 0 ? fault.file : `${fault.file}:${fault.line}:${fault.column}`;
  const key = fault.line === 0 || fault.path.length === 0 ? '' : `${printPath(fault.path)}: `;
  const found = fault.found === undefined ? '' : `found ${fault.found}, `;
  const hint = fault.hint === undefined ? '' : `; ${fault.hint}`;
  const sentence = `${place}: ${key}${found}expected ${fault.expected}${hint}`;
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** `users[0].password` */
export function printPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
