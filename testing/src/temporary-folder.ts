import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone with its test. */
export interface TemporaryFolder {
  /** Absolute path. */
  readonly path: string
  remove(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes an empty folder, closed to other users: `await using folder = await temporaryFolder()`.
 * What a killed run leaves behind goes with the run's own folder.
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'exprsn-files-'))
  const remove = () => rm(path, { recursive: true, force: true })
  return { path, remove, [Symbol.asyncDispose]: remove }
}
