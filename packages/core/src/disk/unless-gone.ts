import { isDiskError } from './disk-error.ts'

/**
 * What an operation gives, or undefined where its file or folder is not there: between a listing and what is done with a
 * name of it, somebody else may have removed it.
 *
 * @throws The disk's errors other than "not found".
 * @example
 * ```ts
 * import { systemDisk, unlessGone } from '@exprsn/core/disk'
 *
 * const stat = await unlessGone(systemDisk.stat('/nowhere'))
 * console.log(stat?.size) // undefined
 * ```
 */
export async function unlessGone<Result>(operation: Promise<Result>): Promise<Result | undefined> {
  try {
    return await operation
  } catch (thrown) {
    if (isDiskError(thrown, 'CORE_DISK_NOT_FOUND')) return undefined
    throw thrown
  }
}
