import { sameIgnoringCase } from '../text/chars.ts';
import { valuesOf } from './attributes.ts';
import type { Media } from './sdp.ts';

/** `a=rtpmap`: what a payload type of RTP stands for (RFC 8866 §6.6). */
export interface Rtpmap {
  /** 0 to 127. */
  readonly payloadType: number;
  /** The encoding name as written; it is compared without regard to case (RFC 8866 §5.14). */
  readonly encoding: string;
  readonly clockRateHz: number;
  /** Channels of audio, where written; one where not. */
  readonly channels: number | undefined;
}

/** `a=fmtp`: the parameters of a format (RFC 8866 §6.15). */
export interface Fmtp {
  readonly format: string;
  /** Everything behind the format, as written. */
  readonly text: string;
  /** The same, taken apart at semicolons; a parameter without an equals sign, like `0-15`, is a name without a value. */
  readonly params: readonly FmtpParam[];
}

export interface FmtpParam {
  readonly name: string;
  readonly value: string | undefined;
}

/** The readable `a=rtpmap` attributes of a media section, in their order. */
export const rtpmapsOf = (media: Media): readonly Rtpmap[] =>
  valuesOf(media, 'rtpmap').flatMap((value) => parseRtpmap(value) ?? []);

/** The meaning that a media section gives to a format; `undefined` where it gives none, as for static payload types. */
export const rtpmapOf = (media: Media, format: string): Rtpmap | undefined =>
  rtpmapsOf(media).find(({ payloadType }) => `${payloadType}` === format);

/**
 * The value of `a=rtpmap`; `undefined` where it has another form.
 *
 * LENIENT(RFC 8866 §6.6): gateways pad the value with spaces, at its end or between its two parts.
 */
export function parseRtpmap(value: string): Rtpmap | undefined {
  const [type = '', encoded = '', ...rest] = value.trim().split(/[ \t]+/);
  const [encoding = '', rate = '', channels, ...more] = encoded.split('/');
  if (rest.join('') !== '' || more.length > 0 || encoding === '') return undefined;
  if (!/^\d{1,3}$/.test(type) || Number(type) > 127) return undefined;
  if (!POSITIVE.test(rate) || (channels !== undefined && !POSITIVE.test(channels))) return undefined;
  return {
    payloadType: Number(type),
    encoding,
    clockRateHz: Number(rate),
    channels: channels === undefined ? undefined : Number(channels),
  };
}

/** The value of an `a=rtpmap` attribute. */
export function printRtpmap(map: Rtpmap): string {
  const channels = map.channels === undefined ? '' : `/${map.channels}`;
  return `${map.payloadType} ${map.encoding}/${map.clockRateHz}${channels}`;
}

/** The readable `a=fmtp` attributes of a media section, in their order. */
export const fmtpsOf = (media: Media): readonly Fmtp[] =>
  valuesOf(media, 'fmtp').flatMap((value) => parseFmtp(value) ?? []);

/** The parameters that a media section gives to a format; `undefined` where it gives none. */
export const fmtpOf = (media: Media, format: string): Fmtp | undefined =>
  fmtpsOf(media).find((fmtp) => fmtp.format === format);

/** One parameter of a format: its value, `''` for one without, `undefined` where there is none. Case does not matter. */
export function fmtpParam(fmtp: Fmtp, name: string): string | undefined {
  const param = fmtp.params.find((one) => sameIgnoringCase(one.name, name));
  return param === undefined ? undefined : (param.value ?? '');
}

/** The value of `a=fmtp`; `undefined` where nothing stands behind the format. */
export function parseFmtp(value: string): Fmtp | undefined {
  const found = /^[ \t]*(?<format>[^ \t]+)[ \t]+(?<text>[^ \t].*)$/s.exec(value)?.groups;
  if (found === undefined) return undefined;
  const { format = '', text = '' } = found;
  return { format, text, params: text.split(';').flatMap((piece) => paramOf(piece.trim())) };
}

/** The value of an `a=fmtp` attribute. */
export function printFmtp(format: string, params: readonly FmtpParam[]): string {
  return `${format} ${params.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(';')}`;
}

/** Milliseconds of media in a packet, as the peer would like them; `undefined` where it does not say (RFC 8866 §6.4). */
export const ptimeMsOf = (media: Media): number | undefined => readMs(valuesOf(media, 'ptime')[0]);

/** The most milliseconds of media that a packet may hold; `undefined` where the peer does not say (RFC 8866 §6.5). */
export const maxptimeMsOf = (media: Media): number | undefined => readMs(valuesOf(media, 'maxptime')[0]);

function paramOf(piece: string): readonly FmtpParam[] {
  if (piece === '') return [];
  const equals = piece.indexOf('=');
  if (equals < 0) return [{ name: piece, value: undefined }];
  return [{ name: piece.slice(0, equals).trimEnd(), value: piece.slice(equals + 1).trimStart() }];
}

function readMs(value: string | undefined): number | undefined {
  const ms = /^[ \t]*(\d{1,9}(?:\.\d{1,9})?)[ \t]*$/.exec(value ?? '')?.[1];
  return ms === undefined || Number(ms) === 0 ? undefined : Number(ms);
}

/** No clock or channel count needs more digits. */
const POSITIVE = /^[1-9]\d{0,9}$/;
