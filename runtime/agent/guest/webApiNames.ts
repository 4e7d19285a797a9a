export const timerNames = ['clearInterval', 'clearTimeout', 'setInterval', 'setTimeout'];

/** Globals that other JavaScript runtimes have and a real Nex node lacks; all that `web/main.ts` can make. */
export const webApiNames = [
  'AbortController',
  'AbortSignal',
  'DOMException',
  'Event',
  'EventTarget',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'crypto',
  'performance',
  'queueMicrotask',
  'structuredClone',
  ...timerNames,
];
