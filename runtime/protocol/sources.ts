import { z } from 'zod';

/** Object store that holds the original text of every artifact ever deployed, under the artifact's SHA-256. */
export const sourcesBucket = { name: 'NEXDEV_SOURCES', maxBytes: 256 * 1024 * 1024 } as const;

/**
 * Where an artifact came from. `scriptUrl` is the URL that the isolate runs the artifact under: for a classic script
 * the file itself, for a bundled module the file with `.bundle.js` added, whose `map` (source map v3, JSON text)
 * leads back to `sources`, whose URLs are absolute `file:` URLs, and whose `script` is the text that runs.
 */
export const sourceRecordSchema = z.object({
  program: z.string(),
  scriptUrl: z.string(),
  sources: z.array(z.object({ url: z.string(), content: z.string() })),
  map: z.string().optional(),
  /** Absent where what runs is one of the sources. */
  script: z.string().optional(),
});
export type SourceRecord = z.infer<typeof sourceRecordSchema>;
