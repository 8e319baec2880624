import type { BlobReader, ContentId, Snapshot, TreeNode } from '../repository/index.ts'
import { displayName } from '../repository/snapshot/resolve-path.ts'

/** An entry in which two snapshots differ. */
export interface SnapshotChange {
  readonly path: string
  /** `modified`: other content or kind. `metadata`: the same content with another mode, owner or time. */
  readonly change: 'added' | 'removed' | 'modified' | 'metadata'
  readonly before: TreeNode | undefined
  readonly after: TreeNode | undefined
}

/** Every entry in which two snapshots differ, by path. Folders with the same id are the same and are not read. */
export async function* diffSnapshots(
  reader: BlobReader,
  before: Snapshot,
  after: Snapshot,
  signal?: AbortSignal,
): AsyncGenerator<SnapshotChange, void, void> {
  yield* diffTrees(reader, before.tree, after.tree, '', signal)
}

async function* diffTrees(
  reader: BlobReader,
  before: ContentId | undefined,
  after: ContentId | undefined,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SnapshotChange, void, void> {
  if (before === after) return
  const [olds, news] = await Promise.all(
    [before, after].map(async (id) => (id === undefined ? [] : reader.readTree(id, { signal }))),
  )
  const byName = new Map(news!.map((node) => [displayName(node.name), node]))
  const names = [...new Set([...olds!.map(({ name }) => displayName(name)), ...byName.keys()])].sort()
  const oldByName = new Map(olds!.map((node) => [displayName(node.name), node]))
  for (const name of names) {
    const [old, current] = [oldByName.get(name), byName.get(name)]
    const child = `${path}/${name}`
    const change = changeOf(old, current)
    if (change !== undefined) yield { path: child, change, before: old, after: current }
    yield* diffTrees(reader, old?.subtree, current?.subtree, child, signal)
  }
}

function changeOf(before: TreeNode | undefined, after: TreeNode | undefined): SnapshotChange['change'] | undefined {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  if (before.type !== after.type || contentOf(before) !== contentOf(after)) return 'modified'
  return metadataOf(before) === metadataOf(after) ? undefined : 'metadata'
}

function contentOf({ content, linkTarget, device }: TreeNode): string {
  return `${content?.join() ?? ''} ${linkTarget === undefined ? '' : Buffer.from(linkTarget as string).toString('hex')} ${device ?? ''}`
}

function metadataOf({ mode, modifiedAt, userId, groupId, extendedAttributes = [] }: TreeNode): string {
  const attributes = extendedAttributes.map(({ name, value }) => `${name}=${Buffer.from(value).toString('hex')}`)
  return [mode, modifiedAt, userId, groupId, ...attributes].join()
}
