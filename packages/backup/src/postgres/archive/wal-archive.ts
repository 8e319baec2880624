import type { Lsn } from '../../replication/lsn.ts'
import { parseTimelineHistory, type TimelineSwitch } from '../../replication/timeline.ts'
import type { BlobReader, ContentId, Repository, Snapshot, TreeNode } from '../../repository/index.ts'
import { displayName } from '../../repository/snapshot/resolve-path.ts'
import { gapsOf, rangesOf, type ScannedWal, type StoredSegment } from '../../wal/scan-wal.ts'
import { isSegmentSize, parseSegmentName } from '../../wal/segment.ts'
import { readSmall } from '../base/backup-facts.ts'
import { postgresSourceErrors } from '../errors.ts'
import { decodeSegmentFacts } from './segment-facts.ts'

/** A segment in the repository. */
export interface ArchivedSegment extends StoredSegment {
  readonly node: TreeNode
  /** How far whole records reach in it. */
  readonly end: Lsn
  /** The latest commit or abort in it, in microseconds since 2000; undefined when it holds none. */
  readonly lastCommit: bigint | undefined
}

/** A history file in the repository. */
export interface ArchivedHistory {
  readonly node: TreeNode
  readonly switches: readonly TimelineSwitch[]
}

/** All WAL of one cluster that the repository holds. */
export interface WalArchive {
  /** The snapshots that hold it, the newest last; more than one only after a program died between two steps. */
  readonly snapshots: readonly Snapshot[]
  /** Undefined while there is none. */
  readonly cluster: ArchivedCluster | undefined
  /** By the 24 digits of their names. A partial one is there only while the whole one is not. */
  readonly segments: ReadonlyMap<string, ArchivedSegment>
  readonly histories: ReadonlyMap<number, ArchivedHistory>
  /** Folders of the newest snapshot as they are stored, by name. */
  readonly folders: ReadonlyMap<string, ArchivedFolder>
}

/** Whose WAL it is. */
export interface ArchivedCluster {
  readonly systemIdentifier: bigint
  readonly segmentSize: number
}

/** A folder of segments as it is stored. */
export interface ArchivedFolder {
  readonly subtree: ContentId
  readonly nodes: readonly TreeNode[]
}

/** The file in the root of the archive that says whose WAL it is. */
export const clusterFile = 'cluster.json'
/** The folder of segments and histories. */
export const walFolder = 'wal'

/** Under which name the WAL of a source stands among the snapshots. No source can be called like this. */
export function walSourceName(source: string): string {
  return `${source}:wal`
}

/** An archive that holds nothing. */
export const emptyArchive: WalArchive = {
  snapshots: [],
  cluster: undefined,
  segments: new Map(),
  histories: new Map(),
  folders: new Map(),
}

/**
 * Reads which WAL the repository holds. `before` is returned as it is when nothing was changed since.
 *
 * @throws `BACKUP_POSTGRES_ARCHIVE_DAMAGED`, or what the repository throws
 */
export async function loadArchive(
  repository: Repository,
  source: string,
  { before, signal }: { readonly before?: WalArchive | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<WalArchive> {
  const snapshots = await repository.snapshots({ source: walSourceName(source) }, { signal })
  if (before !== undefined && before.snapshots.map(idOf).join() === snapshots.map(idOf).join()) return before
  let archive = emptyArchive
  for (const snapshot of snapshots) archive = merge(archive, await loadSnapshot(repository.reader, snapshot, signal))
  return { ...archive, snapshots }
}

const idOf = ({ id }: Snapshot): ContentId => id

/** The archive in the form in which a folder of WAL is described. */
export function scannedArchive({ cluster, segments, histories }: WalArchive): ScannedWal {
  const sorted = [...segments.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
  const ranges = rangesOf(sorted, BigInt(cluster?.segmentSize ?? 1))
  return {
    segmentSize: cluster?.segmentSize,
    systemIdentifier: cluster?.systemIdentifier,
    ranges,
    gaps: gapsOf(ranges),
    histories: [...histories.keys()].sort((left, right) => left - right),
  }
}

async function loadSnapshot(
  reader: BlobReader,
  snapshot: Snapshot,
  signal: AbortSignal | undefined,
): Promise<WalArchive> {
  const root = await reader.readTree(snapshot.tree, { signal })
  const find = (name: string): TreeNode | undefined => root.find((node) => node.name === name)
  const cluster = decodeCluster(await readSmall(reader, find(clusterFile) ?? missing(clusterFile), signal))
  const segments = new Map<string, ArchivedSegment>()
  const histories = new Map<number, ArchivedHistory>()
  const folders = new Map<string, ArchivedFolder>()
  for (const node of await reader.readTree(find(walFolder)?.subtree ?? missing(walFolder), { signal })) {
    const name = displayName(node.name)
    if (node.type === 'dir') {
      const nodes = await reader.readTree(node.subtree!, { signal })
      folders.set(name, { subtree: node.subtree!, nodes })
      for (const segment of nodes) addSegment(segments, readSegment(segment, cluster))
    } else if (/^[0-9A-F]{8}\.history$/.test(name)) {
      const text = new TextDecoder().decode(await readSmall(reader, node, signal))
      histories.set(Number.parseInt(name, 16), { node, switches: parseTimelineHistory(text) })
    }
  }
  return { snapshots: [snapshot], cluster, segments, histories, folders }
}

function decodeCluster(bytes: Uint8Array): ArchivedCluster {
  try {
    const row = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    const segmentSize = Number(row['segmentSize'])
    if (row['format'] !== 1 || !isSegmentSize(segmentSize)) throw new TypeError('another format')
    return { systemIdentifier: BigInt(String(row['systemIdentifier'])), segmentSize }
  } catch (cause) {
    throw postgresSourceErrors.BACKUP_POSTGRES_ARCHIVE_DAMAGED({ reason: `${clusterFile} is not valid` }, { cause })
  }
}

function readSegment(node: TreeNode, { segmentSize }: ArchivedCluster): ArchivedSegment {
  const file = displayName(node.name)
  const segment = parseSegmentName(file, segmentSize)
  if (segment === undefined || node.size !== segmentSize)
    throw postgresSourceErrors.BACKUP_POSTGRES_ARCHIVE_DAMAGED({ reason: `${file} is no segment of this cluster` })
  const facts = decodeSegmentFacts(node)
  const end = facts?.end ?? segment.start + BigInt(segmentSize)
  return { ...segment, name: file, partial: file.endsWith('.partial'), node, end, lastCommit: facts?.lastCommit }
}

/** A whole segment takes the place of a partial one, and a longer partial one that of a shorter one. */
export function addSegment(segments: Map<string, ArchivedSegment>, segment: ArchivedSegment): void {
  const key = segment.name.slice(0, 24)
  const known = segments.get(key)
  if (known !== undefined && (!known.partial || (segment.partial && segment.end <= known.end))) return
  segments.set(key, segment)
}

/** Both together. Of two archives of different clusters the later one counts. */
function merge(first: WalArchive, second: WalArchive): WalArchive {
  if (first.cluster === undefined || first.cluster.systemIdentifier !== second.cluster?.systemIdentifier) return second
  const segments = new Map(first.segments)
  for (const segment of second.segments.values()) addSegment(segments, segment)
  return { ...second, segments, histories: new Map([...first.histories, ...second.histories]) }
}

function missing(name: string): never {
  throw postgresSourceErrors.BACKUP_POSTGRES_ARCHIVE_DAMAGED({ reason: `it has no ${name}` })
}
