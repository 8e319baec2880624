import {
  encodeTree,
  type BackupSession,
  type ContentId,
  type Repository,
  type TreeNode,
} from '../../../src/repository/index.ts'
import { filesOf, folders, type Files } from './model.ts'

const facts = { modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }

/** One backup of some files under a tag. Folders that the parent has in the same state are reused by id, as a cache does. */
export async function backupOnce(
  repository: Repository,
  tag: string,
  files: Files,
  known: ReadonlyMap<string, Files>,
): Promise<ContentId> {
  const session = await repository.begin({ parent: {} })
  try {
    const tree = await saveTree(session, files, known)
    const snapshot = await session.commit({
      time: new Date(known.size * 1_000),
      tree,
      paths: ['/'],
      hostname: '',
      username: '',
      tags: [tag],
      excludes: [],
      omitted: [],
      problems: [],
      problemCount: 0,
    })
    return snapshot.id
  } finally {
    await session.end()
  }
}

async function saveTree(session: BackupSession, files: Files, known: ReadonlyMap<string, Files>): Promise<ContentId> {
  const { parent, reader, writer } = session
  const previous = parent && known.get(parent.tags[0] ?? '')
  const same = (folder: string): boolean =>
    previous !== undefined && JSON.stringify(filesOf(previous, folder)) === JSON.stringify(filesOf(files, folder))
  if (parent !== undefined && folders.every(same)) return parent.tree
  const parentNodes = parent !== undefined && folders.some(same) ? await reader.readTree(parent.tree) : []
  const nodes: TreeNode[] = []
  for (const folder of folders) {
    const reused = same(folder) ? parentNodes.find(({ name }) => name === folder)?.subtree : undefined
    const subtree = reused ?? (await saveFolder(writer, filesOf(files, folder)))
    nodes.push({ ...facts, name: folder, type: 'dir', mode: 0o755, subtree })
  }
  return (await writer.save('tree', encodeTree(nodes))).id
}

async function saveFolder(writer: BackupSession['writer'], files: readonly [string, string][]): Promise<ContentId> {
  const nodes: TreeNode[] = []
  for (const [name, text] of files) {
    const bytes = Buffer.from(text)
    const content = [(await writer.save('data', bytes)).id]
    nodes.push({ ...facts, name, type: 'file', mode: 0o644, size: bytes.length, content })
  }
  return (await writer.save('tree', encodeTree(nodes))).id
}

/** The files of a snapshot, read back. */
export async function readBack(repository: Repository, snapshot: ContentId): Promise<Files> {
  const files = new Map<string, string>()
  for await (const { path, node } of repository.entries(snapshot, '/', { recursive: true })) {
    if (node.type !== 'file') continue
    const parts: Uint8Array[] = []
    for await (const part of repository.open(snapshot, path)) parts.push(part)
    files.set(path.slice(1), Buffer.concat(parts).toString())
  }
  return files
}
