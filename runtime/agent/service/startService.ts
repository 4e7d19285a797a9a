import type { NativeWorkload } from '../../protocol/agentPipe.ts';
import type { NatsOptions } from '../../protocol/natsOptions.ts';
import type { DebuggerAddress } from '../../protocol/serviceDebugger.ts';
import { debuggerCommand } from './debuggerCommand.ts';
import { describeStartError, readExecutable, type Executable } from './executable.ts';
import { commandFor, type Command } from './interpreter.ts';
import { findFreePort } from './listeningPort.ts';
import { serviceEnvironment } from './serviceEnvironment.ts';
import { ServiceProcess } from './serviceProcess.ts';

export interface StartedService {
  readonly process: ServiceProcess;
  /** Where its debugger is going to listen. */
  readonly debugger: DebuggerAddress | undefined;
}

/** Starts a service's process, or its debugger's in its place. Throws in words for the deployer. */
export async function startService(
  workload: NativeWorkload,
  nats: NatsOptions,
): Promise<StartedService> {
  const executable = await readExecutable(workload.file);
  const address = await addressOf(workload);
  const command =
    address === undefined || workload.debugger === undefined
      ? await plainCommand(workload, executable)
      : await debuggerCommand(
          workload.debugger,
          address.port,
          { file: workload.file, args: workload.argv },
          executable.interpreter,
        );
  try {
    const environment = serviceEnvironment(workload, nats);
    const process = await ServiceProcess.start(command, environment, workload.id);
    return { process, debugger: address };
  } catch (error) {
    throw new Error(describeStartError(executable, error), { cause: error });
  }
}

async function addressOf({ debugger: wanted, file }: NativeWorkload) {
  if (wanted === undefined) return undefined;
  return { kind: wanted.kind, port: wanted.port ?? (await findFreePort()), file };
}

/** On the real node `env` looks for an interpreter itself. */
const plainCommand = (
  { file, argv, mode }: NativeWorkload,
  { interpreter = [] }: Executable,
): Promise<Command> => commandFor(file, argv, mode === 'strict' ? [] : interpreter);
