export { expandWildcard, isWildcard } from './addresses.ts';
export { createClock, type NodeClock } from './clock.ts';
export { LISTEN_FAULTS, ListenFault, type ListenFaultCode } from './faults.ts';
export { createHash } from './hash.ts';
export { createRandom } from './random.ts';
export { createAddressResolver, type ResolverOptions } from './resolver.ts';
export { openTcp, STREAM_LIMITS, type TcpOptions } from './tcp.ts';
export { bufferText } from './text.ts';
export { openUdp, type UdpOptions } from './udp.ts';
