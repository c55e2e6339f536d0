export {
  type Administered,
  type ApiPorts,
  type ApiRequest,
  type ApiResponse,
  answerApi,
  type ShownBinding,
  showBinding,
} from './api.ts';
export type { ShownBan } from './api-bans.ts';
export { App, type Middleware } from './app.ts';
export * from './config/index.ts';
export { type Forwarding, forward } from './forward.ts';
export type { Ban, BanStore } from './guard/ban.ts';
export { Bans, createOfflineBans } from './guard/bans.ts';
export { Identity } from './identity.ts';
export { loadSecrets, madeDomain, type Secrets } from './secrets.ts';
export { createServer, type Server, type ServerOptions, type ServerPorts } from './server.ts';
export { LayeredUsers, type UserOrigin } from './users.ts';
export { type Passage, passageOf, WHO_MAY_PASS } from './who-may-pass.ts';
