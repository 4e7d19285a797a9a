import type { MakeNative } from './nativeFunctions.ts';

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** `JSON.parse` as of the real node's V8: its errors name no line and column, its revivers get no source text. */
export function installOlderJson(native: MakeNative): void {
  const { parse } = JSON;
  const { apply } = Reflect;
  const place = / \(line \d+ column \d+\)/;
  const older = (text: string, reviver?: unknown): unknown => {
    const revive = reviver as Reviver;
    try {
      if (typeof reviver !== 'function') return parse(text);
      return parse(text, function (this: unknown, key: string, value: unknown): unknown {
        return apply(revive, this, [key, value]);
      });
    } catch (error) {
      if (error instanceof SyntaxError) {
        error.message = error.message.replace(place, '');
        if (error.stack !== undefined) error.stack = error.stack.replace(place, '');
      }
      throw error;
    }
  };
  Object.defineProperty(JSON, 'parse', { value: native('parse', older, 2) });
}
