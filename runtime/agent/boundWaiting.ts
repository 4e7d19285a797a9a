import type { TriggerJob } from './invocation.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/**
 * For a copy, whose messages somebody else answers: while it stands in the debugger, a busy subject must not fill the
 * memory. What comes beyond is left out, which is said once each time.
 */
export function boundWaiting(
  runner: { readonly waiting: number },
  publisher: Pick<WorkloadPublisher, 'log'>,
  enqueue: (job: TriggerJob) => void,
): (job: TriggerJob) => void {
  let leftOut = 0;
  return (job) => {
    if (runner.waiting < mostWaiting) {
      if (leftOut > 0) publisher.log('WARN', `This copy has left out ${leftOut} messages.`);
      leftOut = 0;
      enqueue(job);
      return;
    }
    if (leftOut === 0) {
      publisher.log('WARN', `${mostWaiting} messages wait for this copy: more are left out.`);
    }
    leftOut += 1;
  };
}

const mostWaiting = 1000;
