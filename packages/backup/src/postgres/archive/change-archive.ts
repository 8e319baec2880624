import type { Clock } from '@exprsn/core'
import type { BlobWriter, Repository, Snapshot, TreeNode } from '../../repository/index.ts'
import { contextOf } from '../../repository/repository-context.ts'
import { timelineHistoryName } from '../../replication/timeline.ts'
import { treeBuilder, type TreeBuilder } from '../tree-builder.ts'
import {
  addSegment,
  clusterFile,
  loadArchive,
  walFolder,
  walSourceName,
  type ArchivedCluster,
  type ArchivedFolder,
  type ArchivedHistory,
  type ArchivedSegment,
  type WalArchive,
} from './wal-archive.ts'

/** What is changed in an archive. */
export interface ArchiveChange {
  readonly segments: readonly ArchivedSegment[]
  readonly histories: ReadonlyMap<number, ArchivedHistory>
  readonly cluster: ArchivedCluster
  /** Bytes of the segments that are new. */
  readonly bytes: number
}

/** Options of {@link changeArchive}. */
export interface ChangeArchiveOptions {
  readonly repository: Repository
  /** The name in `createBackup`. */
  readonly source: string
  readonly clock: Clock
  /** What is known already; it is only read again when somebody changed it. */
  readonly before?: WalArchive | undefined
  /** Stores what is new and says what it is; undefined: nothing. */
  readonly add?: ((writer: BlobWriter, archive: WalArchive) => Promise<ArchiveChange | undefined>) | undefined
  /** What goes. @default nothing */
  readonly remove?: ((segment: ArchivedSegment) => boolean) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes a snapshot of the archive with something added or taken away, and removes those that it replaces: the new one
 * exists before the old one goes, so that at every moment all WAL that was archived is in one of them.
 */
export async function changeArchive(options: ChangeArchiveOptions): Promise<WalArchive> {
  const { repository, source, clock, signal } = options
  const begun = clock.monotonic()
  const session = await repository.begin({ parent: { source: walSourceName(source) }, signal })
  try {
    const archive = await loadArchive(repository, source, { before: options.before, signal })
    await session.writer.ready()
    const change = await options.add?.(session.writer, archive)
    const cluster = change?.cluster ?? archive.cluster
    if (cluster === undefined) return archive
    const kept = await keptSegments(archive, cluster, { session, options })
    for (const segment of change?.segments ?? []) addSegment(kept, segment)
    const isSame = kept.size === archive.segments.size && change === undefined && archive.snapshots.length === 1
    if (isSame) return archive
    const histories = sameCluster(archive, cluster)
      ? new Map([...archive.histories, ...(change?.histories ?? [])])
      : new Map(change?.histories)

    const time = BigInt(Math.floor(clock.now())) * 1_000_000n
    const tree = treeBuilder(time)
    await addClusterFile(tree, session.writer, cluster, time)
    const folders = addFolders(tree, [...kept.values()], archive.folders)
    for (const [timeline, { node }] of histories) addFile(tree, `${walFolder}/${timelineHistoryName(timeline)}`, node)
    const { hostname, username } = contextOf(repository)
    const id = await tree.save(session.writer)
    await session.writer.flush()
    const counts = session.writer.counts()
    const snapshot = await session.commit({
      ...{ time: new Date(clock.now()), tree: id, parent: session.parent?.id, hostname, username },
      ...{ paths: [`/${source}/${walFolder}`], tags: [], excludes: [], omitted: [], problems: [], problemCount: 0 },
      source: walSourceName(source),
      summary: {
        ...{ files: kept.size + histories.size + 1, folders: tree.folders() },
        bytes: kept.size * cluster.segmentSize,
        filesRead: change?.segments.length ?? 0,
        ...counts,
        seconds: (clock.monotonic() - begun) / 1_000,
      },
    })
    const isCovered = coverage(kept, options.remove)
    const replaced = await replacedSnapshots(archive.snapshots, options, [...archive.segments.values()], isCovered)
    // Locked objects stay for their time.
    const gone = new Set(await repository.forget(replaced.map((each) => each.id)))
    const left = archive.snapshots.filter((each) => !gone.has(each.id))
    // What only those that are left hold is taken over as soon as it is sure to stay: they are read again for it.
    const isWhole = [...archive.segments.values()].every(isCovered)
    return {
      ...{ snapshots: isWhole ? [...left, snapshot] : [snapshot], cluster, segments: kept, histories },
      folders: await storedFolders(repository, snapshot, folders, signal),
    }
  } finally {
    await session.end()
  }
}

interface KeptContext {
  readonly session: { readonly writer: BlobWriter; readonly parent: Snapshot | undefined }
  readonly options: ChangeArchiveOptions
}

/** What stays of the old archive. WAL that is not in the parent is taken over only while its content is sure to stay. */
async function keptSegments(
  archive: WalArchive,
  cluster: ArchivedCluster,
  { session: { writer, parent }, options: { remove } }: KeptContext,
): Promise<Map<string, ArchivedSegment>> {
  const kept = new Map<string, ArchivedSegment>()
  if (!sameCluster(archive, cluster)) return kept
  const isAlone = archive.snapshots.length === 1 && archive.snapshots[0]!.id === parent?.id
  for (const [key, segment] of archive.segments) {
    if (remove?.(segment) === true) continue
    if (!isAlone && !(segment.node.content ?? []).every((id) => writer.has('data', id))) continue
    kept.set(key, segment)
  }
  return kept
}

function sameCluster(archive: WalArchive, cluster: ArchivedCluster): boolean {
  return archive.cluster?.systemIdentifier === cluster.systemIdentifier
}

/** Whether a segment may be missed: the new snapshot has it, or it was to be removed. */
function coverage(kept: ReadonlyMap<string, ArchivedSegment>, remove: ChangeArchiveOptions['remove']) {
  return (segment: ArchivedSegment): boolean => {
    if (remove?.(segment) === true) return true
    const own = kept.get(segment.name.slice(0, 24))
    return own !== undefined && (!own.partial || (segment.partial && segment.end <= own.end))
  }
}

/** Old snapshots of which the new one holds everything that is to stay. */
async function replacedSnapshots(
  snapshots: readonly Snapshot[],
  { repository, source, signal }: ChangeArchiveOptions,
  known: readonly ArchivedSegment[],
  isCovered: (segment: ArchivedSegment) => boolean,
): Promise<Snapshot[]> {
  // The one that everything was just taken from needs no second look.
  if (snapshots.length === 1) return known.every(isCovered) ? [...snapshots] : []
  const replaced: Snapshot[] = []
  for (const snapshot of snapshots) {
    const only = { ...repository, snapshots: async () => [snapshot] }
    const { segments } = await loadArchive(only, source, { signal })
    if ([...segments.values()].every(isCovered)) replaced.push(snapshot)
  }
  return replaced
}

async function addClusterFile(
  tree: TreeBuilder,
  writer: BlobWriter,
  { systemIdentifier, segmentSize }: ArchivedCluster,
  modifiedAt: bigint,
): Promise<void> {
  const bytes = Buffer.from(
    `${JSON.stringify({ format: 1, systemIdentifier: String(systemIdentifier), segmentSize })}\n`,
  )
  const { id } = await writer.save('data', bytes)
  tree.file(clusterFile, { size: bytes.length, content: [id], mode: 0o600, modifiedAt })
}

/** 256 segments of 16 MiB share a folder: one folder is written anew with a new segment, not all. */
function addFolders(
  tree: TreeBuilder,
  segments: readonly ArchivedSegment[],
  stored: ReadonlyMap<string, ArchivedFolder>,
): ReadonlyMap<string, readonly TreeNode[]> {
  const folders = new Map<string, TreeNode[]>()
  for (const segment of segments) {
    const folder = segment.name.slice(0, 16)
    const nodes = folders.get(folder)
    if (nodes === undefined) folders.set(folder, [segment.node])
    else nodes.push(segment.node)
  }
  tree.folder(walFolder, 0o700)
  for (const [name, nodes] of folders) {
    const before = stored.get(name)
    const known = new Set(before?.nodes)
    if (before !== undefined && known.size === nodes.length && nodes.every((node) => known.has(node)))
      tree.stored(`${walFolder}/${name}`, 0o700, before.subtree)
    else for (const node of nodes) addFile(tree, `${walFolder}/${name}/${String(node.name)}`, node)
  }
  return folders
}

function addFile(tree: TreeBuilder, path: string, node: TreeNode): void {
  const { size = 0, content = [], mode, modifiedAt, extendedAttributes } = node
  tree.file(path, { size, content, mode, modifiedAt, extendedAttributes })
}

/** The folders of the new snapshot, with the nodes that are in memory already. */
async function storedFolders(
  { reader }: Repository,
  snapshot: Snapshot,
  folders: ReadonlyMap<string, readonly TreeNode[]>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, ArchivedFolder>> {
  const root = await reader.readTree(snapshot.tree, { signal })
  const wal = root.find(({ name }) => name === walFolder)
  const stored = new Map<string, ArchivedFolder>()
  for (const { name, subtree } of await reader.readTree(wal!.subtree!, { signal }))
    if (subtree !== undefined) stored.set(String(name), { subtree, nodes: folders.get(String(name)) ?? [] })
  return stored
}
