import type { Limits } from './controlApi.ts';
import type { WorkloadType } from './workloadTypes.ts';

/** Why an invocation that passed its limits failed, whoever noticed it; the first is Nex's text for JavaScript. */
export const timeoutText = (type: WorkloadType, { timeoutMs }: Limits) =>
  `${type} execution timed out after ${timeoutMs}ms`;

export const memoryText = ({ memoryMb }: Limits) =>
  `the function needed more than its ${memoryMb} MB of memory`;
