import { formatLsn, parseLsn, type Lsn } from '../../replication/lsn.ts'
import type { BlobReader, ContentId, Snapshot, TreeNode } from '../../repository/index.ts'
import { postgresSourceErrors } from '../errors.ts'

/** The file in the root of every base backup's tree that says what it is; restic copies it like any other. */
export const factsFile = 'backup.json'

/** What is known of a base backup without reading its manifest. */
export interface BackupFacts {
  readonly systemIdentifier: bigint
  readonly timeline: number
  readonly startLsn: Lsn
  /** Where it becomes consistent. */
  readonly endLsn: Lsn
  /** The server's clock after the end, in microseconds since 2000: what committed before is in it. */
  readonly stoppedAt: bigint
  /** As `server_version_num`, such as 180004. */
  readonly serverVersion: number
  readonly segmentSize: number
  /** The tree of the backup that this one holds the changes to; undefined for a full one. */
  readonly parentTree?: ContentId | undefined
  /** Extensions of all databases: a drill looks whether the machine has them. */
  readonly extensions: readonly string[]
  /** Locales of all databases, which the machine of a restored server needs, too. */
  readonly locales: readonly string[]
  /** Bytes of all files as a restore writes them. */
  readonly bytes: number
}

/** The JSON of the facts. */
export function encodeFacts(facts: BackupFacts): Uint8Array {
  const { systemIdentifier, startLsn, endLsn, stoppedAt, ...rest } = facts
  const row = {
    format: 1,
    systemIdentifier: String(systemIdentifier),
    startLsn: formatLsn(startLsn),
    endLsn: formatLsn(endLsn),
    stoppedAt: String(stoppedAt),
    ...rest,
  }
  return Buffer.from(`${JSON.stringify(row, undefined, 2)}\n`)
}

/** Reads the facts of a snapshot. @throws `BACKUP_POSTGRES_SNAPSHOT_UNREADABLE` */
export async function readFacts(reader: BlobReader, snapshot: Snapshot, signal?: AbortSignal): Promise<BackupFacts> {
  const unreadable = (reason: string, cause?: unknown) =>
    postgresSourceErrors.BACKUP_POSTGRES_SNAPSHOT_UNREADABLE({ snapshot: snapshot.id.slice(0, 8), reason }, { cause })
  const node = (await reader.readTree(snapshot.tree, { signal })).find(({ name }) => name === factsFile)
  if (node?.content === undefined) throw unreadable(`it has no ${factsFile}`)
  try {
    return decodeFacts(await readSmall(reader, node, signal))
  } catch (error) {
    throw unreadable(`${factsFile} is not valid`, error)
  }
}

/** The whole content of a small file. */
export async function readSmall(reader: BlobReader, node: TreeNode, signal?: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (const id of node.content ?? []) pieces.push(await reader.read('data', id, { signal }))
  return Buffer.concat(pieces)
}

function decodeFacts(bytes: Uint8Array): BackupFacts {
  const row = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>
  if (row['format'] !== 1) throw new TypeError('another format')
  const { parentTree, extensions, locales } = row
  return {
    systemIdentifier: BigInt(String(row['systemIdentifier'])),
    timeline: whole(row['timeline']),
    startLsn: parseLsn(String(row['startLsn'])),
    endLsn: parseLsn(String(row['endLsn'])),
    stoppedAt: BigInt(String(row['stoppedAt'])),
    serverVersion: whole(row['serverVersion']),
    segmentSize: whole(row['segmentSize']),
    parentTree: typeof parentTree === 'string' ? parentTree : undefined,
    extensions: Array.isArray(extensions) ? extensions.map(String) : [],
    // Not noted by earlier versions.
    locales: Array.isArray(locales) ? locales.map(String) : [],
    bytes: whole(row['bytes']),
  }
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new TypeError('no whole number')
  return value
}
