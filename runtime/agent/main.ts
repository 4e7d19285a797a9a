/** The agent: the process that hosts one workload. It compiles, subscribes, invokes, and knows nothing of the node. */
import { Agent } from './agent.ts';
import { openNodePipe } from './nodePipe.ts';

const pipe = openNodePipe();
const agent = new Agent(pipe);
pipe.onMessage((message) => void agent.handle(message));
pipe.send({ type: 'warm' });
