import type { SourceSession } from '../../repository/index.ts'
import { SharedIdSet } from './shared-id-set.ts'
import type { WalkSession } from './walk-files.ts'

/** Blobs that a walk may add before it forgets which it has added. */
const roomForNew = 500_000

/** The session of a walk in the thread that has the repository. */
export function walkSession({ writer, parent }: SourceSession): WalkSession {
  return {
    parentTree: parent?.tree,
    settings: writer.settings,
    async known() {
      await writer.ready()
      const ids = [...writer.known('data')]
      const known = SharedIdSet.withRoom(2 * ids.length + roomForNew)
      for (const id of ids) known.add(id)
      return known
    },
    saveTree: async (content, isNew) => (await writer.save('tree', content, { isNew })).id,
    async savePack(pack) {
      await writer.savePack(pack)
      return pack.bytes.buffer as ArrayBuffer
    },
  }
}
