import { dirname, join } from 'node:path'
import { crc32c } from '@exprsn/core/bytes'
import { exists, type Disk } from '@exprsn/core/disk'
import { parseManifest } from '../../manifest/parse-manifest.ts'
import type { BlobReader, ContentId, TreeNode } from '../../repository/index.ts'
import { displayName } from '../../repository/snapshot/resolve-path.ts'
import { readSmall } from '../base/backup-facts.ts'
import type { KnownBackup } from '../windows.ts'
import { combinedContent, planCombination, type ChainedFile } from './combine-file.ts'
import { combinedManifest, type CombinedChecksum } from './combined-manifest.ts'
import { storedFile } from './file-pages.ts'
import { damaged, incrementalPath, wholePath } from './incremental-file.ts'

/** Options of {@link combineFolder}. */
export interface CombineFolderOptions {
  readonly reader: BlobReader
  /** The newest backup first, the last one full. */
  readonly chain: readonly KnownBackup[]
  /** `base`, or `tablespaces/<oid>`. */
  readonly path: string
  /** Where the other files of that folder stand already. */
  readonly into: string
  /** Takes what was put together, by its path in the manifest; `base` comes last and writes it down. */
  readonly checksums: Map<string, CombinedChecksum>
  readonly disk: Disk
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes the files of which the newest backup holds only changes, puts `backup_label` right and writes a manifest for
 * what came out: the work of `pg_combinebackup`, straight from the repository.
 *
 * @throws `BACKUP_POSTGRES_INCREMENTAL_DAMAGED`
 */
export async function combineFolder(options: CombineFolderOptions): Promise<void> {
  const { reader, chain, path, into, disk, signal, checksums } = options
  const prefix = path.replace(/^tablespaces\/(\d+)$/, 'pg_tblspc/$1/').replace(/^base$/, '')
  const trees: ReadonlyMap<string, TreeNode>[] = []
  for (const { snapshot } of chain) trees.push(await filesBelow(reader, snapshot.tree, path, signal))
  for (const [name, node] of trees[0]!) {
    signal?.throwIfAborted()
    const whole = wholePath(name)
    if (whole === undefined) continue
    checksums.set(prefix + whole, await combineFile(whole, node, { ...options, trees }))
  }
  if (path === 'base') {
    await cleanLabel(disk, into, checksums)
    await writeManifest(options, trees)
  }
}

interface CombineContext extends CombineFolderOptions {
  readonly trees: readonly ReadonlyMap<string, TreeNode>[]
}

async function combineFile(
  path: string,
  node: TreeNode,
  { reader, trees, into, disk, signal }: CombineContext,
): Promise<CombinedChecksum> {
  const files: ChainedFile[] = [{ file: storedFile(reader, node, signal), isIncremental: true }]
  for (const tree of trees.slice(1)) {
    const plain = tree.get(path)
    const changes = tree.get(incrementalPath(path))
    const found = plain ?? changes
    if (found === undefined) throw damaged(path, 'an earlier backup does not have the file')
    files.push({ file: storedFile(reader, found, signal), isIncremental: plain === undefined })
    if (plain !== undefined) break
  }
  const plan = await planCombination(files, path)
  const place = join(into, path)
  await disk.makeFolder(dirname(place), { permissions: 0o700 })
  const file = await disk.open(place, 'create-new', { permissions: 0o600 })
  try {
    let size = 0
    let checksum = crc32c(new Uint8Array())
    for await (const piece of combinedContent(files, plan)) {
      signal?.throwIfAborted()
      await file.write(piece, size)
      checksum = crc32c(piece, checksum)
      size += piece.length
    }
    return { size, checksum }
  } finally {
    await file.close()
  }
}

async function filesBelow(
  reader: BlobReader,
  root: ContentId,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, TreeNode>> {
  const files = new Map<string, TreeNode>()
  const visit = async (tree: ContentId, prefix: string): Promise<void> => {
    for (const node of await reader.readTree(tree, { signal })) {
      const name = prefix + displayName(node.name)
      if (node.type === 'file') files.set(name, node)
      if (node.subtree !== undefined) await visit(node.subtree, `${name}/`)
    }
  }
  let tree: ContentId | undefined = root
  for (const part of path.split('/')) {
    if (tree === undefined) break
    tree = (await reader.readTree(tree, { signal })).find(({ name }) => name === part)?.subtree
  }
  if (tree !== undefined) await visit(tree, '')
  return files
}

/** A whole backup does not say that it builds on another. */
async function cleanLabel(disk: Disk, into: string, checksums: Map<string, CombinedChecksum>): Promise<void> {
  const path = join(into, 'backup_label')
  const file = await disk.open(path, 'update')
  try {
    const { size } = await file.stat()
    const buffer = new Uint8Array(size)
    await file.read(buffer, 0)
    const text = new TextDecoder().decode(buffer).replace(/^INCREMENTAL FROM .*\n/gm, '')
    const bytes = new TextEncoder().encode(text)
    await file.truncate(0)
    await file.write(bytes, 0)
    checksums.set('backup_label', { size: bytes.length, checksum: crc32c(bytes) })
  } finally {
    await file.close()
  }
}

async function writeManifest(
  { reader, chain, into, disk, checksums, signal }: CombineFolderOptions,
  trees: readonly ReadonlyMap<string, TreeNode>[],
): Promise<void> {
  const node = trees[0]!.get('backup_manifest')
  if (node === undefined) throw damaged('backup_manifest', 'it is not in the backup')
  const manifest = parseManifest(await readSmall(reader, node, signal))
  const path = join(into, 'backup_manifest')
  if (await exists(disk, path)) await disk.removeFile(path)
  const file = await disk.open(path, 'create-new', { permissions: 0o600 })
  try {
    await file.write(combinedManifest(manifest, checksums, chain[0]!.facts.systemIdentifier), 0)
  } finally {
    await file.close()
  }
}
