import type { BlobReader, ContentId, LocatedBlob } from '../../repository/index.ts'
import { repositoryErrors } from '../../repository/index.ts'

/** A place in a file that a blob goes to. */
export interface BlobTarget {
  /** Index in the list of files. */
  readonly file: number
  readonly position: number
}

/** A blob and all places it goes to. */
export interface WantedBlob {
  readonly blob: LocatedBlob
  readonly targets: BlobTarget[]
}

/** A stretch of a pack that is read at once. */
export interface PackRead {
  readonly pack: ContentId
  readonly start: number
  readonly end: number
  readonly blobs: readonly WantedBlob[]
}

/** A gap up to this many bytes is read along: cheaper than another request. */
const largestGap = 128 * 1_024
const largestRead = 32 * 1_024 * 1_024

/**
 * The reads that bring all content: packs in the order in which the files need them first, each in as few stretches as
 * possible, each blob once however often it occurs.
 *
 * @throws `BACKUP_BLOB_MISSING`
 */
export function planReads(
  reader: BlobReader,
  files: readonly { readonly content: readonly ContentId[] }[],
): PackRead[] {
  const packs = new Map<ContentId, Map<ContentId, WantedBlob>>()
  const known = new Map<ContentId, WantedBlob>()
  for (const [file, { content }] of files.entries()) {
    let position = 0
    for (const id of content) {
      let wanted = known.get(id)
      if (wanted === undefined) {
        const blob = reader.locate('data', id)
        if (blob === undefined) throw repositoryErrors.BACKUP_BLOB_MISSING({ type: 'data', id })
        wanted = { blob, targets: [] }
        known.set(id, wanted)
        let blobs = packs.get(blob.pack)
        if (blobs === undefined) packs.set(blob.pack, (blobs = new Map()))
        blobs.set(id, wanted)
      }
      wanted.targets.push({ file, position })
      position += plainLength(wanted.blob)
    }
  }
  return [...packs].flatMap(([pack, blobs]) => stretches(pack, [...blobs.values()]))
}

/** Bytes of a blob's content: 32 fewer than sealed when it was not compressed. */
function plainLength({ uncompressedLength, length }: LocatedBlob): number {
  return uncompressedLength ?? length - 32
}

function stretches(pack: ContentId, wanted: readonly WantedBlob[]): PackRead[] {
  const reads: PackRead[] = []
  let blobs: WantedBlob[] = []
  let start = 0
  let end = 0
  for (const each of wanted.toSorted((left, right) => left.blob.offset - right.blob.offset)) {
    const { offset, length } = each.blob
    if (blobs.length > 0 && (offset - end > largestGap || offset + length - start > largestRead)) {
      reads.push({ pack, start, end, blobs })
      blobs = []
    }
    if (blobs.length === 0) start = offset
    end = offset + length
    blobs.push(each)
  }
  if (blobs.length > 0) reads.push({ pack, start, end, blobs })
  return reads
}
