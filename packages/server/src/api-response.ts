/** A request of the HTTP API, however it came. */
export interface ApiRequest {
  readonly method: string;
  /** Without the query; each part escaped as in a URL. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** The JSON of the body; `undefined` without one. */
  readonly body: unknown;
}

export interface ApiResponse {
  readonly status: number;
  /** Becomes JSON; of a status from 400 up it is `{"error": sentence}`. */
  readonly body: unknown;
}

/** @param error a sentence without its full stop */
export const fault = (status: number, error: string): ApiResponse => ({ status, body: { error: `${error}.` } });

export const notFor = ({ method, path }: ApiRequest): ApiResponse => fault(405, `${method} is not for ${path}`);
