import { repositoryErrors } from '../errors.ts'

/** Cost of deriving a key from a password: RFC 7914. Memory is 128 · N · r bytes. */
export interface ScryptCost {
  /** A power of two. */
  readonly N: number
  readonly r: number
  readonly p: number
}

/** What restic's calibration chooses on the machines of our day: about 0.3 s. */
export const defaultScryptCost: ScryptCost = { N: 32_768, r: 8, p: 4 }

/** A key file may come from anybody: beyond this, opening it would take gigabytes or minutes. */
const mostMemory = 2 ** 30
const mostWork = 2 ** 28

/**
 * A cost that can be met.
 *
 * @throws `BACKUP_REPOSITORY_OPTION_INVALID`
 */
export function checkedCost({ N, r, p }: ScryptCost): ScryptCost {
  const counts = [N, r, p].every((value) => Number.isSafeInteger(value) && value > 0)
  if (!counts || N < 2 || !Number.isInteger(Math.log2(N)) || 128 * N * r > mostMemory || N * r * p > mostWork)
    throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: `scrypt cannot run with N ${N}, r ${r}, p ${p}` })
  return { N, r, p }
}
