/**
 * Every id that `package.json` and the code share. A test holds this module against `package.json`.
 */
export const commands = {
  runFunction: 'nex.runFunction',
  debugFunction: 'nex.debugFunction',
  runService: 'nex.runService',
  debugServiceWith: 'nex.debugService',
  newFunction: 'nex.newFunction',
  devrunOnSubject: 'nex.devrunOnSubject',
  startNode: 'nex.startNode',
  stopWorkload: 'nex.stopWorkload',
  debugWorkload: 'nex.debugWorkload',
  openProgram: 'nex.openProgram',
  sendMessage: 'nex.sendMessage',
  showLogs: 'nex.showLogs',
  replayMessage: 'nex.replayMessage',
  debugMessage: 'nex.debugMessage',
  refresh: 'nex.refresh',
  addConnection: 'nex.addConnection',
  editConnection: 'nex.editConnection',
  removeConnection: 'nex.removeConnection',
  testConnection: 'nex.testConnection',
  connect: 'nex.connect',
  disconnect: 'nex.disconnect',
  deployToNode: 'nex.deployToNode',
  redeployWorkload: 'nex.redeployWorkload',
  lameDuck: 'nex.lameDuck',
  copyId: 'nex.copyId',
  debugCopy: 'nex.debugCopy',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const settings = {
  nats: 'nex.nats',
  serverUrl: 'nex.serverUrl',
  nodePath: 'nex.nodePath',
  natsServerPath: 'nex.natsServerPath',
} as const;
export type SettingId = (typeof settings)[keyof typeof settings];

export const views = {
  nodes: 'nex.nodes',
  buckets: 'nex.buckets',
  streams: 'nex.streams',
} as const;

export const viewContainer = 'nex';
export const fileSubmenu = 'nex.file';
export const debugType = 'nex';

/** Paths of files that the menus offer as functions, and as services. Declarations and packages are neither. */
export const pathPatterns = {
  function: /^(?!.*[\\/]node_modules[\\/])(?!.*\.d\.[cm]?ts$).*\.([cm]?[jt]s|wasm)$/,
  service: /^(?!.*[\\/]node_modules[\\/]).*([\\/][^.\\/]+|\.(exe|py|sh))$/,
} as const;

/** Context key with the state of the node: `stopped`, `starting` or `running`. */
export const nodeStateContext = 'nex.nodeState';

/** `viewItem` of tree items. */
export const itemContexts = {
  localConnection: 'nexLocal',
  /** A context of the `nats` CLI, connected or not. */
  contextOn: 'nexContextOn',
  contextOff: 'nexContextOff',
  ownOn: 'nexOwnOn',
  ownOff: 'nexOwnOff',
  node: 'nexNode',
  nodeV04: 'nexNodeV04',
  nexlet: 'nexNexlet',
  /** A function whose file we know, so that it can be opened and debugged. */
  workload: 'nexWorkload',
  service: 'nexService',
  /** One whose file we know, on a node where no debugger can get to it. */
  deployedWorkload: 'nexDeployedWorkload',
  foreignWorkload: 'nexForeignWorkload',
  workloadV04: 'nexWorkloadV04',
  trigger: 'nexTrigger',
  message: 'nexMessage',
} as const;
