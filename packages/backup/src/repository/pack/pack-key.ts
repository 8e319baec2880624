import type { ContentId } from '../blob.ts'

/** Where a pack lies in the store. */
export function packKey(id: ContentId): string {
  return `data/${id.slice(0, 2)}/${id}`
}

/** The pack that lies at a key, or undefined when the key is no pack's. */
export function packIdOf(key: string): ContentId | undefined {
  return /^data\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(key)?.[1]
}
