import { Cid } from '../codec/index.ts'

/** A value that should be text or a link, as text; anything else is not what any text is equal to. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || value instanceof Cid || value === null ? String(value) : JSON.stringify(value)
}
