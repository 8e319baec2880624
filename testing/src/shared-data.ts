import { existsSync } from 'node:fs'
import { join } from 'node:path'

const checkout = join(import.meta.dirname, '..', '..')

/**
 * A file or folder of the shared data, which is too large for the repository: from the folder that the environment
 * variable EXPRSN_SHARED names, or from `../shared/data` beside the checkout.
 *
 * @returns undefined where the data is not there: the test skips with that reason.
 */
export function sharedData(path: string): string | undefined {
  const folder = process.env.EXPRSN_SHARED ?? join(checkout, '..', 'shared', 'data')
  const full = join(folder, path)
  return existsSync(full) ? full : undefined
}
