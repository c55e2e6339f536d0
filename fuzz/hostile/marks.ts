/** What stands in a template for what is known only when a case is sent. No mark is a byte, so that no anomaly holds one. */

/** The number of the case: its transaction and its call are its own. */
export const NUMBER = '\u2116';
/** How many bytes the body has. */
export const LENGTH = '\u2113';
/** What Via calls the transport. */
export const PROTOCOL = '\u21c4';
