import type { LogLevel } from '../../protocol/logs.ts';
import type { Mode } from '../../protocol/workloadTypes.ts';
import type { Allowance, BucketService } from './allowance.ts';
import {
  HostServiceError,
  nameArgument,
  nothing,
  withoutAnswer,
  type HostCall,
  type HostService,
} from './hostService.ts';

/** Host services that are limited: what is refused throws the reason; in `strict` it looks as where NATS or a firewall refuses it. */
export class LimitedServices {
  readonly #allowance: Allowance;
  readonly #mode: Mode;
  readonly #log: (level: LogLevel, text: string) => void;

  constructor(allowance: Allowance, mode: Mode, log: (level: LogLevel, text: string) => void) {
    this.#allowance = allowance;
    this.#mode = mode;
    this.#log = log;
  }

  buckets(service: BucketService, run: HostService): HostService {
    const texts = bucketTexts[service];
    return async (call) => {
      const write = texts.writes[call.method];
      const name = nameArgument(call, 0);
      const refusal = this.#allowance.bucketRefusal(service, name, write !== undefined);
      if (refusal === undefined) return run(call);
      this.#refuse(refusal);
      const isReadable = this.#allowance.bucketRefusal(service, name, false) === undefined;
      throw new HostServiceError((isReadable ? write : undefined) ?? texts.open, 500);
    };
  }

  subjects(run: HostService): HostService {
    return async (call) => {
      const refusal = this.#allowance.subjectRefusal(nameArgument(call, 0));
      if (refusal === undefined) return run(call);
      this.#refuse(refusal);
      // A client hears of it by the way: what it published is gone, and no answer comes.
      return call.method === 'publish' ? nothing : withoutAnswer(call);
    };
  }

  /** Throws where that host may not be reached, by a redirect neither. */
  readonly checkHost = (url: URL): void => {
    const refusal = this.#allowance.hostRefusal(url);
    if (refusal === undefined) return;
    this.#refuse(refusal);
    throw new Error(`dial tcp: lookup ${url.hostname}: no such host`);
  };

  /** Returns in `strict` alone. */
  #refuse(refusal: string): void {
    if (this.#mode === 'faithful') throw new HostServiceError(refusal, 403);
    this.#log('WARN', `refused: ${refusal}`);
  }
}

/** Nex's texts for a bucket that cannot be had, and for writes that fail. */
const bucketTexts: Readonly<
  Record<BucketService, { open: string; writes: Readonly<Record<HostCall['method'], string>> }>
> = {
  kv: {
    open: 'Could not resolve host services KV bucket',
    writes: { set: 'failed to write value for key', delete: 'failed to delete key' },
  },
  objectStore: {
    open: 'unable to resolve object store',
    writes: { put: '', delete: 'failed to delete object' },
  },
};
