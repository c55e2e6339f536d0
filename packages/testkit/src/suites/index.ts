export * from './bans.ts';
export * from './locations.ts';
export * from './transport.ts';
export * from './users.ts';
