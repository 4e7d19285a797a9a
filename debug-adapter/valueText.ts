import type { Protocol } from 'devtools-protocol';

type RemoteObject = Protocol.Runtime.RemoteObject;
type ObjectPreview = Protocol.Runtime.ObjectPreview;
type PropertyPreview = Protocol.Runtime.PropertyPreview;

/** A value on one line, as JavaScript would write it where that is short enough. */
export function valueText(value: RemoteObject): string {
  switch (value.type) {
    case 'string':
      return quote(String(value.value));
    case 'undefined':
      return 'undefined';
    case 'function':
      return functionText(value.description ?? 'function');
    case 'object':
      return objectText(value);
    default:
      return value.unserializableValue ?? value.description ?? String(value.value);
  }
}

/** As `valueText`, but a string stands for itself: what a console prints. */
export function printedText(value: RemoteObject): string {
  return value.type === 'string' ? String(value.value) : valueText(value);
}

const quote = (text: string) =>
  `'${text.replace(/[\\'\n\r\t]/g, (character) => escapes[character] ?? character)}'`;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** `ƒ name(args)`: the head of the function's text. */
function functionText(source: string): string {
  if (source.startsWith('class')) return source.split(/\s*\{/, 1)[0] ?? 'class';
  const head = /^(async\s+)?(?:function\s*)?(\*?\s*[\w$]*\s*\([^)]*\)|[\w$]+\s*(?==>))/.exec(
    source,
  );
  return head === null ? 'ƒ' : `${head[1] ?? ''}ƒ ${(head[2] ?? '').trim()}`;
}

function objectText({ subtype, description = 'Object', preview }: RemoteObject): string {
  switch (subtype) {
    case 'null':
      return 'null';
    case 'wasmvalue':
      return wasmValueText(preview) ?? description;
    case 'error':
    case 'regexp':
    case 'date':
    case 'weakmap':
    case 'weakset':
    case 'proxy':
      return description;
    default:
      return preview === undefined ? description : previewText(preview);
  }
}

/** V8 wraps what WebAssembly has: its i64 are BigInts. */
const wasmValueText = (preview: ObjectPreview | undefined) =>
  preview?.properties.find(({ name }) => name === 'value')?.value?.replace(/^(-?\d+)n$/, '$1');

function previewText(preview: ObjectPreview): string {
  const { subtype, description = 'Object', entries, properties, overflow } = preview;
  const more = overflow ? ['…'] : [];
  if (entries !== undefined) {
    const texts = entries.map(({ key, value }) => {
      const text = shortText(value);
      return key === undefined ? text : `${shortText(key)} => ${text}`;
    });
    return `${description} {${[...texts, ...more].join(', ')}}`;
  }
  if (subtype === 'array' || subtype === 'typedarray') {
    const isElement = ({ name }: PropertyPreview) => /^\d+$/.test(name);
    // V8 lists a typed array's getters among its elements.
    const shown = subtype === 'array' ? properties : properties.filter(isElement);
    const texts = shown.map((one) => (isElement(one) ? propertyText(one) : named(one)));
    return `${description.replace(/^Array(?=\(\d+\)$)/, '')} [${[...texts, ...more].join(', ')}]`;
  }
  const prefix = description === 'Object' ? '' : `${description} `;
  return `${prefix}{${[...properties.map(named), ...more].join(', ')}}`;
}

const named = (property: PropertyPreview) => `${property.name}: ${propertyText(property)}`;

function propertyText({ type, subtype, value = '' }: PropertyPreview): string {
  if (type === 'accessor') return '(...)';
  if (type === 'string') return quote(value);
  if (type === 'function') return 'ƒ';
  return subtype === 'null' ? 'null' : value;
}

function shortText({ type, description = '' }: ObjectPreview): string {
  return (type as string) === 'string' ? quote(description) : description;
}
