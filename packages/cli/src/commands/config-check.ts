import { outline, required } from '../outline.ts';

export const configCheckOutline = outline({
  name: 'config check',
  summary: 'Check a configuration file and say what is wrong with it',
  positionals: { file: required('F', 'the configuration file') },
  flags: {},
  examples: [{ line: 'config check strowger.yaml', does: 'prints a line per fault, or what the file means' }],
});
