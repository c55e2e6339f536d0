import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A port that is free for UDP and TCP now, with `span - 1` free ones behind it. Four digits: sipsak cuts longer ports in
 * URIs, and the system gives such ports to nobody who does not ask for them, so that the port is still free in a moment.
 */
export async function freePort(span = 1): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - span));
    const ports = Array.from({ length: span }, (_, index) => port + index);
    if (ports.some((one) => given.has(one))) continue;
    const free = await Promise.all(ports.map(isFree));
    if (free.includes(false)) continue;
    for (const one of ports) given.add(one);
    return port;
  }
  throw new Error(`there is no free port between ${LOWEST} and ${HIGHEST}`);
}

/** Waits until somebody has this UDP port, as Linux tells it. Rejects when that takes too long or `isOver` says so. */
export async function taken(port: number, isOver: () => boolean): Promise<void> {
  const entry = new RegExp(`^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} `, 'm');
  for (let waited = 0; !entry.test(await readFile('/proc/net/udp', 'latin1')); waited += POLL_MS) {
    if (isOver() || waited > TAKEN_MS) throw new Error(`nobody listens on UDP port ${port}`);
    await pause(POLL_MS);
  }
}

const isFree = async (port: number): Promise<boolean> => (await takesUdp(port)) && (await takesTcp(port));

/** On all addresses: some peers bind a part of their sockets there. */
function takesUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.on('error', () => resolve(false));
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}

function takesTcp(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

const LOWEST = 5100;
const HIGHEST = 9999;
const POLL_MS = 10;
const TAKEN_MS = 10_000;
/** To this test file; two that run at the same time rarely meet among five thousand. */
const given = new Set<number>();
