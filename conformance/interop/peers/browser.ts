import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort } from './port.ts';
import { type Account, HOST } from './server.ts';

/** Serves the page of a telephone, and hears what that tells. */
export class PhonePage {
  /** The scheme, host and port of the page, as browsers name it. */
  readonly origin: string;
  readonly #port: number;
  readonly #server: Server;
  readonly #lines: string[] = [];
  #wake = (): void => {};

  constructor(port: number) {
    this.#port = port;
    this.origin = `http://${HOST}:${port}`;
    this.#server = createServer((request, response) => {
      const script = request.url?.startsWith('/phone.js');
      response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
      if (request.method !== 'POST') return response.end(script ? SCRIPT : PAGE);
      let line = '';
      request.setEncoding('utf8').on('data', (text) => {
        line += text;
      });
      return request.on('end', () => {
        this.#lines.push(line);
        this.#wake();
        response.end();
      });
    });
  }

  static async open(t: TestContext): Promise<PhonePage> {
    const page = new PhonePage(await freePort());
    await new Promise<void>((resolve) => page.#server.listen(page.#port, HOST, resolve));
    t.after(() => {
      page.#server.close();
      page.#server.closeAllConnections();
    });
    return page;
  }

  /** Where the telephone of an account is that connects to `server`. */
  addressFor({ name, password, domain }: Account, server: string): string {
    return `${this.origin}/?${new URLSearchParams({ server, user: name, password, domain })}`;
  }

  /** The next line that the page tells. */
  async tells(browser: Child): Promise<string> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      if (Date.now() >= until) throw new Error(`the page told nothing in ${PATIENCE_MS / 1000} s\n${browser.tail()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Opens a page in Chromium, which takes every certificate: its own list of authorities cannot be given to it. */
export const startChromium = (lab: Lab, address: string): Child =>
  lab.start('chromium', [...CHROMIUM, `--user-data-dir=${join(lab.folder, 'chromium')}`, address], {
    env: { HOME: lab.folder },
  });

const CHROMIUM = [
  '--headless',
  '--no-sandbox',
  '--ignore-certificate-errors',
  '--no-proxy-server',
  '--no-first-run',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SCRIPT = readFileSync(new URL('browser-phone.js', import.meta.url));
const PAGE = '<!doctype html><title>telephone</title><script type="module" src="/phone.js"></script>';
const PATIENCE_MS = 20_000;
