import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressBook } from './socket-address.ts';
import { loadSystemCalls } from './system-calls.ts';

const CALLS = await loadSystemCalls();

function thereAndBack(book: AddressBook, host: string, port: number): string | undefined {
  const bytes = new Uint8Array(32);
  const words = new Int32Array(bytes.buffer);
  if (!book.write(host, port, bytes, words, 0)) return undefined;
  assert.equal(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), port);
  return book.host(bytes, words, 0);
}

test('IPv4 addresses become socket addresses and come back', () => {
  const book = new AddressBook(CALLS, 'ipv4');
  for (const host of ['127.0.0.1', '0.0.0.0', '255.255.255.255', '192.0.2.250', '192.0.2.250'])
    assert.equal(thereAndBack(book, host, 65_535), host);
});

test('IPv6 addresses come back as they are printed (RFC 5952 §4), each with its zone (RFC 4007 §11)', () => {
  const book = new AddressBook(CALLS, 'ipv6');
  const hosts = ['::1', '2001:db8::1', '2001:db8::2:1', '2001:db9::1', 'fe80::1%7', 'fe80::1%8', 'fe80::1', '::1'];
  for (const host of hosts) assert.equal(thereAndBack(book, host, 5060), host);
  assert.equal(thereAndBack(book, '2001:DB8:0:0::0001', 5060), '2001:db8::1');
});

test('what is no address of the family is refused, also the second time', () => {
  const [four, six] = [new AddressBook(CALLS, 'ipv4'), new AddressBook(CALLS, 'ipv6')];
  for (const host of ['', 'a.name.example', '1.2.3', '1.2.3.4.5', '01.2.3.4', '::1', '127.0.0.1 '])
    for (const _ of [1, 2]) assert.equal(thereAndBack(four, host, 5060), undefined, host);
  for (const host of ['', 'a.name.example', '127.0.0.1', '::g', '[::1]'])
    for (const _ of [1, 2]) assert.equal(thereAndBack(six, host, 5060), undefined, host);
});

test('any number of peers can be written to: what is remembered has an end', () => {
  const book = new AddressBook(CALLS, 'ipv4');
  const hostOf = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  for (let i = 0; i < 20_000; i += 1) assert.equal(thereAndBack(book, hostOf(i), 5060), hostOf(i));
  assert.ok(book.remembered <= 2 * 8192, `${book.remembered} addresses are remembered`);
});
