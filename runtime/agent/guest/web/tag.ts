/** Names what `Object.prototype.toString` shows, as WebIDL asks. */
export function tag<Value extends object>(name: string, value: Value): Value {
  return Object.defineProperty(value, Symbol.toStringTag, { value: name, configurable: true });
}
