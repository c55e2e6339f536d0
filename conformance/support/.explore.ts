import { readdirSync, readFileSync } from 'node:fs';
import { createStage } from './stage.ts';
import { parse } from '../../packages/sip/src/message/index.ts';
import { plainText } from '../../packages/testkit/src/messages.ts';
const dir = process.argv[2]!;
for (const f of readdirSync(dir).filter((f) => f.endsWith('.dat'))) {
  const bytes = new Uint8Array(readFileSync(`${dir}/${f}`));
  const p = parse(bytes, plainText);
  console.log(`\n== ${f}: ${p.kind} ${p.kind === 'malformed' ? `${p.status} ${p.reason} @${p.position}` : ''}`);
  for (const [role, domain] of [['home', 'example.com'], ['proxy', 'proxy.invalid']] as const)
    for (const how of ['datagram', 'stream'] as const) {
      try {
      const stage = await createStage({ config: { domains: [domain] } });
      const sent = await stage[how](bytes, 300);
      const show = sent.map((s) => `${s.protocol}→${s.to.host}:${s.to.port} ${s.text.split('\r\n')[0]!.slice(0,70)}`);
      const ev = stage.events.filter((e) => e.type === 'message.dropped' || e.type === 'message.malformed' || e.type==='fault').map((e) => e.type+':' + (e.type==='fault' ? String((e.error as Error).stack) : (e as any).reason));
      console.log(`  ${role} ${how}: ${show.join(' | ')} ${stage.hangups ? 'CLOSED ' + stage.hangups : ''} ${ev.join(';')}`);
      await stage.later(400_000);
      if (stage.tables.servers + stage.tables.clients) console.log('   LEAK', stage.tables);
      } catch (e) { console.log(`  ${role} ${how}: THROW`, e); }
    }
}
