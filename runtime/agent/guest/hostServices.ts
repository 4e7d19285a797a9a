import type { Host } from './host.ts';

/**
 * `kv`, `objectStore`, `http` and `messaging` as Nex 0.3.0-rc1 gives them to a function
 * (`agent/providers/lib/v8.go`): synchronous, and every failure throws a primitive string, never an Error.
 */
export function createHostServices(host: Host): Record<string, unknown> {
  const call = (service: string, method: string, ...args: unknown[]): unknown => {
    const [kind, value] = host.call.applySyncPromise(undefined, [service, method, ...args], {
      arguments: { copy: true },
    });
    switch (kind) {
      case 'nothing':
        return undefined;
      case 'bytes':
        return new Bytes(value);
      case 'json':
        return parse(value);
      case 'error':
        return fail(value);
    }
  };

  const http = (method: string) =>
    named(method, (...args) => {
      if (args.length < 1) fail('url is required');
      return call('http', method, text(args[0]), ...(args.length > 1 ? [bytes(args[1])] : []));
    });

  const message = (method: string) =>
    named(method, (...args) => {
      if (args.length !== 2) fail('subject and payload are required');
      return call('messaging', method, text(args[0]), bytes(args[1]));
    });

  return {
    kv: named('kv', (...args) => {
      const bucket = bucketName(args);
      return {
        get: named('get', (...a) => call('kv', 'get', bucket, one(a, 'key is required'))),
        set: named('set', (...a) => {
          if (a.length !== 2) fail('key and value are required');
          call('kv', 'set', bucket, text(a[0]), bytes(a[1]));
        }),
        delete: named('delete', (...a) => {
          call('kv', 'delete', bucket, one(a, 'key is required'));
        }),
        keys: named('keys', () => call('kv', 'keys', bucket)),
      };
    }),
    objectStore: named('objectStore', (...args) => {
      const bucket = bucketName(args);
      return {
        get: named('get', (...a) => call('objectStore', 'get', bucket, one(a, 'name is required'))),
        put: named('put', (...a) => {
          if (a.length !== 2) fail('name and value are required');
          return call('objectStore', 'put', bucket, text(a[0]), bytes(a[1]));
        }),
        delete: named('delete', (...a) => {
          call('objectStore', 'delete', bucket, one(a, 'name is required'));
        }),
        list: named('list', () => call('objectStore', 'list', bucket)),
      };
    }),
    http: Object.fromEntries(
      ['get', 'post', 'put', 'patch', 'delete', 'head'].map((method) => [method, http(method)]),
    ),
    messaging: {
      publish: message('publish'),
      request: message('request'),
      requestMany: named('requestMany', (...args) => {
        fail(
          args.length === 2
            ? "this function isn't currently supported"
            : 'subject and payload are required',
        );
      }),
    },
  };
}

type Shim = (...args: unknown[]) => unknown;

/** The name is what a debugger shows; the shim is callable only, as Nex's are. */
function named(name: string, shim: Shim): Shim {
  return Object.defineProperty(shim, 'name', { value: name });
}

function fail(thrown: string): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the contract: functions see strings
  throw thrown;
}

const Bytes = Uint8Array;
const { parse } = JSON;
const stringOf = String;
const text = (value: unknown) => stringOf(value);

function one(args: unknown[], message: string): string {
  if (args.length !== 1) fail(message);
  return text(args[0]);
}

function bucketName(args: unknown[]): string {
  if (args.length < 1) fail('bucket name is required');
  return text(args[0]);
}

const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
);

/** Only a real Uint8Array passes, of whichever context, whatever its prototype was made to say. */
function bytes(value: unknown): Uint8Array {
  if (typedArrayTag?.get?.call(value) !== 'Uint8Array') {
    fail(`failed to marshal v8 value to []byte: ${text(value)}; only Uint8[] is supported`);
  }
  return value as Uint8Array;
}
