// Tells a joke that was put into the KV bucket dad_jokes before; jokes-seed.js puts some there.
//
//   nexdev devrun examples/jokes-seed.js --trigger_subject=jokes.seed
//   nexdev req jokes.seed
//   nexdev devrun examples/jokes.js --trigger_subject=jokes
//   nexdev req jokes

(subject, payload) => {
  const bytes = this.kv('dad_jokes').get('jokes');
  const jokes = JSON.parse(decodeURIComponent(escape(String.fromCharCode(...bytes))));
  const { setup, punchline } = jokes[Math.floor(Math.random() * jokes.length)];
  return { joke: setup, punchline };
};
