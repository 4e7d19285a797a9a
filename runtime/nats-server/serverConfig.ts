import { join } from 'node:path';

export interface ServerConfig {
  storeDirectory: string;
  /** Also the server's name. */
  id: string;
  /** -1: any free one. */
  port: number;
}

export const logFile = (storeDirectory: string) => join(storeDirectory, 'nats-server.log');
export const portsDirectory = (storeDirectory: string) => join(storeDirectory, 'ports');

/** The server's configuration file. JSON strings are valid in it, also for Windows paths. */
export function renderServerConfig({ storeDirectory, id, port }: ServerConfig): string {
  const text = JSON.stringify;
  return [
    '# Written by Nex Devrun at every start.',
    `server_name: ${text(id)}`,
    'host: "127.0.0.1"',
    `port: ${port}`,
    `jetstream { store_dir: ${text(storeDirectory)} }`,
    `log_file: ${text(logFile(storeDirectory))}`,
    'logfile_size_limit: 16MB',
    'logfile_max_num: 2',
    `ports_file_dir: ${text(portsDirectory(storeDirectory))}`,
    '',
  ].join('\n');
}
