import type { Wanted } from './wanted.ts'

/** Where an item is: `pending` until everything stands in the repository, `published`, `deleted`, or `parked` with a reason. */
export type ItemState = 'pending' | 'published' | 'deleted' | 'parked'

/** An item as it stands in the outbox. */
export interface ItemRow {
  readonly mapping: string
  readonly id: string
  readonly revision: number
  readonly generation: number
  readonly state: ItemState | 'new'
  readonly version: string | undefined
  /** Undefined when the item is to be taken back. */
  readonly wanted: Wanted | undefined
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** From when on it waits. */
  readonly queuedAt: number
  /** It is not sent before. */
  readonly notBefore: number
  readonly error: string | undefined
}

/** A record of an item. */
export interface PartRow {
  readonly generation: number
  readonly part: number
  readonly collection: string
  readonly rkey: string
  /** What the host is known to have. */
  readonly cid: string | undefined
  /** CIDs of all that was sent since the last answer: each may have arrived, or still arrive. */
  readonly tried: readonly string[]
  /** What the records behind it in a thread call it by: its CID when it was first there. */
  readonly refCid: string | undefined
  readonly removed: boolean
  /** A deletion may be on its way: the key must not be written to any more. */
  readonly removing: boolean
  /** Deleted a short time ago: what is still on its way may bring it back. */
  readonly sweepOwed: boolean
}

/** Reads a row of the item table. */
export function itemRow(row: Readonly<Record<string, unknown>>): ItemRow {
  const wanted = row.wanted as string | null
  return {
    mapping: String(row.mapping),
    id: String(row.source_id),
    revision: Number(row.revision),
    generation: Number(row.generation),
    state: row.state as ItemRow['state'],
    version: (row.version as string | null) ?? undefined,
    wanted: wanted === null ? undefined : (JSON.parse(wanted) as Wanted),
    createdAt: Number(row.created_at),
    queuedAt: Number(row.queued_at),
    notBefore: Number(row.not_before),
    error: (row.error as string | null) ?? undefined,
  }
}

/** Reads a row of the part table. */
export function partRow(row: Readonly<Record<string, unknown>>): PartRow {
  return {
    generation: Number(row.generation),
    part: Number(row.part),
    collection: String(row.collection),
    rkey: String(row.rkey),
    cid: (row.cid as string | null) ?? undefined,
    tried: ((row.tried as string | null) ?? '').split(' ').filter((cid) => cid !== ''),
    refCid: (row.ref_cid as string | null) ?? undefined,
    removed: Number(row.removed) === 1 || Number(row.removed) === 2,
    removing: Number(row.removed) === 3,
    sweepOwed: Number(row.removed) === 2,
  }
}
