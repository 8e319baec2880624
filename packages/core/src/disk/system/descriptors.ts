import { close, closeSync, fstatSync } from 'node:fs'
import { promised } from './promised.ts'

/** Lock files held by this thread, by device and inode, each with the descriptors that wait for its release. */
const held = new Map<string, number[]>()

/**
 * Remembers that the file behind a descriptor or path holds a lock. POSIX (fcntl, "advisory record locking") drops
 * every lock that a process has on a file as soon as it closes *any* descriptor of it: reading a lock file, as a backup
 * of its folder would, must not release the lock. So the closing waits. The set is small: only files that are locks.
 *
 * Returns what forgets it again, and closes what has waited.
 */
export function holdOpen(file: { readonly dev: bigint; readonly ino: bigint }): () => void {
  const key = `${file.dev}:${file.ino}`
  const waiting: number[] = []
  held.set(key, waiting)
  return () => {
    held.delete(key)
    for (const descriptor of waiting.splice(0)) closeSync(descriptor)
  }
}

/** Closes a descriptor, now or when the lock on its file is released. */
export function closeDescriptor(descriptor: number): Promise<void> {
  if (waits(descriptor)) return Promise.resolve()
  return promised((done) => close(descriptor, done))
}

/** {@link closeDescriptor}, at once. */
export function closeDescriptorSync(descriptor: number): void {
  if (!waits(descriptor)) closeSync(descriptor)
}

function waits(descriptor: number): boolean {
  if (held.size === 0) return false
  const { dev, ino } = fstatSync(descriptor, { bigint: true })
  const waiting = held.get(`${dev}:${ino}`)
  waiting?.push(descriptor)
  return waiting !== undefined
}
