/** The agent: the process that hosts one workload. It compiles, subscribes, invokes, and knows nothing of the node. */
import { Agent } from './agent.ts';
import { useNativeHashes } from '../protocol/nativeHashes.ts';
import { openAgentPipe } from './nodePipe.ts';

useNativeHashes();
const pipe = openAgentPipe();
const agent = new Agent(pipe);
pipe.onMessage((message) => void agent.handle(message));
