import clone from 'core-js-pure/stable/structured-clone';
import { DOMException } from './domException.ts';

/** `structuredClone`; what cannot be cloned throws this context's own DOMException. */
export function structuredClone(value: unknown, options?: { transfer?: unknown[] }): unknown {
  try {
    return clone(value, options);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DataCloneError') throw error;
    throw new DOMException(error.message, 'DataCloneError');
  }
}
