import { displayPath, isDiskError, joinPath, type Disk, type DiskPath } from '@exprsn/core/disk'
import type { ContentId } from '../../repository/index.ts'
import { FolderDigest } from './folder-digest.ts'
import type { OwnerNames } from './owner-names.ts'
import type { PathFilter } from './path-filter.ts'
import type { StatCache } from './stat-cache.ts'
import type { Turns } from './turns.ts'

/** A folder that was walked. Wrapped: a bare promise of its tree would be awaited by whoever awaits the walk. */
export interface WalkedFolder {
  readonly tree: ContentId | Promise<ContentId>
}

/** What a glance at a folder told. */
export interface GlancedFolder {
  /** Its tree, when it is as it was, with all below it. */
  readonly tree: ContentId | undefined
  /** The folders in it that were walked on the way. */
  readonly walked: ReadonlyMap<DiskPath, WalkedFolder>
}

/** What {@link createGlance} works with. */
export interface GlanceOptions {
  readonly disk: Pick<Disk, 'glanceSync'>
  readonly owners: OwnerNames
  readonly excluded: PathFilter
  readonly cache: Pick<StatCache, 'treeOf' | 'keepFiles'>
  readonly turns: Turns
  readonly signal: AbortSignal | undefined
  readonly walk: (path: DiskPath) => WalkedFolder | Promise<WalkedFolder>
  /** Called with what a folder holds that is as it was. */
  readonly count: (files: number, bytes: number, folders: number) => void
}

/** Looks at a folder's entries, which are given by name, and at all below them. */
export type Glance = (path: DiskPath, names: readonly DiskPath[]) => GlancedFolder | Promise<GlancedFolder>

/** A folder that is being looked at. */
interface BegunFolder {
  readonly path: DiskPath
  readonly names: readonly DiskPath[]
  readonly digest: FolderDigest
  readonly walked: Map<DiskPath, WalkedFolder>
  next: number
  mayBeKnown: boolean
  files: number
  bytes: number
  folders: number
  /** Device and inode of one file after the other. */
  readonly identities: number[]
}

/**
 * Tells folders that are as they were from others by as little as is enough for that: of a million files, as a rule none has
 * changed. It tells nobody of what it cannot look at, or what no backup holds: with such an entry a folder is not recognised, and
 * whoever asks looks again, and more closely.
 */
export function createGlance(options: GlanceOptions): Glance {
  const { disk, owners, excluded, cache, turns, signal, walk, count } = options
  /** A folder's digest is begun before those of the folders in it, and ends after them. */
  const spare: FolderDigest[] = []

  return (path, names) => {
    const digest = spare.pop() ?? new FolderDigest(owners)
    const counts = { files: 0, bytes: 0, folders: 0, identities: [] }
    const folder = { path, names, digest, walked: new Map(), next: 0, mayBeKnown: true, ...counts }
    const waiting = advance(folder)
    return waiting === undefined ? end(folder) : glanceRest(folder, waiting)
  }

  async function glanceRest(folder: BegunFolder, first: Promise<void>): Promise<GlancedFolder> {
    for (let waiting: Promise<void> | undefined = first; waiting !== undefined; waiting = advance(folder)) await waiting
    return end(folder)
  }

  /** Looks at entries until something has to be waited for; undefined when no other has to be looked at. */
  function advance(folder: BegunFolder): Promise<void> | undefined {
    const { names } = folder
    while (folder.mayBeKnown && folder.next < names.length) {
      signal?.throwIfAborted()
      const turn = turns.begin()
      if (turn !== undefined) return turn
      const name = names[folder.next++]!
      const path = joinPath(folder.path, name)
      if (excluded(displayPath(path), displayPath(name))) continue
      try {
        const waiting = look(folder, path, name)
        if (waiting !== undefined) return waiting
      } catch (error) {
        // What cannot be looked at is told by whoever looks again.
        if (!isDiskError(error)) throw error
        folder.mayBeKnown = false
      }
    }
    return undefined
  }

  function look(folder: BegunFolder, path: DiskPath, name: DiskPath): Promise<void> | undefined {
    const glance = disk.glanceSync(path)
    const { kind, size } = glance
    if (kind === 'folder') {
      const walked = walk(path)
      const add = (known: WalkedFolder): void => {
        folder.walked.set(name, known)
        folder.folders++
        if (typeof known.tree === 'string') folder.digest.add(name, glance, known.tree)
        else folder.mayBeKnown = false
      }
      if (walked instanceof Promise) return walked.then(add)
      add(walked)
    } else {
      if (kind === 'file') {
        folder.files++
        folder.bytes += size
        if (size > 0) folder.identities.push(glance.device, glance.inode)
      }
      folder.digest.add(name, glance, undefined)
    }
    return undefined
  }

  function end({ digest, mayBeKnown, walked, identities, files, bytes, folders }: BegunFolder): GlancedFolder {
    let tree: ContentId | undefined
    if (mayBeKnown) tree = cache.treeOf(digest.finish())
    else digest.clear()
    spare.push(digest)
    if (tree !== undefined) {
      cache.keepFiles(identities)
      count(files, bytes, folders)
    }
    return { tree, walked }
  }
}
