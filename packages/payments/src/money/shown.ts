import { decimalText } from './decimal-text.ts'
import type { Money } from './money.ts'

/** A value as JSON has it: amounts as `{ value: '49.90', currency }`, instants as text, what is undefined left out. */
export function shown(value: unknown): unknown {
  if (isMoney(value)) return { value: decimalText(value), currency: value.currency }
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts.map(([name, part]) => [name, shown(part)]))
}

function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null || !('amount' in value) || !('currency' in value)) return false
  return typeof value.amount === 'bigint' && typeof value.currency === 'string' && Object.keys(value).length === 2
}
