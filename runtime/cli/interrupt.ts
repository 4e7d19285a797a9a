const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `npm run` and the like pass a Ctrl-C on that the terminal has sent us already: that is one, not two. */
const sameCtrlCMs = 300;

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM, or a closed terminal); at the second one the process ends at
 * once. Only for verbs that have something to end orderly.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > sameCtrlCMs) process.exit(130);
  };
  for (const signal of signals) process.on(signal, interrupt);
  return controller.signal;
}

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
