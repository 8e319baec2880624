import { randomBelow, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { setName, type NameChange, type NameEdit } from './name-journal.ts'
import type { DiskNode, FolderNode, Names } from './nodes.ts'

/** The names of every folder as a power loss leaves them. */
export type NamesOf = (folder: FolderNode) => Names

/**
 * What a power loss leaves of the names: the durable ones and any part of the changes that were not synced. One of four
 * patterns is drawn: none of the changes, all, the first few in order, or each by its own luck.
 */
export function survivingNames(root: FolderNode, pending: readonly NameChange[], random: Random): NamesOf {
  const surviving = new Map<FolderNode, Names>()
  const namesOf = (folder: FolderNode): Names => {
    const names = surviving.get(folder) ?? new Map(folder.durable)
    surviving.set(folder, names)
    return names
  }
  const survives = drawPattern(pending.length, random)
  pending.forEach((change, index) => {
    if (survives(index)) applyChange(root, change, namesOf, random)
  })
  return namesOf
}

function drawPattern(count: number, random: Random): (index: number) => boolean {
  const point = randomBelow(random, count + 1)
  return randomItem(random, [
    () => false,
    () => true,
    (index: number) => index < point,
    () => randomBelow(random, 2) === 0,
  ])
}

function applyChange(root: FolderNode, change: NameChange, namesOf: NamesOf, random: Random): void {
  const [first, second] = change.edits
  if (change.into) return removeOldName(root, first!, namesOf)
  if (!canApply(root, first!, namesOf)) return
  setName(namesOf(first!.folder), first!.name, first!.node)
  if (second === undefined) return
  // Between two folders a rename is two writes: the old name may still be there.
  if (second.folder !== first!.folder && randomBelow(random, 2) === 0) return
  removeOldName(root, second, namesOf)
}

function canApply(root: FolderNode, { folder, name, node }: NameEdit, namesOf: NamesOf): boolean {
  const replaced = namesOf(folder).get(name)
  if (replaced?.kind === 'folder' && replaced !== node && namesOf(replaced).size > 0) return false
  return isReachable(root, folder, namesOf)
}

/** The second half of a rename; not done when the first half is of no use, or the node would hang from itself. */
function removeOldName(root: FolderNode, { folder, name }: NameEdit, namesOf: NamesOf): void {
  const names = namesOf(folder)
  const moved = names.get(name)
  if (moved === undefined) return
  names.delete(name)
  if (!isReachable(root, moved, namesOf)) names.set(name, moved)
}

function isReachable(from: FolderNode, wanted: DiskNode, namesOf: NamesOf, seen = new Set<DiskNode>()): boolean {
  if (from === wanted) return true
  seen.add(from)
  for (const node of namesOf(from).values()) {
    if (node === wanted) return true
    if (node.kind === 'folder' && !seen.has(node) && isReachable(node, wanted, namesOf, seen)) return true
  }
  return false
}
