import { from, type Request, read, userAgent } from '@strowger/sip/message';

/**
 * True for a request that a scanner has written: by the name that it gives itself, in User-Agent or in From, or by the tag
 * that svmap, svwar and svcrack make to know their answers again: text, a byte of one and a decimal number, all in hex.
 * @throws RemoteFault 400 for a From that cannot be read
 */
export function isFromScanner(request: Request): boolean {
  const { content } = request;
  const at = content.find(userAgent);
  if (at >= 0 && SCANNERS.test(content.valueAt(at))) return true;
  const sender = read(request, from);
  if (sender === undefined) return false;
  return SCANNERS.test(sender.display) || isHexTag(sender.tag ?? '');
}

const isHexTag = (tag: string): boolean => tag.length >= 24 && tag.length % 2 === 0 && HEX_TAG.test(tag);

/** Names of tools that look for servers, users and passwords. Test tools that honest people run too are not among them. */
const SCANNERS = new RegExp(
  [
    'friendly-(?:scanner|request)',
    'sipvicious',
    'sipcli',
    'sip-?scan',
    'sundayddr',
    'vax(?:sip|ip)useragent',
    'pplsip',
    'iwar\\b',
    'sivus',
    'siparmyknife',
    'sippts',
    'smap\\b',
    'svmap|svwar|svcrack',
  ].join('|'),
  'i',
);
/** Pairs of printable characters, then 01, then six decimal digits or more: chance makes one in some billions like it. */
const HEX_TAG = /^(?:[2-7][0-9a-f])*01(?:3[0-9]){6,10}$/i;
