export * from './auth-value.ts';
export * from './binary.ts';
export * from './chars.ts';
export * from './faults.ts';
export * from './params.ts';
export { isPromiseLike } from './promise-like.ts';
export { Scanner } from './scanner.ts';
export type { Text } from './text-port.ts';
export type { Instant, UnixMs } from './time.ts';
