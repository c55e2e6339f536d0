/** True for what can be asked for in DNS: at most 253 characters in labels of at most 63 (RFC 1035 §2.3.4), letters, digits, hyphens and underscores. */
export function isName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text.split('.').every((label) => LABEL.test(label));
}

const LABEL = /^[a-z0-9_-]{1,63}$/i;
