/** The one door from the command line to the server's configuration. */
export * from '@strowger/server/config';
