import { tmpdir } from 'node:os'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import type { Disk } from './disk.ts'
import { joinPath } from './paths.ts'
import { temporaryName } from './temporary-name.ts'

/** Options of {@link makeTemporaryFolder}. */
export interface TemporaryFolderOptions {
  /** How its name begins. @default 'exprsn-' */
  readonly prefix?: string | undefined
  /** The folder it is made in. @default the system's folder for temporary files */
  readonly within?: string | undefined
  /** Where the rest of its name comes from. @default systemRandom */
  readonly random?: Random | undefined
}

const ownerOnly = 0o700

/**
 * Makes a new folder that only its owner may enter, and returns its path. Whoever makes it removes it.
 *
 * @throws The disk's errors.
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk, { prefix: 'report-' })
 * await removeTree(systemDisk, folder)
 * ```
 */
export async function makeTemporaryFolder(disk: Disk, options: TemporaryFolderOptions = {}): Promise<string> {
  const { prefix = 'exprsn-', within = tmpdir(), random = systemRandom } = options
  const path = joinPath(within, temporaryName(random, prefix)) as string
  await disk.makeFolder(path, { permissions: ownerOnly })
  return path
}
