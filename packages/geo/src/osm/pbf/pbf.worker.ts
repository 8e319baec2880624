import { serveTasks, withTransfer, type Transferred } from '@exprsn/core/workers'
import type { OsmBlock } from '../osm-block.ts'
import { BlockDecoder } from './block-decoder.ts'
import { unpackBlob } from './unpack-blob.ts'

/** A block as it goes from thread to thread. */
export interface PlainBlock extends Omit<OsmBlock, 'texts'> {
  readonly texts: { readonly first: Int32Array; readonly bytes: Uint8Array }
}

/** The tasks of the worker, for the pool. */
export type PbfTasks = typeof tasks

const decoder = new BlockDecoder()

/** Unpacks and decodes blobs in a thread of its own. */
export const tasks = serveTasks({
  begin: () => {},
  decode({ bytes, offset }: { readonly bytes: Uint8Array; readonly offset: number }): Transferred<PlainBlock> {
    const { texts, nodes, ways, relations } = decoder.decode(unpackBlob(bytes, offset), offset)
    const block = { texts: { first: texts.first, bytes: texts.bytes }, nodes, ways, relations }
    return withTransfer(block, buffersOf(block))
  },
})

function buffersOf({ texts, nodes, ways, relations }: PlainBlock): ArrayBuffer[] {
  const lists: { readonly buffer: ArrayBufferLike }[] = [texts.first, texts.bytes]
  for (const { tags, ...items } of [nodes, ways, relations]) lists.push(tags.first, tags.pairs, ...Object.values(items))
  return lists.map(({ buffer }) => buffer as ArrayBuffer)
}
