import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { About, TransportFault } from '@strowger/sip/engine';
import { bytesOf, Witness } from '@strowger/testkit/suites';
import { openBatchedUdp } from './batched-udp.ts';
import { selfTest } from './self-test.ts';
import { loadSystemCalls, type Readiness, type SystemCalls } from './system-calls.ts';

const REAL = await loadSystemCalls();

/** The system calls of this machine, with answers of `sendmmsg` that come first: a number of messages taken, or an error. */
function reluctant(answers: (number | string)[]): { calls: SystemCalls; watched: Readiness[] } {
  let error: string | undefined;
  const watched: Readiness[] = [];
  const calls: SystemCalls = {
    ...REAL,
    sendmmsg: (socket, messages, count, flags) => {
      const answer = answers.shift();
      error = typeof answer === 'string' ? answer : undefined;
      if (error !== undefined) return -1;
      return REAL.sendmmsg(socket, messages, typeof answer === 'number' ? Math.min(answer, count) : count, flags);
    },
    errorName: () => error ?? REAL.errorName(),
    watch: (socket, events, onReady) => {
      watched.push(events);
      const watch = REAL.watch(socket, events, onReady);
      return {
        ...watch,
        change: (changed) => {
          watched.push(changed);
          watch.change(changed);
        },
      };
    },
  };
  return { calls, watched };
}

async function pair(calls: SystemCalls, maxQueuedBytes = 100_000) {
  const [alice, bob] = [new Witness(), new Witness()];
  const from = openBatchedUdp(calls, { host: '127.0.0.1', port: 0, listener: alice, maxQueuedBytes });
  const to = openBatchedUdp(REAL, { host: '127.0.0.1', port: 0, listener: bob });
  return {
    alice,
    bob,
    send: (text: string, about = 0) => from.send(bytesOf(text), to.local.host, to.local.port, 0, about),
    flush: () => from.flush(),
    until: (witness: Witness, isDone: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = (): void => (isDone() ? resolve() : undefined);
        witness.onNote = look;
        look();
      }),
    end: () => Promise.all([from.close(), to.close()]),
  };
}

test('more datagrams than one system call takes arrive, each once and in order', async () => {
  const { bob, send, flush, until, end } = await pair(REAL);
  const texts = Array.from({ length: 200 }, (_, i) => `datagram ${i}`);
  for (const text of texts) send(text);
  flush();
  await until(bob, () => bob.texts().length === texts.length);
  assert.deepEqual(bob.texts(), texts);
  await end();
});

test('what the system takes only in part is sent in the next call', async () => {
  const { bob, send, flush, until, end } = await pair(reluctant([2, 1]).calls);
  for (const text of ['one', 'two', 'three', 'four']) send(text);
  flush();
  await until(bob, () => bob.texts().length === 4);
  assert.deepEqual(bob.texts(), ['one', 'two', 'three', 'four']);
  await end();
});

test('a full system is waited for, and what waits keeps its order, also with what comes meanwhile', async () => {
  const { calls, watched } = reluctant([1, 'EAGAIN']);
  const { bob, send, flush, until, end } = await pair(calls);
  for (const text of ['one', 'two', 'three']) send(text);
  flush();
  send('four');
  flush();
  await until(bob, () => bob.texts().length === 4);
  assert.deepEqual(bob.texts(), ['one', 'two', 'three', 'four']);
  assert.deepEqual(
    watched.map(({ writable }) => writable),
    [false, true, false],
  );
  await end();
});

test('above the limit of bytes that wait, messages fail with a full queue', async () => {
  const { alice, bob, send, flush, until, end } = await pair(reluctant(['EAGAIN']).calls, 10);
  send('12345', 1);
  send('1234567', 2);
  flush();
  await until(alice, () => alice.all('failed').length === 1);
  await until(bob, () => bob.texts().length === 1);
  assert.deepEqual(
    alice.all('failed').map(({ about, fault }) => [about, fault.code]),
    [[2, 'queueFull']],
  );
  assert.deepEqual(bob.texts(), ['12345']);
  await end();
});

test('what the system refuses for one datagram is told of that one, and the others leave', async () => {
  const { alice, bob, send, flush, until, end } = await pair(reluctant([1, 'EPERM', 'EINTR']).calls);
  for (const [i, text] of ['one', 'two', 'three'].entries()) send(text, i + 1);
  flush();
  await until(alice, () => alice.all('failed').length === 1);
  await until(bob, () => bob.texts().length === 2);
  const told: readonly { about: About; fault: TransportFault }[] = alice.all('failed');
  assert.deepEqual(
    told.map(({ about, fault }) => [about, fault.code]),
    [[2, 'unreachable']],
  );
  assert.match(told[0]?.fault.text ?? '', /firewall/);
  assert.deepEqual(bob.texts(), ['one', 'three']);
  await end();
});

test('a port that there is not is a failure of that datagram', async () => {
  const witness = new Witness();
  const transport = openBatchedUdp(REAL, { host: '127.0.0.1', port: 0, listener: witness });
  for (const [i, port] of [0, 65_536, -1].entries()) transport.send(bytesOf('x'), '127.0.0.1', port, 0, i + 1);
  await new Promise<void>((resolve) => {
    witness.onNote = () => (witness.all('failed').length === 3 ? resolve() : undefined);
  });
  assert.deepEqual(
    witness.all('failed').map(({ fault }) => fault.code),
    ['unreachable', 'unreachable', 'unreachable'],
  );
  await transport.close();
});

test('the self-test refuses system calls that lose or shorten what they carry, or say wrongly who sent it', async () => {
  const spoiled = (spoil: (messages: Uint8Array) => void): SystemCalls => ({
    ...REAL,
    recvmmsg: (socket, messages, ...rest) => {
      const count = REAL.recvmmsg(socket, messages, ...rest);
      if (count > 0) spoil(messages);
      return count;
    },
  });
  const refuses = (calls: SystemCalls, why: RegExp): Promise<void> =>
    assert.rejects(
      selfTest((options) => openBatchedUdp(calls, options), 50),
      why,
    );
  await selfTest((options) => openBatchedUdp(REAL, options));
  await refuses({ ...REAL, sendmmsg: (_socket, _messages, count) => count }, /no datagram came back within 50 ms/);
  await refuses(
    spoiled((messages) => messages.fill(0, 56, 60)),
    /came back wrong: 0 bytes of 1/,
  );
  await refuses(
    spoiled((messages) => messages.fill(9, 64 * 80 + 4, 64 * 80 + 8)),
    /came back wrong: from 9\.9\.9\.9/,
  );
});

test('what a listener throws is an uncaught exception as anywhere else, and the next datagram comes', async () => {
  const program = `
    import { openUdp } from '${new URL('./index.ts', import.meta.url).href}';
    process.on('uncaughtException', (error) => console.log('caught ' + error.message));
    let count = 0;
    const onDatagrams = () => {
      count += 1;
      if (count === 1) throw new Error('first');
      console.log('second');
      transport.close();
    };
    const transport = await openUdp({ host: '127.0.0.1', port: 0, listener: { onDatagrams } });
    const send = () => {
      if (count > 1) return;
      transport.send(Buffer.from('x'), transport.local.host, transport.local.port, 0, 0);
      transport.flush();
      setTimeout(send, 5);
    };
    send();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  assert.deepEqual(stdout.trim().split('\n'), ['caught first', 'second']);
});
