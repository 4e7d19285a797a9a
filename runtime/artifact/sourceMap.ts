import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { SourceRecord } from '../protocol/sources.ts';

const mapSchema = z.looseObject({
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string().nullable()),
  mappings: z.string(),
});

export interface LocatedMap {
  /** Source map v3, JSON text; its `sources` are absolute `file:` URLs. */
  readonly map: string;
  readonly sources: SourceRecord['sources'];
}

/**
 * A map of esbuild's, whose sources are relative to `directory`, made absolute.
 *
 * @param addedLines how many lines were put before the code since
 */
export function locateMap(json: string, directory: string, addedLines = 0): LocatedMap {
  const map = mapSchema.parse(JSON.parse(json));
  const urls = map.sources.map((source) => pathToFileURL(resolve(directory, source)).href);
  const sources = urls.map((url, index) => ({ url, content: map.sourcesContent[index] ?? '' }));
  const mappings = ';'.repeat(addedLines) + map.mappings;
  return { map: JSON.stringify({ ...map, sources: urls, mappings }), sources };
}
