#!/usr/bin/env node
// Plain JavaScript without named imports from newer modules: any Node must get as far as the sentence about its age.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`strowger needs Node 24 or newer and this is ${process.version}: install a newer one from nodejs.org.`);
  process.exitCode = 1;
} else {
  // Node's own choice is a folder for temporary files, where whoever comes first lays in what is run. NODE_COMPILE_CACHE wins.
  const { XDG_CACHE_HOME, HOME, LOCALAPPDATA } = process.env;
  const caches = XDG_CACHE_HOME || (HOME ? join(HOME, '.cache') : LOCALAPPDATA);
  if (caches) nodeModule.enableCompileCache(join(caches, 'strowger'));
  const bundle = new URL('../dist/main.js', import.meta.url);
  const { start } = await import((existsSync(bundle) ? bundle : new URL('../src/main.ts', import.meta.url)).href);
  await start();
}
