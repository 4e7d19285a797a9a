import { NexError } from './nexError.ts';

/** What may come next. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'more' | 'end';

/** Throws, in the words of Go's `encoding/json` (`scanner.go`), where a text is no JSON. */
export function checkGoSyntax(text: string): void {
  // To Go a character is a byte.
  new Scanner(Buffer.from(text).toString('latin1')).scan();
}

class Scanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    let expected: Expected = 'value';
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      if (this.#at === this.#text.length && expected === 'end') return;
      expected = this.#step(expected, this.#peek());
    }
  }

  /** Reads what begins with `character`, and says what may follow. */
  #step(expected: Expected, character: string): Expected {
    switch (expected) {
      case 'end':
        return this.#refuse('after top-level value');
      case 'more':
        return this.#more(character);
      case 'colon':
        if (character !== ':') this.#refuse('after object key');
        this.#at += 1;
        return 'value';
      case 'first key':
        return character === '}' ? this.#close() : this.#key(character);
      case 'key':
        return this.#key(character);
      case 'first value':
        return character === ']' ? this.#close() : this.#value(character);
      case 'value':
        return this.#value(character);
    }
  }

  #more(character: string): Expected {
    const inObject = this.#open.at(-1) === '{';
    if (character === (inObject ? '}' : ']')) return this.#close();
    if (character !== ',') {
      this.#refuse(inObject ? 'after object key:value pair' : 'after array element');
    }
    this.#at += 1;
    return inObject ? 'key' : 'value';
  }

  #key(character: string): Expected {
    if (character !== '"') this.#refuse('looking for beginning of object key string');
    this.#string();
    return 'colon';
  }

  #value(character: string): Expected {
    if (character === '{' || character === '[') {
      this.#open.push(character);
      this.#at += 1;
      return character === '{' ? 'first key' : 'first value';
    }
    const literal = ['true', 'false', 'null'].find((each) => each.startsWith(character));
    if (character === '"') this.#string();
    else if (literal !== undefined) this.#literal(literal);
    else if (/[-\d]/.test(character)) this.#number();
    else this.#refuse('looking for beginning of value');
    return this.#after();
  }

  #close(): Expected {
    this.#open.pop();
    this.#at += 1;
    return this.#after();
  }

  #after(): Expected {
    return this.#open.length === 0 ? 'end' : 'more';
  }

  #string(): void {
    this.#at += 1;
    for (;;) {
      // eslint-disable-next-line no-control-regex -- those are what ends the run
      this.#skip(/[^"\\\x00-\x1f]*/y);
      const character = this.#peek();
      if (character === '"') break;
      if (character !== '\\') this.#refuse('in string literal');
      this.#at += 1;
      this.#escape();
    }
    this.#at += 1;
  }

  #escape(): void {
    if (!/["\\/bfnrtu]/.test(this.#peek())) this.#refuse('in string escape code');
    const isHexadecimal = this.#peek() === 'u';
    this.#at += 1;
    for (let digits = 0; isHexadecimal && digits < 4; digits += 1) {
      this.#digit(/[\da-f]/i, 'in \\u hexadecimal character escape');
    }
  }

  #literal(literal: string): void {
    for (const expected of literal) {
      if (this.#peek() !== expected) {
        this.#refuse(`in literal ${literal} (expecting '${expected}')`);
      }
      this.#at += 1;
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at += 1;
    if (this.#text[this.#at] === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#skip(/\./y)) this.#digits('after decimal point in numeric literal');
    if (this.#skip(/e[+-]?/iy)) this.#digits('in exponent of numeric literal');
  }

  #digits(where: string): void {
    this.#digit(/\d/, where);
    this.#skip(/\d*/y);
  }

  #digit(allowed: RegExp, where: string): void {
    if (!allowed.test(this.#peek())) this.#refuse(where);
    this.#at += 1;
  }

  /** Whether there was something to skip. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #peek(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw invalid('unexpected end of JSON input');
    return character;
  }

  #refuse(where: string): never {
    throw invalid(`invalid character ${quoted(this.#peek())} ${where}`);
  }
}

function quoted(character: string): string {
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${goEscaped(character)}'`;
}

const named: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

function goEscaped(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) {
    return named[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
  }
  const isUnprintable = (code >= 0x80 && code <= 0xa0) || code === 0xad;
  return isUnprintable ? `\\u00${code.toString(16)}` : (named[character] ?? character);
}

const invalid = (text: string) => new NexError('invalid-json', text);
