import type { FileContent } from './file-content.ts'

/** A change of a file's content that is not durable yet. */
export type PendingChange =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

/** Makes a change. */
export function applyChange(content: FileContent, change: PendingChange): void {
  if (change.kind === 'write') content.write(change.bytes, change.position)
  else content.truncate(change.size)
}

/** A file's size after a change. */
export function sizeAfter(size: number, change: PendingChange): number {
  return change.kind === 'truncate' ? change.size : Math.max(size, change.position + change.bytes.length)
}
