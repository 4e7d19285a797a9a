import assert from 'node:assert/strict';
import {
  decodeGoJson,
  goBool,
  goString,
  goStrings,
  goStruct,
} from '../../runtime/protocol/goJson.ts';

const url = goStruct('url.URL', { Host: goString });
const request = goStruct('controlapi.DeployRequest', {
  argv: goStrings,
  essential: goBool,
  location: url,
  retry_count: { kind: 'uint', name: 'uint' },
  type: { kind: 'string', name: 'controlapi.NexWorkload' },
});

/** What a real node of 0.3.0-rc1, built with Go 1.26, answered behind `Unable to deserialize deploy request: `. */
const refused: Record<string, string> = {
  '': 'unexpected end of JSON input',
  '{': 'unexpected end of JSON input',
  '{"a': 'unexpected end of JSON input',
  '{"a":': 'unexpected end of JSON input',
  '[1': 'unexpected end of JSON input',
  '\ufeff{}': "invalid character 'ï' looking for beginning of value",
  '\u00a0{}': "invalid character 'Â' looking for beginning of value",
  '}': "invalid character '}' looking for beginning of value",
  '\\': "invalid character '\\\\' looking for beginning of value",
  '// c\n{}': "invalid character '/' looking for beginning of value",
  '{bad': "invalid character 'b' looking for beginning of object key string",
  "{'a':1}": "invalid character '\\'' looking for beginning of object key string",
  '{"type": "v8", }': "invalid character '}' looking for beginning of object key string",
  '{"a" 1}': "invalid character '1' after object key",
  '{"a":1 "b":2}': `invalid character '"' after object key:value pair`,
  '{"x":01}': "invalid character '1' after object key:value pair",
  '{"a":[1 2]}': "invalid character '2' after array element",
  '{"a":[1,]}': "invalid character ']' looking for beginning of value",
  '{"x":1}}': "invalid character '}' after top-level value",
  '{"x":+1}': "invalid character '+' looking for beginning of value",
  '{"x":1.}': "invalid character '}' after decimal point in numeric literal",
  '{"x":-}': "invalid character '}' in numeric literal",
  '{"x":1e}': "invalid character '}' in exponent of numeric literal",
  '{"type":"\n"}': "invalid character '\\n' in string literal",
  '{"type":"\\x"}': "invalid character 'x' in string escape code",
  '{"x":"\\u12"}': `invalid character '"' in \\u hexadecimal character escape`,
  '{"essential":truE}': "invalid character 'E' in literal true (expecting 'e')",
  '{"essential":nul}': "invalid character '}' in literal null (expecting 'l')",
  '[]': 'json: cannot unmarshal array into Go value of type controlapi.DeployRequest',
  true: 'json: cannot unmarshal bool into Go value of type controlapi.DeployRequest',
  '{"type":5}':
    'json: cannot unmarshal number into Go struct field DeployRequest.type of type controlapi.NexWorkload',
  '{"argv":"x"}':
    'json: cannot unmarshal string into Go struct field DeployRequest.argv of type []string',
  '{"argv":[1]}':
    'json: cannot unmarshal number into Go struct field DeployRequest.argv of type string',
  '{"location":"nats://a/b"}':
    'json: cannot unmarshal string into Go struct field DeployRequest.location of type url.URL',
  '{"location":{"Host":5}}':
    'json: cannot unmarshal number into Go struct field URL.location.Host of type string',
  '{"retry_count":-1}':
    'json: cannot unmarshal number -1 into Go struct field DeployRequest.retry_count of type uint',
  '{"retry_count":1.5}':
    'json: cannot unmarshal number 1.5 into Go struct field DeployRequest.retry_count of type uint',
  '{"retry_count":"1"}':
    'json: cannot unmarshal string into Go struct field DeployRequest.retry_count of type uint',
};

const taken: Record<string, unknown> = {
  '{"TYPE":"v8","Location":{"host":"B"}}': { type: 'v8', location: { Host: 'B' } },
  '{"type":"v8","Type":"oci"}': { type: 'oci' },
  '{"argv":[null,"a"],"type":null,"unknown":1}': { argv: ['', 'a'] },
  '{"e\u017f\u017fential":true}': { essential: true },
  ' \n\t{"type":"\\u0076\\u0038"}\r\n ': { type: 'v8' },
  null: undefined,
};

describe('JSON as Go decodes it', () => {
  for (const [text, message] of Object.entries(refused)) {
    it(`refuses ${JSON.stringify(text)} in Go's words`, () => {
      assert.throws(() => decodeGoJson(text, request), { code: 'invalid-json', message });
    });
  }
  for (const [text, decoded] of Object.entries(taken)) {
    it(`takes ${JSON.stringify(text)}`, () => {
      assert.deepEqual(decodeGoJson(text, request), decoded);
    });
  }
  it('tells what is wrong with a megabyte of brackets', () => {
    assert.throws(() => decodeGoJson('['.repeat(2 ** 20), request), {
      message: 'unexpected end of JSON input',
    });
  });
});
