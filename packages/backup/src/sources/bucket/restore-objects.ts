import { displayPath } from '@exprsn/core/disk'
import type { ObjectStore } from '@exprsn/core/storage'
import { trackProgress } from '../../progress/progress.ts'
import type { BlobReader, ContentId, RestoreContext, RestoreResult, TreeNode } from '../../repository/index.ts'
import { createUploads } from '../../repository/writer/uploads.ts'
import { sourcesErrors } from '../errors.ts'
import { ProblemList } from '../files/problem-list.ts'
import { planRestore, type PlannedEntry } from '../restore/plan-restore.ts'
import { factsOf } from './object-facts.ts'

/** A bucket that objects are restored into. */
export interface BucketTarget {
  readonly store: ObjectStore
  /** Empty, or ends with `/`. */
  readonly prefix: string
}

const parallelPuts = 4

/** Brings the files of a snapshot back as objects, with their metadata. Into a prefix that holds nothing yet. */
export async function restoreObjects(
  { snapshot, reader, include, clock, onProgress, signal }: RestoreContext,
  { store, prefix }: BucketTarget,
): Promise<RestoreResult> {
  const plan = await planRestore(reader, snapshot.tree, { into: '/', include, signal })
  for await (const { key } of store.list({ prefix, signal }))
    throw sourcesErrors.BACKUP_BUCKET_TARGET_NOT_EMPTY({ key })
  const problems = new ProblemList()
  const progress = trackProgress({ onProgress, clock, phase: 'restore', total: plan.bytes })
  const puts = createUploads(parallelPuts)

  try {
    for (const entry of plan.files) {
      signal?.throwIfAborted()
      await puts.start(() => put(entry))
    }
  } finally {
    await puts.done()
  }
  for (const { path } of [...plan.links, ...plan.others])
    problems.add({ path: displayPath(path), kind: 'skipped', detail: 'a bucket holds objects only' })
  progress.finish()
  return { files: plan.files.length, folders: 0, bytes: plan.bytes, problems: problems.first }

  async function put({ path, node }: PlannedEntry): Promise<void> {
    const { metadata, contentType } = factsOf(node) ?? {}
    const content = node.content ?? []
    const [only] = content
    // The id of a single chunk is the checksum of the whole object.
    const checked = content.length === 1 ? { sha256: only } : {}
    const body = content.length > 1 ? contentOf(reader, content, signal) : await single(only)
    await store.put(prefix + keyOf(displayPath(path), node), body, { metadata, contentType, ...checked, signal })
    progress.advance(node.size ?? 0)
  }

  async function single(id: ContentId | undefined): Promise<Uint8Array> {
    return id === undefined ? new Uint8Array(0) : reader.read('data', id, { signal })
  }
}

/** The path without its leading slash, with the object's own name. */
function keyOf(path: string, node: TreeNode): string {
  const name = factsOf(node)?.name
  return name === undefined ? path.slice(1) : path.slice(1, path.lastIndexOf('/') + 1) + name
}

async function* contentOf(
  reader: BlobReader,
  content: readonly ContentId[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  for (const id of content) yield await reader.read('data', id, { signal })
}
