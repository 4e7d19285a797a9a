interface Answer {
  subject: string;
  size: number;
}

// Every message on the trigger subject runs this function; what it returns is the reply, as JSON.
((subject, payload): Answer => {
  console.log(`${payload.length} bytes on ${subject}`);
  return { subject, size: payload.length };
}) satisfies NexFunction;
