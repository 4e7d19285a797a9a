import type { DevClient } from '../../runtime/client/devClient.ts';
import type { WorkloadDetail } from '../../runtime/protocol/devApi.ts';

/** Asks the node until the workload of that name is there and as wanted; mocha's time-out is the deadline. */
export async function untilDetail(
  dev: DevClient,
  name: string,
  accepts: (detail: WorkloadDetail) => boolean = () => true,
): Promise<WorkloadDetail> {
  for (;;) {
    const found = (await dev.workloads()).find((each) => each.name === name);
    if (found !== undefined && accepts(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
