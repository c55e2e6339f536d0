import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { answerTo, Telephone } from './telephone.ts';

// A phone that knows its private address and nothing of NATs: what it shall do stands in lines of its input, what happened in its output.

const { values } = parseArgs({
  options: {
    user: { type: 'string', default: '' },
    host: { type: 'string', default: '' },
    port: { type: 'string', default: '0' },
    protocol: { type: 'string', default: 'udp' },
    server: { type: 'string', default: '' },
  },
});
const phone = await Telephone.open({
  user: values.user,
  host: values.host,
  port: Number(values.port),
  protocol: values.protocol === 'tcp' ? 'tcp' : 'udp',
  server: values.server,
  tell: (line) => console.log(line),
});
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) answerTo(phone, line);
process.exit(0);
