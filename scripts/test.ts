import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gateSteps, interopStep } from './gate.ts';
import { installPeers } from './peers.ts';
import { outcomeOf, printTotal, runSteps, type Step } from './steps.ts';

// `npm test`: the gate, then the tests against real peers. `--install-peers` or CI=true installs the peers first.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
process.env.NODE_COMPILE_CACHE ??= `${root}/.cache/compile`;

const install: readonly Step[] =
  process.argv.includes('--install-peers') || process.env.CI === 'true'
    ? [{ name: 'peers', run: () => outcomeOf(installPeers()) }]
    : [];
const total = await runSteps([...install, ...gateSteps(root), interopStep(root)], process.stdout);
console.log(printTotal(total));
process.exitCode = total.failed > 0 ? 1 : 0;
