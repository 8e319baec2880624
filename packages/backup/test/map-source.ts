import { encodeTree, type BackupSource, type RestoreResult, type TreeNode } from '../src/repository/index.ts'

const facts = { accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }

/** A source of text files in a map, restored into another map: the smallest thing that can be backed up. */
export function mapSource(files: Map<string, string>, before: () => void | Promise<void> = () => {}): BackupSource {
  return {
    kind: 'map',
    async backup({ session, onProgress, signal }) {
      await before()
      const { writer } = await session()
      const nodes: TreeNode[] = []
      let bytes = 0
      let filesRead = 0
      for (const [name, text] of files) {
        signal?.throwIfAborted()
        const content = Buffer.from(text)
        const saved = await writer.save('data', content)
        if (saved.added) filesRead++
        bytes += content.length
        onProgress?.({ phase: 'reading', done: bytes, total: bytes, rate: 0 })
        nodes.push({
          ...facts,
          name,
          type: 'file',
          mode: 0o644,
          modifiedAt: 0n,
          size: content.length,
          content: [saved.id],
        })
      }
      const { id: tree } = await writer.save('tree', encodeTree(nodes))
      const none = { excludes: [], omitted: [], problems: [], problemCount: 0 }
      return { ...none, tree, paths: ['/'], files: files.size, folders: 0, bytes, filesRead }
    },
    async restore({ snapshot, reader, into, include, signal }): Promise<RestoreResult> {
      const target = into as Map<string, string>
      let bytes = 0
      for (const { name, content = [] } of await reader.readTree(snapshot.tree, { signal })) {
        if (include !== undefined && !include.includes(`/${String(name)}`)) continue
        const parts = await Promise.all(content.map((id) => reader.read('data', id, { signal })))
        target.set(String(name), Buffer.concat(parts).toString())
        bytes += Buffer.concat(parts).length
      }
      return { files: target.size, folders: 0, bytes, problems: [] }
    },
  }
}
