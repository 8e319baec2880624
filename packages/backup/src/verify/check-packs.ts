import { ExprsnError } from '@exprsn/core'
import type { ContentId, PackedBlob } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { isNotFound } from '../repository/object/repository-store.ts'
import { sha256 } from '../repository/object/sealed-objects.ts'
import { openBlob } from '../repository/pack/open-blob.ts'
import { packKey } from '../repository/pack/pack-key.ts'
import { readPackHeader } from '../repository/pack/read-pack-header.ts'
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

/** Compares the header of a pack with the index, without reading its content. */
export async function checkHeader(
  { store, key }: RepositoryContext,
  { id, blobs }: ExpectedPack,
  size: number,
  signal: AbortSignal | undefined,
): Promise<RepositoryProblem[]> {
  try {
    const read = (start: number, end: number): Promise<Uint8Array> =>
      store.get(packKey(id), { range: { start, end }, signal })
    return compareHeader(id, await readPackHeader(id, size, key, read), blobs)
  } catch (error) {
    return [problemOf(id, error)]
  }
}

/** Reads a whole pack: its hash, its header, and every blob's authenticator, decompression and hash. */
export async function checkContent(
  { store, key }: RepositoryContext,
  { id, blobs }: ExpectedPack,
  signal: AbortSignal | undefined,
): Promise<RepositoryProblem[]> {
  try {
    let bytes = await store.get(packKey(id), { signal })
    // What flipped on the way is not what lies there.
    if (sha256(bytes) !== id) bytes = await store.get(packKey(id), { signal })
    const problems: RepositoryProblem[] = []
    if (sha256(bytes) !== id)
      problems.push(packProblem('pack-damaged', id, 'its content does not have the hash in its name'))
    for (const blob of blobs) problems.push(...checkBlob(key, id, blob, bytes))
    const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end)
    problems.push(...compareHeader(id, await readPackHeader(id, bytes.length, key, read), blobs))
    return problems
  } catch (error) {
    return [problemOf(id, error)]
  }
}

function checkBlob(
  key: RepositoryContext['key'],
  pack: ContentId,
  blob: PackedBlob,
  bytes: Uint8Array,
): RepositoryProblem[] {
  try {
    openBlob(key, blob, bytes.subarray(blob.offset, blob.offset + blob.length), pack)
    return []
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return [{ kind: 'blob-damaged', object: `${blob.type} ${blob.id}`, reason: error.message }]
  }
}

function compareHeader(
  id: ContentId,
  header: readonly PackedBlob[],
  blobs: readonly PackedBlob[],
): RepositoryProblem[] {
  const row = ({ type, id: blob, offset, length, uncompressedLength }: PackedBlob): string =>
    [type, blob, offset, length, uncompressedLength ?? 0].join()
  const listed = new Set(header.map(row))
  const missing = blobs.filter((blob) => !listed.has(row(blob)))
  if (missing.length === 0) return []
  return [
    packProblem('pack-header', id, `its header does not list ${missing.length} of the blobs that the index lists`),
  ]
}

function packProblem(kind: RepositoryProblemKind, id: ContentId, reason: string): RepositoryProblem {
  return { kind, object: packKey(id), reason }
}

function problemOf(id: ContentId, error: unknown): RepositoryProblem {
  if (isNotFound(error)) return packProblem('pack-missing', id, 'the store does not hold it')
  if (!ExprsnError.is(error)) throw error
  if (error.code === 'BACKUP_OBJECT_CORRUPT' || error.code === 'CORE_STORAGE_RANGE_INVALID')
    return packProblem('pack-header', id, error.message)
  throw error
}
