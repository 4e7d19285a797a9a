const icons: Readonly<Record<string, string>> = {
  v8: 'symbol-event',
  wasm: 'file-binary',
  native: 'server-process',
};

/** Name of the icon of a workload of that type; types of later Nex nodes have one too. */
export const workloadIcon = (type: string): string => icons[type] ?? 'symbol-misc';
