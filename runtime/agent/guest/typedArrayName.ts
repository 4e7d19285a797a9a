const tag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
);

/** `Uint8Array` and the like for a typed array of whichever context; undefined for all else. */
export const typedArrayName = (value: unknown): unknown => tag?.get?.call(value);
