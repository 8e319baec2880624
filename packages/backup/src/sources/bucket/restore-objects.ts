import { displayPath } from '@exprsn/core/disk'
import type { ObjectStore } from '@exprsn/core/storage'
import { trackProgress } from '../../progress/progress.ts'
import type { BlobReader, ContentId, RestoreContext, RestoreResult } from '../../repository/index.ts'
import { createUploads } from '../../repository/writer/uploads.ts'
import { sourcesErrors } from '../errors.ts'
import { ProblemList } from '../files/problem-list.ts'
import { planRestore, type PlannedEntry } from '../restore/plan-restore.ts'
import { ageOf, withVersions, type VersionChoice } from './chosen-versions.ts'
import { isMark } from './entry-names.ts'
import { factsOf } from './object-facts.ts'

/** A bucket that objects are restored into. */
export interface BucketTarget {
  readonly store: ObjectStore
  /** Empty, or ends with `/`. */
  readonly prefix: string
  readonly versions: VersionChoice
}

const parallelPuts = 4

/**
 * Brings the files of a snapshot back as objects, with their metadata. Into a prefix that holds nothing yet. Of all versions of
 * an object the oldest comes first.
 */
export async function restoreObjects(
  { snapshot, reader, include, clock, onProgress, signal }: RestoreContext,
  { store, prefix, versions }: BucketTarget,
): Promise<RestoreResult> {
  const chosen = withVersions(reader, versions, { sameName: true })
  const plan = await planRestore(chosen, snapshot.tree, { into: '/', include, signal })
  if (versions === 'all' && (await store.versions?.areKept({ signal })) !== true)
    throw sourcesErrors.BACKUP_BUCKET_VERSIONS_UNSUPPORTED()
  const present = versions === 'all' ? store.versions!.list({ prefix, signal }) : store.list({ prefix, signal })
  for await (const { key } of present) throw sourcesErrors.BACKUP_BUCKET_TARGET_NOT_EMPTY({ key })
  const problems = new ProblemList()
  const progress = trackProgress({ onProgress, clock, phase: 'restore', total: plan.bytes })
  const puts = createUploads(parallelPuts)
  let files = 0

  try {
    for (const entries of Map.groupBy(plan.files, keyOf).values()) {
      signal?.throwIfAborted()
      const oldestFirst = entries.toSorted((left, right) => ageOf(right.node) - ageOf(left.node))
      await puts.start(async () => {
        for (const entry of oldestFirst) await put(entry)
      })
    }
  } finally {
    await puts.done()
  }
  for (const { path } of [...plan.links, ...plan.others])
    problems.add({ path: displayPath(path), kind: 'skipped', detail: 'a bucket holds objects only' })
  progress.finish()
  return { files, folders: 0, bytes: plan.bytes, problems: problems.first }

  async function put(entry: PlannedEntry): Promise<void> {
    const { node } = entry
    const { metadata, contentType } = factsOf(node) ?? {}
    if (isMark(node)) return store.delete(prefix + keyOf(entry), { signal })
    const content = node.content ?? []
    const [only] = content
    // The id of a single chunk is the checksum of the whole object.
    const checked = content.length === 1 ? { sha256: only } : {}
    const body = content.length > 1 ? contentOf(reader, content, signal) : await single(only)
    await store.put(prefix + keyOf(entry), body, { metadata, contentType, ...checked, signal })
    files++
    progress.advance(node.size ?? 0)
  }

  async function single(id: ContentId | undefined): Promise<Uint8Array> {
    return id === undefined ? new Uint8Array(0) : reader.read('data', id, { signal })
  }
}

/** The path without its leading slash, with the object's own name. */
function keyOf({ path, node }: PlannedEntry): string {
  const text = displayPath(path)
  const name = factsOf(node)?.name
  return name === undefined ? text.slice(1) : text.slice(1, text.lastIndexOf('/') + 1) + name
}

async function* contentOf(
  reader: BlobReader,
  content: readonly ContentId[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  for (const id of content) yield await reader.read('data', id, { signal })
}
