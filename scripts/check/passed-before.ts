import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Remembers what passed, so that it is not checked again before it changes. */
export interface PassedBefore {
  /** Whether it passed when it looked like this. */
  has(name: string, digest: string): boolean
  /** It passed. */
  add(name: string, digest: string): void
}

/** Kept in a file, which may be deleted at any time; with `forget`, nothing is known of earlier runs. */
export function passedBefore(file: string, { forget = false } = {}): PassedBefore {
  const known = forget ? new Map<string, string>() : read(file)
  return {
    has: (name, digest) => known.get(name) === digest,
    add(name, digest) {
      known.set(name, digest)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(Object.fromEntries(known)))
    },
  }
}

function read(file: string): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
  } catch {
    // There is none yet, or a run was killed while it wrote: everything is checked then.
    return new Map()
  }
}
