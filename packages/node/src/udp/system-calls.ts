import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';

/** The system calls of datagrams in batches, and the event loop's word on when a socket is ready. Numbers below 0 are errors. */
export interface SystemCalls {
  /** Which version of which package makes them. */
  readonly by: string;
  socket(family: number, type: number, protocol: number): number;
  bind(socket: number, address: Uint8Array, bytes: number): number;
  getsockname(socket: number, address: Uint8Array, bytes: Int32Array): number;
  setsockopt(socket: number, level: number, option: number, value: Int32Array, bytes: number): number;
  recvmmsg(socket: number, messages: Uint8Array, count: number, flags: number, timeout: null): number;
  sendmmsg(socket: number, messages: Uint8Array, count: number, flags: number): number;
  close(socket: number): number;
  /** The printed address of these bytes, into `text`. */
  inet_ntop(family: number, address: Uint8Array, text: Uint8Array, bytes: number): bigint | null;
  /** 1 where the text is an address of this family. */
  inet_pton(family: number, text: string, address: Uint8Array): number;
  /** The name of what went wrong in the call before. */
  errorName(): string;
  /** Where an array lies; it does not move while somebody holds it. */
  addressOf(bytes: Uint8Array): number;
  watch(socket: number, events: Readiness, onReady: (ready: Readiness) => void): Watch;
}

export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** The event loop's eye on one socket; it keeps the process alive. */
export interface Watch {
  change(events: Readiness): void;
  end(): void;
}

/** @throws Error (rejects) with a sentence that says why this system, or this installation, does not have them */
export async function loadSystemCalls(): Promise<SystemCalls> {
  const { platform, arch } = process;
  if (platform !== 'linux' || !LAYOUT_IS_KNOWN.has(arch) || endianness() !== 'LE')
    throw new Error(`datagrams in batches need Linux on a 64-bit processor, and this is ${platform} on ${arch}`);
  const koffi = await import('koffi').catch(() => undefined);
  if (koffi === undefined) throw new Error('the optional package koffi is not installed');
  const system = koffi.default.load(null);
  return {
    by: `koffi ${koffi.default.version}`,
    socket: system.func('int socket(int, int, int)'),
    bind: system.func('int bind(int, void *, uint32_t)'),
    getsockname: system.func('int getsockname(int, void *, void *)'),
    setsockopt: system.func('int setsockopt(int, int, int, void *, uint32_t)'),
    recvmmsg: system.func('int recvmmsg(int, void *, uint32_t, int, void *)'),
    sendmmsg: system.func('int sendmmsg(int, void *, uint32_t, int)'),
    close: system.func('int close(int)'),
    inet_ntop: system.func('void *inet_ntop(int, void *, void *, uint32_t)'),
    inet_pton: system.func('int inet_pton(int, str, void *)'),
    errorName: () => getSystemErrorName(-koffi.default.errno()),
    addressOf: (bytes) => Number(koffi.default.address(bytes)),
    watch: (socket, events, onReady) => {
      // Its types promise the events alone; what is called gets a status before them.
      const told = (...what: readonly unknown[]): void => onReady(what.at(-1) as Readiness);
      const handle = koffi.default.node.poll(socket, events, told);
      return {
        change: (changed) => {
          handle.stop();
          handle.start(changed, told);
        },
        end: () => handle.close(),
      };
    },
  };
}

export const [AF_INET, AF_INET6] = [2, 10];
export const [SOCK_DGRAM, SOCK_NONBLOCK, SOCK_CLOEXEC] = [2, 0o4000, 0o2000000];
export const [SOL_SOCKET, SO_SNDBUF, SO_RCVBUF] = [1, 7, 8];
export const [IPPROTO_IPV6, IPV6_V6ONLY] = [41, 26];
export const MSG_DONTWAIT = 0x40;

/** `struct mmsghdr` and the constants above are the same on these, with glibc and with musl. */
const LAYOUT_IS_KNOWN: ReadonlySet<string> = new Set(['x64', 'arm64', 'riscv64', 'loong64']);
