import { reasons, type Row } from './row.ts';

/** `HTTP` stands for the address of a server that answers with what it got; `CLOSED` for a port where none listens. */
export const httpRows: readonly Row[] = [
  {
    line: 'A.8.2 http: url is required',
    source: '() => attempt(() => http.get())',
    strict: '"! url is required"',
  },
  {
    line: 'A.8.2 a payload that is undefined',
    source: "() => attempt(() => http.get('http://h/', undefined))",
    strict: '"! failed to marshal v8 value to []byte: undefined; only Uint8[] is supported"',
  },
  {
    line: 'A.8.5 #1 in bodies',
    source: "() => http.post('HTTP/hex', new Uint8Array([0xe9])).response",
    strict: '"POST //hex c3a9"',
    faithful: '"POST /hex e9"',
    reason: reasons.bytes,
  },
  {
    line: 'A.8.5 #3 a doubled slash',
    source: "() => ['/a', '/', ''].map((path) => http.get('HTTP' + path).response)",
    strict: '["GET //a ","GET // ","GET / "]',
    faithful: '["GET /a ","GET / ","GET / "]',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.5 #3 a path decoded once more',
    source:
      "() => ['/a%2Fb', '/a%3Fb', '/a%20b', '/é'].map((path) => http.get('HTTP' + path).response)",
    strict: '["GET //a/b ","GET //a?b ","GET //a%20b ","GET //%C3%A9 "]',
    faithful: '["GET /a%2Fb ","GET /a%3Fb ","GET /a%20b ","GET /%C3%A9 "]',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.5 #3 an escape that fails',
    source:
      "() => [attempt(() => http.get('HTTP/%25zz').status).replace(/:\\d+/, ''), attempt(() => http.put('HTTP/%25zz').status)]",
    strict:
      '["! Error: parse \\"http://127.0.0.1//%zz\\": invalid URL escape \\"%zz\\" (500)","! Error: http request failed (500)"]',
    faithful: '["200","200"]',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.5 #4 the query string',
    source: "() => ['get', 'post', 'delete'].map((m) => http[m]('HTTP/q?a=1#f').response)",
    strict: '["GET //q ","POST //q ","DELETE //q "]',
    faithful: '["GET /q?a=1 ","POST /q?a=1 ","DELETE /q?a=1 "]',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.5 #5 bodies of delete and get',
    source: "(s, p) => ['delete', 'get'].map((m) => http[m]('HTTP', p).response)",
    message: 'x',
    strict: '["DELETE / ","GET / "]',
  },
  {
    line: 'A.8.5 #6 request headers',
    source: "(s, p) => JSON.parse(http.post('HTTP/headers', p).response)",
    message: 'x',
    strict:
      '{"accept":"*","accept-encoding":"gzip, deflate","accept-language":"en-us","connection":"close","content-length":"1","content-type":"text/plain","user-agent":"Go-http-client/1.1"}',
  },
  {
    line: 'A.8.5 #6 gzip is unpacked',
    source:
      "() => { const r = http.get('HTTP/gzip'); return [r.response, r.headers['Content-Encoding']] }",
    strict: '["packed","gzip"]',
  },
  {
    line: 'A.8.1 an empty body',
    source: "() => 'response' in http.get('HTTP/empty')",
    strict: 'false',
  },
  {
    line: 'A.8.1 several values of a header',
    source: "() => http.get('HTTP').headers['X-Multi']",
    strict: '"a, b"',
  },
  {
    line: 'A.8.1 invalid UTF-8 in a body',
    source: "() => http.get('HTTP/invalid').response",
    strict: '"a\ufffd\ufffdb"',
  },
  {
    line: 'A.8.1 any status is a success',
    source: "() => http.get('HTTP/teapot').status",
    strict: '418',
  },
  {
    line: 'A.8.2 http: nobody listens',
    source: "() => attempt(() => http.get('CLOSED/x'))",
    strict:
      '"! Error: Get \\"CLOSED//x\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
    faithful:
      '"! Error: Get \\"CLOSED/x\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.2 http: the misspelling of post',
    source: "() => attempt(() => http.post('CLOSED'))",
    strict:
      '"! Error: http reqeust failed: Post \\"CLOSED/\\": dial tcp 127.0.0.1:1: connect: connection refused (500)"',
  },
  {
    line: 'A.8.2 http: bad addresses',
    source: "() => ['%zz', ':x', 'ftp://h/x', '/a'].map((u) => attempt(() => http.get(u)))",
    strict: JSON.stringify([
      '! parse "%zz": invalid URL escape "%zz"',
      '! parse ":x": missing protocol scheme',
      '! Error: Get "ftp://h//x": unsupported protocol scheme "ftp" (500)',
      '! Error: parse ":////a": missing protocol scheme (500)',
    ]),
    faithful: JSON.stringify([
      '! parse "%zz": invalid URL escape "%zz"',
      '! parse ":x": missing protocol scheme',
      '! Error: Get "ftp://h/x": unsupported protocol scheme "ftp" (500)',
      '! Error: parse ":////a": missing protocol scheme (500)',
    ]),
    reason: reasons.dropped,
  },

  {
    line: 'A.8.5 #6 deflate is not unpacked',
    source: "() => http.get('HTTP/deflate').response",
    strict: '"packed"',
  },
  {
    line: 'A.8.5 #6 redirects get a Referer',
    source: "() => http.get('HTTP/redirect').response",
    strict: '"HTTP//redirect"',
    faithful: '"HTTP/redirect"',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.1 headers of the connection are not passed on',
    source:
      "() => ['Connection', 'Transfer-Encoding'].filter((n) => n in http.get('HTTP').headers)",
    strict: '[]',
  },
  {
    line: 'A.8.2 http: too many redirects',
    source: "() => attempt(() => http.get('HTTP/loop'))",
    strict: '"! Error: Get \\"/loop\\": stopped after 10 redirects (500)"',
  },
  {
    line: 'A.8.2 http: a connection that is closed',
    source: "() => attempt(() => http.get('HTTP/closed'))",
    strict: '"! Error: Get \\"HTTP//closed\\": EOF (500)"',
    faithful: '"! Error: Get \\"HTTP/closed\\": EOF (500)"',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.2 http: a body that breaks off',
    source: "() => attempt(() => http.get('HTTP/broken'))",
    strict: '"! Error: unexpected EOF (500)"',
  },
  {
    line: 'A.8.2 http: no answer in time',
    source: "() => attempt(() => http.get('HTTP/late'))",
    strict:
      '"! Error: Get \\"HTTP//late\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers) (500)"',
    faithful:
      '"! Error: Get \\"HTTP/late\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers) (500)"',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.2 http put, patch, delete, head',
    source: "() => ['put', 'patch', 'delete', 'head'].map((m) => attempt(() => http[m]('CLOSED')))",
    strict: JSON.stringify(Array(4).fill('! Error: http request failed (500)')),
  },
  {
    line: "A.8.2 http: Go's URL parse errors",
    source:
      "() => [' http://h', 'http://h\\n', 'http://h:x/', 'http://[::1/', 'http://a b@h/', 'http://h%20x/'].map((u) => attempt(() => http.get(u)))",
    strict: JSON.stringify([
      '! parse " http://h": first path segment in URL cannot contain colon',
      '! parse "http://h\\n": net/url: invalid control character in URL',
      '! parse "http://h:x/": invalid port ":x" after host',
      '! parse "http://[::1/": missing \']\' in host',
      '! parse "http://a b@h/": net/url: invalid userinfo',
      '! parse "http://h%20x/": invalid URL escape "%20"',
    ]),
  },
  {
    line: 'A.8.5 #4 user info and fragment',
    source: "() => http.get('HTTP/a#f'.replace('//', '//user:secret@')).response",
    strict: '"GET //a "',
    faithful: '"GET /a "',
    reason: reasons.dropped,
  },
  {
    line: 'A.8.5 #6 the order of request headers',
    source: "(s, p) => [http.get('HTTP/order').response, http.post('HTTP/order', p).response]",
    message: 'x',
    strict:
      '["Host,User-Agent,Accept,Accept-Encoding,Accept-Language,Connection","Host,User-Agent,Content-Length,Accept,Accept-Encoding,Accept-Language,Content-Type,Connection"]',
  },
  {
    line: 'A.8.2 http: a port that cannot be',
    source: "() => attempt(() => http.get('http://127.0.0.1:99999'))",
    strict:
      '"! Error: Get \\"http://127.0.0.1:99999/\\": dial tcp: address 99999: invalid port (500)"',
  },
];
