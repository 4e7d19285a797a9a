import type { NatsConnection } from '@nats-io/transport-node';
import type { FunctionWorkload } from '../protocol/agentPipe.ts';
import { isWarningCode } from '../protocol/warnings.ts';
import type { CompatibilityWarnings } from './compatibilityWarnings.ts';
import { consoleLevel } from './consoleLevels.ts';
import type { EngineHost } from './engine.ts';
import { createHostServices } from './hostServices/createHostServices.ts';
import type { IsolateEntry } from './isolateEntry.ts';
import { maxPayload } from './maxPayload.ts';
import type { ResultReporter } from './resultReporter.ts';
import type { Locations } from './locations.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

interface EngineHostParts {
  readonly workload: FunctionWorkload;
  readonly connection: NatsConnection;
  readonly publisher: WorkloadPublisher;
  readonly locations: Locations;
  readonly warnings: CompatibilityWarnings;
  readonly results: ResultReporter;
  readonly entry: IsolateEntry;
  isDebuggerAttached(): boolean;
}

/** What a function's isolate may ask of its agent, answered for the invocation that asks. */
export function createEngineHost(parts: EngineHostParts): EngineHost {
  const { workload, connection, publisher, locations, warnings, results, entry } = parts;
  const hostServices = createHostServices(connection, workload, (level, text) => {
    entry.collect(publisher.log(level, text, entry.tag));
  });
  return {
    turnTo: (position) => entry.turnTo(position),
    call: (service, method, args) =>
      hostServices(service, method, args, {
        number: entry.current?.number,
        remainingMs: entry.remainingMs,
      }),
    log: (method, text, stack) => {
      if (entry.current !== undefined) results.logCall(entry.current);
      const source = locations.ofStack(stack);
      const more = {
        console: true as const,
        ...(source === undefined ? {} : { source }),
        ...entry.tag,
      };
      entry.collect(publisher.log(consoleLevel(method), text, more));
    },
    warn: (code, detail, stack) => {
      if (!isWarningCode(code)) throw new Error(`there is no warning ${code}`);
      const line = warnings.give(code, { detail, stack }, entry.tag);
      if (line !== undefined) entry.collect(line);
    },
    maxReplyBytes: maxPayload(connection),
    get remainingMs() {
      return entry.remainingMs;
    },
    get debuggerAttached() {
      return parts.isDebuggerAttached();
    },
  };
}
