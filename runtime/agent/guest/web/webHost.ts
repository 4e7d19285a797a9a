/**
 * What the web APIs ask of the agent (`runtime/agent/webHost.ts`), by name. Only text, numbers and bytes cross; undefined
 * says that the input is not valid. All that is random or reads a clock goes through here.
 */
export type WebHost = (operation: WebOperation, ...args: WebValue[]) => WebValue;

export type WebValue = string | number | boolean | Uint8Array | undefined;

export type WebOperation =
  | 'atob'
  | 'btoa'
  | 'randomBytes'
  | 'randomUuid'
  | 'digest'
  | 'monotonicMs'
  | 'parseUrl'
  | 'changeUrl'
  | 'parseQuery'
  | 'writeQuery';
