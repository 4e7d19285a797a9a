import { decodeText } from './decodeText';

// Every message on the trigger subject runs the default export; what it returns is the reply, as JSON.
const handle: NexFunction = (subject, payload) => {
  const text = decodeText(payload);
  console.log(`${subject}: ${text}`);
  return { subject, text };
};

export default handle;
