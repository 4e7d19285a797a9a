import type { DevrunResult } from '../client/devrun.ts';
import type { Keys } from '../client/keys.ts';
import { print, printJson, printWarnings } from './output.ts';

/** Says that a workload was accepted, in the words of the `nex` CLI. */
export function printAccepted(result: DevrunResult, json: boolean): void {
  if (json) {
    printJson(result);
    return;
  }
  printWarnings(result.warnings);
  const { name, workloadId, nodeId } = result;
  print(acceptedText(name, workloadId, nodeId));
}

export const acceptedText = (name: string, workloadId: string, nodeId: string): string =>
  `🚀 Workload '${name}' accepted. You can now refer to this workload with ID: ${workloadId} on node ${nodeId}`;

/** Says which keys are used, in the words of the `nex` CLI. */
export function printKeys({ issuerFile, publisherFile }: Keys): void {
  const files = [
    { ...issuerFile, kind: 'issuer account key' },
    { ...publisherFile, kind: 'publisher xkey' },
  ];
  for (const { path, created, kind } of files) {
    print(created ? `Wrote new ${kind}: ${path}` : `Reusing existing ${kind}: ${path}`);
  }
}
