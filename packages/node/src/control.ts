import { chmodSync, existsSync, lstatSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import type { ApiRequest, ApiResponse } from '@strowger/server';

/** Not by `import`, which asks for every export: HTTP/2, TLS and undici would be loaded, a tenth of the start. */
const { createServer, request: httpRequest } = process.getBuiltinModule('node:http');

/** Why the control socket could not be opened or used. Codes are stable; the reference page is printed from this table. */
export const CONTROL_FAULTS = {
  NODE_E_CONTROL_LIVE: 'Another process answers at this path.',
  NODE_E_CONTROL_PATH: 'The operating system did not let the path be opened or reached.',
  NODE_E_CONTROL_ANSWER: 'What answers at the path does not answer in time, or not as a server of this house does.',
} as const;

export type ControlFaultCode = keyof typeof CONTROL_FAULTS;

/** A control socket that cannot be opened or called. The message names the path and the cause. */
export class ControlFault extends Error {
  readonly code: ControlFaultCode;
  readonly path: string;
  constructor(code: ControlFaultCode, path: string, sentence: string, cause?: unknown) {
    super(`${path} ${sentence}`, cause === undefined ? undefined : { cause });
    this.name = 'ControlFault';
    this.code = code;
    this.path = path;
  }
}

export interface Control {
  readonly path: string;
  /** Takes no new request, lets those that came end (a second at most), and removes the socket. */
  close(): Promise<void>;
}

/**
 * Answers API requests, as HTTP, on a Unix socket that its owner alone may use, or on a named pipe where the path is one. A
 * socket that nobody answers at any more is replaced, and the end of the process removes its own.
 * @throws ControlFault (rejects); NODE_E_CONTROL_LIVE when somebody answers at the path
 */
export async function openControl(
  path: string,
  handler: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<Control> {
  const server = createServer(HTTP_OPTIONS, (incoming, outgoing) => void answer(incoming, outgoing, handler));
  server.maxConnections = MAX_CONNECTIONS;
  if ((await listen(server, path)) === 'taken') {
    await removeStale(path);
    if ((await listen(server, path)) === 'taken') throw liveFault(path);
  }
  server.on('error', () => {}); // A connection that could not be accepted: others may be.
  const remove = (): void => rmSync(path, { force: true });
  if (!isPipe(path)) process.once('exit', remove);
  return {
    path,
    close: async () => {
      await close(server);
      process.off('exit', remove);
    },
  };
}

/**
 * Asks the server whose control socket this is; `undefined` when none answers there.
 * @throws ControlFault (rejects)
 */
export function callControl(path: string, request: ApiRequest, timeoutMs = CALL_MS): Promise<ApiResponse | undefined> {
  const query = new URLSearchParams([...request.query]).toString();
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        socketPath: path,
        method: request.method,
        path: `${request.path}${query === '' ? '' : `?${query}`}`,
        agent: false,
        timeout: timeoutMs,
        headers: { host: 'localhost', 'content-type': 'application/json' },
      },
      (incoming) => {
        readJson(incoming, MAX_ANSWER_BYTES).then(
          (read) => {
            if (read.type === 'json') resolve({ status: incoming.statusCode ?? 0, body: read.value });
            else reject(answerFault(path, 'does not answer as a server does'));
          },
          (error: unknown) => reject(answerFault(path, 'broke off its answer', error)),
        );
      },
    );
    call.on('timeout', () => call.destroy(answerFault(path, 'does not answer')));
    call.on('error', (error) => {
      if (error instanceof ControlFault) reject(error);
      else if (NOBODY.has(codeOf(error))) resolve(undefined);
      else if (codeOf(error).startsWith('HPE_')) reject(answerFault(path, 'does not answer as a server does', error));
      else reject(pathFault(path, 'cannot be reached', error));
    });
    call.end(request.body === undefined ? undefined : JSON.stringify(request.body));
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<void> {
  const { status, body } = await responseTo(incoming, handler);
  const text = JSON.stringify(body) ?? 'null';
  outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  outgoing.end(text);
}

async function responseTo(
  incoming: IncomingMessage,
  handler: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  try {
    const read = await readJson(incoming, MAX_REQUEST_BYTES);
    if (read.type === 'tooLarge') return { status: 413, body: { error: 'The request is too large.' } };
    if (read.type === 'malformed') return { status: 400, body: { error: 'The body of the request is not JSON.' } };
    // Not by `new URL`, which would take dots out of the path that are names here.
    const [path = '', query = ''] = (incoming.url ?? '').split('?');
    const method = incoming.method ?? '';
    return await handler({ method, path, query: new Map(new URLSearchParams(query)), body: read.value });
  } catch (error) {
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

type Read =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'tooLarge' }
  | { readonly type: 'malformed' };

async function readJson(incoming: IncomingMessage, maxBytes: number): Promise<Read> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBytes) return { type: 'tooLarge' };
    chunks.push(chunk);
  }
  if (bytes === 0) return { type: 'json', value: undefined };
  try {
    return { type: 'json', value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { type: 'malformed' };
  }
}

function listen(server: Server, path: string): Promise<'open' | 'taken'> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      if (codeOf(error) === 'EADDRINUSE') resolve('taken');
      else if (!isPipe(path) && !existsSync(dirname(path)))
        reject(pathFault(path, 'cannot be opened: its folder is not there')); // which the system calls EACCES
      else reject(pathFault(path, 'cannot be opened', error));
    };
    server.once('error', onError);
    // The socket is made inside `listen`, so that it never has more rights than its owner's.
    const before = process.umask(0o177);
    server.listen({ path, exclusive: true }, () => {
      server.off('error', onError);
      if (!isPipe(path)) chmodSync(path, 0o600);
      resolve('open');
    });
    process.umask(before);
  });
}

/** @throws ControlFault (rejects) unless the path is a socket that refuses connections */
async function removeStale(path: string): Promise<void> {
  if (isPipe(path)) throw liveFault(path);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false)
    throw pathFault(path, 'cannot be opened: something that is no socket has this name');
  const code = await new Promise<string>((resolve) => {
    const probe = connect({ path, timeout: PROBE_MS });
    const end = (result: string) => () => {
      probe.destroy();
      resolve(result);
    };
    probe
      .on('connect', end(''))
      .on('timeout', end(''))
      .on('error', (error) => resolve(codeOf(error)));
  });
  if (!NOBODY.has(code)) throw liveFault(path);
  rmSync(path, { force: true });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(patience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const isPipe = (path: string): boolean => path.startsWith('\\\\.\\pipe\\');

const liveFault = (path: string): ControlFault =>
  new ControlFault('NODE_E_CONTROL_LIVE', path, 'is answered by another process.');
const pathFault = (path: string, sentence: string, cause?: unknown): ControlFault =>
  new ControlFault(
    'NODE_E_CONTROL_PATH',
    path,
    cause === undefined ? `${sentence}.` : `${sentence}: ${causeOf(cause)}.`,
    cause,
  );
const answerFault = (path: string, sentence: string, cause?: unknown): ControlFault =>
  new ControlFault('NODE_E_CONTROL_ANSWER', path, `${sentence}.`, cause);

const causeOf = (error: unknown): string =>
  CAUSES[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What connecting to a path says where no process listens. */
const NOBODY: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR']);
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'this user has no right to it',
  EPERM: 'this user has no right to it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EINVAL: 'the path is too long for a socket',
  ENAMETOOLONG: 'the path is too long for a socket',
};
const HTTP_OPTIONS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 };
const MAX_CONNECTIONS = 64;
const MAX_REQUEST_BYTES = 64 * 1024;
/** A list of half a million bindings. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const CALL_MS = 30_000;
const PROBE_MS = 2_000;
const CLOSE_MS = 1_000;
