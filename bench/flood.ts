import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * New calls that nobody waits for: `node bench/flood.ts PORT RATE SECONDS` sends RATE INVITEs a second to PORT, each of another call,
 * and prints how many those were and how many answers came, by status.
 */
const [port = 0, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 8\r\n';
const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000, sendBufferSize: 4_000_000 });
await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
const own = socket.address().port;
const answers = new Map<string, number>();
socket.on('message', (bytes) => {
  const status = bytes.toString('latin1', 8, 11);
  answers.set(status, (answers.get(status) ?? 0) + 1);
});

function invite(n: number): Buffer {
  const user = `u${String(n % 1000).padStart(6, '0')}`;
  const lines = [
    `INVITE sip:${user}@bench.test SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bKflood${n};rport`,
    'Max-Forwards: 70',
    `From: <sip:caller@bench.test>;tag=f${n}`,
    `To: <sip:${user}@bench.test>`,
    `Call-ID: flood-${n}@127.0.0.1`,
    'CSeq: 1 INVITE',
    `Contact: <sip:caller@127.0.0.1:${own}>`,
    'Content-Type: application/sdp',
    `Content-Length: ${SDP.length}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${SDP}`, 'latin1');
}

const began = performance.now();
let sent = 0;
for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - began) {
  for (const due = Math.floor((elapsed / 1000) * rate); sent < due; sent += 1)
    socket.send(invite(sent), port, '127.0.0.1');
  await sleep(2);
}
await sleep(500);
socket.close();
const said = [...answers].map(([status, count]) => `${status} ${count}`).join(', ');
console.log(JSON.stringify({ sent, seconds: (performance.now() - began - 500) / 1000, answers: said }));
