import { z } from 'zod';

/** Reads an object as Go's JSON decoder does: names of members in any letter case, of equal ones the last. */
export const goMembers = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(withLowerNames, schema);

function withLowerNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name.toLowerCase(), member as unknown]),
  );
}
