import { z } from 'zod';
import { findSubjectFault } from './triggerSubject.ts';

/** How an entry ends that allows reading alone. */
export const readOnlySuffix = ':read';

const bucketSchema = z
  .string()
  .regex(/^[\w*-]+(:read)?$/, 'a bucket is written orders, or*ders or orders:read');
const hostSchema = z
  .string()
  .regex(
    /^(\*|(\*\.)?[a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d+)?$/i,
    'a host is written api.example.com, *.example.com or 127.0.0.1:8080',
  );
const subjectSchema = z
  .string()
  .refine((subject) => findSubjectFault(subject) === undefined, 'this is no NATS subject');

const services = {
  kv: z.array(bucketSchema),
  objectStore: z.array(bucketSchema),
  http: z.array(hostSchema),
  messaging: z.array(subjectSchema),
};

/**
 * What a function may reach of each host service: names of buckets (`*` stands for any characters), hosts, subjects. A
 * service that is not named is not limited; an empty list allows nothing of it.
 */
export const allowSchema = z.strictObject(services).partial();
export type Allow = z.infer<typeof allowSchema>;

/** What `earlier` says, and the word `kv=orders,devices*:read`; undefined where that is no such word. */
export function addAllowed(earlier: Allow, word: string): Allow | undefined {
  const [service = '', list] = word.split('=', 2);
  if (!isLimitedService(service) || list === undefined) return undefined;
  const entries = [...(earlier[service] ?? []), ...(list === '' ? [] : list.split(','))];
  const parsed = allowSchema.safeParse({ ...earlier, [service]: entries });
  return parsed.success ? parsed.data : undefined;
}

const isLimitedService = (service: string): service is keyof Allow =>
  Object.hasOwn(services, service);

/** How such words are written. */
export const allowSyntax =
  'kv=BUCKET,… and objectStore=BUCKET,… (BUCKET:read for reading alone), http=HOST,…, messaging=SUBJECT,…';
