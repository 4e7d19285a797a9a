import { z } from 'zod';

/** One fault of a source file, as editors show them. Lines and columns are 1-based; `file` is an absolute path. */
export const diagnosticSchema = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  /** First column after the fault, on `endLine`. */
  endLine: z.number().int().optional(),
  endColumn: z.number().int().optional(),
  text: z.string(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/** `FILE:LINE:COLUMN: text`, which terminals and editors make a link of. */
export const diagnosticText = ({ file, line, column, text }: Diagnostic): string =>
  `${file}:${line}:${column}: ${text}`;
