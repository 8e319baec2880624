import { ExprsnError } from '@exprsn/core'
import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import { gearChunker } from '../../chunking/index.ts'
import { encodeTree, type ContentId, type SourceSession, type TreeNode } from '../../repository/index.ts'
import { createUploads } from '../../repository/writer/uploads.ts'
import { saveChunk, saveContent } from '../content/save-content.ts'
import type { ProblemList } from '../files/problem-list.ts'
import { encodeFacts, factsOf } from './object-facts.ts'

/** What {@link saveObjects} works with. */
export interface SaveObjectsOptions {
  readonly store: ObjectStore
  /** Empty, or ends with `/`. */
  readonly prefix: string
  readonly session: SourceSession
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
  /** The same folder in the parent snapshot, by the last part of the key. */
  readonly before: ReadonlyMap<string, TreeNode>
  readonly entries: Promise<TreeNode | undefined>[]
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
    for await (const info of store.list({ prefix, signal })) {
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
      const before = open.at(-1)!.before.get(name)
      counts.folders++
      open.push({ name, before: await nodesOf(before?.subtree), entries: [] })
    }
  }

  async function add(folder: Folder, name: string, info: ObjectInfo): Promise<void> {
    const known = folder.before.get(name)
    if (known !== undefined && isUnchanged(known, info)) {
      count(info.size)
      folder.entries.push(Promise.resolve({ ...known, name }))
      return
    }
    let settle: ((node: Promise<TreeNode | undefined>) => void) | undefined
    folder.entries.push(handled(new Promise((resolve) => (settle = resolve))))
    await reads.start(async () => {
      const node = readObject(name, info)
      settle!(node)
      await node
    })
  }

  async function readObject(name: string, listed: ObjectInfo): Promise<TreeNode | undefined> {
    try {
      const object = await store.get(listed.key, { signal })
      const { content, bytes } = object.size <= singleChunk ? await whole(object) : await cut(object.body)
      // Headers tell whole seconds, listings more: the next run compares with a listing.
      const { modifiedAt } = object.etag === listed.etag ? listed : object
      counts.filesRead++
      count(bytes)
      return {
        ...{ name, type: 'file', mode: 0o644, userId: 0, groupId: 0, size: bytes, content },
        ...timesOf(instantOf(modifiedAt)),
        extendedAttributes: encodeFacts(object),
      }
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      const kind = problemKinds[error.code]
      if (kind === undefined) throw error
      problems.add({ path: `/${listed.key.slice(prefix.length)}`, kind, detail: error.message })
      return undefined
    }
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
  async function nodesOf(tree: ContentId | undefined): Promise<ReadonlyMap<string, TreeNode>> {
    if (tree === undefined) return new Map()
    try {
      const nodes = await reader.readTree(tree, { signal })
      // A folder and an object may share a name: they are kept apart by what they are looked up for.
      const named = nodes.map((node) => [factsOf(node)?.name ?? String(node.name), node] as const)
      return new Map(
        named.toSorted(([, left], [, right]) => Number(left.type === 'dir') - Number(right.type === 'dir')),
      )
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      return new Map()
    }
  }
}

const problemKinds: Readonly<Partial<Record<string, 'vanished' | 'unreadable'>>> = {
  CORE_STORAGE_NOT_FOUND: 'vanished',
  CORE_STORAGE_DENIED: 'unreadable',
}

/** Every put changes the etag or the time, one of metadata alone the time. */
function isUnchanged(node: TreeNode, { etag, size, modifiedAt }: ObjectInfo): boolean {
  if (node.type !== 'file' || node.content === undefined || (node.size ?? 0) !== size) return false
  return node.modifiedAt === instantOf(modifiedAt) && factsOf(node)?.etag === etag
}

/** A bucket may hold `a` and `a/b`, a folder may not: the object then goes by another name and remembers its own. */
function apart(nodes: readonly TreeNode[]): readonly TreeNode[] {
  const folders = new Set(nodes.filter(({ type }) => type === 'dir').map(({ name }) => name))
  if (folders.size === 0) return nodes
  const taken = new Set(nodes.map(({ name }) => name))
  return nodes.map((node) => {
    if (node.type === 'dir' || !folders.has(node.name)) return node
    let name = `${String(node.name)}.object`
    while (taken.has(name)) name += '_'
    taken.add(name)
    return { ...node, name, extendedAttributes: encodeFacts({ ...factsOf(node)!, name: String(node.name) }) }
  })
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
