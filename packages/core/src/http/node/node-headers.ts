/** The headers of a Node request, which become a true `Headers` only when more than a look-up is asked of them. */
export class NodeHeaders {
  readonly #values: NodeJS.Dict<string | string[]>
  #native: Headers | undefined

  constructor(values: NodeJS.Dict<string | string[]>) {
    this.#values = values
  }

  get(name: string): string | null {
    if (this.#native !== undefined) return this.#native.get(name)
    const key = name.toLowerCase()
    if (key.startsWith(':') || !Object.hasOwn(this.#values, key)) return null
    const value = this.#values[key]
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  set(name: string, value: string): void {
    this.#all().set(name, value)
  }

  append(name: string, value: string): void {
    this.#all().append(name, value)
  }

  delete(name: string): void {
    this.#all().delete(name)
  }

  getSetCookie(): string[] {
    return this.#all().getSetCookie()
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.#all()) callback.call(self, value, name, this as unknown as Headers)
  }

  keys(): ReturnType<Headers['keys']> {
    return this.#all().keys()
  }

  values(): ReturnType<Headers['keys']> {
    return this.#all().values()
  }

  entries(): ReturnType<Headers['entries']> {
    return this.#all().entries()
  }

  [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.#all().entries()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): Headers {
    return this.#all()
  }

  #all(): Headers {
    if (this.#native !== undefined) return this.#native
    const headers = new Headers()
    for (const [name, value] of Object.entries(this.#values)) {
      // HTTP/2's pseudo headers are part of the URL and method.
      if (value === undefined || name.startsWith(':')) continue
      if (typeof value === 'string') headers.append(name, value)
      else for (const one of value) headers.append(name, one)
    }
    return (this.#native = headers)
  }
}
