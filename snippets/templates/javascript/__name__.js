// Every message on the trigger subject runs this function; what it returns is the reply, as JSON.
(subject, payload) => {
  console.log(`${payload.length} bytes on ${subject}`);
  return { subject, size: payload.length };
};
