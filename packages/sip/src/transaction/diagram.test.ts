import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { client } from './client.ts';
import { diagramOf, stateMachinesPage } from './diagram.ts';
import { inviteClient } from './invite-client.ts';
import { inviteServer } from './invite-server.ts';
import { server } from './server.ts';

test('a table is drawn as a Mermaid state diagram: one arrow for each cell that does something', () => {
  assert.equal(
    diagramOf(client),
    `stateDiagram-v2
  [*] --> trying: start / send
  trying --> proceeding: provisional / deliver
  trying --> completed: final / deliver
  trying --> trying: timerE / resend
  trying --> terminated: timerF / timedOut
  trying --> terminated: transportError / lost
  proceeding --> proceeding: provisional / deliver
  proceeding --> completed: final / deliver
  proceeding --> proceeding: timerE / resend
  proceeding --> terminated: timerF / timedOut
  proceeding --> terminated: transportError / lost
  completed --> terminated: timerK
  terminated --> [*]
`,
  );
});

test('the page of the reference is printed from the tables as they are', () => {
  const page = new URL('../../../../docs/reference/state-machines.md', import.meta.url);
  assert.equal(
    readFileSync(page, 'utf8'),
    stateMachinesPage([inviteClient, client, inviteServer, server]),
    'run node scripts/state-machines.ts',
  );
});
