import { ExprsnError } from '@exprsn/core'
import type { ContentId, PackedBlob } from '../repository/index.ts'
import { isNotFound } from '../repository/object/repository-store.ts'
import { packKey } from '../repository/pack/pack-key.ts'
import type { RepositoryProblem, RepositoryProblemKind } from './problem.ts'

/** A pack as the index has it. */
export interface ExpectedPack {
  readonly id: ContentId
  readonly blobs: readonly PackedBlob[]
}

/** What a pack of these blobs must weigh: blobs, sealed header, length of the header. */
export function expectedSize(blobs: readonly PackedBlob[]): number {
  const rows = blobs.reduce((sum, blob) => sum + (blob.uncompressedLength === undefined ? 37 : 41), 0)
  return blobs.reduce((sum, blob) => sum + blob.length, 0) + rows + 32 + 4
}

/** What a header says otherwise than the index. */
export function compareHeader(
  id: ContentId,
  header: readonly PackedBlob[],
  blobs: readonly PackedBlob[],
): RepositoryProblem[] {
  // As a rule both were written from the same list.
  if (header.length === blobs.length && header.every((blob, index) => isSame(blob, blobs[index]!))) return []
  const row = ({ type, id: blob, offset, length, uncompressedLength }: PackedBlob): string =>
    [type, blob, offset, length, uncompressedLength ?? 0].join()
  const listed = new Set(header.map(row))
  const missing = blobs.filter((blob) => !listed.has(row(blob)))
  if (missing.length === 0) return []
  return [
    packProblem('pack-header', id, `its header does not list ${missing.length} of the blobs that the index lists`),
  ]
}

function isSame(one: PackedBlob, other: PackedBlob): boolean {
  return (
    one.id === other.id &&
    one.type === other.type &&
    one.offset === other.offset &&
    one.length === other.length &&
    (one.uncompressedLength ?? 0) === (other.uncompressedLength ?? 0)
  )
}

/** A problem of a whole pack. */
export function packProblem(kind: RepositoryProblemKind, id: ContentId, reason: string): RepositoryProblem {
  return { kind, object: packKey(id), reason }
}

/** The problem that a failure to read a pack is; what is no damage is thrown. */
export function problemOf(id: ContentId, error: unknown): RepositoryProblem {
  if (isNotFound(error)) return packProblem('pack-missing', id, 'the store does not hold it')
  if (!ExprsnError.is(error)) throw error
  if (error.code === 'BACKUP_OBJECT_CORRUPT' || error.code === 'CORE_STORAGE_RANGE_INVALID')
    return packProblem('pack-header', id, error.message)
  throw error
}
