import { readFileSync } from 'node:fs';
import { z } from 'zod';

const recordingSchema = z.object({
  keys: z.object({
    issuerSeed: z.string(),
    issuerPublic: z.string(),
    publisherXkeySeed: z.string(),
    publisherXkeyPublic: z.string(),
    nodeXkeyPublic: z.string(),
  }),
  exchanges: z.array(
    z.object({
      label: z.string().optional(),
      subject: z.string(),
      request: z.unknown(),
      reply: z.unknown(),
    }),
  ),
});
export type Recording = z.infer<typeof recordingSchema>;

/** A conversation with the real Nex 0.3.0-rc1, recorded in test/fixtures/wire. */
export const readRecording = (scenario: string): Recording =>
  recordingSchema.parse(
    JSON.parse(readFileSync(new URL(`../fixtures/wire/${scenario}.json`, import.meta.url), 'utf8')),
  );

const failureSchema = z.object({ error: z.string() });

/** The `error` of a recorded reply, undefined for a success. */
export const recordedError = (reply: unknown): string | undefined =>
  failureSchema.safeParse(reply).data?.error;
