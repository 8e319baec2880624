import type { SqlValue } from '@exprsn/core/database'

/** What a record was changed to by another while the host had changed its item, too. */
export interface PendingConflict {
  readonly kind: 'edit' | 'delete'
  readonly uri: string
  /** undefined after a deletion. */
  readonly cid: string | undefined
  /** The record in the form of JSON; undefined after a deletion. */
  readonly record: unknown
  /** One of several records of a thread: it cannot become an item. */
  readonly isPart: boolean
}

/** On what the two sides of an item last agreed, and what has happened since. */
export interface AgreedRow {
  readonly mapping: string
  readonly id: string
  /** Makes every version that is published another than all before. */
  readonly counter: number
  /** `new` until something is known. */
  readonly origin: 'new' | 'local' | 'remote'
  readonly baseCid: string | undefined
  /** The record in the form of JSON. */
  readonly baseRecord: unknown
  /** Of what the mapping made of the item then. */
  readonly baseDigest: string | undefined
  /** Paths of the fields that the mapping has ever written. */
  readonly owned: readonly string[]
  /** Of what the mapping makes of the item as the host last had it. */
  readonly localDigest: string | undefined
  /** When the host changed it: milliseconds since 1970. */
  readonly localAt: number
  readonly deleted: 'local' | 'remote' | undefined
  readonly deletedAt: number | undefined
  readonly conflict: PendingConflict | undefined
  readonly conflictAt: number | undefined
}

/** Reads a row of the item table. */
export function agreedRow(row: Readonly<Record<string, unknown>>): AgreedRow {
  const text = (name: string): string | undefined => (row[name] as string | null) ?? undefined
  const json = (name: string): unknown => (text(name) === undefined ? undefined : JSON.parse(text(name)!))
  const number = (name: string): number | undefined => (text(name) === undefined ? undefined : Number(row[name]))
  return {
    mapping: String(row.mapping),
    id: String(row.source_id),
    counter: Number(row.counter),
    origin: row.origin as AgreedRow['origin'],
    baseCid: text('base_cid'),
    baseRecord: json('base_record'),
    baseDigest: text('base_digest'),
    owned: (json('owned') as string[] | undefined) ?? [],
    localDigest: text('local_digest'),
    localAt: Number(row.local_at),
    deleted: text('deleted') as AgreedRow['deleted'],
    deletedAt: number('deleted_at'),
    conflict: json('conflict') as PendingConflict | undefined,
    conflictAt: number('conflict_at'),
  }
}

/** The values of `saveItem`. */
export function agreedValues(did: string, row: AgreedRow): SqlValue[] {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
  return [
    did,
    row.mapping,
    row.id,
    row.counter,
    row.origin,
    row.baseCid ?? null,
    json(row.baseRecord),
    row.baseDigest ?? null,
    json(row.owned),
    row.localDigest ?? null,
    row.localAt,
    row.deleted ?? null,
    row.deletedAt ?? null,
    json(row.conflict),
    row.conflictAt ?? null,
  ]
}
