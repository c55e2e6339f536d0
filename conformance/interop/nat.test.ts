import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lacking } from '../../scripts/peers.ts';
import { createSite, type NatKind, SERVER, type Site, whyNoNamespaces } from '../nat/namespaces.ts';
import { RemotePhone } from '../nat/remote-phone.ts';
import { createLab } from './peers/lab.ts';

const skip = lacking('ip', 'nft') || whyNoNamespaces();

for (const kind of ['full-cone', 'restricted', 'symmetric'] as const) {
  for (const protocol of ['udp', 'tcp'] as const) {
    test(`phones behind ${kind} NATs call each other by ${protocol}, and either hangs up (RFC 3581, RFC 5626 §7)`, {
      skip,
    }, async (t) => {
      const { alice, bob } = await createCall(t, kind, protocol);
      bob.do('call alice');
      assert.equal(await alice.says('called'), `called from ${SERVER}`);
      assert.equal(await bob.says('answered'), 'answered 200');
      await alice.says('acknowledged');
      alice.do('hangup');
      await bob.says('ended');
      assert.equal(await alice.says('hung up'), 'hung up 200');
      alice.do('call bob');
      assert.equal(await alice.says('answered'), 'answered 200');
      await bob.says('acknowledged');
      alice.do('hangup');
      await bob.says('ended');
      assert.equal(await alice.says('hung up'), 'hung up 200');
    });
  }

  test(`the SIP port tells a phone behind a ${kind} NAT its address by STUN (RFC 5626 §8)`, { skip }, async (t) => {
    const { site, alice } = await createCall(t, kind, 'udp');
    const ports: string[] = [];
    for (const port of [5060, 5070]) {
      alice.do(`stun ${port}`);
      const [, host, mapped] = /^mapped ([\d.]+):(\d+) by/.exec(await alice.says('mapped')) ?? [];
      assert.equal(host, site.homes[0]?.outside);
      ports.push(mapped ?? '');
    }
    assert.equal(ports[0] === ports[1], kind !== 'symmetric', `${ports}: the NAT is what it is called`);
  });
}

for (const kind of ['full-cone', 'restricted', 'symmetric'] as const) {
  const verb = kind === 'full-cone' ? 'reaches' : 'does not reach';
  test(`a stranger ${verb} a phone behind a ${kind} NAT: the NAT is what it is called`, { skip }, async (t) => {
    const { site, alice } = await createCall(t, kind, 'udp');
    alice.do('stun 5060');
    const mapped = Number(/:(\d+) by/.exec(await alice.says('mapped'))?.[1]);
    const [home] = site.homes;
    assert.ok(home !== undefined);
    site.knock(home, mapped, OPTIONS);
    alice.do('stun 5060');
    assert.match(await alice.says(''), kind === 'full-cone' ? /^asked OPTIONS/ : /^mapped/);
  });
}

test('the firewall of the guide lets phones register and call, and nothing else in', { skip }, async (t) => {
  const guide = readFileSync(new URL('../../docs/guide/nat-and-firewalls.md', import.meta.url), 'utf8');
  const [, ruleset = ''] = /```nft\n(.*?)```/s.exec(guide) ?? [];
  const { site, alice, bob } = await createCall(t, 'restricted', 'udp');
  site.firewall(createLab(t).file('strowger.nft', ruleset));
  for (const phone of [alice, bob]) {
    phone.do('register');
    assert.equal(await phone.says('registered'), 'registered 200');
  }
  alice.do('call bob');
  assert.equal(await alice.says('answered'), 'answered 200');
  alice.do('hangup');
  await bob.says('ended');
  alice.do('stun 5070'); // where the server listens, but the page opens nothing
  alice.do('stun 5060');
  assert.match(await alice.says('mapped'), /by 5060$/);
});

/** A server and two phones, each in its home behind such a NAT and registered; all gone after the test. */
async function createCall(
  t: TestContext,
  kind: NatKind,
  protocol: 'udp' | 'tcp',
): Promise<{ readonly site: Site; readonly alice: RemotePhone; readonly bob: RemotePhone }> {
  const site = createSite([kind, kind]);
  t.after(() => site.end());
  const lab = createLab(t);
  const config = lab.file(
    'strowger.yaml',
    [
      'domains: [example.test]',
      `listen: [udp:${SERVER}:5060, udp:${SERVER}:5070, tcp:${SERVER}:5060]`,
      'data: memory',
      'trusted: [198.51.100.0/24]',
      'users: [{ name: alice, password: a-secret }, { name: bob, password: b-secret }]',
    ].join('\n'),
  );
  const args = ['netns', 'exec', site.server, process.execPath, STROWGER, 'serve', '--config', config];
  await lab.start('ip', args).line(/^ready /, 20_000);
  const phones = ['alice', 'bob'].flatMap((user, i) => {
    const home = site.homes[i];
    return home === undefined ? [] : [new RemotePhone(home, user, protocol)];
  });
  t.after(() => Promise.all(phones.map((phone) => phone.end())));
  for (const phone of phones) {
    await phone.says('ready');
    phone.do('register');
    assert.equal(await phone.says('registered'), 'registered 200');
  }
  const [alice, bob] = phones;
  assert.ok(alice !== undefined && bob !== undefined);
  return { site, alice, bob };
}

const STROWGER = fileURLToPath(new URL('../../node_modules/.bin/strowger', import.meta.url));

const OPTIONS = [
  'OPTIONS sip:alice@10.0.0.2:5062 SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:9;branch=z9hG4bKknock',
  'Max-Forwards: 70',
  'From: <sip:stranger@192.0.2.1>;tag=1',
  'To: <sip:alice@10.0.0.2>',
  'Call-ID: knock',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');
