/** The agent: the process that hosts one workload. It compiles, subscribes, invokes, and knows nothing of the node. */
import { Agent } from './agent.ts';
import { openAgentPipe } from './nodePipe.ts';

const pipe = openAgentPipe();
const agent = new Agent(pipe);
pipe.onMessage((message) => void agent.handle(message));
