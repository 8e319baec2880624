import { createScanner, type Scanner } from '@exprsn/core/sensitive'
import { withFields, type PipelineEvent, type PipelineStep } from './step.ts'

/**
 * Gives fields other names; one that is there already under the new name is replaced.
 *
 * @example
 * ```ts
 * import { createPipeline, rename } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: 'hello' } } as const
 * console.log(createPipeline(rename({ msg: 'message' })).process(event)?.fields) // { message: 'hello' }
 * ```
 */
export function rename(names: Readonly<Record<string, string>>): PipelineStep {
  return (event) =>
    withFields(
      event,
      Object.entries(event.fields).map(([key, value]) => [Object.hasOwn(names, key) ? names[key]! : key, value]),
    )
}

/**
 * Takes fields away.
 *
 * @example
 * ```ts
 * import { createPipeline, removeFields } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { pid: 1, msg: 'hello' } } as const
 * console.log(createPipeline(removeFields('pid')).process(event)?.fields) // { msg: 'hello' }
 * ```
 */
export function removeFields(...keys: readonly string[]): PipelineStep {
  const unwanted = new Set(keys)
  return (event) =>
    withFields(
      event,
      Object.entries(event.fields).filter(([key]) => !unwanted.has(key)),
    )
}

/**
 * Adds fields; what a line says itself stays.
 *
 * @example
 * ```ts
 * import { createPipeline, enrich } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: 'hello' } } as const
 * console.log(createPipeline(enrich(() => ({ region: 'eu' }))).process(event)?.fields) // { region: 'eu', msg: 'hello' }
 * ```
 */
export function enrich(fieldsOf: (event: PipelineEvent) => Readonly<Record<string, unknown>>): PipelineStep {
  return (event) => withFields(event, [...Object.entries(fieldsOf(event)), ...Object.entries(event.fields)])
}

/**
 * Reads a field that holds JSON text and puts what it says in its place; other text stays as it is.
 *
 * @example
 * ```ts
 * import { createPipeline, parseJson } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: '{"order":1}' } } as const
 * console.log(createPipeline(parseJson('msg')).process(event)?.fields) // { order: 1 }
 * ```
 */
export function parseJson(field = 'msg'): PipelineStep {
  return (event) => {
    const text = event.fields[field]
    const value = typeof text === 'string' && text.startsWith('{') ? objectOf(text) : undefined
    if (value === undefined) return event
    const others = Object.entries(event.fields).filter(([key]) => key !== field)
    return withFields(event, [...others, ...Object.entries(value)])
  }
}

/**
 * Masks secrets, card numbers and personal data at any depth.
 *
 * @example
 * ```ts
 * import { createPipeline, mask } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { password: 'hunter2' } } as const
 * console.log(createPipeline(mask()).process(event)?.fields) // { password: '[secret]' }
 * ```
 */
export function mask(scanner: Scanner = createScanner()): PipelineStep {
  return (event) => ({ ...event, fields: masked(scanner, event.fields) })
}

/** A step that throws is passed over; this one must not be, or what it could not read would go out as it is. */
function masked(scanner: Scanner, fields: PipelineEvent['fields']): PipelineEvent['fields'] {
  try {
    return scanner.maskValue(fields) as PipelineEvent['fields']
  } catch {
    return { msg: '[unmaskable]' }
  }
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
