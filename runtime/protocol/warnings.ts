import { z } from 'zod';
import { logSourceSchema } from './logs.ts';

/**
 * What works here and would not on a real Nex 0.3.0-rc1 node, or what a user should know of a deployment. `code` is
 * stable; each is told once per workload. `source` is 1-based.
 */
export const warningSchema = z.object({
  code: z.string(),
  text: z.string(),
  source: logSourceSchema.optional(),
});
export type Warning = z.infer<typeof warningSchema>;

/** One line: the text, its code, and where. */
export function warningText({ code, text, source }: Warning): string {
  const where = source === undefined ? '' : ` (${source.url}:${source.line}:${source.column})`;
  return `${text} [${code}]${where}`;
}
