import { z } from 'zod';

/** What one suite reports: tests, not assertions. */
export const countsSchema = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
});
export type Counts = z.infer<typeof countsSchema>;
