/** The talk's echo, without its log line. */
export const echoSource = `(subject, payload) => ({
  triggered_on: subject,
  payload: String.fromCharCode(...payload),
})`;
