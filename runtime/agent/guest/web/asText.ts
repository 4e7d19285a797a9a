/** What WebIDL makes of an argument that is to be text. */
export const asText = (value: unknown): string => String(value);
