import { dirname, join } from 'node:path'
import { silentLogger, systemClock, type Clock, type Logger } from '@exprsn/core'
import { joinPath, type Disk, type DiskPath } from '@exprsn/core/disk'
import { parseManifest } from '../../manifest/parse-manifest.ts'
import type { BlobReader, ContentId, Snapshot, TreeNode } from '../../repository/index.ts'
import { displayName } from '../../repository/snapshot/resolve-path.ts'
import type { BaseFacts } from '../../restore/base-facts.ts'
import type { RecoveryBase, RecoveryCopyOptions, RecoveryPlaces } from '../../restore/recovery-base.ts'
import { restoreFiles } from '../../sources/restore/restore-files.ts'
import { readSmall } from '../base/backup-facts.ts'
import { postgresSourceErrors } from '../errors.ts'
import type { KnownBackup } from '../windows.ts'
import { combineFolder } from './combine-folder.ts'
import type { CombinedChecksum } from './combined-manifest.ts'

/** Options of {@link repositoryBase}. */
export interface RepositoryBaseOptions {
  readonly reader: BlobReader
  /** The backup to restore, then those that it builds on; the last one is full. */
  readonly chain: readonly KnownBackup[]
  /** Worker threads that write files. @default 0 */
  readonly threads?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** A base backup in the repository; an incremental one is put together while it is written. */
export function repositoryBase(options: RepositoryBaseOptions): RecoveryBase {
  const { reader, chain, threads = 0, clock = systemClock, logger = silentLogger } = options
  const [newest] = chain
  const { snapshot, facts } = newest!
  const name = `snapshot ${snapshot.id.slice(0, 8)}`

  /** Restores the folder at a path of the newest tree. */
  const restore = async (
    path: string,
    into: string,
    { disk, signal, checksums }: RecoveryCopyOptions & { readonly checksums: Map<string, CombinedChecksum> },
  ): Promise<void> => {
    const subtree = (await nodeAt(reader, snapshot, path, signal)).subtree!
    await disk.makeFolder(dirname(into), { permissions: 0o700 })
    const isWhole = chain.length === 1
    await restoreFiles({
      ...{ snapshot: { ...snapshot, tree: subtree }, reader: isWhole ? reader : withoutChanges(reader), into, disk },
      ...{ include: undefined, posix: undefined, threads, clock, logger, onProgress: undefined, signal },
    })
    if (!isWhole) await combineFolder({ reader, chain, path, into, disk, checksums, signal })
    await disk.setMode(into, 0o700)
  }

  return {
    name,
    async facts({ signal }) {
      const read = async (path: string): Promise<Uint8Array> =>
        readSmall(reader, await nodeAt(reader, snapshot, path, signal), signal)
      const manifest = parseManifest(await read('base/backup_manifest'))
      const wal = manifest.walRanges[0]
      if (wal === undefined || manifest.walRanges.length > 1)
        throw unreadable(snapshot, 'its manifest names no single WAL range')
      await nodeAt(reader, snapshot, 'base/backup_label', signal)
      return {
        ...{ manifest, wal, systemIdentifier: facts.systemIdentifier, bytes: facts.bytes },
        stoppedAt: facts.stoppedAt,
        tablespaces: await tablespacesOf(reader, snapshot, signal),
      } satisfies BaseFacts
    },
    async copy({ dataFolder, tablespaces }: RecoveryPlaces, options) {
      const { disk, onBytes } = options
      const context = { ...options, checksums: new Map<string, CombinedChecksum>() }
      for (const { oid, path } of tablespaces) await restore(`tablespaces/${oid}`, path, context)
      await restore('base', dataFolder, context)
      await removeLinks(disk, join(dataFolder, 'pg_tblspc'))
      onBytes(facts.bytes)
      return facts.bytes
    },
  }
}

/** Hides what only says what changed: it is put together afterwards. */
function withoutChanges(reader: BlobReader): BlobReader {
  return {
    ...reader,
    readTree: async (id, options) =>
      (await reader.readTree(id, options)).filter(({ name }) => !displayName(name).startsWith('INCREMENTAL.')),
  }
}

async function tablespacesOf(
  reader: BlobReader,
  snapshot: Snapshot,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const folder = await findAt(reader, snapshot.tree, ['tablespaces'], signal)
  if (folder?.subtree === undefined) return []
  return (await reader.readTree(folder.subtree, { signal })).map(({ name }) => Number(name))
}

/** The server makes them itself, from `tablespace_map`. */
async function removeLinks(disk: Disk, folder: string): Promise<void> {
  const links: DiskPath[] = []
  for await (const { name, kind } of disk.entries(folder)) if (kind === 'symlink') links.push(joinPath(folder, name))
  for (const link of links) await disk.removeFile(link)
}

/** The entry at a path of a base backup's tree. @throws `BACKUP_POSTGRES_SNAPSHOT_UNREADABLE` */
export async function nodeAt(
  reader: BlobReader,
  snapshot: Snapshot,
  path: string,
  signal?: AbortSignal,
): Promise<TreeNode> {
  const node = await findAt(reader, snapshot.tree, path.split('/'), signal)
  if (node === undefined) throw unreadable(snapshot, `it has no ${path}`)
  return node
}

async function findAt(
  reader: BlobReader,
  root: ContentId,
  parts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TreeNode | undefined> {
  let tree: ContentId | undefined = root
  let node: TreeNode | undefined
  for (const part of parts) {
    node = tree === undefined ? undefined : (await reader.readTree(tree, { signal })).find(({ name }) => name === part)
    tree = node?.subtree
  }
  return node
}

function unreadable(snapshot: Snapshot, reason: string) {
  return postgresSourceErrors.BACKUP_POSTGRES_SNAPSHOT_UNREADABLE({ snapshot: snapshot.id.slice(0, 8), reason })
}
