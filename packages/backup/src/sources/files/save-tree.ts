import { displayPath, isDiskError, joinPath, type Disk, type DiskPath, type DiskStat } from '@exprsn/core/disk'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import { hash } from 'node:crypto'
import { encodeTree, type ContentId, type TreeNode } from '../../repository/index.ts'
import { compareNames } from '../../repository/tree/compare-names.ts'
import type { FileOutcome } from './file-job.ts'
import type { FileReaders } from './file-readers.ts'
import { folderDigest, type DigestedEntry } from './folder-digest.ts'
import { foundEntry, isAtHand, type FoundEntry } from './found-entry.ts'
import { createGlance, type GlancedFolder, type WalkedFolder } from './glance-folders.ts'
import { idsOf } from './id-list.ts'
import type { OwnerNames } from './owner-names.ts'
import type { PathFilter } from './path-filter.ts'
import type { ProblemList } from './problem-list.ts'
import type { Selection } from './selection.ts'
import type { KnownContent, StatCache } from './stat-cache.ts'
import { nodeTypeOf, treeNodeOf } from './tree-node-of.ts'
import { Turns } from './turns.ts'

/** What {@link saveTree} works with. */
export interface SaveTreeOptions {
  readonly disk: Disk
  /** Called when something has to be stored; undefined: extended attributes are left out. */
  readonly posix: (() => Promise<PosixCalls>) | undefined
  readonly owners: OwnerNames
  readonly excluded: PathFilter
  readonly readers: FileReaders
  readonly saveTree: (content: Uint8Array) => Promise<ContentId>
  readonly cache: StatCache
  readonly problems: ProblemList
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/** Figures of what was saved. */
export interface SavedTree {
  readonly tree: ContentId
  readonly files: number
  readonly folders: number
  readonly bytes: number
  readonly filesRead: number
}

const noContent: KnownContent = () => []

/** A folder that is being walked. */
interface BegunFolder {
  readonly path: DiskPath
  readonly names: readonly DiskPath[]
  /** Folders in it that were walked already. */
  readonly walked: ReadonlyMap<DiskPath, WalkedFolder>
  next: number
  readonly entries: FoundEntry[]
}

/**
 * Walks what was selected and saves it: a folder's tree is stored when its last file was read, while others still are.
 * A folder in which nothing changed costs no more than a glance at its entries.
 */
export async function saveTree(selection: Selection, options: SaveTreeOptions): Promise<SavedTree> {
  const { disk, owners, excluded, readers, cache, problems, onBytes, signal } = options
  const counts = { files: 0, folders: 0, bytes: 0, filesRead: 0 }
  const turns = new Turns()
  const glance = createGlance({ ...options, turns, walk: walkWhole, count })
  const byInode = new Map<string, Promise<FileOutcome>>()

  const root = selection.whole ? await walkWhole(selection.path) : await walkPart(selection)
  await Promise.all([readers.finish(), root.tree])
  return { tree: await root.tree, ...counts }

  /** A folder of which everything is saved. */
  function walkWhole(path: DiskPath): WalkedFolder | Promise<WalkedFolder> {
    const names = disk.namesSync(path).sort(compareNames)
    if (cache.tree === undefined) return walkNames(path, names)
    const glanced = glance(path, names)
    return glanced instanceof Promise ? glanced.then(walkGlanced) : walkGlanced(glanced)

    function walkGlanced({ tree, walked }: GlancedFolder): WalkedFolder | Promise<WalkedFolder> {
      return tree === undefined ? walkNames(path, names, walked) : { tree }
    }
  }

  /** Looks at every entry, and reads what is not known. */
  function walkNames(
    path: DiskPath,
    names: readonly DiskPath[],
    walked: ReadonlyMap<DiskPath, WalkedFolder> = new Map(),
  ): WalkedFolder | Promise<WalkedFolder> {
    const folder = { path, names, walked, next: 0, entries: [] }
    const waiting = advance(folder)
    return waiting === undefined ? save(folder.entries) : walkRest(folder, waiting)
  }

  async function walkRest(folder: BegunFolder, first: Promise<void>): Promise<WalkedFolder> {
    for (let waiting: Promise<void> | undefined = first; waiting !== undefined; waiting = advance(folder)) await waiting
    return save(folder.entries)
  }

  /**
   * Looks at entries until something has to be waited for: a promise for each of a million takes as long as its stat. Undefined
   * when none is left.
   */
  function advance(folder: BegunFolder): Promise<void> | undefined {
    const { names, entries } = folder
    while (folder.next < names.length) {
      signal?.throwIfAborted()
      const turn = turns.begin()
      if (turn !== undefined) return turn
      const name = names[folder.next++]!
      const found = look(joinPath(folder.path, name), name, folder.walked.get(name))
      if (found instanceof Promise) return found.then((entry) => void (entry !== undefined && entries.push(entry)))
      if (found !== undefined) entries.push(found)
    }
    return undefined
  }

  /** A folder on the way to what is saved. */
  async function walkPart(part: Selection): Promise<WalkedFolder> {
    const entries: FoundEntry[] = []
    for (const [name, child] of [...part.children].toSorted(([left], [right]) => compareNames(left, right))) {
      const { path } = child
      const stat = disk.statSync(path)
      const entry = child.whole
        ? await open(path, name, stat)
        : foundEntry(path, name, stat, { subtree: (await walkPart(child)).tree })
      if (entry !== undefined) entries.push(entry)
    }
    return save(entries)
  }

  function look(
    path: DiskPath,
    name: DiskPath,
    known?: WalkedFolder,
  ): FoundEntry | undefined | Promise<FoundEntry | undefined> {
    const shown = displayPath(path)
    if (excluded(shown, displayPath(name))) return undefined
    try {
      const entry = open(path, name, disk.statSync(path), known)
      return entry instanceof Promise ? entry.catch((error: unknown) => tolerate(shown, error)) : entry
    } catch (error) {
      return tolerate(shown, error)
    }
  }

  /** @param known What came of a folder that was walked already. */
  function open(
    path: DiskPath,
    name: DiskPath,
    stat: DiskStat,
    known?: WalkedFolder,
  ): FoundEntry | undefined | Promise<FoundEntry> {
    const type = nodeTypeOf(stat.kind)
    if (type === undefined) {
      problems.add({ path: displayPath(path), kind: 'skipped', detail: stat.kind })
      return undefined
    }
    if (type === 'dir') {
      const walked = known ?? walkWhole(path)
      return walked instanceof Promise
        ? walked.then(({ tree }) => foundEntry(path, name, stat, { subtree: tree }))
        : foundEntry(path, name, stat, { subtree: walked.tree })
    }
    if (type !== 'file') return foundEntry(path, name, stat, {})
    const content = stat.size === 0 ? noContent : cache.contentOf(stat)
    return content === undefined ? beginReading(path, name, stat) : foundEntry(path, name, stat, { content })
  }

  async function beginReading(path: DiskPath, name: DiskPath, stat: DiskStat): Promise<FoundEntry> {
    await readers.room()
    return foundEntry(path, name, stat, { outcome: handled(readOnce(path, stat)) })
  }

  /** A file with several names is read once. */
  function readOnce(path: DiskPath, stat: DiskStat): Promise<FileOutcome> {
    if (stat.links === 1) return readers.read({ path, stat })
    const key = `${stat.device}:${stat.inode}`
    let outcome = byInode.get(key)
    if (outcome === undefined) byInode.set(key, (outcome = readers.read({ path, stat })))
    return outcome
  }

  /** At once where it is a folder that the last run has saved. */
  function save(entries: readonly FoundEntry[]): WalkedFolder {
    if (!entries.every(isAtHand)) return { tree: handled(saveLater(entries)) }
    const digest = digestOf(entries)
    return { tree: knownTree(entries, digest) ?? handled(store(entries, entries, digest)) }
  }

  async function saveLater(entries: readonly FoundEntry[]): Promise<ContentId> {
    const digested: DigestedEntry[] = []
    for (const { name, stat, subtree } of entries) digested.push({ name, stat, subtree: await subtree })
    const digest = digestOf(digested)
    return knownTree(entries, digest) ?? store(entries, digested, digest)
  }

  function digestOf(entries: readonly DigestedEntry[]): string {
    for (const { stat } of entries) if (stat.kind === 'folder') counts.folders++
    return folderDigest(entries, owners)
  }

  /** The tree of a folder in which nothing changed. */
  function knownTree(entries: readonly FoundEntry[], digest: string): ContentId | undefined {
    if (entries.some(({ outcome }) => outcome !== undefined)) return undefined
    const known = cache.treeOf(digest)
    if (known === undefined) return undefined
    let files = 0
    let bytes = 0
    for (const { stat } of entries)
      if (stat.kind === 'file') {
        files++
        bytes += stat.size
      }
    count(files, bytes, 0)
    return known
  }

  async function store(
    entries: readonly FoundEntry[],
    digested: readonly DigestedEntry[],
    digest: string,
  ): Promise<ContentId> {
    const posix = await options.posix?.()
    const nodes: (TreeNode | undefined)[] = []
    let settled = true
    for (const [index, entry] of entries.entries()) {
      const outcome = await entry.outcome
      settled &&=
        cache.isSettled(entry.stat) && (outcome === undefined || (outcome.status === 'read' && !outcome.changed))
      nodes.push(
        await tolerating(displayPath(entry.path), async () => nodeOf(entry, digested[index]!.subtree, outcome, posix)),
      )
    }
    const found = nodes.filter((node) => node !== undefined)
    const id = await storeTree(encodeTree(found))
    if (settled && found.length === nodes.length) cache.rememberTree(digest, id)
    else cache.rememberOtherTree(id)
    return id
  }

  async function storeTree(content: Uint8Array): Promise<ContentId> {
    if (cache.tree === undefined) return options.saveTree(content)
    const id = hash('sha256', content)
    return cache.hasTree(id) ? id : options.saveTree(content)
  }

  async function nodeOf(
    { name, path, stat, content }: FoundEntry,
    subtree: ContentId | undefined,
    outcome: FileOutcome | undefined,
    posix: PosixCalls | undefined,
  ): Promise<TreeNode | undefined> {
    const shown = displayPath(path)
    if (outcome !== undefined && outcome.status !== 'read') {
      problems.add({ path: shown, kind: outcome.status, detail: outcome.detail })
      return undefined
    }
    if (stat.kind === 'symlink') return treeNodeOf(name, stat, owners, { linkTarget: await disk.readLink(path) })
    const extendedAttributes = posix?.extendedAttributes(path)
    if (stat.kind !== 'file') return treeNodeOf(name, stat, owners, { subtree, extendedAttributes })
    const ids = outcome === undefined ? content?.() : idsOf(outcome.content)
    if (outcome?.changed) problems.add({ path: shown, kind: 'changed' })
    else if (outcome !== undefined) cache.rememberContent(stat, ids!)
    if (outcome !== undefined) counts.filesRead++
    const size = outcome?.bytes ?? stat.size
    count(1, size, 0)
    return treeNodeOf(name, stat, owners, { content: ids, size, extendedAttributes })
  }

  function count(files: number, bytes: number, folders: number): void {
    counts.files += files
    counts.bytes += bytes
    counts.folders += folders
    onBytes(bytes)
  }

  /** What cannot be read is reported and left out; what the repository says is a failure. */
  async function tolerating<Result>(path: string, perform: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await perform()
    } catch (error) {
      return tolerate(path, error)
    }
  }

  function tolerate(path: string, error: unknown): undefined {
    if (!isDiskError(error)) throw error
    const kind = isDiskError(error, 'CORE_DISK_NOT_FOUND') ? 'vanished' : 'unreadable'
    problems.add({ path, kind, detail: error.message })
  }
}

/** A failure is thrown where the promise is awaited; until then it is not an unhandled one. */
function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {})
  return promise
}
