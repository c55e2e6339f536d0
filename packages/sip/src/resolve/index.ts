export { type NextHop, nextHopOf } from './next-hop.ts';
