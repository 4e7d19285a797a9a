import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Throw-away keys that the recording was made with. */
const keysSchema = z.object({
  issuerSeed: z.string(),
  issuerPublic: z.string(),
  publisherXkeySeed: z.string(),
  publisherXkeyPublic: z.string(),
  nodeXkeyPublic: z.string(),
});

export const conversationSchema = z.object({
  /** Bytes at each object-store location used, as text. */
  artifacts: z.record(z.string(), z.unknown()).default({}),
  keys: keysSchema.partial().optional(),
  /** What it said unasked. */
  published: z.array(z.object({ subject: z.string(), data: z.unknown() })).default([]),
  exchanges: z.array(
    z.object({
      label: z.string().optional(),
      subject: z.string(),
      request: z.unknown(),
      /** Missing where several came. */
      reply: z.unknown().optional(),
      /** Exact text of a function's reply. */
      replyText: z.string().optional(),
    }),
  ),
});
export type Conversation = z.infer<typeof conversationSchema>;
export type Exchange = Conversation['exchanges'][number];

const recordingSchema = conversationSchema.extend({ keys: keysSchema });
export type Recording = z.infer<typeof recordingSchema>;

const readScenario = (scenario: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/wire/${scenario}.json`, import.meta.url), 'utf8'));

/** A conversation with the real Nex 0.3.0-rc1, recorded in test/fixtures/wire. */
export const readConversation = (scenario: string): Conversation =>
  conversationSchema.parse(readScenario(scenario));

/** The same of a scenario that comes with its keys. */
export const readRecording = (scenario: string): Recording =>
  recordingSchema.parse(readScenario(scenario));

const failureSchema = z.object({ error: z.string() });

/** The `error` of a recorded reply, undefined for a success. */
export const recordedError = (reply: unknown): string | undefined =>
  failureSchema.safeParse(reply).data?.error;
