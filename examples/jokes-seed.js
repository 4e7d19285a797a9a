// Fills the KV bucket dad_jokes for jokes.js: with the payload, a JSON list of {setup, punchline}, or with these.
//
//   nexdev devrun examples/jokes-seed.js --trigger_subject=jokes.seed
//   nexdev req jokes.seed

const JOKES = [
  { setup: 'Why do messages never get lost here?', punchline: 'They always follow the subject.' },
  { setup: 'What does a stream do on holiday?', punchline: 'It replays the whole year.' },
  { setup: 'Why was the subscriber so calm?', punchline: 'It had no pending issues.' },
];

(subject, payload) => {
  const given = decodeURIComponent(escape(String.fromCharCode(...payload)));
  const text = given || JSON.stringify(JOKES);
  const jokes = JSON.parse(text);
  this.kv('dad_jokes').set(
    'jokes',
    Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0)),
  );
  return { stored: jokes.length };
};
