import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { type Authority, createAuthority } from './peers/authority.ts';
import { DAVE, KAMAILIO_HOST, type Kamailio, startKamailio } from './peers/kamailio.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { answers, calls, callsInVain, callsUnasked, registers, registersUnasked } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import type { Scenario } from './peers/scenario.ts';
import { ALICE, addressOf, BOB, DOMAIN, HOST, type RunningServer, startServerWith } from './peers/server.ts';
import { headersOf, methodOf, runSipp, type Sipp, startSipp } from './peers/sipp.ts';

const skip = lacking('kamailio', 'kamailio tls', 'openssl', 'sipp');

test('one of ours calls a user of Kamailio over TLS, where both show certificates (RFC 5922 §7)', {
  skip,
}, async (t) => {
  const { lab, server, kamailio, daveOverTls } = await setUp(t);
  const dave = await kamailiosPhone(lab, kamailio, answers(DAVE));
  await runSipp(lab, calls(ALICE, daveOverTls), { transport: 'udp', to: server });
  assertOverTls((await dave.done()).received);
});

test('a user of Kamailio calls one of ours over TLS, where both show certificates (RFC 5922 §7)', {
  skip,
}, async (t) => {
  const { lab, server, kamailio } = await setUp(t);
  const port = await freePort();
  await runSipp(lab, registers(BOB, 300), { transport: 'udp', to: server, port });
  const bob = await startSipp(lab, answers(BOB), { transport: 'udp', port });
  await runSipp(lab, callsUnasked(DAVE, addressOf(BOB)), { transport: 'udp', to: kamailio, host: DAVES_HOST });
  assertOverTls((await bob.done()).received);
});

// What would be a 503 of ours goes back as 500 (RFC 3261 §16.7 step 6).
test('nothing goes to a Kamailio with the certificate of somebody else, and the log names both (RFC 5922 §7.3)', {
  skip,
}, async (t) => {
  const { lab, server, daveOverTls } = await setUp(t, { kamailioIs: 'mallory.test' });
  await runSipp(lab, callsInVain(ALICE, daveOverTls, 500), { transport: 'udp', to: server });
  await server.child.line(
    /transport\.failed .*code=untrusted .*expected a certificate for 127\.0\.0\.2, found one for mallory\.test/,
    SOON_MS,
  );
});

test('nothing comes from a Kamailio whose certificate is from another authority, and the log says so', {
  skip,
}, async (t) => {
  const { lab, server, kamailio } = await setUp(t, { kamailiosAuthority: 'stranger' });
  const dave = { transport: 'udp', to: kamailio, host: DAVES_HOST } as const;
  // Kamailio would try for half a minute.
  await startSipp(lab, callsUnasked(DAVE, addressOf(BOB)), dave);
  await server.child.line(/transport\.failed .*code=untrusted .*showed a certificate that is not trusted/, SOON_MS);
});

interface Neighbours {
  readonly lab: Lab;
  readonly server: RunningServer;
  readonly kamailio: Kamailio;
  /** Dave's address at Kamailio's port for TLS. */
  readonly daveOverTls: string;
}

interface Certificates {
  /** The name in Kamailio's certificate; its address where it is left out. */
  readonly kamailioIs?: string;
  /** Who has signed it; the authority of both sides where it is left out. */
  readonly kamailiosAuthority?: string;
}

/** Both have certificates of one authority, ask for such ones, and trust each other. */
async function setUp(t: TestContext, { kamailioIs, kamailiosAuthority }: Certificates = {}): Promise<Neighbours> {
  const lab = createLab(t);
  const authority = createAuthority(lab);
  const own = authority.issue(DOMAIN, `URI:sip:${DOMAIN}`, `DNS:${DOMAIN}`, `IP:${HOST}`);
  const ports = { ours: await freePort(), theirs: await freePort() };
  const server = await startServerWith(lab, {
    listen: [`tls:${HOST}:${ports.ours}`],
    settings: [
      `trusted: [${KAMAILIO_HOST}]`,
      'tls:',
      `  certificate: ${own.certificate}`,
      `  key: ${own.key}`,
      `  ca: [${authority.certificate}]`,
      '  clientCertificates: require',
    ],
  });
  const signer: Authority = kamailiosAuthority === undefined ? authority : createAuthority(lab, kamailiosAuthority);
  const theirs = kamailioIs === undefined ? `IP:${KAMAILIO_HOST}` : `DNS:${kamailioIs}`;
  const kamailio = await startKamailio(lab, `sip:${HOST}:${ports.ours};transport=tls`, {
    ...signer.issue('kamailio', theirs),
    port: ports.theirs,
    ca: authority.certificate,
  });
  return { lab, server, kamailio, daveOverTls: `sip:${DAVE.name}@${KAMAILIO_HOST}:${ports.theirs};transport=tls` };
}

async function kamailiosPhone(lab: Lab, kamailio: Kamailio, scenario: Scenario): Promise<Sipp> {
  const [port, host] = [await freePort(), DAVES_HOST];
  await runSipp(lab, registersUnasked(DAVE), { transport: 'udp', to: kamailio, port, host });
  return startSipp(lab, scenario, { transport: 'udp', port, host });
}

/** Each request of the call came through both proxies, and went over TLS between them. */
function assertOverTls(received: readonly string[]): void {
  assert.deepEqual(received.map(methodOf), ['INVITE', 'ACK', 'BYE']);
  for (const request of received) {
    const transports = headersOf(request, 'Via').map((via) => via.split(' ', 1)[0]);
    assert.deepEqual(transports, ['SIP/2.0/UDP', 'SIP/2.0/TLS', 'SIP/2.0/UDP'], request);
  }
}

const DAVES_HOST = '127.0.0.3';
const SOON_MS = 10_000;
