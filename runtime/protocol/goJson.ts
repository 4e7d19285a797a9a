import { checkGoSyntax } from './goJsonSyntax.ts';
import { NexError } from './nexError.ts';

/** What Go decodes a JSON value into; `name` is how its errors name the type. */
export type GoType =
  | { readonly kind: 'string' | 'bool' | 'uint' | 'int64' | 'any'; readonly name: string }
  | { readonly kind: 'slice' | 'map'; readonly name: string; readonly of: GoType }
  | GoStruct;

export interface GoStruct {
  readonly kind: 'struct';
  /** With its package. */
  readonly name: string;
  /** How the errors of its members name it. */
  readonly shortName: string;
  readonly members: Readonly<Record<string, GoType>>;
  /** What the errors of a member call it, where it belongs to a struct that this one embeds. */
  readonly paths?: Readonly<Record<string, string>>;
}

export const goString = { kind: 'string', name: 'string' } as const;
export const goBool = { kind: 'bool', name: 'bool' } as const;
export const goInt64 = { kind: 'int64', name: 'int64' } as const;
export const goAny = { kind: 'any', name: 'interface {}' } as const;
export const goStrings = { kind: 'slice', name: '[]string', of: goString } as const;
export const goStringMap = { kind: 'map', name: 'map[string]string', of: goString } as const;

export const goStruct = (name: string, members: Record<string, GoType>): GoStruct => ({
  kind: 'struct',
  name,
  shortName: name.slice(name.indexOf('.') + 1),
  members,
});

/** Where a value is that is decoded: in which struct, by which path of members. */
interface Place {
  readonly struct: string;
  readonly path: readonly string[];
}

/**
 * Decodes as Go's `encoding/json`: names in any letter case, a later member of the same name wins, unknown ones are left
 * out, null is what was not given, in a list or a map the empty text. Errors have Go's texts. Undefined for a null.
 */
export function decodeGoJson(text: string, type: GoType): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    checkGoSyntax(text);
    throw error;
  }
  return decode(value, type, undefined);
}

function decode(value: unknown, type: GoType, place: Place | undefined): unknown {
  if (value === null) return undefined;
  if (!fits(value, type)) {
    const where = place === undefined ? 'value' : `struct field ${nameOf(place)}`;
    throw new NexError(
      'invalid-json',
      `json: cannot unmarshal ${described(value, type)} into Go ${where} of type ${type.name}`,
    );
  }
  switch (type.kind) {
    case 'slice':
      return (value as unknown[]).map((each) => decode(each, type.of, place) ?? '');
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([name, each]) => [
          name,
          decode(each, type.of, place) ?? '',
        ]),
      );
    case 'struct':
      return decodeStruct(value as object, type, place);
    default:
      return value;
  }
}

const nameOf = ({ struct, path }: Place) => `${struct}.${path.join('.')}`;

function decodeStruct(value: object, type: GoStruct, place: Place | undefined): object {
  const { members, paths = {}, shortName } = type;
  const byFold = new Map(Object.keys(members).map((name) => [folded(name), name]));
  const decoded: Record<string, unknown> = {};
  for (const [given, each] of Object.entries(value)) {
    const name = Object.hasOwn(members, given) ? given : byFold.get(folded(given));
    const member = name === undefined ? undefined : members[name];
    if (name === undefined || member === undefined) continue;
    const path = [...(place?.path ?? []), paths[name] ?? name];
    const result = decode(each, member, { struct: shortName, path });
    if (result !== undefined) decoded[name] = result;
  }
  return decoded;
}

/** Unicode's simple folding, as near as two conversions come to it. */
const folded = (name: string) => name.toLowerCase().toUpperCase();

function fits(value: unknown, { kind }: GoType): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'uint':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 64;
    case 'int64':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63;
    case 'slice':
      return Array.isArray(value);
    case 'map':
    case 'struct':
      return typeof value === 'object' && !Array.isArray(value);
    case 'any':
      return true;
  }
}

function described(value: unknown, { kind }: GoType): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  const isInteger = kind === 'uint' || kind === 'int64';
  return typeof value === 'number' && isInteger ? `number ${value}` : typeof value;
}
