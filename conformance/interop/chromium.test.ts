import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { PhonePage, startChromium } from './peers/browser.ts';
import type { Child } from './peers/child.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { asksUnasked } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, HOST, type RunningServer, startServerWith } from './peers/server.ts';
import { runSipp } from './peers/sipp.ts';

const skip = lacking('chromium');

test('a page in Chromium registers over WSS with SHA-256, and takes a MESSAGE that came over UDP (RFC 7118, RFC 8760)', {
  skip: skip || lacking('sipp'),
}, async (t) => {
  const { lab, server, page, browser } = await setUp(t, 'own');
  const tells = () => page.tells(browser);
  for (const line of ['open sip', 'REGISTER 401', 'REGISTER 200', 'OPTIONS 407', 'OPTIONS 200'])
    assert.equal(await tells(), line);

  const text = { type: 'text/plain', text: 'hello, page' };
  const gateway = { transport: 'udp', to: server, host: TRUSTED } as const;
  await runSipp(lab, asksUnasked('MESSAGE', ALICE, addressOf(BOB), text), gateway);
  assert.equal(await tells(), 'MESSAGE hello, page');
});

test('a page from elsewhere gets no connection in Chromium (RFC 6455 §10.2)', { skip }, async (t) => {
  const { page, browser } = await setUp(t, 'elsewhere');
  assert.equal(await page.tells(browser), 'closed 1006');
});

interface Site {
  readonly lab: Lab;
  readonly server: RunningServer;
  readonly page: PhonePage;
  readonly browser: Child;
}

/** A server for the page alone, or for another one, and Chromium that has opened the page. */
async function setUp(t: TestContext, origin: 'own' | 'elsewhere'): Promise<Site> {
  const lab = createLab(t);
  const page = await PhonePage.open(t);
  const port = await freePort();
  const server = await startServerWith(lab, {
    listen: [`wss:${HOST}:${port}`],
    settings: [
      'digest: [SHA-256]',
      `trusted: [${TRUSTED}]`,
      `webSocket: { origins: ["${origin === 'own' ? page.origin : 'https://phone.example.test'}"] }`,
    ],
  });
  const browser = startChromium(lab, page.addressFor(BOB, `wss://${HOST}:${port}`));
  return { lab, server, page, browser };
}

/** Who sends from there needs no password; SIPp could not prove itself with SHA-256. */
const TRUSTED = '127.0.0.3';
