import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersTo } from '../sim/answers.ts';
import { counted, EDGE, edgeSite, OUTBOUND, registered } from '../sim/edge-site.ts';

for (const [what, forge] of [
  ['changed', (path: string) => path.replace(/.{4}>$/, 'AAAA>')],
  ['cut', (path: string) => path.replace(/.{4}>$/, '>')],
  ['empty', (path: string) => path.replace(/;f=.*>$/, ';f>')],
  ['of another place in the text', (path: string) => path.replace(/f=0\.(.{4})(.{4})/, 'f=0.$2$1')],
] as const)
  test(`attack: a Path whose token is ${what} is refused, also from a trusted source: 403 (RFC 5626 §5.3.1)`, async () => {
    const { site, alice, path } = await registered(`${EDGE}trusted: [10.0.0.60/32]\n`);
    const heard = alice.peer.heard.length;
    for (const at of ['10.0.0.60', '10.0.0.66'])
      for (const uri of ['sip:alice@192.168.7.7;ob', 'sip:eve@edge.example']) {
        const request = { method: 'MESSAGE', uri, headers: { Route: forge(path) } };
        assert.deepEqual(await answersTo(site, site.peer(at, { at, port: 0 }), request, 1_000), ['403 MESSAGE']);
      }
    assert.equal(alice.peer.heard.length, heard);
  });

test('attack: our Path leads to the end of its flow only, whatever else stands in the request', async () => {
  const { site, alice, path } = await registered();
  const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const ours = '<sip:10.0.0.1;lr>';
  for (const [i, [uri, Route]] of [
    ['sip:+1900@10.0.0.77', path],
    ['sip:x@192.168.7.7', `${path}, <sip:10.0.0.77;lr>`],
    ['sip:x@192.168.7.7', `${path}, <sip:10.0.0.77>`],
    ['sip:x@192.168.7.7', `${path}, ${ours}, <sip:10.0.0.77;lr>`],
    ['sip:x@10.0.0.77;maddr=10.0.0.77', path],
    ['sip:eve@edge.example', path],
  ].entries()) {
    await answersTo(site, stranger, { method: 'MESSAGE', uri: uri ?? '', headers: { Route: Route ?? '' } }, 1_000);
    assert.equal(counted(alice, 'MESSAGE'), i + 1, `${uri} ${Route}`);
  }
  assert.deepEqual(victim.labels, []);
});

test('attack: a Path token behind another Route of ours, in a Record-Route or for a REGISTER is worth nothing', async () => {
  const { site, alice, path } = await registered();
  const stranger = site.peer('stranger', { at: '10.0.0.66' });
  const to = '<sip:alice@example.com>;tag=1';
  const heard = alice.peer.heard.length;
  for (const [method, Route] of [
    ['MESSAGE', `<sip:10.0.0.1;lr>, ${path}`],
    ['MESSAGE', path.replace(';ob', '')],
    ['MESSAGE', path.replace(';f=', ';t=')],
    ['REGISTER', path],
  ] as const) {
    const request = { method, uri: 'sip:alice@192.168.7.7;ob', to, headers: { Route } };
    assert.deepEqual(await answersTo(site, stranger, request, 1_000), [`403 ${method}`], Route);
  }
  assert.equal(alice.peer.heard.length, heard);
});

test('attack: through an edge proxy strangers reach its domains and nobody else', async () => {
  const { site } = await edgeSite();
  const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  for (const [uri, Route, from, answer] of [
    ['sip:bob@example.com', undefined, undefined, '200'],
    ['sip:bob@EXAMPLE.com', '<sip:10.0.0.1;lr>', undefined, '200'],
    ['sip:bob@example.com', '<sip:10.0.0.1;lr>, <sip:example.com;lr>', undefined, '200'],
    ['sip:bob@example.com:5070', undefined, undefined, '403'],
    ['sip:bob@example.com;maddr=10.0.0.77', undefined, undefined, '403'],
    ['sip:bob@sub.example.com', undefined, undefined, '403'],
    ['sip:bob@10.0.0.2', undefined, undefined, '403'],
    ['sip:bob@example.com', '<sip:10.0.0.77;lr>', undefined, '403'],
    ['sip:bob@example.com', '<sip:10.0.0.1;lr>, <sip:10.0.0.77;lr>', undefined, '403'],
    ['sip:bob@example.com', '<sip:example.com:5070;lr>', undefined, '403'],
    ['sip:eve@edge.example', '<sip:example.com;lr>', undefined, '403'],
    ['tel:+1900', undefined, undefined, '403'],
    ['sip:bob@example.com', undefined, '<sip:eve@edge.example>;tag=1', '407'],
    ['sip:bob@example.com', undefined, '<sip:anonymous@anonymous.invalid>;tag=1', '200'],
  ] as const) {
    const headers = Route === undefined ? {} : { Route };
    const request = { method: 'MESSAGE', uri, headers, ...(from === undefined ? {} : { from }) };
    assert.deepEqual(await answersTo(site, stranger, request, 1_000), [`${answer} MESSAGE`], `${uri} ${Route} ${from}`);
  }
  assert.deepEqual(victim.labels, []);
});

test('attack: a REGISTER of a stranger for elsewhere than the domains is refused, with outbound too', async () => {
  const { site } = await edgeSite();
  const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const headers = { Contact: `<sip:x@10.0.0.66>${OUTBOUND}`, Supported: 'path, outbound' };
  for (const uri of ['sip:10.0.0.77', 'sip:example.com:5070', 'sip:example.com;maddr=10.0.0.77'])
    assert.deepEqual(await answersTo(site, stranger, { method: 'REGISTER', uri, headers }, 1_000), ['403 REGISTER']);
  assert.deepEqual(victim.labels, []);
});
