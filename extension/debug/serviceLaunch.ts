import type { DebugConfiguration, WorkspaceFolder } from 'vscode';
import { z } from 'zod';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { debuggerKinds } from '../../runtime/protocol/serviceDebugger.ts';
import type { ServiceLaunch } from './debugService.ts';

const schema = z.object({
  program: z.string().min(1),
  debugger: z.enum(debuggerKinds),
  debuggerPath: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  argv: z.array(z.string()).default([]),
  namespace: z.string().optional(),
});

/** What a configuration says of a service; undefined where it names no debugger, and so is one of a function. */
export function serviceLaunch(
  configuration: DebugConfiguration,
  folder: WorkspaceFolder | undefined,
): ServiceLaunch | undefined {
  if (configuration.request !== 'launch' || configuration['debugger'] === undefined)
    return undefined;
  const parsed = schema.safeParse(configuration);
  if (parsed.success) {
    const { debugger: kind, debuggerPath: path, ...rest } = parsed.data;
    return { ...rest, debugger: { kind, ...(path === undefined ? {} : { path }) }, folder };
  }
  const [fault] = parsed.error.issues;
  const text = `This debug configuration cannot be used: "${fault?.path.join('.')}": ${fault?.message}.`;
  throw new NexError('bad-configuration', text, { remedy: 'Correct it in launch.json.' });
}
