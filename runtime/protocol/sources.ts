import { z } from 'zod';

/** Object store that holds the original text of every artifact ever deployed, under the artifact's SHA-256. */
export const sourcesBucket = { name: 'NEXDEV_SOURCES', maxBytes: 256 * 1024 * 1024 } as const;

/**
 * Where an artifact came from. `scriptUrl` is the URL that the isolate runs the artifact under: for a file that runs as
 * it was written the file itself, for what was compiled (TypeScript, modules) the file with `.bundle.js` added, whose
 * `map` (source map v3, JSON text) leads back to `sources`, whose URLs are absolute `file:` URLs. The map's `names` has
 * the original of each declared name that was changed, at every place where it stands; of an imported name only the
 * text at the original position tells.
 */
export const sourceRecordSchema = z.object({
  program: z.string(),
  scriptUrl: z.string(),
  sources: z.array(z.object({ url: z.string(), content: z.string() })),
  map: z.string().optional(),
  /** The text that runs; absent where it is one of the sources. */
  script: z.string().optional(),
});
export type SourceRecord = z.infer<typeof sourceRecordSchema>;
