import { parseArgs } from 'node:util';
import { newCall, openLoop } from './loop-call.ts';

/**
 * Whole calls through the exchange without a socket: what a call costs in our own code, the caller's and the callee's
 * included. Prints microseconds of CPU a call: `node bench/exchange.ts --calls 20000 --rounds 5`.
 */
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '5' } },
});
const calls = Number(values.calls);
const loop = await openLoop();

let id = 0;
for (let round = 0; round < Number(values.rounds); round += 1) {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i += 1) {
    id += 1;
    loop.pass(0.5);
    const call = newCall(id);
    for (const step of loop.steps) step.look(call, loop.deliver(step.make(call), step.port));
    if (i % 20 === 0) loop.tick();
  }
  const used = process.cpuUsage(before);
  const { servers, clients } = loop.transactions();
  console.log(
    `round ${round + 1}: ${((used.user + used.system) / calls).toFixed(1)} us a call, ${servers} server and ${clients} client transactions, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
}
