import { joinPath, type DiskPath } from '@exprsn/core/disk'
import type { BlobReader, ContentId, TreeNode } from '../../repository/index.ts'
import { displayName } from '../../repository/snapshot/resolve-path.ts'
import { sourcesErrors } from '../errors.ts'

/** An entry and where it goes. */
export interface PlannedEntry {
  readonly path: DiskPath
  readonly node: TreeNode
}

/** All that a restore has to make, each folder before what lies in it. */
export interface RestorePlan {
  readonly folders: readonly PlannedEntry[]
  /** Files with content of their own: of several names of one file, the first. */
  readonly files: readonly PlannedEntry[]
  /** Further names of files: path → the first one. */
  readonly links: readonly { readonly path: DiskPath; readonly target: DiskPath }[]
  /** Symbolic links, FIFOs, devices. */
  readonly others: readonly PlannedEntry[]
  /** Bytes of the files. */
  readonly bytes: number
}

/** Options of {@link planRestore}. */
export interface PlanRestoreOptions {
  readonly into: string
  /** Paths inside the snapshot. @default everything */
  readonly include?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads the trees below `tree` and decides what goes where. Nothing is written.
 *
 * @throws `BACKUP_FILES_NOT_IN_SNAPSHOT` when an included path is not there
 */
export async function planRestore(
  reader: BlobReader,
  tree: ContentId,
  { into, include, signal }: PlanRestoreOptions,
): Promise<RestorePlan> {
  const folders: PlannedEntry[] = []
  const files: PlannedEntry[] = []
  const links: { path: DiskPath; target: DiskPath }[] = []
  const others: PlannedEntry[] = []
  const firstNames = new Map<string, DiskPath>()
  const wanted = include?.map(partsOf)
  const found = new Set<readonly string[]>()
  let bytes = 0

  const visit = async (id: ContentId, folder: DiskPath, names: readonly string[]): Promise<void> => {
    for (const node of await reader.readTree(id, { signal })) {
      signal?.throwIfAborted()
      const here = [...names, displayName(node.name)]
      if (wanted !== undefined && !select(wanted, here, found)) continue
      const path = joinPath(folder, node.name)
      if (node.type === 'dir') {
        folders.push({ path, node })
        await visit(node.subtree!, path, here)
      } else if (node.type === 'file') addFile(path, node)
      else others.push({ path, node })
    }
  }

  const addFile = (path: DiskPath, node: TreeNode): void => {
    const key = (node.links ?? 1) > 1 && node.inode !== undefined ? `${node.deviceId}:${node.inode}` : undefined
    const target = key === undefined ? undefined : firstNames.get(key)
    if (target !== undefined) return void links.push({ path, target })
    if (key !== undefined) firstNames.set(key, path)
    files.push({ path, node })
    bytes += node.size ?? 0
  }

  await visit(tree, into, [])
  const missing = wanted?.find((each) => each.length > 0 && !found.has(each))
  if (missing !== undefined) throw sourcesErrors.BACKUP_FILES_NOT_IN_SNAPSHOT({ path: `/${missing.join('/')}` })
  return { folders, files, links, others, bytes }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

/** Whether an entry is included, or lies on the way to one that is. */
function select(
  wanted: readonly (readonly string[])[],
  here: readonly string[],
  found: Set<readonly string[]>,
): boolean {
  let isSelected = false
  for (const each of wanted) {
    const common = Math.min(each.length, here.length)
    if (here.slice(0, common).some((part, index) => part !== each[index])) continue
    if (here.length >= each.length) found.add(each)
    isSelected = true
  }
  return isSelected
}
