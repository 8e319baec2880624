import type { BlobReader, TreeNode } from '../../repository/index.ts'

/** Reads stretches of one file of a snapshot, cheapest in ascending order. */
export interface StoredFile {
  readonly size: number
  /** The bytes from `offset` on, a view that is valid until the next call. They may be fewer than asked for. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** A file that was cut at fixed places: which chunk holds an offset is a division. */
export function storedFile(reader: BlobReader, node: TreeNode, signal?: AbortSignal): StoredFile {
  const content = node.content ?? []
  let chunkSize: number | undefined
  let current: { readonly index: number; readonly bytes: Uint8Array } | undefined

  const chunk = async (index: number): Promise<Uint8Array> => {
    if (current?.index !== index) current = { index, bytes: await reader.read('data', content[index]!, { signal }) }
    return current.bytes
  }

  return {
    size: node.size ?? 0,
    async read(offset, length) {
      chunkSize ??= (await chunk(0)).length
      const index = Math.floor(offset / chunkSize)
      const bytes = await chunk(index)
      const from = offset - index * chunkSize
      return bytes.subarray(from, from + length)
    },
  }
}

/** Exactly so many bytes from `offset` on, or fewer at the end of the file. */
export async function readExactly(file: StoredFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, file.size - offset)))
  for (let done = 0; done < bytes.length;) {
    const piece = await file.read(offset + done, bytes.length - done)
    bytes.set(piece, done)
    done += piece.length
  }
  return bytes
}
