export { type ClientOwner, ClientTransaction, type Destination } from './client-transaction.ts';
export type { CoreOptions } from './core.ts';
export { Engine, type EngineOptions } from './engine.ts';
export { EVENT_TYPES } from './event-stream.ts';
export type { EngineEvent, EngineListener } from './events.ts';
export { ENGINE_LIMITS } from './limits.ts';
export * from './ports.ts';
export { Tokens } from './tokens.ts';
export { type Timed, Wheel } from './wheel.ts';
