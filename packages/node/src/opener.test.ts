import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Witness } from '@strowger/testkit/suites';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { createOpener } from './opener.ts';

const SILENT = new Witness();
const authority = await createSampleAuthority();
const credentials = authority.credentials(await authority.issue({ addresses: ['127.0.0.1'] }));

test('a wildcard opens one address for each that the machine has of the family, with a port of its own', async () => {
  for (const protocol of ['udp', 'tcp', 'tls', 'ws', 'wss'] as const) {
    const opened = await createOpener({ interfaces: { lo: [ip4('127.0.0.1')] }, credentials })(
      { protocol, host: '0.0.0.0', port: 0 },
      SILENT,
    );
    assert.deepEqual(
      opened.map(({ local }) => [local.protocol, local.host]),
      [[protocol, '127.0.0.1']],
    );
    assert.notEqual(opened[0]?.local.port, 0);
    await Promise.all(opened.map((transport) => transport.close()));
  }
});

test('a wildcard of a family that the machine has not is refused with a sentence', async () => {
  await assert.rejects(createOpener({ interfaces: {} })({ protocol: 'udp', host: '::', port: 5060 }, SILENT), {
    name: 'ListenFault',
    code: 'NODE_E_LISTEN',
    message: 'udp:[::]:5060 cannot be opened: this machine has no address of this family.',
  });
});

test('when one address of a wildcard cannot be had, none stays open', async () => {
  const [free] = await createOpener()({ protocol: 'udp', host: '127.0.0.1', port: 0 }, SILENT);
  const port = free?.local.port ?? 0;
  await free?.close();
  const listen = { protocol: 'udp', host: '0.0.0.0', port } as const;
  const interfaces = { lo: [ip4('127.0.0.1'), ip4('192.0.2.250')] };
  for (let i = 0; i < 2; i += 1)
    await assert.rejects(createOpener({ interfaces })(listen, SILENT), {
      code: 'NODE_E_NOT_LOCAL',
      host: '192.0.2.250',
    });
});

test('without certificates tls and wss cannot be opened, and the fault says so', async () => {
  for (const protocol of ['tls', 'wss'] as const)
    await assert.rejects(createOpener()({ protocol, host: '127.0.0.1', port: 5061 }, SILENT), {
      name: 'ListenFault',
      message: `${protocol}:127.0.0.1:5061 cannot be opened: there is no certificate for it.`,
    });
});

const ip4 = (address: string) =>
  ({ address, family: 'IPv4', netmask: '255.255.255.0', mac: '', internal: false, cidr: null }) as const;
