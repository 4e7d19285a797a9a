/** What can be set of a URL; the agent and its isolate name the parts to each other. */
export const settableUrlParts = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;
