import { ExprsnError } from '@exprsn/core'
import type { ObjectStore, StoredObject } from '@exprsn/core/storage'
import { gearChunker } from '../../chunking/index.ts'
import { encodeTree, type ContentId, type SourceSession, type TreeNode } from '../../repository/index.ts'
import { createUploads } from '../../repository/writer/uploads.ts'
import { saveChunk, saveContent } from '../content/save-content.ts'
import type { ProblemList } from '../files/problem-list.ts'
import { apart, isMark, ownName } from './entry-names.ts'
import { listObjects, type ListedObject } from './list-objects.ts'
import { encodeFacts, factsOf } from './object-facts.ts'

/** What {@link saveObjects} works with. */
export interface SaveObjectsOptions {
  readonly store: ObjectStore
  /** Empty, or ends with `/`. */
  readonly prefix: string
  readonly session: SourceSession
  /** Whether past versions are saved, too. */
  readonly versions: boolean
  /** Objects that are read at a time. */
  readonly concurrency: number
  readonly problems: ProblemList
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/** Figures of what was saved. */
export interface SavedObjects {
  readonly tree: ContentId
  readonly files: number
  readonly folders: number
  readonly bytes: number
  readonly filesRead: number
}

/** A folder of keys that is being listed. */
interface Folder {
  readonly name: string
  /** The same folder in the parent snapshot. */
  readonly before: FolderBefore
  readonly entries: Promise<TreeNode | undefined>[]
}

/** What a folder of the parent snapshot holds, by the last part of the key. A folder and objects may share a name. */
interface FolderBefore {
  readonly folders: ReadonlyMap<string, TreeNode>
  /** Several where there are versions. */
  readonly objects: ReadonlyMap<string, readonly TreeNode[]>
}

/** Up to this size an object is a single chunk, so that it need not be cut. */
const singleChunk = 512 * 1_024
const folderFacts = { mode: 0o755, userId: 0, groupId: 0 }

/**
 * Saves the objects of a listing as a tree. A listing is sorted by the bytes of keys, so that all keys of a folder are
 * neighbours: a folder is saved when the first key beyond it comes.
 */
export async function saveObjects(options: SaveObjectsOptions): Promise<SavedObjects> {
  const { store, prefix, session, problems, onBytes, signal } = options
  const { writer, reader, parent } = session
  const counts = { files: 0, folders: 0, bytes: 0, filesRead: 0 }
  const reads = createUploads(options.concurrency)
  const open: Folder[] = [{ name: '', before: await nodesOf(parent?.tree), entries: [] }]

  try {
    for await (const info of listObjects(options)) {
      signal?.throwIfAborted()
      const parts = info.key.slice(prefix.length).split('/')
      const name = parts.pop()!
      await enter(parts)
      await add(open.at(-1)!, name, info)
    }
    await enter([])
  } finally {
    // Also after a failure: nothing may be saved once the session has ended.
    await reads.done()
  }
  const { id: tree } = await saveFolder(open[0]!)
  return { tree, ...counts }

  /** Closes the folders that end here and opens those that begin. */
  async function enter(parts: readonly string[]): Promise<void> {
    let common = 0
    while (common < parts.length && open[common + 1]?.name === parts[common]) common++
    while (open.length > common + 1) {
      const folder = open.pop()!
      open.at(-1)!.entries.push(handled(folderNode(folder)))
    }
    for (const name of parts.slice(common)) {
      const before = open.at(-1)!.before.folders.get(name)
      counts.folders++
      open.push({ name, before: await nodesOf(before?.subtree), entries: [] })
    }
  }

  async function add(folder: Folder, name: string, info: ListedObject): Promise<void> {
    const { version } = info
    if (version?.deleted === true) return void folder.entries.push(Promise.resolve(markOf(name, info)))
    const known = folder.before.objects.get(name)?.find((node) => isUnchanged(node, info))
    if (known !== undefined) {
      count(info.size)
      const extendedAttributes = encodeFacts({ ...factsOf(known)!, name: undefined, version })
      return void folder.entries.push(Promise.resolve({ ...known, name, extendedAttributes }))
    }
    let settle: ((node: Promise<TreeNode | undefined>) => void) | undefined
    folder.entries.push(handled(new Promise((resolve) => (settle = resolve))))
    await reads.start(async () => {
      const node = readObject(name, info)
      settle!(node)
      await node
    })
  }

  async function readObject(name: string, listed: ListedObject): Promise<TreeNode | undefined> {
    try {
      const object = await getListed(listed)
      const { content, bytes } = object.size <= singleChunk ? await whole(object) : await cut(object.body)
      // Headers tell whole seconds, listings more: the next run compares with a listing.
      const { modifiedAt } = object.etag === listed.etag ? listed : object
      counts.filesRead++
      count(bytes)
      return {
        ...{ name, type: 'file', mode: 0o644, userId: 0, groupId: 0, size: bytes, content },
        ...timesOf(instantOf(modifiedAt)),
        extendedAttributes: encodeFacts({ ...object, version: listed.version }),
      }
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      const kind = problemKinds[error.code]
      if (kind === undefined) throw error
      problems.add({ path: `/${listed.key.slice(prefix.length)}`, kind, detail: error.message })
      return undefined
    }
  }

  function getListed({ key, version }: ListedObject): Promise<StoredObject> {
    return version === undefined ? store.get(key, { signal }) : store.versions!.get(key, version.id, { signal })
  }

  async function whole(object: { bytes(): Promise<Uint8Array> }) {
    const plain = await object.bytes()
    onBytes(plain.length)
    return { content: plain.length === 0 ? [] : [await saveChunk(writer, plain)], bytes: plain.length }
  }

  function cut(body: AsyncIterable<Uint8Array>) {
    const chunker = gearChunker({ seed: writer.settings.chunkerPolynomial })
    return saveContent(body, { writer, chunker, onBytes, signal })
  }

  function count(bytes: number): void {
    counts.files++
    counts.bytes += bytes
  }

  async function folderNode(folder: Folder): Promise<TreeNode> {
    const { id: subtree, newest } = await saveFolder(folder)
    return { name: folder.name, type: 'dir', ...folderFacts, ...timesOf(newest), subtree }
  }

  async function saveFolder(folder: Folder): Promise<{ readonly id: ContentId; readonly newest: bigint }> {
    const nodes = apart((await Promise.all(folder.entries)).filter((node) => node !== undefined))
    const newest = nodes.reduce((latest, { modifiedAt }) => (modifiedAt > latest ? modifiedAt : latest), 0n)
    const { id } = await writer.save('tree', encodeTree(nodes))
    return { id, newest }
  }

  /** A folder of the parent snapshot. Without it everything is read: it only saves work. */
  async function nodesOf(tree: ContentId | undefined): Promise<FolderBefore> {
    if (tree === undefined) return nothing
    try {
      const nodes = await reader.readTree(tree, { signal })
      return {
        folders: new Map(nodes.filter(({ type }) => type === 'dir').map((node) => [String(node.name), node])),
        objects: Map.groupBy(
          nodes.filter(({ type }) => type === 'file'),
          ownName,
        ),
      }
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      return nothing
    }
  }
}

const nothing: FolderBefore = { folders: new Map(), objects: new Map() }

const problemKinds: Readonly<Partial<Record<string, 'vanished' | 'unreadable'>>> = {
  CORE_STORAGE_NOT_FOUND: 'vanished',
  CORE_STORAGE_DENIED: 'unreadable',
}

/** Every put changes the etag or the time, one of metadata alone the time – or the version, where both are known. */
function isUnchanged(node: TreeNode, { etag, size, modifiedAt, version }: ListedObject): boolean {
  if (node.content === undefined || (node.size ?? 0) !== size) return false
  const facts = factsOf(node)
  if (version !== undefined && facts?.version !== undefined && facts.version.id !== version.id) return false
  return node.modifiedAt === instantOf(modifiedAt) && facts?.etag === etag && !isMark(node)
}

/** An entry that says that an object was deleted. */
function markOf(name: string, { modifiedAt, version }: ListedObject): TreeNode {
  return {
    ...{ name, type: 'file', mode: 0o644, userId: 0, groupId: 0, size: 0, content: [] },
    ...timesOf(instantOf(modifiedAt)),
    extendedAttributes: encodeFacts({ etag: '', version }),
  }
}

function timesOf(instant: bigint): Pick<TreeNode, 'modifiedAt' | 'accessedAt' | 'changedAt'> {
  return { modifiedAt: instant, accessedAt: instant, changedAt: instant }
}

function instantOf(date: Date): bigint {
  return BigInt(date.getTime()) * 1_000_000n
}

/** A failure is thrown where the promise is awaited; until then it is not an unhandled one. */
function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {})
  return promise
}
