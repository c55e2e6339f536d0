/** Milliseconds on a monotonic clock: for timers, never stored, never compared between machines. */
export type Instant = number;
/** Milliseconds since 1970-01-01T00:00:00Z: for everything persisted, printed or shared. */
export type UnixMs = number;
