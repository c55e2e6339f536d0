import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gateSteps, writeSteps } from './gate.ts';
import { outcomeOf, printTotal, runSteps } from './steps.ts';

// The gate: `npm run check`. `--write` brings printed pages up to date instead. Words choose steps: `npm run check types`.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
process.env.NODE_COMPILE_CACHE ??= `${root}/.cache/compile`;

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const steps = process.argv.includes('--write') ? writeSteps(root) : gateSteps(root);
const chosen = steps.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const total =
  chosen.length === 0 ? outcomeOf([`no step is called ${words.join(' ')}`]) : await runSteps(chosen, process.stdout);
for (const line of total.lines) console.log(line);
console.log(printTotal(total));
process.exitCode = total.failed > 0 ? 1 : 0;
