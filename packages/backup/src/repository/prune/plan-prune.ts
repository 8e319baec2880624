import type { ContentId } from '../blob.ts'
import type { Marked } from './mark.ts'

/** Options of {@link planPrune}. */
export interface PlanPruneOptions {
  /** Sizes of the packs in the store, those that no index lists included. */
  readonly stored: ReadonlyMap<ContentId, number>
  /** Unneeded bytes that may stay, as a share of the needed ones. */
  readonly maxUnused: number
}

/** What a prune would do. */
export interface PrunePlan {
  /** Packs of which nothing is needed. */
  readonly remove: readonly ContentId[]
  /** Packs of which a part is needed: that part is copied to new packs first. */
  readonly repack: readonly ContentId[]
  /** Packs that no index lists, left behind by interrupted backups. */
  readonly orphans: readonly ContentId[]
  /** Bytes that are needed. */
  readonly neededBytes: number
  /** Bytes of the store that become free when the plan is carried out. */
  readonly freedBytes: number
  /** Bytes that are copied to new packs. */
  readonly copiedBytes: number
  /** Unneeded bytes that stay because they are few. */
  readonly unusedBytes: number
}

/** Decides what to remove and what to copy: the packs with the largest unneeded share first, until little enough is left. */
export function planPrune({ table, fossils, neededBytes }: Marked, { stored, maxUnused }: PlanPruneOptions): PrunePlan {
  const doomed = new Set(fossils.flatMap(({ packs }) => packs))
  const blobBytes = bytesOfPacks(table)
  const orphans = [...stored.keys()].filter((pack) => !table.hasPack(pack) && !doomed.has(pack))
  const remove: ContentId[] = []
  const partly: { readonly pack: ContentId; readonly needed: number; readonly unused: number }[] = []
  let needed = 0
  for (const [number, pack] of table.packs.entries()) {
    const bytes = neededBytes[number]!
    needed += bytes
    if (doomed.has(pack)) continue
    if (bytes === 0) remove.push(pack)
    else partly.push({ pack, needed: bytes, unused: blobBytes[number]! - bytes })
  }
  partly.sort((left, right) => right.unused / right.needed - left.unused / left.needed)
  let unused = partly.reduce((sum, each) => sum + each.unused, 0)
  const repack: typeof partly = []
  for (const each of partly) {
    if (unused <= maxUnused * needed || each.unused === 0) break
    repack.push(each)
    unused -= each.unused
  }
  const copiedBytes = repack.reduce((sum, each) => sum + each.needed, 0)
  const gone = [...remove, ...orphans, ...repack.map(({ pack }) => pack)]
  const freedBytes = gone.reduce((sum, pack) => sum + (stored.get(pack) ?? 0), 0) - copiedBytes
  return {
    remove,
    orphans,
    repack: repack.map(({ pack }) => pack),
    neededBytes: needed,
    freedBytes,
    copiedBytes,
    unusedBytes: unused,
  }
}

/** Bytes of all blobs of each pack. */
function bytesOfPacks(table: Marked['table']): Float64Array {
  const bytes = new Float64Array(table.packs.length)
  for (let row = 0; row < table.size; row++) bytes[table.packNumber(row)]! += table.lengthOf(row)
  return bytes
}
