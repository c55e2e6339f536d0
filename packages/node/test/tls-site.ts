import type { TestContext } from 'node:test';
import { Trial } from '@strowger/testkit/suites';
import { openTls, type TlsOptions } from '../src/tls.ts';

/** A trial over TLS on the loopback, each party with options of its own. */
export function tlsTrial(
  t: TestContext,
  optionsOf: (index: number) => Pick<TlsOptions, 'credentials'> & Partial<TlsOptions>,
): Trial {
  let opened = 0;
  const trial = new Trial({
    open: ({ listener, port }) => {
      opened += 1;
      return openTls({ host: '127.0.0.1', port, listener, ...optionsOf(opened - 1) });
    },
    close: async () => {},
  });
  t.after(() => trial.end());
  return trial;
}
