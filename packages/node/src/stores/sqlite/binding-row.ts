import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { type Binding, LOST_CONNECTION } from '@strowger/sip/roles/registrar';

/** A row as it comes from a statement: an array where `setReturnArrays` was called, which is twice as fast. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** The columns of `rowOf`, in its order. */
export const BINDING_COLUMNS =
  'aor, version, key, contact, params, q, call_id, cseq, expires_at, registered_at, updated_at, path, ' +
  'protocol, local_host, local_port, host, port, connection, instance, reg_id, user_agent, reach, gruus_since';

/** A binding as a row of the table `bindings`. */
export const rowOf = (aor: string, version: number, b: Binding): SQLInputValue[] => [
  aor,
  version,
  b.key,
  b.contact,
  b.params,
  b.q ?? null,
  b.callId,
  b.cseq,
  b.expiresAt,
  b.registeredAt,
  b.updatedAt,
  b.path.length === 0 ? '[]' : JSON.stringify(b.path),
  b.flow.local.protocol,
  b.flow.local.host,
  b.flow.local.port,
  b.flow.host,
  b.flow.port,
  b.flow.connection,
  b.instance ?? null,
  b.regId ?? null,
  b.userAgent ?? null,
  b.reach,
  b.gruusSince ?? null,
];

/** `aor` and `version` of an array of `BINDING_COLUMNS`. */
export const aorOf = (row: Row): string => textOf(row[0]);
export const versionOf = (row: Row): number => numberOf(row[1]);

/**
 * The binding in an array of `BINDING_COLUMNS`. The connections of rows below `firstVersion` were those of an earlier
 * process: their numbers mean nothing now.
 */
export function bindingOf(row: Row, firstVersion: number): Binding {
  const connection = numberOf(row[17]);
  return {
    key: textOf(row[2]),
    contact: textOf(row[3]),
    params: textOf(row[4]),
    q: optionalNumberOf(row[5]),
    callId: textOf(row[6]),
    cseq: numberOf(row[7]),
    expiresAt: numberOf(row[8]),
    registeredAt: numberOf(row[9]),
    updatedAt: numberOf(row[10]),
    path: pathOf(textOf(row[11])),
    flow: {
      local: { protocol: protocolOf(row[12]), host: textOf(row[13]), port: numberOf(row[14]) },
      host: textOf(row[15]),
      port: numberOf(row[16]),
      connection: connection > 0 && versionOf(row) < firstVersion ? LOST_CONNECTION : connection,
    },
    reach: reachOf(row[21]),
    instance: optionalTextOf(row[18]),
    regId: optionalNumberOf(row[19]),
    gruusSince: optionalNumberOf(row[22]),
    userAgent: optionalTextOf(row[20]),
  };
}

export function textOf(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : unexpected(value, 'a text');
}

export function numberOf(value: SQLOutputValue | undefined): number {
  return typeof value === 'number' ? value : unexpected(value, 'a number');
}

const optionalTextOf = (value: SQLOutputValue | undefined): string | undefined =>
  value === null ? undefined : textOf(value);

const optionalNumberOf = (value: SQLOutputValue | undefined): number | undefined =>
  value === null ? undefined : numberOf(value);

function protocolOf(value: SQLOutputValue | undefined): Binding['flow']['local']['protocol'] {
  return PROTOCOLS.find((protocol) => protocol === value) ?? unexpected(value, 'a protocol');
}

const reachOf = (value: SQLOutputValue | undefined): Binding['reach'] =>
  value === 'contact' || value === 'flow' ? value : unexpected(value, 'a way to reach a contact');

function pathOf(text: string): readonly string[] {
  if (text === '[]') return [];
  const path: unknown = JSON.parse(text);
  return Array.isArray(path) && path.every((uri) => typeof uri === 'string')
    ? path
    : unexpected(text, 'a list of URIs');
}

function unexpected(value: unknown, expected: string): never {
  throw new TypeError(`the store holds ${String(value)} where ${expected} belongs`);
}

const PROTOCOLS = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
