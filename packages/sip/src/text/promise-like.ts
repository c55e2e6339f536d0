/** True for an answer that is still to come, whatever its class: programs bring the promises of their libraries. */
export const isPromiseLike = <T>(value: T | Promise<T>): value is Promise<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
