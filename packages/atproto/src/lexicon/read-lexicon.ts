import { isNsid } from '../syntax/index.ts'
import { lexiconErrors } from './errors.ts'
import type { LexiconDocument } from './lexicon-document.ts'

type Json = Readonly<Record<string, unknown>>

const primary = new Set(['record', 'query', 'procedure', 'subscription', 'permission-set'])
const deepest = 32

/**
 * Reads the JSON document of a lexicon. What later versions of the language may add is left alone; what is there must be
 * of the right kind.
 *
 * @throws `ATPROTO_LEXICON_INVALID` with the path
 * @example
 * ```ts
 * import { readLexicon } from '@exprsn/atproto/lexicon'
 *
 * const json = { lexicon: 1, id: 'com.example.note', defs: { main: { type: 'record', key: 'tid', record: { type: 'object' } } } }
 * console.log(readLexicon(json).id) // com.example.note
 * ```
 */
export function readLexicon(json: unknown): LexiconDocument {
  const document = isObject(json) ? json : {}
  const id = typeof document.id === 'string' ? document.id : '(unnamed)'
  const check = new DocumentCheck(id)
  if (document.lexicon !== 1) check.fail('/lexicon', 'it is not 1')
  if (!isNsid(id)) check.fail('/id', 'it is not an NSID')
  if (!isObject(document.defs)) check.fail('/defs', 'it is not an object')
  for (const [name, definition] of Object.entries(document.defs as Json)) check.definition(name, definition)
  return document as unknown as LexiconDocument
}

class DocumentCheck {
  readonly #id: string

  constructor(id: string) {
    this.#id = id
  }

  fail(path: string, reason: string): never {
    throw lexiconErrors.ATPROTO_LEXICON_INVALID({ id: this.#id, path, reason })
  }

  definition(name: string, json: unknown): void {
    const path = `/defs/${name}`
    if (!isObject(json)) return this.fail(path, 'it is not an object')
    const { type } = json
    if (typeof type !== 'string') return this.fail(path, 'it has no type')
    if (primary.has(type) && name !== 'main') this.fail(path, `only main can be a ${type}`)
    if (type === 'record') return this.#record(json, path)
    if (type === 'query' || type === 'procedure' || type === 'subscription') return this.#request(json, path)
    // A name for what stands elsewhere has no meaning of its own; neither has a definition that may be anything.
    if (type === 'ref' || type === 'union' || type === 'unknown') this.fail(path, `a ${type} cannot be a definition`)
    if (type !== 'token' && type !== 'permission-set') this.#schema(json, path, 0)
  }

  #record({ key, record }: Json, path: string): void {
    const isKey = key === undefined || (typeof key === 'string' && /^(tid|nsid|any|literal:.+)$/.test(key))
    if (!isKey) this.fail(`${path}/key`, 'it is none of tid, nsid, any and literal:…')
    if (!isObject(record) || record.type !== 'object') return this.fail(`${path}/record`, 'it is not of type object')
    this.#schema(record, `${path}/record`, 0)
  }

  #request({ parameters, input, output, message }: Json, path: string): void {
    if (parameters !== undefined) {
      if (!isObject(parameters) || parameters.type !== 'params')
        return this.fail(`${path}/parameters`, 'it is not of type params')
      this.#fields(parameters, `${path}/parameters`, 0)
    }
    for (const [name, body] of Object.entries({ input, output, message })) {
      if (body === undefined) continue
      if (!isObject(body)) return this.fail(`${path}/${name}`, 'it is not an object')
      if (name !== 'message' && typeof body.encoding !== 'string') this.fail(`${path}/${name}`, 'it has no encoding')
      if (body.schema !== undefined) this.#schema(body.schema, `${path}/${name}/schema`, 0)
    }
  }

  #schema(json: unknown, path: string, depth: number): void {
    if (depth > deepest) this.fail(path, 'it is too deep')
    if (!isObject(json)) return this.fail(path, 'it is not an object')
    switch (json.type) {
      case 'object':
        return this.#fields(json, path, depth)
      case 'array':
        this.#numbers(json, path)
        return this.#schema(json.items, `${path}/items`, depth + 1)
      case 'ref':
        return this.#references([json.ref], `${path}/ref`)
      case 'union':
        if (!Array.isArray(json.refs)) return this.fail(`${path}/refs`, 'it is not a list')
        return this.#references(json.refs, `${path}/refs`)
      case 'string':
      case 'integer':
      case 'bytes':
      case 'blob':
        return this.#numbers(json, path)
      case 'boolean':
      case 'cid-link':
      case 'unknown':
      case 'null':
        return undefined
      default:
        return this.fail(path, `its type ${String(json.type)} is unknown`)
    }
  }

  #fields({ properties = {}, required = [], nullable = [] }: Json, path: string, depth: number): void {
    if (!isObject(properties)) return this.fail(`${path}/properties`, 'it is not an object')
    for (const [name, list] of Object.entries({ required, nullable }))
      if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
        this.fail(`${path}/${name}`, 'it is not a list of names')
    for (const [name, schema] of Object.entries(properties))
      this.#schema(schema, `${path}/properties/${name}`, depth + 1)
  }

  #numbers(json: Json, path: string): void {
    for (const name of ['minLength', 'maxLength', 'minGraphemes', 'maxGraphemes', 'minimum', 'maximum', 'maxSize'])
      if (json[name] !== undefined && !Number.isSafeInteger(json[name]))
        this.fail(`${path}/${name}`, 'it is not a whole number')
  }

  #references(references: readonly unknown[], path: string): void {
    for (const reference of references) {
      const [id, name] = typeof reference === 'string' ? reference.split('#') : []
      const isRight = id !== undefined && (id === '' ? name !== undefined && name !== '' : isNsid(id))
      if (!isRight) this.fail(path, 'it does not name a definition')
    }
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
