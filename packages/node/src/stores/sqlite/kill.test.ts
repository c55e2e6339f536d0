import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { type Binding, decide } from '@strowger/sip/roles/registrar';
import { openSqliteStore } from './store.ts';

async function killedAgainAndAgain(durability: Durability): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-kill-'));
  const file = join(folder, 'strowger.db');
  const acknowledged = new Map<string, number>();
  try {
    for (let round = 0; round < ROUNDS[durability]; round += 1) {
      await killAfter(1 + Math.floor(Math.random() * 400), durability, file, acknowledged);
      const store = openSqliteStore(file);
      for (const [aor, cseq] of acknowledged) {
        const [found] = await store.locations.lookup(aor, NOW);
        assert.ok(found !== undefined && found.cseq >= cseq, `${aor}: ${cseq} acknowledged, ${found?.cseq} found`);
      }
      store.close();
    }
    assert.ok(acknowledged.size >= ROUNDS[durability]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Kills the child while it writes on, after so many acknowledgements; those on the way then count too. */
async function killAfter(
  lines: number,
  durability: Durability,
  file: string,
  acknowledged: Map<string, number>,
): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, durability, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [aor, cseq] = line.split(' ');
    if (aor === undefined || cseq === undefined || !line.endsWith('.')) continue;
    acknowledged.set(aor, Number.parseInt(cseq, 10));
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  assert.deepEqual(await exited, [null, 'SIGKILL']);
}

async function registerForEver(file: string, durability: Durability): Promise<void> {
  const { locations } = openSqliteStore(file, { durability });
  for (let cseq = Date.now(); ; cseq += 1) {
    const aors = Array.from({ length: 1 + (cseq % 7) }, (_, i) => `sip:user${(cseq * 7 + i) % 500}@example.com`);
    await Promise.all(
      aors.map(async (aor) => {
        const { bindings, version } = await locations.load(aor, NOW);
        const registration = { callId: 'call', cseq, contacts: [CONTACT], expires: '3600', path: [], flow: FLOW };
        const verdict = decide({ ...registration, userAgent: undefined }, bindings, POLICY, NOW);
        assert.equal(verdict.type, 'store');
        if (await locations.save(aor, verdict.bindings, version)) await tell(`${aor} ${cseq} .\n`);
      }),
    );
  }
}

/** Past all buffers of this process; again where the pipe is full. */
async function tell(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await new Promise(setImmediate);
    }
  }
}

const NOW = 1_764_000_000_000;
/** The disk makes the second one slow. */
const ROUNDS = { process: 8, power: 4 };
const POLICY = { minSeconds: 60, maxSeconds: 3600, defaultSeconds: 3600, maxBindings: 10 };
const FLOW: Binding['flow'] = {
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '198.51.100.7',
  port: 5062,
  connection: 0,
};
const CONTACT = {
  key: 'sip:a@198.51.100.7',
  contact: 'sip:a@198.51.100.7',
  params: '',
  q: undefined,
  expires: undefined,
  reach: 'contact' as const,
  instance: undefined,
  regId: undefined,
};

type Durability = 'process' | 'power';

/** The test starts this file again as the process that is to be killed. */
const [, , durability, fileOfChild] = process.argv;
if (fileOfChild !== undefined) await registerForEver(fileOfChild, durability === 'power' ? 'power' : 'process');
else
  for (const each of ['process', 'power'] as const)
    test(`every binding that was acknowledged is there after kill -9 at any moment, durability ${each}`, () =>
      killedAgainAndAgain(each));
