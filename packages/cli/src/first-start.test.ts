import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from '@strowger/node';
import { createMemoryStore } from '@strowger/node/stores';
import { digestsOf } from '@strowger/sip/auth';
import { makeFirstUsers, printFirstStart, printLaterStart, rememberUsers } from './first-start.ts';

const hash = createHash();
let next = 0;
const random = { uint32: () => (next += 0x0123_4567) };

test('two users are made once, and the store has their digests', async () => {
  const store = createMemoryStore();
  const made = await makeFirstUsers('a.test', { ...store, random, hash });
  assert.deepEqual(
    made.map(({ name }) => name),
    ['alice', 'bob'],
  );
  assert.notEqual(made[0]?.password, made[1]?.password);
  const [alice] = made;
  assert.deepEqual(
    await store.users.find('alice', 'a.test'),
    digestsOf('alice', 'a.test', alice?.password ?? '', hash),
  );
  assert.deepEqual(await makeFirstUsers('a.test', { ...store, random, hash }), []);
});

test('nobody is made where there is somebody, or was', async () => {
  const store = createMemoryStore();
  await store.users.put(digestsOf('carol', 'a.test', 'x', hash));
  assert.deepEqual(await makeFirstUsers('a.test', { ...store, random, hash }), []);
  await store.users.remove('carol', 'a.test');
  assert.deepEqual(await makeFirstUsers('a.test', { ...store, random, hash }), []);

  const emptied = createMemoryStore();
  await rememberUsers(emptied.settings);
  assert.deepEqual(await makeFirstUsers('a.test', { ...emptied, random, hash }), []);
});

test('the advice names address, password, domain and where to send, and fits phones', () => {
  const users = [
    { name: 'alice', password: 'secret-a' },
    { name: 'bob', password: 'secret-b' },
  ];
  const lines = printFirstStart(users, {
    domain: 'a.test',
    proxies: ['sip:192.0.2.1:5060', 'sip:192.0.2.1:5060;transport=tcp'],
    webSockets: ['wss://192.0.2.1:8443', 'ws://127.0.0.1:8080'],
  });
  assert.deepEqual(lines, [
    'This is the first start: two users were made. Their passwords are shown this once.',
    '',
    '  Address           Password',
    '  sip:alice@a.test  secret-a',
    '  sip:bob@a.test    secret-b',
    '',
    'What to type into a phone, here for alice:',
    '',
    '  Address of record   sip:alice@a.test',
    '  User name           alice',
    '  Password            secret-a',
    '  Domain, registrar   a.test',
    '  Outbound proxy      sip:192.0.2.1:5060',
    '  or                  sip:192.0.2.1:5060;transport=tcp',
    '  In a browser        wss://192.0.2.1:8443',
    '  or                  ws://127.0.0.1:8080',
    '',
    '  baresip, as one line of ~/.baresip/accounts:',
    '    <sip:alice@a.test>;auth_user=alice;auth_pass=secret-a;outbound="sip:192.0.2.1:5060"',
    '  Linphone, "Use SIP account": user name, password and domain as above; then, in the',
    '    settings of the account, the SIP proxy address <sip:192.0.2.1:5060> with "Outbound proxy" on.',
    '',
  ]);
});

test('later starts say where phones go and how a password is replaced', () => {
  const advice = { domain: 'a.test', proxies: ['sip:192.0.2.1:5060'], webSockets: [] };
  assert.deepEqual(printLaterStart(advice), [
    'Phones register as sip:NAME@a.test and send to sip:192.0.2.1:5060.',
    'strowger user list shows the users; strowger user password NAME replaces a lost password.',
  ]);
  assert.equal(
    printLaterStart({ ...advice, webSockets: ['wss://a.test:8443'] })[0],
    'Phones register as sip:NAME@a.test and send to sip:192.0.2.1:5060, in a browser connect to wss://a.test:8443.',
  );
});

test('a server for browsers alone speaks of nothing else', () => {
  const advice = { domain: 'a.test', proxies: [], webSockets: ['wss://a.test:8443', 'ws://127.0.0.1:80'] };
  assert.equal(
    printLaterStart(advice)[0],
    'Phones register as sip:NAME@a.test and in a browser connect to wss://a.test:8443 or ws://127.0.0.1:80.',
  );
  const first = printFirstStart([{ name: 'alice', password: 'secret' }], advice).join('\n');
  assert.match(first, /^ {2}In a browser {8}wss:\/\/a\.test:8443$/m);
  assert.doesNotMatch(first, /Outbound|baresip|Linphone/);
});
