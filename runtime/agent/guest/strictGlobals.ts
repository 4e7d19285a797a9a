/**
 * What V8 has got since the version that Nex 0.3.0-rc1 is built with: each path names an object, each list its members
 * that a function must not find. A function, so that only strict contexts make it. `%Iterator` and `%TypedArray` are the prototypes that have no name of their own.
 */
const newer = (): Record<string, string> => ({
  globalThis:
    'AsyncDisposableStack DisposableStack Float16Array Iterator SuppressedError Temporal AsyncIterator',
  Array: 'fromAsync',
  'Array.prototype': 'toReversed toSorted toSpliced with',
  'ArrayBuffer.prototype': 'detached maxByteLength resizable resize transfer transferToFixedLength',
  'SharedArrayBuffer.prototype': 'grow growable maxByteLength',
  '%TypedArray': 'toReversed toSorted with',
  '%Iterator':
    'constructor drop every filter find flatMap forEach map reduce some take toArray @@toStringTag @@dispose',
  Atomics: 'pause',
  console: 'createTask @@toStringTag',
  'DataView.prototype': 'getFloat16 setFloat16',
  Error: 'isError',
  Intl: 'DurationFormat',
  'Intl.Locale.prototype':
    'getCalendars getCollations getHourCycles getNumberingSystems getTextInfo getTimeZones getWeekInfo firstDayOfWeek',
  JSON: 'isRawJSON rawJSON',
  Map: 'groupBy',
  'Map.prototype': 'getOrInsert getOrInsertComputed',
  'WeakMap.prototype': 'getOrInsert getOrInsertComputed',
  Math: 'f16round sumPrecise',
  Object: 'groupBy',
  Promise: 'try withResolvers',
  RegExp: 'escape',
  'RegExp.prototype': 'unicodeSets',
  'Set.prototype':
    'difference intersection isDisjointFrom isSubsetOf isSupersetOf symmetricDifference union',
  'String.prototype': 'isWellFormed toWellFormed',
  Symbol: 'asyncDispose dispose',
  Uint8Array: 'fromBase64 fromHex',
  'Uint8Array.prototype': 'setFromBase64 setFromHex toBase64 toHex',
  WebAssembly: 'JSTag SuspendError Suspending promising',
});

/** Takes away what the real node's V8 does not have. */
export function removeNewerGlobals(): void {
  const wellKnown: Record<string, symbol | undefined> = {
    '@@toStringTag': Symbol.toStringTag,
    '@@dispose': (Symbol as { dispose?: symbol }).dispose,
  };
  const objects = Object.entries(newer()).map(([path, names]) => [find(path), names] as const);
  for (const [object, names] of objects) {
    if (object === undefined) continue;
    for (const name of names.split(' ')) {
      const key = name in wellKnown ? wellKnown[name] : name;
      if (key !== undefined) Reflect.deleteProperty(object, key);
    }
  }
}

function find(path: string): object | undefined {
  const { getPrototypeOf } = Object;
  if (path === '%TypedArray') return getPrototypeOf(Uint8Array.prototype) as object;
  if (path === '%Iterator') {
    return getPrototypeOf(getPrototypeOf([][Symbol.iterator]()) as object) as object;
  }
  if (path === 'globalThis') return globalThis;
  return path
    .split('.')
    .reduce<unknown>(
      (object, name) => (object as Record<string, unknown> | undefined)?.[name],
      globalThis,
    ) as object | undefined;
}
