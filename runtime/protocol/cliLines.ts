import { z } from 'zod';
import { diagnosticSchema } from './diagnostics.ts';

/** What `nexdev up --json` prints on standard output, one JSON object a line: progress where it was asked for, notices, and ready once. */
export const upLineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('progress'), text: z.string() }),
  z.object({ event: z.literal('notice'), text: z.string() }),
  z.object({ event: z.literal('ready'), url: z.string(), node: z.string() }),
]);
export type UpLine = z.infer<typeof upLineSchema>;

/** What a verb with `--json` prints on standard error when it fails: a NexError. */
export const errorLineSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
    /** Every place at fault, of errors in sources. */
    diagnostics: z.array(diagnosticSchema).optional(),
  }),
});
export type ErrorLine = z.infer<typeof errorLineSchema>;
