/** What the process says to the shell when it ends. */
export const EXIT = {
  ok: 0,
  /** The command line or the configuration is wrong. */
  usage: 1,
  /** A peer refused, or a message is faulty. */
  sip: 2,
  /** No answer in time. */
  timeout: 3,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];
