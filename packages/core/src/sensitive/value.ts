import { secretBrand } from '../errors/redact.ts'
import { isSecretName } from './kinds/named-secret.ts'
import type { Finding } from './sensitive-kind.ts'

/** A {@link Finding} in a value. */
export interface ValueFinding extends Finding {
  /** Keys and indexes that lead to the text; empty for the value itself. */
  readonly path: readonly string[]
  /** Whether it stands in the last key of the path instead of the value there. */
  readonly inKey: boolean
}

interface Visitor {
  /** Gives what stands for a text. */
  text(text: string, path: Path, underSecret: boolean): unknown
  key(key: string, path: Path): string
}

/** Linked, so that a deep value costs no more than a flat one. */
type Path = { readonly parent: Path; readonly key: string } | undefined

interface ScanRules {
  readonly scan: (text: string) => Finding[]
  readonly secretFields: boolean
}

/** Findings in a value of any depth. */
export function scanValue(value: unknown, { scan, secretFields }: ScanRules): ValueFinding[] {
  const findings: ValueFinding[] = []
  const add = (found: readonly Finding[], path: Path, inKey: boolean): void => {
    if (found.length === 0) return
    const keys = keysOf(path)
    for (const finding of found) findings.push({ ...finding, path: keys, inKey })
  }
  copyValue(value, secretFields, {
    text(text, path, underSecret) {
      add(underSecret ? [{ kind: 'secret', start: 0, end: text.length }] : scan(text), path, false)
      return text
    },
    key(key, path) {
      add(scan(key), path, true)
      return key
    },
  })
  return findings
}

interface MaskRules {
  readonly mask: (text: string) => string
  readonly secretFields: boolean
}

/** A masked copy of a value of any depth. */
export function maskValue(value: unknown, { mask, secretFields }: MaskRules): unknown {
  return copyValue(value, secretFields, {
    text: (text, _, underSecret) => (underSecret ? '[secret]' : mask(text)),
    key: mask,
  })
}

interface Task {
  readonly source: object
  readonly copy: unknown[] | Record<string, unknown>
  readonly path: Path
  readonly underSecret: boolean
}

/** Copies with a list of what is still to do instead of recursion: a hostile value may be deeper than the stack. */
function copyValue(value: unknown, secretFields: boolean, visitor: Visitor): unknown {
  const copies = new Map<object, unknown>()
  const tasks: Task[] = []
  const copyOf = (item: unknown, path: Path, underSecret: boolean): unknown => {
    if (typeof item === 'string') return item === '' ? item : visitor.text(item, path, underSecret)
    if (typeof item === 'number' || typeof item === 'bigint') return copyOfNumber(item, path, underSecret, visitor)
    if (typeof item !== 'object' || item === null) return item
    if (secretBrand in item) return '[secret]'
    if (item instanceof URL) return visitor.text(item.href, path, underSecret)
    if (item instanceof Date || ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return item
    const known = copies.get(item)
    if (known !== undefined) return known
    const copy: Task['copy'] = isListLike(item) ? [] : {}
    copies.set(item, copy)
    tasks.push({ source: item, copy, path, underSecret })
    return copy
  }
  const result = copyOf(value, undefined, false)
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { source, copy, path, underSecret } = task
    for (const [key, item] of entriesOf(source)) {
      const below: Path = { parent: path, key }
      const secret = underSecret || (secretFields && isSecretName(key))
      if (Array.isArray(copy)) copy.push(copyOf(item, below, underSecret))
      else define(copy, visitor.key(key, below), copyOf(item, below, secret))
    }
  }
  return result
}

/** A card number or phone number may have been parsed as a number; what is not masked stays a number. */
function copyOfNumber(item: number | bigint, path: Path, underSecret: boolean, visitor: Visitor): unknown {
  const text = String(item)
  if (!underSecret && text.length < 12) return item
  const masked = visitor.text(text, path, underSecret)
  return masked === text ? item : masked
}

function isListLike(item: object): boolean {
  return Array.isArray(item) || item instanceof Set
}

/** Keys of a map become text. A getter that throws costs no more than its own field. */
function* entriesOf(source: object): Generator<[string, unknown]> {
  if (source instanceof Map)
    for (const [key, item] of source) yield [typeof key === 'object' ? '[object]' : String(key), item]
  else if (source instanceof Set) yield* Array.from(source, (item, index): [string, unknown] => [String(index), item])
  else {
    if (source instanceof Error) yield* errorEntries(source)
    for (const key of Object.keys(source)) yield [key, readField(source, key)]
  }
}

/** What an error does not list among its keys. */
function* errorEntries(error: Error): Generator<[string, unknown]> {
  for (const key of ['name', 'message', 'stack', 'cause'])
    if (!Object.keys(error).includes(key) && key in error) yield [key, readField(error, key)]
}

function readField(source: object, key: string): unknown {
  try {
    return (source as Readonly<Record<string, unknown>>)[key]
  } catch {
    return '[unreadable]'
  }
}

/** Two keys may have the same mask; and `__proto__` is a key like any other. */
function define(copy: Record<string, unknown>, key: string, value: unknown): void {
  let free = key
  for (let number = 2; Object.hasOwn(copy, free); number++) free = `${key} ${number}`
  Object.defineProperty(copy, free, { value, enumerable: true, configurable: true, writable: true })
}

function keysOf(path: Path): string[] {
  const keys: string[] = []
  for (let part = path; part !== undefined; part = part.parent) keys.push(part.key)
  return keys.reverse()
}
