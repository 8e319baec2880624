import { join } from 'node:path'
import { mustCapture } from '../lib/must-capture.ts'
import { root } from '../lib/packages.ts'

const built = new Map<string, Promise<string>>()

/** Builds packages, by the names of their folders and in this order, once in this process: for rows that time what users install. */
export async function buildOnce(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const building = built.get(name) ?? mustCapture('tsup', [], { cwd: join(root, 'packages', name) })
    built.set(name, building)
    await building
  }
}
