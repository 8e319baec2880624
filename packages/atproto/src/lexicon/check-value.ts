import { Cid, type DataObject } from '../codec/index.ts'
import { hasGraphemes } from './count-graphemes.ts'
import { isMap, isMediaType } from './data-kinds.ts'
import type {
  LexiconArray,
  LexiconBlob,
  LexiconBytes,
  LexiconDefinition,
  LexiconInteger,
  LexiconObject,
  LexiconSchema,
  LexiconString,
  LexiconUnion,
} from './lexicon-document.ts'
import { stringFormats } from './string-formats.ts'

/** One thing that is wrong with a value. */
export interface LexiconIssue {
  /** Where, as in `/embed/images/0/alt`; empty for the value itself. */
  readonly path: string
  readonly reason: string
}

/** A definition, and the lexicon that names in it without one belong to. */
export interface FoundDefinition {
  readonly id: string
  readonly definition: LexiconDefinition
}

/** Finds definitions by their full names: `com.example.note#main`. */
export type FindDefinition = (name: string) => FoundDefinition | undefined

const mostIssues = 20
const deepest = 64

/** Checks values of the data model, as `decodeCbor` and `fromDataJson` give them. */
export class ValueCheck {
  readonly issues: LexiconIssue[] = []
  readonly #find: FindDefinition

  constructor(find: FindDefinition) {
    this.#find = find
  }

  value(schema: LexiconSchema, value: unknown, id: string, path: string, depth: number): void {
    if (this.issues.length >= mostIssues) return
    if (depth > deepest) return this.fail(path, `it is deeper than ${deepest} levels`)
    switch (schema.type) {
      case 'object':
        return this.object(schema, value, id, path, depth)
      case 'array':
        return this.#array(schema, value, id, path, depth)
      case 'union':
        return this.#union(schema, value, id, path, depth)
      case 'ref':
        return this.#reference(schema.ref, value, id, path, depth)
      default:
        return this.#leaf(schema, value, path)
    }
  }

  object(schema: LexiconObject, value: unknown, id: string, path: string, depth: number): void {
    if (!isMap(value)) return this.fail(path, 'it is not an object')
    const { required = [], nullable = [], properties = {} } = schema
    for (const name of required) if (fieldOf(value, name) === undefined) this.fail(`${path}/${name}`, 'it is missing')
    for (const name of Object.keys(properties)) {
      const field = fieldOf(value, name)
      if (field === undefined || (field === null && nullable.includes(name))) continue
      this.value(properties[name]!, field, id, `${path}/${name}`, depth + 1)
    }
  }

  fail(path: string, reason: string): void {
    if (this.issues.length < mostIssues) this.issues.push({ path, reason })
  }

  #array(
    { items, minLength = 0, maxLength = Infinity }: LexiconArray,
    value: unknown,
    id: string,
    path: string,
    depth: number,
  ): void {
    if (!Array.isArray(value)) return this.fail(path, 'it is not a list')
    if (value.length < minLength) return this.fail(path, `it has fewer than ${minLength} items`)
    if (value.length > maxLength) return this.fail(path, `it has more than ${maxLength} items`)
    for (let index = 0; index < value.length; index++)
      this.value(items, value[index], id, `${path}/${index}`, depth + 1)
  }

  #union({ refs, closed = false }: LexiconUnion, value: unknown, id: string, path: string, depth: number): void {
    const type = isMap(value) ? fieldOf(value, '$type') : undefined
    if (typeof type !== 'string') return this.fail(path, 'it is not an object with a $type')
    const name = fullName(type, id)
    const member = refs.find((ref) => fullName(ref, id) === name)
    if (member !== undefined) return this.#reference(member, value, id, path, depth)
    if (closed) this.fail(path, `its $type ${type.slice(0, 100)} is none of those that are allowed`)
  }

  #reference(ref: string, value: unknown, id: string, path: string, depth: number): void {
    const found = this.#find(fullName(ref, id))
    if (found === undefined) return this.fail(path, `its definition ${ref} is unknown`)
    const { definition } = found
    switch (definition.type) {
      case 'record':
        return this.object(definition.record, value, found.id, path, depth + 1)
      case 'token':
        return typeof value === 'string' ? undefined : this.fail(path, 'it is not text')
      case 'query':
      case 'procedure':
      case 'subscription':
      case 'permission-set':
        return this.fail(path, `its definition ${ref} is a ${definition.type}`)
      default:
        return this.value(definition, value, found.id, path, depth + 1)
    }
  }

  #leaf(
    schema: Exclude<LexiconSchema, { type: 'object' | 'array' | 'union' | 'ref' }>,
    value: unknown,
    path: string,
  ): void {
    switch (schema.type) {
      case 'string':
        return this.#text(schema, value, path)
      case 'integer':
        return this.#integer(schema, value, path)
      case 'boolean':
        if (typeof value !== 'boolean') return this.fail(path, 'it is neither true nor false')
        if (schema.const !== undefined && value !== schema.const) this.fail(path, `it is not ${schema.const}`)
        return undefined
      case 'bytes':
        return this.#bytes(schema, value, path)
      case 'blob':
        return this.#blob(schema, value, path)
      case 'cid-link':
        return value instanceof Cid ? undefined : this.fail(path, 'it is not a link')
      case 'null':
        return value === null ? undefined : this.fail(path, 'it is not null')
      case 'unknown':
        return isMap(value) ? undefined : this.fail(path, 'it is not an object')
    }
  }

  #text(schema: LexiconString, value: unknown, path: string): void {
    if (typeof value !== 'string') return this.fail(path, 'it is not text')
    const { minLength = 0, maxLength = Infinity, minGraphemes = 0, maxGraphemes = Infinity, format } = schema
    if (schema.const !== undefined && value !== schema.const) return this.fail(path, `it is not ${schema.const}`)
    if (schema.enum !== undefined && !schema.enum.includes(value))
      return this.fail(path, `it is none of ${schema.enum.join(', ')}`)
    if (minLength > 0 || maxLength < Infinity) {
      const length = Buffer.byteLength(value)
      if (length < minLength) return this.fail(path, `it has fewer than ${minLength} bytes`)
      if (length > maxLength) return this.fail(path, `it has more than ${maxLength} bytes`)
    }
    if ((minGraphemes > 0 || maxGraphemes < Infinity) && !hasGraphemes(value, minGraphemes, maxGraphemes))
      return this.fail(path, `it does not have ${minGraphemes} to ${maxGraphemes} characters`)
    const isFormat = format === undefined ? undefined : stringFormats.get(format)
    if (isFormat !== undefined && !isFormat(value)) this.fail(path, `it is not of the format ${format}`)
  }

  #integer(schema: LexiconInteger, value: unknown, path: string): void {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return this.fail(path, 'it is not a whole number')
    if (schema.const !== undefined && value !== schema.const) return this.fail(path, `it is not ${schema.const}`)
    if (schema.enum !== undefined && !schema.enum.includes(value))
      return this.fail(path, `it is none of ${schema.enum.join(', ')}`)
    if (value < (schema.minimum ?? -Infinity)) return this.fail(path, `it is less than ${schema.minimum}`)
    if (value > (schema.maximum ?? Infinity)) this.fail(path, `it is more than ${schema.maximum}`)
  }

  #bytes({ minLength = 0, maxLength = Infinity }: LexiconBytes, value: unknown, path: string): void {
    if (!(value instanceof Uint8Array)) return this.fail(path, 'it is not bytes')
    if (value.length < minLength) return this.fail(path, `it has fewer than ${minLength} bytes`)
    if (value.length > maxLength) this.fail(path, `it has more than ${maxLength} bytes`)
  }

  #blob({ accept, maxSize = Infinity }: LexiconBlob, value: unknown, path: string): void {
    const { $type, ref, mimeType, size } = isMap(value) ? value : {}
    // Blobs from before 2023 have no size and hold the CID as text.
    const isOld = isMap(value) && $type === undefined && typeof value.cid === 'string'
    const isNew = $type === 'blob' && ref instanceof Cid && typeof size === 'number' && size >= 0
    if (!(isOld || isNew) || typeof mimeType !== 'string' || mimeType === '') return this.fail(path, 'it is not a blob')
    if (typeof size === 'number' && size > maxSize) return this.fail(path, `it is larger than ${maxSize} bytes`)
    if (accept !== undefined && !accept.some((pattern) => isMediaType(mimeType, pattern)))
      this.fail(path, `its type ${mimeType.slice(0, 100)} is none of ${accept.join(', ')}`)
  }
}

/** The name of a definition with the lexicon it belongs to: `#a` in `com.example.note` is `com.example.note#a`. */
export function fullName(reference: string, id: string): string {
  const plain = reference.startsWith('lex:') ? reference.slice(4) : reference
  if (plain.startsWith('#')) return id + plain
  return plain.includes('#') ? plain : `${plain}#main`
}

/** Own fields alone: what an object inherits is no data. */
function fieldOf(value: DataObject, name: string): DataObject[string] {
  return Object.hasOwn(value, name) ? value[name] : undefined
}
