import type { Shim, Shims } from './host.ts';
import type { HostLine } from './hostLine.ts';
import { fail, textOf, type Transfer } from './transfer.ts';

/** The globals: functions, or objects of functions. */
export type HostServices = Record<string, Shim | Shims>;

/**
 * `kv`, `objectStore`, `http` and `messaging` as Nex 0.3.0-rc1 gives them to a function
 * (`agent/providers/lib/v8.go`): synchronous, and every failure throws a primitive string, never an Error.
 */
export function createHostServices(line: HostLine, transfer: Transfer): HostServices {
  const call = (service: string, method: string, ...args: unknown[]): unknown => {
    const [kind, value] = line.call(service, method, args);
    switch (kind) {
      case 'nothing':
        return undefined;
      case 'bytes':
        return transfer.receiveBytes(value);
      case 'json':
        return transfer.receiveJson(value);
      case 'error':
        return fail(value);
    }
  };

  const http =
    (method: string): Shim =>
    (...args) => {
      if (args.length < 1) fail('url is required');
      const url = textOf(args[0]);
      if (url.includes('?')) transfer.warn('query-string', `http.${method}`);
      const body = args.length > 1 ? [transfer.send(`http.${method}`, args[1])] : [];
      return call('http', method, url, ...body);
    };

  const message =
    (method: string): Shim =>
    (...args) => {
      if (args.length !== 2) fail('subject and payload are required');
      const payload = transfer.send(`messaging.${method}`, args[1]);
      return call('messaging', method, textOf(args[0]), payload);
    };

  const kv: Shim = (...args) => {
    const bucket = bucketName(args);
    return transfer.object({
      get: (...a: unknown[]) => call('kv', 'get', bucket, one(a, 'key is required')),
      set: (...a: unknown[]) => {
        if (a.length !== 2) fail('key and value are required');
        call('kv', 'set', bucket, textOf(a[0]), transfer.send('kv.set', a[1]));
      },
      delete: (...a: unknown[]) => {
        call('kv', 'delete', bucket, one(a, 'key is required'));
      },
      keys: () => call('kv', 'keys', bucket),
    });
  };

  const objectStore: Shim = (...args) => {
    const bucket = bucketName(args);
    return transfer.object({
      get: (...a: unknown[]) => call('objectStore', 'get', bucket, one(a, 'name is required')),
      put: (...a: unknown[]) => {
        if (a.length !== 2) fail('name and value are required');
        return call(
          'objectStore',
          'put',
          bucket,
          textOf(a[0]),
          transfer.send('objectStore.put', a[1]),
        );
      },
      delete: (...a: unknown[]) => {
        call('objectStore', 'delete', bucket, one(a, 'name is required'));
      },
      list: () => call('objectStore', 'list', bucket),
    });
  };

  const requestMany: Shim = (...args) => {
    transfer.warn('request-many');
    return fail(
      args.length === 2
        ? "this function isn't currently supported"
        : 'subject and payload are required',
    );
  };

  // In the order in which Nex sets them.
  return {
    http: {
      get: http('get'),
      post: http('post'),
      put: http('put'),
      patch: http('patch'),
      delete: http('delete'),
      head: http('head'),
    },
    kv,
    messaging: { publish: message('publish'), request: message('request'), requestMany },
    objectStore,
  };
}

function one(args: unknown[], message: string): string {
  if (args.length !== 1) fail(message);
  return textOf(args[0]);
}

function bucketName(args: unknown[]): string {
  if (args.length < 1) fail('bucket name is required');
  return textOf(args[0]);
}
