import type { HostLine } from './hostLine.ts';

/**
 * `kv`, `objectStore`, `http` and `messaging` as Nex 0.3.0-rc1 gives them to a function
 * (`agent/providers/lib/v8.go`): synchronous, and every failure throws a primitive string, never an Error.
 */
export function createHostServices(line: HostLine): Record<string, unknown> {
  const call = (service: string, method: string, ...args: unknown[]): unknown => {
    const [kind, value] = line.call(service, method, args);
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

  const http =
    (method: string): Shim =>
    (...args) => {
      if (args.length < 1) fail('url is required');
      return call('http', method, text(args[0]), ...(args.length > 1 ? [bytes(args[1])] : []));
    };

  const message =
    (method: string): Shim =>
    (...args) => {
      if (args.length !== 2) fail('subject and payload are required');
      return call('messaging', method, text(args[0]), bytes(args[1]));
    };

  const kv: Shim = (...args) => {
    const bucket = bucketName(args);
    return {
      get: (...a: unknown[]) => call('kv', 'get', bucket, one(a, 'key is required')),
      set: (...a: unknown[]) => {
        if (a.length !== 2) fail('key and value are required');
        call('kv', 'set', bucket, text(a[0]), bytes(a[1]));
      },
      delete: (...a: unknown[]) => {
        call('kv', 'delete', bucket, one(a, 'key is required'));
      },
      keys: () => call('kv', 'keys', bucket),
    };
  };

  const objectStore: Shim = (...args) => {
    const bucket = bucketName(args);
    return {
      get: (...a: unknown[]) => call('objectStore', 'get', bucket, one(a, 'name is required')),
      put: (...a: unknown[]) => {
        if (a.length !== 2) fail('name and value are required');
        return call('objectStore', 'put', bucket, text(a[0]), bytes(a[1]));
      },
      delete: (...a: unknown[]) => {
        call('objectStore', 'delete', bucket, one(a, 'name is required'));
      },
      list: () => call('objectStore', 'list', bucket),
    };
  };

  const requestMany: Shim = (...args) =>
    fail(
      args.length === 2
        ? "this function isn't currently supported"
        : 'subject and payload are required',
    );

  return {
    kv,
    objectStore,
    http: {
      get: http('get'),
      post: http('post'),
      put: http('put'),
      patch: http('patch'),
      delete: http('delete'),
      head: http('head'),
    },
    messaging: { publish: message('publish'), request: message('request'), requestMany },
  };
}

type Shim = (...args: unknown[]) => unknown;

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
