import ivm from 'isolated-vm';

/** Bytes as an argument of a call into an isolate; theirs is the memory afterwards. */
export const copyInto = (bytes: Uint8Array) =>
  new ivm.ExternalCopy(bytes).copyInto({ release: true, transferIn: true });
