export { type ClientEvents, ClientSide } from './client-side.ts';
export { describeFailure } from './failure.ts';
export type { LadderOptions } from './ladder.ts';
export type { Link } from './link.ts';
export {
  type NameAnswer,
  type NameScript,
  type NameServer,
  type NameServerOptions,
  type NameZone,
  openNameServer,
} from './name-server.ts';
export type { Note } from './network.ts';
export { nodeText } from './node-text.ts';
export type { Conditions, Loss } from './path.ts';
export { type Heard, Peer, type PeerSettings } from './peer.ts';
export { createPhone, Phone, type PhoneOptions, type RegisterOptions, type SendOptions } from './phone.ts';
export { nodeHash } from './phone-account.ts';
export { type CallOptions, IncomingCall, OutgoingCall } from './phone-calls.ts';
export { PhoneDialog, type RequestOptions } from './phone-dialog.ts';
export type { Outcome } from './phone-requests.ts';
export { PhoneTransactions } from './phone-transactions.ts';
export { play } from './play.ts';
export { createSeededRandom, type SeededRandom } from './seeded-random.ts';
export { type Answering, ServerSide } from './server-side.ts';
export type { StreamSettings } from './stream-settings.ts';
export type { RunOptions } from './timeline.ts';
export { labelOf, type Place, type Traffic } from './traffic.ts';
export type { TcpSettings, UdpSettings, VirtualHost } from './virtual-host.ts';
export { createVirtualPorts, type VirtualPorts, type VirtualPortsOptions } from './virtual-ports.ts';
export { createVirtualStore, type VirtualStore, type VirtualStoreOptions } from './virtual-store.ts';
export { createWorld, type HostOptions, type World, type WorldOptions } from './world.ts';
