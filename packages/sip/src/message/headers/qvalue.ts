/**
 * Preferences as whole thousandths, so that they are compared exactly: `0.7` is 700 (RFC 3261 §25.1 qvalue).
 */

/** 0 to 1000; `undefined` for what is no qvalue. */
export function parseQvalue(text: string): number | undefined {
  const first = text.charCodeAt(0);
  if ((first !== 48 && first !== 49) || text.length > 5 || text.length === 0) return undefined;
  if (text.length > 1 && text.charCodeAt(1) !== 46) return undefined;
  let thousandths = 0;
  let unit = 100;
  for (let i = 2; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    thousandths += digit * unit;
    unit /= 10;
  }
  if (first === 49) return thousandths === 0 ? 1000 : undefined;
  return thousandths;
}

/** The shortest text: 1000 is `1`, 700 is `0.7`. */
export function printQvalue(thousandths: number): string {
  const digits = String(Math.max(0, Math.min(1000, Math.round(thousandths)))).padStart(4, '0');
  const fraction = digits.slice(1).replace(/0+$/, '');
  return fraction === '' ? digits.charAt(0) : `${digits.charAt(0)}.${fraction}`;
}
