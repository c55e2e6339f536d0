import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import {
  pAccessNetworkInfo,
  pAnswerState,
  pAssociatedUri,
  pCalledPartyId,
  pChargingFunctionAddresses,
  pChargingVector,
  pEarlyMedia,
  pMediaAuthorization,
  pPrivateNetworkIndication,
  pProfileKey,
  pRefusedUriList,
  pServedUser,
  pUserDatabase,
  pVisitedNetworkId,
} from './ims.ts';

test('parties of a call in an IMS are addresses with parameters (RFC 7315 §5.1, §5.2, RFC 8498 §6, RFC 5002 §5, RFC 5318 §5)', () => {
  const address = (uri: string, params = '') => new NameAddr('', uri, new Params(params));
  reads(
    pAssociatedUri,
    '<sip:+358504821437@example.net;user=phone>',
    address('sip:+358504821437@example.net;user=phone'),
  );
  reads(pCalledPartyId, '<sip:user1-business@example.com>', address('sip:user1-business@example.com'));
  reads(
    pServedUser,
    '<sip:user@example.com>; sescase=orig; regstate=reg',
    address('sip:user@example.com', '; sescase=orig; regstate=reg'),
  );
  reads(pProfileKey, '<sip:chatroom-!.*!@example.com>', address('sip:chatroom-!.*!@example.com'));
  reads(
    pRefusedUriList,
    '<sip:friends-list@example.net>;members="cid:an3bt8jf03@example.net"',
    address('sip:friends-list@example.net', ';members="cid:an3bt8jf03@example.net"'),
  );
});

test('P-User-Database holds a Diameter URI (RFC 4457 §4)', () => {
  reads(pUserDatabase, '<aaa://host.example.com;transport=tcp>', { uri: 'aaa://host.example.com;transport=tcp' });
  refuses(pUserDatabase, { '': 0, 'aaa://host': 0 });
});

test('a visited network is a token or any text (RFC 7315 §5.3)', () => {
  reads(pVisitedNetworkId, 'other.net', { network: 'other.net' });
  reads(pVisitedNetworkId, '"Visited network number 1";x=1', {
    network: 'Visited network number 1',
    params: new Params(';x=1'),
  });
  refuses(pVisitedNetworkId, { '': 0, '"a': 2, 'a b': 2 });
});

test('the access network is said with what belongs to it, and by whom (RFC 7315 §5.4)', () => {
  reads(pAccessNetworkInfo, '3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11', {
    access: '3GPP-UTRAN-TDD',
    networkProvided: false,
    params: new Params(';utran-cell-id-3gpp=234151D0FCE11'),
  });
  reads(pAccessNetworkInfo, 'IEEE-802.11;i-wlan-node-id=00AF;network-provided', {
    access: 'IEEE-802.11',
    networkProvided: true,
    params: new Params(';i-wlan-node-id=00AF'),
  });
  refuses(pAccessNetworkInfo, { '': 0, ';network-provided': 0 });
});

test('a charging vector begins with its identifier (RFC 7315 §5.6)', () => {
  reads(
    pChargingVector,
    'icid-value=1234bc9876e; icid-generated-at=192.0.6.8; orig-ioi=home1.net;transit-ioi="a.1,void"',
    {
      icid: '1234bc9876e',
      icidGeneratedAt: '192.0.6.8',
      origIoi: 'home1.net',
      params: new Params(';transit-ioi="a.1,void"'),
    },
    'icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net;transit-ioi="a.1,void"',
  );
  reads(pChargingVector, 'icid-value="a b";term-ioi=x', { icid: 'a b', termIoi: 'x' });
  refuses(pChargingVector, { '': 0, 'orig-ioi=a': 0, 'icid-value=': 11 });
});

test('charging functions have a first and a second address (RFC 7315 §5.5)', () => {
  reads(
    pChargingFunctionAddresses,
    'ccf=192.0.8.1; ecf=192.0.8.3',
    { ccf: '192.0.8.1', ecf: '192.0.8.3' },
    'ccf=192.0.8.1;ecf=192.0.8.3',
  );
  reads(pChargingFunctionAddresses, 'ccf=[5555.b99.c88.d77.e66];ccf-2=b', { ccf: '[5555.b99.c88.d77.e66]', ccf2: 'b' });
  refuses(pChargingFunctionAddresses, { '': 0, 'ccf=': 4 });
});

test('the smaller header fields of an IMS hold tokens and hosts (RFC 5009 §8, RFC 4964 §7.1, RFC 7316 §7, RFC 3313 §5)', () => {
  reads(pEarlyMedia, 'sendrecv', 'sendrecv');
  reads(pAnswerState, 'Unconfirmed;x', { value: 'Unconfirmed', params: new Params(';x') });
  reads(pPrivateNetworkIndication, 'example.com;x=y', { domain: 'example.com', params: new Params(';x=y') });
  reads(pMediaAuthorization, '0020000100100471', '0020000100100471');
  refuses(pEarlyMedia, { '': 0, 'a b': 2 });
  refuses(pAnswerState, { '': 0 });
  refuses(pPrivateNetworkIndication, { '': 0, 'a..b': 2 });
  refuses(pMediaAuthorization, { '': 0, xyz: 0 });
});

function reads<T>(def: HeaderDef<T>, text: string, value: T, canonical = text): void {
  assert.deepEqual(def.decode(text), value, text);
  assert.equal(def.encode(value), canonical);
  assert.deepEqual(def.decode(canonical), value);
}

function refuses(def: HeaderDef<unknown>, faults: Readonly<Record<string, number>>): void {
  for (const [text, at] of Object.entries(faults))
    assert.throws(
      () => def.decode(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      `${def.name}: ${text}`,
    );
}
