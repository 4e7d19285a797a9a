import { z } from 'zod';

/** One test that failed, or what kept a suite from its end. */
const failureSchema = z.object({
  title: z.string(),
  /** With its stack, where there is one. */
  error: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** What one suite reports: tests, not assertions. */
export const countsSchema = z.object({
  passed: z.number().int(),
  skipped: z.number().int(),
  failures: z.array(failureSchema),
});
export type Counts = z.infer<typeof countsSchema>;

export const describeCounts = ({ passed, failures, skipped }: Counts) =>
  `${passed} passed, ${failures.length} failed, ${skipped} skipped`;
