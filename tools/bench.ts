/** `npm run bench`: each section on one node with its defaults. Prints what was measured beside its goals; judges nothing. */
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { readKeys } from '../runtime/client/keys.ts';
import { echo } from './bench/echo.ts';
import { reload } from './bench/reload.ts';
import { wasmEcho } from './bench/wasmEcho.ts';
import type { Section } from './bench/section.ts';
import { startThrowawayNode } from './throwawayNode.ts';

const sections: Section[] = [echo, wasmEcho, reload];

const node = await startThrowawayNode();
const connection = await connect({ servers: node.url });
try {
  const keys = await readKeys(join(node.directory, '.nex'));
  for (const measure of sections) console.log(await measure({ node, connection, keys }));
} finally {
  await connection.close();
  await node.stop();
}
