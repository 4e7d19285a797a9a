import type { DeployRequest } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';

/** UTF-16 units of a name or a namespace, which stand in subjects and events. */
const longestName = 255;
/** The same of a description, which INFO repeats. */
const longestDescription = 4096;
const mostTriggerSubjects = 256;

/** A namespace is one token of a subject, and no wildcard: it is published to. */
export function refuseNamespace(namespace: string): void {
  if (/^[^\s.*>\p{Cc}]+$/u.test(namespace) && namespace.length <= longestName) return;
  throw new NexError('refused', 'Invalid subject for workload deployment');
}

/** NATS takes neither subjects nor messages of any length; what a workload is called is in many. */
export function refuseOversized({
  workload_name: name,
  description,
  trigger_subjects: subjects,
}: DeployRequest): void {
  if ((name ?? '').length > longestName) {
    throw refused(`workload_name is longer than ${longestName} characters`);
  }
  if ((description ?? '').length > longestDescription) {
    throw refused(`description is longer than ${longestDescription} characters`);
  }
  if ((subjects ?? []).length > mostTriggerSubjects) {
    throw refused(`there are more than ${mostTriggerSubjects} trigger subjects`);
  }
}

const refused = (text: string) => new NexError('refused', `Invalid deploy request: ${text}`);
