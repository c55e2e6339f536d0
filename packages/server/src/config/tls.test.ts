import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFault } from './fault.ts';
import { loadConfig } from './load.ts';

function read(text: string) {
  const loaded = loadConfig(text, 'f');
  assert.ok(loaded.type === 'config', loaded.type === 'faults' ? loaded.faults.map(printFault).join('\n') : '');
  return loaded.config;
}

function faultOf(text: string): string {
  const loaded = loadConfig(text, 'f');
  assert.ok(loaded.type === 'faults', 'it is accepted');
  return loaded.faults.map(printFault).join('\n');
}

test('without keys the server makes its own certificate, asks no client for one, and lets every page connect', () => {
  const { tls, webSocket } = read('');
  assert.deepEqual(tls, { certificate: '', key: '', ca: [], clientCertificates: 'none', domains: [] });
  assert.deepEqual(webSocket, { origins: [] });
});

test('origins are scheme, host and port, in lower case', () => {
  const written = 'webSocket: { origins: ["https://Phone.Example.com", "http://[::1]:8080"] }';
  assert.deepEqual(read(written).webSocket.origins, ['https://phone.example.com', 'http://[::1]:8080']);
  assert.match(faultOf('webSocket: { origins: [phone.example.com] }'), /did you mean https:\/\/phone\.example\.com\?/);
  assert.match(faultOf('webSocket: { origins: ["https://a.test/phone"] }'), /did you mean https:\/\/a\.test\?/);
  assert.match(faultOf('webSocket: { origins: ["*"] }'), /expected an origin such as/);
});

test('certificates are files', () => {
  assert.match(
    faultOf('tls: { certificate: "https://a.test/c.pem", key: k }'),
    /the path of a PEM file with a certificate/,
  );
  assert.match(faultOf('tls: { clientCertificates: yes }'), /one of none, ask, require/);
});
