import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apiPages, strayApiPages } from './api-report.ts';
import { checkLayers } from './check-layers.ts';
import { checkPack } from './check-pack.ts';
import { excerptOf, runCommand } from './command.ts';
import { deviationsOf, printDeviations } from './deviations.ts';
import { manifestsOf } from './entry-points.ts';
import { printFinding } from './finding.ts';
import { checkHouseRules } from './house-rules.ts';
import { layersPicture } from './layers.ts';
import { ledgerPages, ledgerProblems, ledgerSummary } from './ledger.ts';
import { lockFilePages } from './lock-file.ts';
import { type Page, staleSentences, withSection, writePages } from './page.ts';
import { runTests } from './run-tests.ts';
import { type Outcome, outcomeOf, type Step } from './steps.ts';
import { readTree, type Tree } from './tree.ts';

/** What `npm run check` does, in order. Every step but the tests counts as one test. */
export function gateSteps(root: string): readonly Step[] {
  return [
    { name: 'format and lint', run: () => checkFormat(root) },
    { name: 'types', run: () => checkTypes(root) },
    { name: 'house rules', run: () => checkHouse(readTree(root)) },
    { name: 'ledger', run: () => checkLedger(readTree(root)) },
    { name: 'tests', run: (onProgress) => runTestStep(root, gateTests(readTree(root)), onProgress) },
    { name: 'printed pages', run: () => checkPages(readTree(root)) },
    { name: 'packages install and run', run: async (onProgress) => outcomeOf(await checkPack(root, onProgress)) },
  ];
}

/** The tests against real peers, which `npm test` adds. */
export const interopStep = (root: string): Step => ({
  name: 'interop tests',
  run: (onProgress) =>
    runTestStep(
      root,
      readTree(root).files.filter((path) => INTEROP.test(path)),
      onProgress,
    ),
});

/** Brings everything up to date that is printed from sources: the API pages, the deviations, the ledger, the picture. */
export function writeSteps(root: string): readonly Step[] {
  return [
    { name: 'types', run: () => checkTypes(root) },
    {
      name: 'printed pages',
      run: async () => {
        const tree = readTree(root);
        const pages = await pagesOf(tree);
        const strays = strayApiPages(tree.files, pages);
        for (const path of strays) rmSync(join(root, path));
        return outcomeOf([], [...writePages(root, pages), ...strays.map((path) => `removed ${path}`)]);
      },
    },
  ];
}

async function checkFormat(root: string): Promise<Outcome> {
  const args = ['check', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=50', '--colors=off', '.'];
  const { code, text } = await runCommand(root, 'biome', args);
  return outcomeOf(code === 0 ? [] : [...excerptOf(text, 60), 'npm run fix mends most of it']);
}

async function checkTypes(root: string): Promise<Outcome> {
  const { code, text } = await runCommand(root, 'tsc', ['-b', '--pretty', 'false']);
  return outcomeOf(code === 0 ? [] : excerptOf(text, 60));
}

function checkHouse(tree: Tree): Outcome {
  return outcomeOf([...checkLayers(tree), ...checkHouseRules(tree)].map(printFinding));
}

function checkLedger(tree: Tree): Outcome {
  return outcomeOf(ledgerProblems(tree), ledgerSummary(tree));
}

async function checkPages(tree: Tree): Promise<Outcome> {
  const pages = await pagesOf(tree);
  const strays = strayApiPages(tree.files, pages).map((path) => `${path} is about an entry point that is no more`);
  const problems = [...staleSentences(tree.root, pages), ...strays];
  return outcomeOf(problems.length === 0 ? [] : [...problems, 'node scripts/check.ts --write prints them anew']);
}

/** The sources are loaded here and not at the top, so that the other steps run on sources that do not load. */
async function pagesOf(tree: Tree): Promise<readonly Page[]> {
  const { stateMachinePages } = await import('./state-machines.ts');
  return [
    { path: 'docs/deviations.md', text: printDeviations(deviationsOf(tree)) },
    ...withSection(tree.root, 'ARCHITECTURE.md', 'layers', layersPicture([...manifestsOf(tree.root).keys()])),
    ...ledgerPages(tree),
    ...stateMachinePages(),
    ...apiPages(tree.root),
    ...lockFilePages(tree.root),
  ];
}

const gateTests = (tree: Tree): readonly string[] =>
  tree.files.filter((path) => /\.(test|sim)\.ts$/.test(path) && !INTEROP.test(path));

/** A skipped test is a failed one, except where a peer may be missing: there CI=true decides. */
async function runTestStep(
  root: string,
  files: readonly string[],
  onProgress: (text: string) => void,
): Promise<Outcome> {
  const run = await runTests(root, files, (done) => onProgress(`${done} passed`));
  const mayStay = files.every((path) => INTEROP.test(path)) && process.env.CI !== 'true';
  const skips = run.skips.map((title) => `skipped: ${title}`);
  return {
    passed: run.passed,
    failed: run.failed + (mayStay ? 0 : run.skipped),
    skipped: mayStay ? run.skipped : 0,
    lines: [...run.failures, ...skips, ...run.slowest],
  };
}

const INTEROP = /^conformance\/(?:interop|hostile)\/.*\.test\.ts$/;
