/** Error numbers of WASI preview 1. */
export const errno = {
  success: 0,
  badf: 8,
  fault: 21,
  inval: 28,
  nosys: 52,
  spipe: 70,
} as const;
export type Errno = (typeof errno)[keyof typeof errno];
