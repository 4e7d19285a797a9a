import { z } from 'zod';

/** What the endpoint looks at in a CDP message of a client; the rest passes as it is. */
export const cdpRequestSchema = z.looseObject({
  id: z.number().int(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
});
export type CdpRequest = z.infer<typeof cdpRequestSchema>;

export const cdpNotificationSchema = z.looseObject({
  method: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
});
export type CdpNotification = z.infer<typeof cdpNotificationSchema>;

/** Ids from here up are the endpoint's own; a client that uses them is told so. */
export const firstOwnId = 1_900_000_000;

export const emptyResult = (id: number) => JSON.stringify({ id, result: {} });

export const errorResult = (id: number | null, code: number, message: string) =>
  JSON.stringify({ id, error: { code, message } });

export const notification = (method: string, params: object) => JSON.stringify({ method, params });
