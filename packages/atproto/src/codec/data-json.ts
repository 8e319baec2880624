import { Cid, parseCid } from './cid.ts'
import type { DataObject, DataValue } from './data-value.ts'
import { codecErrors } from './errors.ts'

const deepest = 64

/**
 * Reads a value from the JSON of the AT Protocol: `{"$link": …}` becomes a {@link Cid}, `{"$bytes": …}` bytes.
 *
 * @param json what JSON.parse returned
 * @throws `ATPROTO_JSON_INVALID` with the path
 * @example
 * ```ts
 * import { fromDataJson, toDataJson } from '@exprsn/atproto/codec'
 *
 * const value = fromDataJson({ key: { $bytes: 'AQI' } })
 * console.log(value, JSON.stringify(toDataJson(value))) // { key: Uint8Array(2) [ 1, 2 ] } {"key":{"$bytes":"AQI"}}
 * ```
 */
export function fromDataJson(json: unknown): DataValue {
  return read(json, '', 0)
}

/** The JSON form of a value, ready for JSON.stringify: links as `$link`, bytes as `$bytes`. */
export function toDataJson(value: DataValue): unknown {
  if (value instanceof Cid) return value.toJSON()
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64').replace(/=+$/, '') }
  if (Array.isArray(value)) return value.map(toDataJson)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as DataObject)
  return mapOf(entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, toDataJson(item)] as const])))
}

function read(json: unknown, path: string, depth: number): DataValue {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number') {
    if (!Number.isSafeInteger(json)) throw invalid(path, 'a number is not a safe integer')
    return json
  }
  if (typeof json !== 'object') throw invalid(path, `${typeof json} is not in the data model`)
  if (depth >= deepest) throw invalid(path, `it is deeper than ${deepest} levels`)
  if (Array.isArray(json)) return json.map((item, index) => read(item, `${path}/${index}`, depth + 1))
  return readObject(json as Readonly<Record<string, unknown>>, path, depth)
}

function readObject(json: Readonly<Record<string, unknown>>, path: string, depth: number): DataValue {
  if (Object.hasOwn(json, '$link')) return readLink(json, path)
  if (Object.hasOwn(json, '$bytes')) return readBytes(json, path)
  const entries = Object.entries(json).map(([key, item]) => [key, read(item, `${path}/${key}`, depth + 1)] as const)
  const object = mapOf(entries)
  checkType(object, path)
  return object
}

function readLink(json: Readonly<Record<string, unknown>>, path: string): Cid {
  const { $link, ...others } = json
  if (Object.keys(others).length > 0) throw invalid(path, 'a link has other fields')
  if (typeof $link !== 'string') throw invalid(path, '$link is not text')
  try {
    return parseCid($link)
  } catch (cause) {
    throw codecErrors.ATPROTO_JSON_INVALID({ path: shown(path), reason: '$link is not a CID' }, { cause })
  }
}

function readBytes(json: Readonly<Record<string, unknown>>, path: string): Uint8Array {
  const { $bytes, ...others } = json
  if (Object.keys(others).length > 0) throw invalid(path, 'bytes have other fields')
  if (typeof $bytes !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test($bytes)) throw invalid(path, '$bytes is not base64')
  return new Uint8Array(Buffer.from($bytes, 'base64'))
}

function checkType(object: DataObject, path: string): void {
  if (!Object.hasOwn(object, '$type')) return
  const { $type } = object
  if (typeof $type !== 'string' || $type === '') throw invalid(path, '$type is not text, or empty')
  if ($type === 'blob') checkBlob(object, path)
}

function checkBlob({ ref, mimeType, size }: DataObject, path: string): void {
  if (!(ref instanceof Cid)) throw invalid(path, 'a blob has no link as ref')
  if (typeof mimeType !== 'string' || mimeType === '') throw invalid(path, 'a blob has no mimeType')
  if (typeof size !== 'number' || size < 0) throw invalid(path, 'a blob has no size')
}

/** fromEntries defines properties, so the key `__proto__` becomes one like any other. */
function mapOf<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries)
}

function invalid(path: string, reason: string): Error {
  return codecErrors.ATPROTO_JSON_INVALID({ path: shown(path), reason })
}

function shown(path: string): string {
  return path === '' ? '/' : path
}
