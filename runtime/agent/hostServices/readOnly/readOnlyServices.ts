import type { LogLevel } from '../../../protocol/logs.ts';
import type { UseBucket } from '../bucketCache.ts';
import {
  HostServiceError,
  bytesArgument,
  nameArgument,
  nothing,
  type HostCall,
  type HostService,
} from '../hostService.ts';
import type { KvBucket } from '../kvBuckets.ts';
import type { ObjectBucket } from '../objectBuckets.ts';
import { overlayKv } from './overlaidKv.ts';
import { overlayObjects, type WrittenObject } from './overlaidObjects.ts';
import { Overlay } from './overlay.ts';

/** Host services that change nothing: writes last as long as their invocation, and nothing is sent to others. */
export class ReadOnlyServices {
  readonly #kv = new Overlay<Uint8Array>();
  readonly #objects = new Overlay<WrittenObject>();
  readonly #log: (level: LogLevel, text: string) => void;
  #invocation: number | undefined;

  constructor(log: (level: LogLevel, text: string) => void) {
    this.#log = log;
  }

  /** What another invocation has written is forgotten: the original has by now written the same, for good. */
  enter(invocation: number | undefined): void {
    if (invocation === this.#invocation) return;
    this.#invocation = invocation;
    this.#kv.clear();
    this.#objects.clear();
  }

  kv(live: UseBucket<KvBucket>): UseBucket<KvBucket> {
    return overlayKv(live, this.#kv, this.#tellWrite);
  }

  objects(live: UseBucket<ObjectBucket>): UseBucket<ObjectBucket> {
    return overlayObjects(live, this.#objects, this.#tellWrite);
  }

  /** `run` answers what names no subject. */
  messaging(run: HostService): HostService {
    return async (call) => {
      const subject = nameArgument(call, 0);
      if (subject === '' || !['publish', 'request'].includes(call.method)) return run(call);
      if (call.method === 'request') throw unsent(`messaging.request to ${subject}`);
      const { length } = bytesArgument(call, 1);
      this.#log('INFO', `messaging.publish ${subject}: ${length} bytes not sent by this copy`);
      return nothing;
    };
  }

  http(run: HostService): HostService {
    return async (call: HostCall) => {
      if (call.method === 'get' || call.method === 'head') return run(call);
      throw unsent(`http.${call.method} to ${String(call.args[0])}`);
    };
  }

  readonly #tellWrite = (call: string): void => {
    this.#log('INFO', `${call}: kept in this copy until the invocation ends, not written`);
  };
}

const unsent = (call: string) =>
  new HostServiceError(
    `${call} is not sent by a copy that only reads: debug it with "hostServices": "live" to send it`,
    403,
  );
