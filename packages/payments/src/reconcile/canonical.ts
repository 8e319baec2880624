import { createHash } from 'node:crypto'

/** JSON with sorted keys; bigints are text. */
export function canonical(value: unknown): string {
  return written(value) ?? 'null'
}

/** SHA-256 over texts, each with its end. */
export function digest(texts: Iterable<string>): string {
  const hash = createHash('sha256')
  let waiting = ''
  for (const text of texts) {
    waiting += `${text}\n`
    if (waiting.length < 65_536) continue
    hash.update(waiting)
    waiting = ''
  }
  return hash.update(waiting).digest('hex')
}

/** As `JSON.stringify` with a replacer that sorts, at a fifth of the time: a report has a million of them. */
function written(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'bigint':
      return `"${value}"`
    case 'number':
    case 'boolean':
      return JSON.stringify(value)
    case 'object':
      return value === null ? 'null' : writtenObject(value)
    default:
      return undefined
  }
}

function writtenObject(value: object): string | undefined {
  if (Array.isArray(value)) {
    let text = '['
    for (let at = 0; at < value.length; at++) text += `${at === 0 ? '' : ','}${written(value[at]) ?? 'null'}`
    return `${text}]`
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return written(value.toJSON())
  let text = ''
  for (const key of sortedKeys(value)) {
    const each = written((value as Record<string, unknown>)[key])
    if (each !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${each}`
  }
  return `{${text}}`
}

// What JSON escapes: quotes, backslashes, control characters and halves of surrogate pairs.
// oxlint-disable-next-line no-control-regex -- these are the ones
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/

function quoted(text: string): string {
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`
}

const orders = new Map<string, readonly string[]>()

function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value)
  if (keys.length < 2) return keys
  const shape = keys.join('\u0000')
  let sorted = orders.get(shape)
  if (sorted === undefined) {
    // Keys that are whole numbers come first in every object.
    sorted = Object.keys(Object.fromEntries(keys.toSorted().map((key) => [key, 0])))
    // Shapes are few; keys that are data are not kept for ever.
    if (orders.size < 256) orders.set(shape, sorted)
  }
  return sorted
}
