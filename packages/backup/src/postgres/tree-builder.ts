import { encodeTree, type BlobWriter, type ContentId, type TreeNode } from '../repository/index.ts'

/** A tree that grows path by path, in any order; folders that were not named are made. */
export interface TreeBuilder {
  folder(path: string, mode: number): void
  /** A folder whose content is stored already. */
  stored(path: string, mode: number, subtree: ContentId): void
  symlink(path: string, target: string): void
  file(path: string, file: BuiltFile): void
  /** Number of folders below the root. */
  folders(): number
  /** Stores all folders, the deepest first. Returns the root's id. */
  save(writer: Pick<BlobWriter, 'save'>): Promise<ContentId>
}

/** A file of a tree. */
export interface BuiltFile {
  readonly size: number
  readonly content: readonly ContentId[]
  /** Permission bits. */
  readonly mode: number
  /** Nanoseconds since 1970. */
  readonly modifiedAt: bigint
  readonly extendedAttributes?: TreeNode['extendedAttributes']
}

interface Folder {
  mode: number
  subtree?: ContentId
  readonly folders: Map<string, Folder>
  readonly nodes: Map<string, TreeNode>
}

/** Builds a tree whose entries belong to this process's user. `time` (nanoseconds since 1970) is that of folders and links. */
export function treeBuilder(time: bigint): TreeBuilder {
  const owner = { userId: process.getuid?.() ?? 0, groupId: process.getgid?.() ?? 0 }
  const timesOf = (at: bigint) => ({ modifiedAt: at, accessedAt: at, changedAt: at })
  const root = newFolder(0o700)
  let count = 0

  const at = (path: string): Folder => {
    let folder = root
    for (const name of path.split('/').filter((part) => part !== '')) {
      let next = folder.folders.get(name)
      if (next === undefined) {
        folder.folders.set(name, (next = newFolder(0o700)))
        count++
      }
      folder = next
    }
    return folder
  }
  const put = (path: string, node: Omit<TreeNode, 'name' | 'userId' | 'groupId'>): void => {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    at(path.slice(0, Math.max(0, slash))).nodes.set(name, { ...node, ...owner, name })
  }
  const save = async (folder: Folder, writer: Pick<BlobWriter, 'save'>): Promise<ContentId> => {
    if (folder.subtree !== undefined) return folder.subtree
    const nodes = [...folder.nodes.values()]
    for (const [name, child] of folder.folders) {
      const subtree = await save(child, writer)
      nodes.push({ ...owner, ...timesOf(time), name, type: 'dir', mode: child.mode, subtree })
    }
    return (await writer.save('tree', encodeTree(nodes))).id
  }

  return {
    folder(path, mode) {
      at(path).mode = mode
    },
    stored(path, mode, subtree) {
      Object.assign(at(path), { mode, subtree })
    },
    symlink: (path, target) => put(path, { ...timesOf(time), type: 'symlink', mode: 0o777, linkTarget: target }),
    file: (path, { modifiedAt, ...file }) => put(path, { ...timesOf(modifiedAt), ...file, type: 'file' }),
    folders: () => count,
    save: (writer) => save(root, writer),
  }
}

function newFolder(mode: number): Folder {
  return { mode, folders: new Map(), nodes: new Map() }
}
