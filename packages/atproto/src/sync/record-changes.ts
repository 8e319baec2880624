import type { DataObject } from '../codec/index.ts'
import type { RecordRow } from './sync-store.ts'

/** A record as a repository has it now. */
export interface RecordCandidate {
  readonly path: string
  /** undefined when it is gone. */
  readonly record: { readonly cid: string; readonly value: DataObject } | undefined
}

/** What follows from a candidate. */
export interface RecordEffect {
  /** What the handler is told; undefined when it is told nothing. */
  readonly event: 'create' | 'update' | 'delete' | undefined
  readonly candidate: RecordCandidate
  /** The row from now on; undefined when there is none. */
  readonly row: RecordRow | undefined
  /** Why the record was kept from the handler. */
  readonly refusal: string | undefined
}

/** Says why a record must not reach the handler; undefined when it may. */
export type RefuseRecord = (path: string, value: DataObject) => string | undefined

/**
 * Compares a record with what the handler was told of it last. Commits and whole repositories come through here alike, so
 * that a change has the same effect however it arrives, and none when it arrives again.
 */
export function effectOf(
  candidate: RecordCandidate,
  known: RecordRow | undefined,
  refuse: RefuseRecord,
): RecordEffect | undefined {
  const { path, record } = candidate
  const wasThere = known !== undefined && !known.refused
  if (record === undefined) {
    if (known === undefined) return undefined
    return { event: wasThere ? 'delete' : undefined, candidate, row: undefined, refusal: undefined }
  }
  if (known?.cid === record.cid) return undefined
  const refusal = refuse(path, record.value)
  const row = { path, cid: record.cid, refused: refusal !== undefined }
  // A record that turns into one that is refused is gone for the handler.
  if (refusal !== undefined) return { event: wasThere ? 'delete' : undefined, candidate, row, refusal }
  return { event: wasThere ? 'update' : 'create', candidate, row, refusal }
}
