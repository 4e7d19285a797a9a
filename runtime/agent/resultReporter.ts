import { isUtf8 } from 'node:buffer';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FunctionWorkload, ReplayOutcome } from '../protocol/agentPipe.ts';
import type { LogEntry } from '../protocol/logs.ts';
import { invocationErrorCodes } from '../protocol/serviceErrors.ts';
import { errorReply } from '../protocol/errorReply.ts';
import type { CompatibilityWarnings } from './compatibilityWarnings.ts';
import type { Invocation, TriggerJob } from './invocation.ts';
import type { InvocationResult } from './engine.ts';
import type { Silence } from './silence.ts';
import type { Locations } from './locations.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

type Failure = InvocationResult & { kind: 'failed' };

interface ReporterParts {
  readonly workload: FunctionWorkload;
  readonly connection: NatsConnection;
  readonly publisher: WorkloadPublisher;
  readonly locations: Locations;
  readonly warnings: CompatibilityWarnings;
  /** Where failures are to be silent. */
  readonly silence: Silence | undefined;
}

/** Tells the world how an invocation ended: log, event, reply; or the answer to who asked for a replay. */
export class ResultReporter {
  readonly #workload: FunctionWorkload;
  readonly #connection: NatsConnection;
  readonly #publisher: WorkloadPublisher;
  readonly #locations: Locations;
  readonly #warnings: CompatibilityWarnings;
  readonly #silence: Silence | undefined;
  /** Number of the invocation whose call has been logged last. */
  #callLogged = 0;

  constructor(parts: ReporterParts) {
    this.#workload = parts.workload;
    this.#connection = parts.connection;
    this.#publisher = parts.publisher;
    this.#locations = parts.locations;
    this.#warnings = parts.warnings;
    this.#silence = parts.silence;
  }

  /** Once for each trigger message, before all else that it logs; a WebAssembly function's call is not logged, as on Nex. */
  logCall({ job, number }: Invocation): void {
    if (this.#workload.type === 'wasm' || job.origin.kind !== 'trigger') return;
    if (this.#callLogged === number) return;
    this.#callLogged = number;
    this.#publisher.log('INFO', `calling js function via trigger subject: ${job.subject}`, {
      invocation: number,
    });
  }

  /** Returns the result as it was told: what cannot be sent is a failure. */
  report(invocation: Invocation, raw: InvocationResult, elapsedNanos: number): InvocationResult {
    const result = this.#sendable(raw, elapsedNanos);
    const { job, number, logs } = invocation;
    const { origin } = job;
    const tag = { invocation: number };
    // Only now where nothing was logged yet, so that all that an invocation publishes leaves in one write.
    if (this.#silence === undefined || !wasUncalled(result)) this.logCall(invocation);
    if (result.kind === 'failed') logs.push(...this.#logFailure(result, tag));
    else if (result.awaited) {
      const warning = this.#warnings.give('promise-returned', {}, tag);
      if (warning !== undefined) logs.push(warning);
    }
    if (origin.kind === 'trigger') this.#answer(origin, result, elapsedNanos);
    else {
      origin.done({
        kind: 'done',
        subject: job.subject,
        headers: origin.headers,
        outcome: this.#replayOutcome(result),
        elapsedMs: elapsedNanos / 1e6,
        logs,
      });
    }
    return result;
  }

  #logFailure(result: Failure, tag: { invocation: number }): LogEntry[] {
    const { stack, text } = result;
    if (this.#silence !== undefined) {
      return realFailureLines(result, this.#workload).map((line) =>
        this.#publisher.log('ERROR', line, tag),
      );
    }
    const shown = stack === undefined ? text : this.#locations.mapStack(stack);
    const source = stack === undefined ? undefined : this.#locations.ofStack(stack);
    const line = `${this.#workload.type} execution failed with error: ${shown}`;
    const more = { ...tag, ...(source === undefined ? {} : { source }) };
    return [this.#publisher.log('ERROR', line, more)];
  }

  /** Event, then log, then reply: the order on the real node. */
  #answer(
    { trigger, reply, withheld }: TriggerJob['origin'],
    result: InvocationResult,
    elapsedNanos: number,
  ): void {
    if (result.kind === 'returned') this.#publisher.succeeded(trigger, elapsedNanos);
    else if (this.#silence !== undefined) {
      this.#silence.keep(trigger, elapsedNanos / 1e6);
      return;
    } else this.#publisher.failed(trigger, result.text);
    if (withheld === true) this.#tellWithheld(result);
    if (reply === undefined) return;
    if (result.kind === 'returned') this.#connection.publish(reply, result.reply);
    else {
      const { body, headers } = errorReply(result.error, result.text);
      this.#connection.publish(reply, body, { headers });
    }
  }

  #tellWithheld(result: InvocationResult): void {
    const text = result.kind === 'returned' ? Buffer.from(result.reply).toString() : result.text;
    const shown = text.length > shownReply ? `${text.slice(0, shownReply)}…` : text;
    this.#publisher.log('INFO', `This copy does not answer; it would have: ${shown}`);
  }

  /** A result over the server's limit cannot be sent: a failure like any other. */
  #sendable(result: InvocationResult, elapsedNanos: number): InvocationResult {
    const limit = this.#connection.info?.max_payload;
    if (result.kind !== 'returned' || limit === undefined || result.reply.length * 3 <= limit) {
      return result;
    }
    const size = Buffer.byteLength(result.reply);
    const overhead =
      this.#silence === undefined ? 0 : realHeaderLength(this.#workload, elapsedNanos);
    if (size + overhead <= limit) return result;
    const reason =
      this.#silence === undefined
        ? `this NATS server takes ${limit} bytes at most`
        : 'nats: maximum payload exceeded';
    const text = `failed to write ${size}-byte response: ${reason}`;
    return { kind: 'failed', error: 'thrown', text, stage: 'reply' };
  }

  #replayOutcome(result: InvocationResult): ReplayOutcome {
    if (result.kind === 'returned') return { kind: 'returned', ...encodeReply(result.reply) };
    const { error, text, stack } = result;
    return {
      kind: 'failed',
      code: invocationErrorCodes[error],
      text,
      ...(stack === undefined ? {} : { stack: this.#locations.mapStack(stack) }),
    };
  }
}

/** Characters of a reply that a log line shows. */
const shownReply = 500;

const wasUncalled = (result: InvocationResult) =>
  result.kind === 'failed' && result.stage === 'script';

/** What the real agent logs of a failure (`agent/providers/lib/v8.go`, `wasm.go`). */
function realFailureLines({ text, error, stage }: Failure, { id, type }: FunctionWorkload) {
  if (stage === 'reply') return [text];
  const execution = `${type} execution failed with error: ${text}`;
  const trigger = `failed to execute function on trigger subject agentint.${id}.trigger: ${text}`;
  return type === 'v8' && error === 'thrown' ? [execution, trigger] : [trigger];
}

/** Bytes of the header that the real agent's reply has of a JavaScript function; it counts for the limit. */
const realHeaderLength = ({ type }: FunctionWorkload, elapsedNanos: number): number =>
  type === 'wasm' ? 0 : `NATS/1.0\r\nx-nex-runtime-ns: ${elapsedNanos}\r\n\r\n`.length;

/** Replies of WebAssembly functions are bytes, which need not be text. */
function encodeReply(reply: string | Uint8Array): { text: string; encoding?: 'base64' } {
  if (typeof reply === 'string') return { text: reply };
  return isUtf8(reply)
    ? { text: Buffer.from(reply).toString('utf8') }
    : { text: Buffer.from(reply).toString('base64'), encoding: 'base64' };
}
