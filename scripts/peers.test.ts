import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTALL_LINE, lacking } from './peers.ts';

test('a missing program is told with the line that installs it, and one that is there is no reason to skip', () => {
  assert.equal(lacking('sh'), false);
  assert.equal(lacking('sh', 'no-such-peer'), `no-such-peer not found: ${INSTALL_LINE}`);
});
