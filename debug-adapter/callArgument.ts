import type { Protocol } from 'devtools-protocol';

/** A value as an argument of a call into the isolate. */
export function toCallArgument({
  objectId,
  unserializableValue,
  value,
}: Protocol.Runtime.RemoteObject): Protocol.Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value: value as unknown } : { unserializableValue };
}
