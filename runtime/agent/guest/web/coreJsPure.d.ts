declare module 'core-js-pure/stable/structured-clone' {
  const structuredClone: (value: unknown, options?: { transfer?: unknown[] }) => unknown;
  export = structuredClone;
}
