import { concatBytes } from '@exprsn/core/bytes'
import { release } from '../../seal/index.ts'
import type { ContentId, PackedBlob } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'

/** A pack as an index lists it. */
export interface IndexedPack {
  readonly id: ContentId
  readonly blobs: readonly PackedBlob[]
}

/** The JSON of an index object (restic's format, "Indexing"). */
export function encodeIndex(packs: readonly IndexedPack[]): Uint8Array {
  // Pack by pack: as one text, with the rows for it, it would stand in memory three times.
  const parts = packs.flatMap((pack, index) => [Buffer.from(index === 0 ? '' : ','), encodePack(pack)])
  const json = concatBytes([Buffer.from('{"packs":['), ...parts, Buffer.from(']}')])
  for (const part of parts) release(part)
  return json
}

function encodePack({ id, blobs }: IndexedPack): Uint8Array {
  const rows = blobs.map((blob) => ({
    id: blob.id,
    type: blob.type,
    offset: blob.offset,
    length: blob.length,
    uncompressed_length: blob.uncompressedLength,
  }))
  return Buffer.from(JSON.stringify({ id, blobs: rows }))
}

const contentId = /^[0-9a-f]{64}$/

/**
 * Reads an index of ours or restic's.
 *
 * @throws `BACKUP_OBJECT_CORRUPT`
 */
export function decodeIndex(id: ContentId, bytes: Uint8Array): IndexedPack[] {
  const corrupt = (reason: string, cause?: unknown) =>
    repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: `index/${id}`, reason }, { cause })
  const value = parse(bytes, corrupt) as { readonly packs?: unknown } | null
  const packs = value?.packs ?? []
  if (!Array.isArray(packs)) throw corrupt('it has no list of packs')
  return packs.map((pack: Partial<IndexRow> | null) => {
    if (!contentId.test(String(pack?.id)) || !Array.isArray(pack?.blobs)) throw corrupt('a pack has no id or no blobs')
    return { id: pack.id!, blobs: pack.blobs.map((row) => blobOf(row, corrupt)) }
  })
}

interface IndexRow {
  readonly id: string
  readonly blobs: readonly Partial<BlobRow>[]
}

interface BlobRow {
  readonly id: string
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly uncompressed_length?: number
}

function parse(bytes: Uint8Array, corrupt: (reason: string, cause?: unknown) => Error): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw corrupt('it is not JSON', cause)
  }
}

function blobOf(row: Partial<BlobRow> | null, corrupt: (reason: string) => Error): PackedBlob {
  const { id, type, offset, length, uncompressed_length: uncompressed } = row ?? {}
  const isCount = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32
  const known = type === 'data' || type === 'tree'
  if (!contentId.test(String(id)) || !known || !isCount(offset) || !isCount(length))
    throw corrupt('a blob is incomplete')
  // Restic writes 0, or nothing, for a blob that is not compressed.
  const uncompressedLength = isCount(uncompressed) && uncompressed > 0 ? uncompressed : undefined
  return { id: id!, type, offset, length, uncompressedLength }
}
