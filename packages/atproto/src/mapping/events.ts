import type { DataObject, DataValue } from '../codec/index.ts'
import { defineMapping, type Mapping } from '../publish/index.ts'
import { fieldSchema } from './field-schema.ts'

const collection = 'community.lexicon.calendar.event'
const modes = ['inperson', 'virtual', 'hybrid'] as const
const statuses = ['planned', 'scheduled', 'rescheduled', 'cancelled', 'postponed'] as const

/** Something that takes place. */
export interface CalendarEvent {
  readonly id: string
  readonly name: string
  readonly description?: string | undefined
  readonly createdAt: Date
  readonly startsAt?: Date | undefined
  readonly endsAt?: Date | undefined
  readonly mode?: (typeof modes)[number] | undefined
  readonly status?: (typeof statuses)[number] | undefined
  /** Its page. */
  readonly url?: string | undefined
}

/**
 * Events as records of the community's calendar lexicon, `community.lexicon.calendar.event`, both ways. Fields that others
 * have put there, such as places, stay.
 *
 * @example
 * ```ts
 * import { events } from '@exprsn/atproto/mapping'
 *
 * const mapping = events({ policies: { twoWay: 'merge' } })
 * console.log(mapping.collection) // community.lexicon.calendar.event
 * ```
 */
export function events(changes: Partial<Mapping<CalendarEvent>> = {}): Mapping<CalendarEvent> {
  return defineMapping<CalendarEvent>({
    source: fieldSchema({
      id: 'text',
      name: 'text',
      description: 'text?',
      createdAt: 'date',
      startsAt: 'date?',
      endsAt: 'date?',
      mode: 'text?',
      status: 'text?',
      url: 'url?',
    }),
    collection,
    identity: ({ id }) => id,
    createdAt: ({ createdAt }) => createdAt,
    toRecord: ({ name, description, createdAt, startsAt, endsAt, mode, status, url }) => ({
      name,
      createdAt: createdAt.toISOString(),
      ...(description === undefined ? {} : { description }),
      ...(startsAt === undefined ? {} : { startsAt: startsAt.toISOString() }),
      ...(endsAt === undefined ? {} : { endsAt: endsAt.toISOString() }),
      ...(mode === undefined ? {} : { mode: `${collection}#${mode}` }),
      ...(status === undefined ? {} : { status: `${collection}#${status}` }),
      ...(url === undefined ? {} : { uris: [{ uri: url }] }),
    }),
    fromRecord(record, { current, rkey }) {
      const { name, description } = record
      const createdAt = dateOf(record.createdAt)
      if (typeof name !== 'string' || name === '' || createdAt === undefined) return undefined
      return {
        id: current?.id ?? rkey,
        name,
        createdAt,
        description: typeof description === 'string' && description !== '' ? description : undefined,
        startsAt: dateOf(record.startsAt),
        endsAt: dateOf(record.endsAt),
        mode: tokenOf(modes, record.mode),
        status: tokenOf(statuses, record.status),
        url: firstUrl(record.uris),
      }
    },
    ...changes,
  })
}

function dateOf(value: DataValue | undefined): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : Number.NaN)
  return Number.isFinite(date.getTime()) ? date : undefined
}

function tokenOf<Token extends string>(tokens: readonly Token[], value: DataValue | undefined): Token | undefined {
  return tokens.find((token) => value === `${collection}#${token}`)
}

/** Only addresses that a browser opens by itself: what stands in a record is another's text. */
function firstUrl(value: DataValue | undefined): string | undefined {
  if (!Array.isArray(value)) return undefined
  const uris = (value as readonly DataObject[]).map((entry) => entry.uri)
  return uris.find((uri): uri is string => typeof uri === 'string' && /^https?:$/.test(URL.parse(uri)?.protocol ?? ''))
}
