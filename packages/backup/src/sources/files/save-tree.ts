import {
  displayPath,
  entryName,
  isDiskError,
  joinPath,
  type Disk,
  type DiskPath,
  type DiskStat,
} from '@exprsn/core/disk'
import { ExprsnError } from '@exprsn/core'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import { hash } from 'node:crypto'
import { encodeTree, type ContentId, type TreeNode } from '../../repository/index.ts'
import { compareNames } from '../../repository/tree/compare-names.ts'
import type { FileOutcome } from './file-job.ts'
import type { FileReaders } from './file-readers.ts'
import { folderDigest, type DigestedEntry } from './folder-digest.ts'
import { idsOf } from './id-list.ts'
import type { OwnerNames } from './owner-names.ts'
import type { PathFilter } from './path-filter.ts'
import type { ProblemList } from './problem-list.ts'
import type { Selection } from './selection.ts'
import type { KnownContent, StatCache } from './stat-cache.ts'
import { nodeTypeOf, treeNodeOf } from './tree-node-of.ts'

/** What {@link saveTree} works with. */
export interface SaveTreeOptions {
  readonly disk: Disk
  readonly posix: PosixCalls | undefined
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

/** Entries that are looked at in one go: about a millisecond. */
const entriesPerTurn = 200
/** At first fewer: opening the repository takes a number of short calls before its key is derived beside the walk. */
const entriesPerFirstTurn = 10
const firstEntries = 500

const noContent: KnownContent = () => []

/** An entry of a folder: what was found at once, and what is on its way. */
interface Entry {
  readonly name: DiskPath
  readonly path: DiskPath
  readonly stat: DiskStat
  /** Known from the last run. */
  readonly content?: KnownContent | undefined
  /** Being read. */
  readonly outcome?: Promise<FileOutcome> | undefined
  readonly subtree?: Promise<ContentId> | undefined
}

/**
 * Walks what was selected and saves it: a folder's tree is stored when its last file was read, while others still are.
 * A folder in which nothing changed costs no more than a look at its entries.
 */
export async function saveTree(selection: Selection, options: SaveTreeOptions): Promise<SavedTree> {
  const { disk, posix, owners, excluded, readers, cache, problems, onBytes, signal } = options
  const counts = { files: 0, folders: 0, bytes: 0, filesRead: 0 }
  let looked = 0
  const byInode = new Map<string, Promise<FileOutcome>>()

  const [root] = handled(selection.whole ? await walkWhole(selection.path) : await walkPart(selection))
  await Promise.all([readers.finish(), root])
  return { tree: await root, ...counts }

  /** A folder of which everything is saved. Wrapped: a bare promise would be awaited by whoever awaits the walk. */
  async function walkWhole(path: DiskPath): Promise<readonly [Promise<ContentId>]> {
    const entries: Entry[] = []
    for (const name of disk.entriesSync(path).map(entryName).toSorted(compareNames)) {
      signal?.throwIfAborted()
      // An asynchronous call lets others have their turn: the key's derivation, packs on their way, the host's requests.
      const turn = looked < firstEntries ? entriesPerFirstTurn : entriesPerTurn
      if (++looked % turn === 0) await disk.stat(path)
      const entry = look(joinPath(path, name), name)
      const found = entry instanceof Promise ? await entry : entry
      if (found !== undefined) entries.push(found)
    }
    return handled([save(entries)])
  }

  /** A folder on the way to what is saved. */
  async function walkPart(part: Selection): Promise<readonly [Promise<ContentId>]> {
    const entries: Entry[] = []
    for (const [name, child] of [...part.children].toSorted(([left], [right]) => compareNames(left, right))) {
      const { path } = child
      const stat = disk.statSync(path)
      const entry = child.whole
        ? await open(path, name, stat)
        : { name, path, stat, subtree: (await walkPart(child))[0] }
      if (entry !== undefined) entries.push(entry)
    }
    return handled([save(entries)])
  }

  /** At once where nothing has to be waited for: a promise for each of a million entries takes as long as its stat. */
  function look(path: DiskPath, name: DiskPath): Entry | undefined | Promise<Entry | undefined> {
    const shown = displayPath(path)
    if (excluded(shown, displayPath(name))) return undefined
    try {
      const entry = open(path, name, disk.statSync(path))
      return entry instanceof Promise ? entry.catch((error: unknown) => tolerate(shown, error)) : entry
    } catch (error) {
      return tolerate(shown, error)
    }
  }

  function open(path: DiskPath, name: DiskPath, stat: DiskStat): Entry | undefined | Promise<Entry> {
    const type = nodeTypeOf(stat.kind)
    if (type === undefined) {
      problems.add({ path: displayPath(path), kind: 'skipped', detail: stat.kind })
      return undefined
    }
    if (type === 'dir') return walkWhole(path).then(([subtree]) => ({ name, path, stat, subtree }))
    if (type !== 'file') return { name, path, stat }
    const content = stat.size === 0 ? noContent : cache.contentOf(stat)
    return content === undefined ? beginReading(path, name, stat) : { name, path, stat, content }
  }

  async function beginReading(path: DiskPath, name: DiskPath, stat: DiskStat): Promise<Entry> {
    await readers.room()
    const [outcome] = handled([readOnce(path, stat)])
    return { name, path, stat, outcome }
  }

  /** A file with several names is read once. */
  function readOnce(path: DiskPath, stat: DiskStat): Promise<FileOutcome> {
    if (stat.links === 1) return readers.read({ path, stat })
    const key = `${stat.device}:${stat.inode}`
    let outcome = byInode.get(key)
    if (outcome === undefined) byInode.set(key, (outcome = readers.read({ path, stat })))
    return outcome
  }

  async function save(entries: readonly Entry[]): Promise<ContentId> {
    const digested: DigestedEntry[] = []
    for (const { name, stat, subtree } of entries)
      digested.push({ name, stat, subtree: subtree === undefined ? undefined : await subtree })
    const digest = folderDigest(digested, owners)
    for (const { stat } of entries) if (stat.kind === 'folder') counts.folders++
    if (entries.every(({ outcome }) => outcome === undefined)) {
      const known = cache.treeOf(digest)
      if (known !== undefined) {
        const files = entries.filter(({ stat }) => stat.kind === 'file')
        count(
          files.length,
          files.reduce((sum, { stat }) => sum + stat.size, 0),
        )
        return known
      }
    }
    const nodes: (TreeNode | undefined)[] = []
    let settled = true
    for (const [index, entry] of entries.entries()) {
      const outcome = await entry.outcome
      settled &&=
        cache.isSettled(entry.stat) && (outcome === undefined || (outcome.status === 'read' && !outcome.changed))
      nodes.push(
        await tolerating(displayPath(entry.path), async () => nodeOf(entry, digested[index]!.subtree, outcome)),
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
    { name, path, stat, content }: Entry,
    subtree: ContentId | undefined,
    outcome: FileOutcome | undefined,
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
    count(1, size)
    return treeNodeOf(name, stat, owners, { content: ids, size, extendedAttributes })
  }

  function count(files: number, bytes: number): void {
    counts.files += files
    counts.bytes += bytes
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
    if (!ExprsnError.is(error) || !error.code.startsWith('CORE_DISK_')) throw error
    const kind = isDiskError(error, 'CORE_DISK_NOT_FOUND') ? 'vanished' : 'unreadable'
    problems.add({ path, kind, detail: error.message })
  }
}

/** A failure is thrown where the promise is awaited; until then it is not an unhandled one. */
function handled<Value>(wrapped: readonly [Promise<Value>]): readonly [Promise<Value>] {
  wrapped[0].catch(() => {})
  return wrapped
}
