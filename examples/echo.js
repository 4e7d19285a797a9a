// Answers with the subject it was triggered on and the payload as text.
//
//   nexdev devrun examples/echo.js --trigger_subject=echo
//   nexdev req echo 'hello nex!'

(subject, payload) => {
  console.log('triggered on', subject);
  return {
    triggered_on: subject,
    payload: String.fromCharCode(...payload),
  };
};
