import { type SipKey, siphash, siphashHex } from '../../auth/siphash.ts';
import { decodeBase64url, encodeBase64url } from '../../text/base64url.ts';
import { Params } from '../../text/params.ts';
import type { UnixMs } from '../../text/time.ts';
import { canonicalHost, SipUri } from '../../uri/index.ts';
import type { Binding } from './binding.ts';

/**
 * Globally routable URIs of instances (RFC 5627), made and read with a key and without a store.
 *
 * A public GRUU is the address-of-record with `;gr=`, a hash of address and instance, and a seal that tells ours from a
 * guess. A temporary GRUU hides both: its user part is a random number, then the user, the hash and the moment
 * from which its instance's GRUUs are good, all enciphered, then a seal. Whoever has not the key cannot tell two of them apart.
 */
export class Gruus {
  readonly #key: SipKey;
  readonly #random: { uint32(): number };

  constructor(key: SipKey, random: { uint32(): number }) {
    this.#key = key;
    this.#random = random;
  }

  /** `address` is the address-of-record as the phone writes it in To, `aor` the name that its bindings are kept under. */
  publicOf(address: SipUri, aor: string, instance: string): string {
    const hash = this.#instanceHash(aor, instance);
    return gruu(address, address.user, `;gr=${hash}${this.#publicSeal(aor, hash)}`).text;
  }

  /** Another one each time. `since` is the `gruusSince` of the bindings. */
  temporaryOf(address: SipUri, aor: string, instance: string, since: UnixMs): string {
    const nonce = bytesOfWords([this.#random.uint32(), this.#random.uint32(), this.#random.uint32()]);
    const plain = plainOf(address.user ?? '', this.#instanceHash(aor, instance), since);
    const sealed = new Uint8Array([...nonce, ...this.#enciphered(plain, nonce)]);
    const seal = this.#temporarySeal(sealed, address.host);
    return gruu(address, `${PREFIX}${encodeBase64url(sealed)}${seal}`, ';gr').text;
  }

  /** The address-of-record behind a URI; `undefined` for a temporary GRUU that is none of ours. */
  addressOf(uri: SipUri): SipUri | undefined {
    if (!isTemporary(uri)) return uri;
    const content = this.#open(uri);
    return content === undefined ? undefined : gruu(uri, content.user, '');
  }

  /**
   * Those of the bindings of `aor` that a URI stands for (RFC 5627 §6.1): all of them without `gr`, those of its instance for a
   * GRUU. `undefined` for a GRUU that is not valid: never given out, or a temporary one whose time is over.
   */
  bindingsOf(uri: SipUri, aor: string, bindings: readonly Binding[]): readonly Binding[] | undefined {
    const gr = uri.params.get('gr');
    if (gr === undefined) return bindings;
    if (isTemporary(uri)) {
      const content = this.#open(uri);
      const found = bindings.filter(
        ({ instance, gruusSince }) =>
          instance !== undefined &&
          gruusSince === content?.since &&
          this.#instanceHash(aor, instance) === content?.instanceHash,
      );
      return found.length === 0 ? undefined : found;
    }
    const hash = gr.slice(0, HASH_DIGITS).toLowerCase();
    if (gr.slice(HASH_DIGITS).toLowerCase() !== this.#publicSeal(aor, hash)) return undefined;
    return bindings.filter(({ instance }) => instance !== undefined && this.#instanceHash(aor, instance) === hash);
  }

  #open(uri: SipUri): Content | undefined {
    const text = (uri.user ?? '').slice(PREFIX.length);
    const sealed = decodeBase64url(text.slice(0, -HASH_DIGITS));
    if (sealed === undefined || sealed.length < NONCE_BYTES + BLOCK_BYTES) return undefined;
    if (this.#temporarySeal(sealed, uri.host) !== text.slice(-HASH_DIGITS)) return undefined;
    return contentOf(this.#enciphered(sealed.subarray(NONCE_BYTES), sealed.subarray(0, NONCE_BYTES)));
  }

  /** The same again deciphers: the hash of the nonce and a counter is added to each eight bytes. */
  #enciphered(bytes: Uint8Array, nonce: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes);
    const text = `gruu cipher\n${String.fromCharCode(...nonce)}\n`;
    for (let i = 0; i < out.length; i += 8) {
      const pad = bytesOfWords(siphash(this.#key, `${text}${i}`));
      for (let j = 0; j < 8 && i + j < out.length; j += 1) out[i + j] = (out[i + j] ?? 0) ^ (pad[j] ?? 0);
    }
    return out;
  }

  #instanceHash(aor: string, instance: string): string {
    return siphashHex(this.#key, `gruu instance\n${aor}\n${instance}`);
  }

  #publicSeal(aor: string, hash: string): string {
    return siphashHex(this.#key, `gruu public\n${aor}\n${hash}`);
  }

  #temporarySeal(sealed: Uint8Array, host: string): string {
    return siphashHex(this.#key, `gruu temporary\n${canonicalHost(host)}\n${String.fromCharCode(...sealed)}`);
  }
}

/** What a temporary GRUU hides. */
interface Content {
  readonly user: string;
  readonly instanceHash: string;
  readonly since: UnixMs;
}

/** Padded, so that the length says nothing about the user, but that the name is a long one. */
function plainOf(user: string, instanceHash: string, since: UnixMs): Uint8Array {
  const out = new Uint8Array(Math.ceil((HEAD_BYTES + user.length) / BLOCK_BYTES) * BLOCK_BYTES);
  const [high, low] = [instanceHash.slice(0, 8), instanceHash.slice(8)].map((hex) => Number.parseInt(hex, 16));
  out.set(bytesOfWords([high ?? 0, low ?? 0, Math.floor(since / 2 ** 32), since % 2 ** 32]));
  for (let i = 0; i < user.length; i += 1) out[HEAD_BYTES + i] = user.charCodeAt(i);
  return out;
}

function contentOf(plain: Uint8Array): Content {
  const words = new DataView(plain.buffer);
  const end = plain.indexOf(0, HEAD_BYTES);
  return {
    instanceHash: [words.getUint32(0), words.getUint32(4)].map((n) => n.toString(16).padStart(8, '0')).join(''),
    since: words.getUint32(8) * 2 ** 32 + words.getUint32(12),
    user: String.fromCharCode(...plain.subarray(HEAD_BYTES, end < 0 ? plain.length : end)),
  };
}

const isTemporary = (uri: SipUri): boolean => uri.user?.startsWith(PREFIX) === true && uri.params.get('gr') === '';

/** RFC 5627 §5.1: the address with nothing but the parameter; its port stays, since it may be what leads here. */
const gruu = ({ secure, host, port }: SipUri, user: string | undefined, params: string): SipUri =>
  new SipUri({ secure, user, password: undefined, host, port, params: new Params(params), headers: '' });

const bytesOfWords = (words: readonly number[]): Uint8Array =>
  Uint8Array.from(
    words.flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word]),
    (byte) => byte & 255,
  );

const PREFIX = 'tgruu.';
const HASH_DIGITS = 16;
const NONCE_BYTES = 12;
/** The hash and the moment, eight bytes each. */
const HEAD_BYTES = 16;
const BLOCK_BYTES = 32;
