import { Cid, type DataObject, type DataValue } from '../codec/index.ts'

/** Options of {@link guardRecords}. */
export interface GuardRecordsOptions {
  /** Schemes that addresses in records may have. @default ['https:', 'http:', 'at:', 'did:', 'mailto:'] */
  readonly schemes?: readonly string[] | undefined
  /** Most entries of one list. @default 10000 */
  readonly maxItems?: number | undefined
  /** Most bytes of one text. @default 262144 */
  readonly maxTextBytes?: number | undefined
}

/** Fields that hold addresses in the lexicons in use, and in most others. */
const addressField = /(?:^|[a-z])(?:uri|url|href|src|link|website)$/i
const scheme = /^([a-z][a-z0-9+.-]*:)/i

/**
 * Makes a check that keeps records from handlers which a page could not show without harm: addresses with a scheme such as
 * `javascript:`, lists and texts without measure. Text itself is any text: escape it where it is shown.
 *
 * @returns a function that gives the reason why a record is refused, or undefined
 * @example
 * ```ts
 * import { guardRecords } from '@exprsn/atproto/sync'
 *
 * const refuse = guardRecords()
 * console.log(refuse({ $type: 'com.example.card', url: 'javascript:alert(1)' }))
 * // its field url has the scheme javascript:
 * ```
 */
export function guardRecords(options: GuardRecordsOptions = {}): (value: DataObject) => string | undefined {
  const { schemes = ['https:', 'http:', 'at:', 'did:', 'mailto:'], maxItems = 10_000, maxTextBytes = 262_144 } = options
  const allowed = new Set(schemes)
  const check = (value: DataValue | undefined, field: string): string | undefined => {
    if (typeof value === 'string') return checkText(value, field)
    if (Array.isArray(value)) {
      if (value.length > maxItems) return `its field ${field} has ${value.length} entries`
      return first(value, (item) => check(item, field))
    }
    if (typeof value !== 'object' || value === null || value instanceof Cid || value instanceof Uint8Array)
      return undefined
    return first(Object.entries(value), ([name, item]) => check(item, name))
  }
  const checkText = (text: string, field: string): string | undefined => {
    if (Buffer.byteLength(text) > maxTextBytes) return `its field ${field} has more than ${maxTextBytes} bytes`
    if (!addressField.test(field)) return undefined
    // Browsers drop control characters and spaces before they look for the scheme.
    // oxlint-disable-next-line no-control-regex -- they are what is meant
    const found = scheme.exec(text.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\ufeff]/g, ''))?.[1]
    if (found === undefined || allowed.has(found.toLowerCase())) return undefined
    return `its field ${field} has the scheme ${found.toLowerCase()}`
  }
  return (value) => check(value, 'record')
}

function first<Item>(items: readonly Item[], check: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = check(item)
    if (reason !== undefined) return reason
  }
  return undefined
}
