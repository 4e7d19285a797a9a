import { hash } from 'node:crypto';
import type { TriggerJob } from './invocation.ts';

/** The same for two agents that got one message; messages that differ in nothing share it. */
export function jobKey({ subject, payload, origin }: TriggerJob): string {
  const { trigger, occurrence, reply = '' } = origin;
  return hash(
    'sha1',
    [trigger, occurrence, subject, reply, hash('sha1', payload)].join('\n'),
    'base64',
  );
}
