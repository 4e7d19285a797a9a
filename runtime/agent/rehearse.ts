import type { V8Workload } from '../protocol/agentPipe.ts';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { defaultLimits } from '../protocol/controlApi.ts';
import { defaultOptions } from '../protocol/workloadTypes.ts';
import { connectAgent } from './connectAgent.ts';
import { FunctionRunner } from './functionRunner.ts';
import type { NodePipe } from './nodePipe.ts';
import { WorkloadPublisher } from './workloadPublisher.ts';

/**
 * Connects, compiles, invokes and forgets a function that nobody sees: V8 then has compiled what a deployment runs, which
 * halves its time.
 */
export async function rehearse(nats: NatsOptions): Promise<void> {
  try {
    await using connection = await connectAgent(nats, 'nexdev-agent');
    const publisher = new WorkloadPublisher(connection, workload);
    const runner = new FunctionRunner(workload, connection, publisher, silentPipe);
    await runner.start();
    for (let request = 1; request <= invocations; request += 1) {
      const done = Promise.withResolvers<unknown>();
      const origin = { kind: 'replay', request, stream: '', seq: 1, headers: {} } as const;
      const payload = new Uint8Array(8);
      runner.enqueue({ subject: 'x', payload, origin: { ...origin, done: done.resolve } });
      await done.promise;
    }
    await runner.idle;
    runner.dispose();
  } catch {
    // What is wrong here is said by the deployment that meets it.
  }
}

const invocations = 5;

const workload: V8Workload = {
  id: 'rehearsal',
  name: 'rehearsal',
  namespace: 'system',
  nodeId: '',
  hash: '',
  triggerSubjects: [],
  limits: defaultLimits,
  environment: {},
  waitForDebugger: false,
  warned: [],
  type: 'v8',
  ...defaultOptions,
  source: '(subject, payload) => ({ subject, size: payload.length })',
  scriptUrl: 'file:///rehearsal.js',
};

const silentPipe: NodePipe = {
  send: () => undefined,
  onNodeGone: () => undefined,
};
