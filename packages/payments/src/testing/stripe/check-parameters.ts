import type { FormParameters, FormValue } from './form-body.ts'
import { invalidParameter } from './stripe-refusal.ts'

/** What a parameter has to be. */
export type ParameterKind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'currency'
  | 'object'
  | 'list'
  | 'range'
  | readonly string[]

/** The parameters of an endpoint; names that end in `!` are required. */
export type ParameterTable = Readonly<Record<string, ParameterKind>>

/**
 * Refuses what the real API refuses before its endpoints run: unknown and missing parameters, and values of another type.
 * The tables of the endpoints are made from the request types of the stripe package; `metadata` and `expand` are known to all.
 */
export function checkParameters(parameters: FormParameters, table: ParameterTable): void {
  for (const name of Object.keys(table)) {
    if (name.endsWith('!') && parameters[name.slice(0, -1)] === undefined)
      throw invalidParameter('parameter_missing', name.slice(0, -1), `Missing required param: ${name.slice(0, -1)}.`)
  }
  for (const [name, value] of Object.entries(parameters)) {
    const kind = name === 'metadata' ? 'object' : name === 'expand' ? 'list' : (table[name] ?? table[`${name}!`])
    if (kind === undefined) throw invalidParameter('parameter_unknown', name, `Received unknown parameter: ${name}`)
    checkValue(name, value, kind)
  }
}

function checkValue(name: string, value: FormValue, kind: ParameterKind): void {
  if (kind === 'range') {
    if (typeof value !== 'object') checkValue(name, value, 'integer')
    return
  }
  if (kind === 'object' || kind === 'list') {
    if (typeof value !== 'object' && value !== '') throw invalidParameter('invalid_type', name, `Invalid ${kind}`)
    return
  }
  if (typeof value !== 'string') throw invalidParameter('invalid_type', name, `Invalid string: ${name}`)
  if (kind === 'integer' && !/^-?\d{1,15}$/.test(value))
    throw invalidParameter('parameter_invalid_integer', name, `Invalid integer: ${value}`)
  if (kind === 'boolean' && value !== 'true' && value !== 'false')
    throw invalidParameter('invalid_type', name, `Invalid boolean: ${value}`)
  if (kind === 'currency' && !/^[a-z]{3}$/.test(value))
    throw invalidParameter('invalid_currency', name, `Invalid currency: ${value}.`)
  if (Array.isArray(kind) && !kind.includes(value))
    throw invalidParameter('parameter_invalid', name, `Invalid ${name}: must be one of ${kind.join(', ')}`)
}

/** A parameter that passed as text. */
export function textOf(parameters: FormParameters, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A parameter that passed as a whole number. */
export function integerOf(parameters: FormParameters, name: string): number | undefined {
  const value = textOf(parameters, name)
  return value === undefined ? undefined : Number(value)
}

/** `metadata`, checked against the limits of the API: 50 names of 40 characters, values of 500. */
export function metadataOf(parameters: FormParameters): Record<string, string> {
  const given = parameters['metadata']
  if (typeof given !== 'object') return {}
  const entries = Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const)
  if (entries.length > 50 || entries.some(([name, value]) => name.length > 40 || value.length > 500))
    throw invalidParameter('parameter_invalid', 'metadata', 'Metadata is too large.')
  return Object.fromEntries(entries)
}
