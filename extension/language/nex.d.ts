/**
 * What a Nex function finds: host services on the global object, so that `this.kv('bucket')` and `kv('bucket')` are the
 * same. Every call waits for its answer, and every failure **throws a string**, never an Error: `catch (text)`.
 */

/**
 * A function that a message on one of its trigger subjects runs. What it returns is sent as JSON to whoever asked; a
 * promise is awaited here, but not on a real Nex 0.3 node, which answers `{}`.
 *
 * @param subject the subject of the message, without wildcards
 * @param payload the bytes of the message; of length 0 where it has none
 */
type NexFunction = (this: typeof globalThis, subject: string, payload: Uint8Array) => unknown;

/**
 * A JetStream KV bucket, made at its first use with at most 512 kB. No request is made before one of its methods is called.
 *
 * @param bucket letters, digits, `-` and `_`
 * @throws the text `bucket name is required`
 */
declare function kv(bucket: string): NexKeyValueBucket;

interface NexKeyValueBucket {
  /**
   * The value of a key, as bytes. Text: `String.fromCharCode(...value)` for ASCII, `new TextDecoder().decode(value)` for
   * all, which a real Nex 0.3 node does not have.
   *
   * @throws `Error: failed to get value for key (500)` where there is none
   */
  get(key: string): Uint8Array;
  /**
   * Writes a value.
   *
   * @param key letters, digits, `-`, `/`, `_`, `=` and `.`, which neither begins nor ends it
   * @param value a Uint8Array: nothing else passes. A real Nex 0.3 node doubles bytes above 0x7F.
   * @throws `Error: failed to write value for key (500)`
   */
  set(key: string, value: Uint8Array): void;
  /** Deletes a key, also one that is not there. */
  delete(key: string): void;
  /** All keys; `[]` where the bucket is empty. */
  keys(): string[];
}

/**
 * A JetStream object store, made at its first use with at most 512 kB. No request is made before one of its methods is called.
 *
 * @param bucket letters, digits, `-` and `_`
 * @throws the text `bucket name is required`
 */
declare function objectStore(bucket: string): NexObjectStore;

interface NexObjectStore {
  /**
   * The bytes of an object.
   *
   * @throws `Error: failed to get object (500)` where there is none
   */
  get(name: string): Uint8Array;
  /**
   * Writes an object.
   *
   * @param value a Uint8Array: nothing else passes. A real Nex 0.3 node doubles bytes above 0x7F.
   */
  put(name: string, value: Uint8Array): NexObjectInfo;
  /**
   * Deletes an object.
   *
   * @throws `Error: failed to delete object (500)` where there never was one
   */
  delete(name: string): void;
  /**
   * What is in the store.
   *
   * @throws `Error: failed to list objects (500)` where it is empty
   */
  list(): NexObjectInfo[];
}

/** An object of an object store, as NATS describes it. */
interface NexObjectInfo {
  name: string;
  description?: string;
  headers?: Record<string, string[]>;
  metadata?: Record<string, string>;
  options?: { max_chunk_size?: number };
  bucket: string;
  nuid: string;
  /** Bytes. */
  size: number;
  /** RFC 3339. */
  mtime: string;
  chunks: number;
  /** `SHA-256=…` */
  digest?: string;
  deleted?: boolean;
}

/**
 * HTTP requests, sent by the node within 2.5 s; redirects are followed. Any status is an answer; only a request that
 * fails throws. A real Nex 0.3 node drops the query string. Request headers cannot be set.
 */
declare var http: NexHttp;

interface NexHttp {
  get(url: string): NexHttpResponse;
  head(url: string): NexHttpResponse;
  /** @param body a Uint8Array: nothing else passes */
  post(url: string, body?: Uint8Array): NexHttpResponse;
  /** @param body a Uint8Array: nothing else passes */
  put(url: string, body?: Uint8Array): NexHttpResponse;
  /** @param body a Uint8Array: nothing else passes */
  patch(url: string, body?: Uint8Array): NexHttpResponse;
  /** A body is never sent. */
  delete(url: string): NexHttpResponse;
}

interface NexHttpResponse {
  status: number;
  /** Names as `Content-Type`; several values are joined by `, `. */
  headers: Record<string, string>;
  /** The body as text; missing where it is empty. */
  response?: string;
}

/** NATS messages. */
declare var messaging: NexMessaging;

interface NexMessaging {
  /**
   * Publishes a message.
   *
   * @param payload a Uint8Array: nothing else passes. A real Nex 0.3 node doubles bytes above 0x7F.
   */
  publish(subject: string, payload: Uint8Array): void;
  /**
   * Sends a request and waits for its reply.
   *
   * @param payload a Uint8Array: nothing else passes. A real Nex 0.3 node doubles bytes above 0x7F.
   * @throws `Error: failed to send request (500)` where nobody answers the subject
   */
  request(subject: string, payload: Uint8Array): Uint8Array;
}
