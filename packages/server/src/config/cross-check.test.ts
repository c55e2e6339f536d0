import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from './load.ts';

function faulty(text: string): string[] {
  const loaded = loadConfig(text, 'f');
  return loaded.type === 'faults' ? loaded.faults.map(({ path }) => path.join('.')) : [];
}

test('each domain stands once, whatever its case', () => {
  assert.deepEqual(faulty('domains: [a.test, b.test, A.test]'), ['domains.2']);
});

test('each listening address stands once, and a wildcard leaves no room beside it', () => {
  assert.deepEqual(faulty('listen: [udp:127.0.0.1:5060, tcp:127.0.0.1:5060, UDP:127.0.0.1:5060]'), ['listen.2']);
  assert.deepEqual(faulty('listen: [udp:127.0.0.1:5060, udp:0.0.0.0:5060]'), ['listen.1']);
  assert.deepEqual(faulty('listen: [udp:127.0.0.1:0, udp:127.0.0.1:0]'), []);
  assert.deepEqual(faulty('listen: []'), ['listen']);
});

test('a user stands once per domain, and belongs to the first domain unless it says another', () => {
  const users = (...items: string[]): string =>
    `domains: [a.test, b.test]\nusers: [${items.map((item) => `{ password: x, ${item} }`).join(', ')}]`;
  assert.deepEqual(faulty(users('name: al', 'name: al, domain: b.test')), []);
  assert.deepEqual(faulty(users('name: al', 'name: al, domain: a.test')), ['users.1.name']);
  assert.deepEqual(faulty(users('name: al, domain: c.test')), ['users.0.domain']);
});

test('user names are compared by case (RFC 3261 §19.1.4)', () => {
  assert.deepEqual(faulty('users: [{ name: al, password: x }, { name: Al, password: x }]'), []);
});

test('the domain of a user needs to be one of domains even when domains is left out', () => {
  assert.deepEqual(faulty('users: [{ name: al, password: x, domain: a.test }]'), ['users.0.domain']);
});

test('minExpires equal to maxExpires is right, above it is wrong', () => {
  assert.deepEqual(faulty('registrar: { minExpires: 600, maxExpires: 600 }'), []);
  assert.deepEqual(faulty('registrar: { minExpires: 601, maxExpires: 600 }'), ['registrar.maxExpires']);
});

test('a stateless proxy neither tries targets in turn nor follows redirections (RFC 3261 §16.11), and a redirect server is no proxy', () => {
  assert.deepEqual(faulty('proxy: { stateless: true }'), []);
  assert.deepEqual(faulty('proxy: { stateless: true, fork: serial, recurse: true }'), ['proxy.fork', 'proxy.recurse']);
  assert.deepEqual(faulty('redirect: true\nproxy: { stateless: true }'), ['proxy.stateless']);
  assert.deepEqual(faulty('redirect: true\nenum: { suffix: e164.arpa }'), ['enum.suffix']);
  assert.deepEqual(faulty('redirect: true\nenum: { suffix: off }'), []);
});

test('an edge proxy stands before domains of others, keeps state and forwards (RFC 5626 §5)', () => {
  assert.deepEqual(faulty('edge: { domains: [example.com, "192.0.2.1"] }'), []);
  assert.deepEqual(faulty('domains: [a.test]\nedge: { domains: [b.test, A.test] }'), ['edge.domains.1']);
  assert.deepEqual(faulty('edge: { domains: [b.test, b.test] }'), ['edge.domains.1']);
  assert.deepEqual(faulty('redirect: true\nedge: { domains: [b.test] }'), ['edge.domains']);
  assert.deepEqual(faulty('proxy: { stateless: true }\nedge: { domains: [b.test] }'), ['edge.domains']);
});

test('at most one address of each kind is advertised', () => {
  assert.deepEqual(faulty('advertise: [203.0.113.5, "2001:db8::5", a.test]'), []);
  assert.deepEqual(faulty('advertise: [203.0.113.5, 203.0.113.6, a.test, b.test]'), ['advertise.1', 'advertise.3']);
});

test('a certificate needs its key, a key its certificate', () => {
  assert.deepEqual(faulty('tls: { certificate: a.pem, key: a.key }'), []);
  assert.deepEqual(faulty('tls: { certificate: a.pem }'), ['tls']);
  assert.deepEqual(faulty('tls: { key: a.key }'), ['tls']);
});

test('a certificate for a domain is for one of ours, once', () => {
  const domains = (...names: string[]): string =>
    `domains: [a.test]\ntls: { domains: [${names.map((name) => `{ name: ${name}, certificate: c, key: k }`).join(', ')}] }`;
  assert.deepEqual(faulty(domains('A.test')), []);
  assert.deepEqual(faulty(domains('a.test', 'a.test')), ['tls.domains.1.name']);
  assert.deepEqual(faulty(domains('b.test')), ['tls.domains.0.name']);
});
